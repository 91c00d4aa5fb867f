// Which topics of this process are mirrors of which.

import { api, path } from "./api.js";
import { clusters, environments } from "./fleet.js";

/** Clusters that are asked for mirrors of one of another's topics. */
const mostClusters = 50;

/** All clusters of this process with their environments: `{id, name, env}`. */
export async function allClusters(signal) {
  const found = await environments(signal);
  const groups = await Promise.all(
    found.map(async (env) => (await clusters(env.id, signal)).map((item) => ({ id: item.id, name: item.name, env: env.id }))),
  );
  return groups.flat();
}

const linkOf = (cluster, name, signal) => api.get(path`/kafka/v3/clusters/${cluster}/links/${name}`, { signal });

/** What a mirror mirrors: `{pair}`, or `{reason}` why its source cannot be shown. */
export async function sourceOf(cluster, topic, signal) {
  const all = await allClusters(signal);
  const link = await linkOf(cluster, topic.mirror.link_name, signal);
  const source = all.find((item) => item.id === link.source_cluster_id);
  const mirror = all.find((item) => item.id === cluster);
  if (!source) {
    const name = link.source_cluster_id ? `Cluster “${link.source_cluster_id}”` : "The source cluster";
    return { reason: `${name} is not one of this process: its records can be compared by Verify only.`, link: link.link_name };
  }
  return {
    pair: {
      link: link.link_name,
      source: { ...source, topic: topic.mirror.source_topic_name },
      mirror: { ...mirror, topic: topic.topic_name },
    },
  };
}

/** Pairs in which this topic is the source, in all clusters of this process. */
export async function mirrorsOf(cluster, topic, signal) {
  const all = await allClusters(signal);
  const source = all.find((item) => item.id === cluster);
  const others = all.filter((item) => item.id !== cluster).slice(0, mostClusters);
  const found = await Promise.all(
    others.map(async (other) => {
      const mirrors = await api.all(path`/kafka/v3/clusters/${other.id}/links/-/mirrors`, { signal });
      const named = mirrors.filter((mirror) => mirror.source_topic_name === topic);
      const pairs = await Promise.all(
        named.map(async (mirror) => {
          const link = await linkOf(other.id, mirror.link_name, signal);
          if (link.source_cluster_id !== cluster) return null;
          return { link: link.link_name, source: { ...source, topic }, mirror: { ...other, topic: mirror.mirror_topic_name } };
        }),
      );
      return pairs.filter(Boolean);
    }),
  );
  return found.flat();
}
