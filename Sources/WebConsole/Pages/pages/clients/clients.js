// Clients of a cluster: its consumer groups, and the file that a new client needs.

import { api, path } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { to } from "../../lib/fleet.js";
import { count } from "../../lib/format.js";
import { keep } from "../../lib/keep.js";
import { stateBadge } from "../../components/badge.js";
import { clientConfig } from "../../components/client-config.js";
import { empty } from "../../components/states.js";
import { table } from "../../components/table.js";

/** Groups are asked for one by one; never more of them at once than this. */
const atOnce = 6;

export default async function page(context) {
  const { params, signal } = context;
  const { env, cluster } = params;
  const groups = table("Consumer groups", columns(env, cluster), {
    none: "No consumer group has committed anything or is reading here.",
    key: (row) => row.id,
    attributes: (row) => ({ dataset: { group: row.id } }),
  });
  const root = h(
    "div",
    { class: "page" },
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, "Clients"),
      h("div", { class: "actions" }, h("a", { class: "button", href: "#configure-a-client" }, "Configure a client")),
    ),
    h("h2", {}, "Consumer groups"),
    groups.element,
    clientConfig(context),
  );
  const known = new Map();
  await keep(
    {
      signal,
      kinds: ["group"],
      cluster,
      ms: 3_000,
      root,
      gone: (error) => empty("This cluster is not there any more", error.message, h("a", { class: "button", href: to.environment(env) }, "All clusters")),
    },
    async () => {
      const found = await api.all(path`/kafka/v3/clusters/${cluster}/consumer-groups`, { signal });
      const show = () =>
        groups.show(
          found.map((group) => ({
            id: group.consumer_group_id,
            state: group.state,
            assignor: group.partition_assignor,
            members: null,
            lag: null,
            topic: null,
            ...known.get(group.consumer_group_id),
          })),
        );
      show();
      await each(found, async (group) => known.set(group.consumer_group_id, await more(cluster, group, signal)));
      show();
    },
  );
  return root;
}

async function each(items, body) {
  const rest = [...items];
  const work = async () => {
    for (let item = rest.shift(); item; item = rest.shift()) await body(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Members and lag of a group; groups come and go while they are asked. */
async function more(cluster, group, signal) {
  const base = path`/kafka/v3/clusters/${cluster}/consumer-groups/${group.consumer_group_id}`;
  const orNull = (error) => {
    if (error.isGone) return null;
    throw error;
  };
  const [consumers, summary] = await Promise.all([
    api.all(`${base}/consumers`, { signal }).catch(orNull),
    api.get(`${base}/lag-summary`, { signal }).catch(orNull),
  ]);
  return {
    members: consumers?.length ?? null,
    lag: summary ? Math.max(0, summary.total_lag) : null,
    topic: summary && summary.max_lag > 0 ? `${summary.max_lag_topic_name}, partition ${summary.max_lag_partition_id}` : null,
  };
}

const columns = (env, cluster) => [
  { title: "Group", cell: (row) => h("a", { href: to.group(env, cluster, row.id) }, row.id), sort: (row) => row.id },
  { title: "State", cell: (row) => stateBadge(row.state), sort: (row) => row.state },
  { title: "Members", number: true, cell: (row) => count(row.members), sort: (row) => row.members },
  { title: "Lag (records)", number: true, cell: (row) => h("span", { dataset: { lag: row.lag ?? "" } }, count(row.lag)), sort: (row) => row.lag },
  { title: "Furthest behind", cell: (row) => row.topic ?? h("span", { class: "soft" }, "–"), sort: (row) => row.topic ?? "" },
  { title: "Assignor", cell: (row) => row.assignor || h("span", { class: "soft" }, "–"), sort: (row) => row.assignor },
];
