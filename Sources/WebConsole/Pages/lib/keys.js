// API keys that this page has made. Their secrets are never served again, so they are kept here, in memory, until the
// page is left: whoever walks from a client's file to a connector or a link need not make another.

import { api, path } from "./api.js";

const made = new Map();

/** Makes a key of a cluster: `{id, secret, description}`. */
export async function createKey(cluster, description) {
  const answer = await api.post("/iam/v2/api-keys", {
    spec: { display_name: "", description, resource: { id: cluster } },
  });
  const key = { id: answer.id, secret: answer.spec.secret, description };
  made.set(cluster, key);
  return key;
}

/** The key of a cluster that was made last in this tab; null when there is none. */
export function madeKey(cluster) {
  return made.get(cluster) ?? null;
}

/** Deletes a key on the server and forgets it here. */
export async function deleteKey(id) {
  await api.delete(path`/iam/v2/api-keys/${id}`);
  for (const [cluster, key] of made) {
    if (key.id === id) made.delete(cluster);
  }
}

/** A key as a file to keep. */
export function keyFile(key, cluster) {
  return `API key:\n${key.id}\n\nAPI secret:\n${key.secret}\n\nResource:\n${cluster}\n`;
}
