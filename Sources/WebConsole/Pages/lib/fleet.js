// Environments and clusters, which most pages name.

import { api, path } from "./api.js";

/** All environments: `{id, display_name}`. */
export async function environments(signal) {
  return api.all("/org/v2/environments", { signal });
}

/** Clusters of an environment, flat: `{id, name, type, cloud, region, availability, cku, bootstrap}`. */
export async function clusters(environment, signal) {
  const found = await api.all(path`/cmk/v2/clusters?environment=${environment}`, { signal });
  return found.map(flat);
}

export async function cluster(environment, id, signal) {
  return flat(await api.get(path`/cmk/v2/clusters/${id}?environment=${environment}`, { signal }));
}

function flat(managed) {
  const { spec } = managed;
  return {
    id: managed.id,
    name: spec.display_name,
    type: spec.config.kind,
    cku: spec.config.cku ?? null,
    cloud: spec.cloud,
    region: spec.region,
    availability: spec.availability,
    isProtected: spec.deletion_protection,
    bootstrap: spec.kafka_bootstrap_endpoint,
    environment: spec.environment.id,
    status: managed.status?.phase ?? "PROVISIONED",
    createdAt: managed.metadata.created_at,
  };
}

/** Addresses of pages. */
export const to = {
  environment: (env) => path`/environments/${env}/clusters`,
  cluster: (env, id, page = "overview") => `${path`/environments/${env}/clusters/${id}`}/${page}`,
  topic: (env, id, topic, page = "overview") =>
    `${path`/environments/${env}/clusters/${id}/topics/${topic}`}/${page}`,
  link: (env, id, link) => path`/environments/${env}/clusters/${id}/cluster-links/${link}`,
  connector: (env, id, name) => path`/environments/${env}/clusters/${id}/connectors/${name}`,
  group: (env, id, group) => path`/environments/${env}/clusters/${id}/clients/groups/${group}`,
};
