// One consumer group: who reads, how far, and moving it.

import { api, path } from "../../lib/api.js";
import { fill, h, stylesheet } from "../../lib/dom.js";
import { to } from "../../lib/fleet.js";
import { count, plural } from "../../lib/format.js";
import { keep } from "../../lib/keep.js";
import { stateBadge } from "../../components/badge.js";
import { finder } from "../../components/find.js";
import { empty } from "../../components/states.js";
import { table } from "../../components/table.js";
import { resetOffsets } from "./reset.js";

export default async function page({ params, signal }) {
  const { env, cluster, group } = params;
  const base = path`/kafka/v3/clusters/${cluster}/consumer-groups/${group}`;
  const styled = stylesheet(import.meta.url, "./group.css");
  const parts = makeParts(env, cluster, group);
  let again = () => {};
  const reset = resetOffsets({ cluster, group, signal, done: () => again() });
  const root = h(
    "div",
    { class: "page" },
    h("div", { class: "page-head" }, h("h1", {}, group), parts.state),
    parts.tiles,
    h("div", { class: "page-head" }, h("h2", {}, "Lag per partition"), h("div", { class: "actions" }, parts.find.element)),
    parts.lags.element,
    h("h2", {}, "Members"),
    parts.members.element,
    reset.element,
  );
  again = await keep(
    {
      signal,
      kinds: ["group"],
      cluster,
      ms: 2_000,
      root,
      gone: (error) =>
        empty("This group is not there any more", error.message, h("a", { class: "button", href: to.cluster(env, cluster, "clients") }, "All groups")),
    },
    async () => {
      const [about, consumers, lags] = await Promise.all([
        api.get(base, { signal }),
        api.all(`${base}/consumers`, { signal }),
        api.all(`${base}/lags`, { signal }),
      ]);
      const members = await Promise.all(consumers.map((consumer) => withAssignments(base, consumer, signal)));
      show(parts, about, members, lags.map((lag) => ({ ...lag, lag: Math.max(0, lag.lag) })));
      reset.know({ members: members.length, lags });
    },
  );
  await styled;
  return root;
}

async function withAssignments(base, consumer, signal) {
  try {
    const assignments = await api.all(`${base}${path`/consumers/${consumer.consumer_id}/assignments`}`, { signal });
    return { ...consumer, assignments };
  } catch (error) {
    if (!error.isGone) throw error;
    return { ...consumer, assignments: [] };
  }
}

function makeParts(env, cluster, group) {
  const parts = {
    find: finder("Find a topic", () => showLags(parts)),
    rows: [],
    state: h("span", { dataset: { groupState: "" } }),
    tiles: h("div", { class: "grid narrow" }),
    lags: table(`Lag of ${group} per partition`, lagColumns(env, cluster), {
      none: "The group has committed nothing there.",
      key: (row) => `${row.topic_name}/${row.partition_id}`,
      attributes: (row) => ({ dataset: { topic: row.topic_name, partition: row.partition_id } }),
    }),
    members: table(`Members of ${group}`, memberColumns, {
      none: "Nobody reads as this group at the moment.",
      key: (row) => row.consumer_id,
      attributes: (row) => ({ dataset: { member: row.consumer_id } }),
    }),
  };
  return parts;
}

function showLags({ find, lags, rows }) {
  find.element.hidden = new Set(rows.map((row) => row.topic_name)).size < 2;
  lags.show(rows.filter((row) => find.matches(row.topic_name)));
}

function show(parts, about, consumers, rows) {
  const { state, tiles, members } = parts;
  if (state.firstChild?.dataset.state !== about.state) fill(state, stateBadge(about.state));
  const total = rows.reduce((sum, row) => sum + row.lag, 0);
  fill(
    tiles,
    tile("Lag (records)", count(total), "total-lag"),
    tile("Members", count(consumers.length), "members"),
    tile("Partitions", count(rows.length), "partitions"),
    tile("Assignor", about.partition_assignor || "–", "assignor"),
  );
  parts.rows = rows;
  showLags(parts);
  members.show(consumers);
}

const tile = (label, value, name) =>
  h("div", { class: "tile" }, h("span", { class: "label" }, label), h("span", { class: "value", dataset: { value: name } }, value));

const lagColumns = (env, cluster) => [
  { title: "Topic", cell: (row) => h("a", { href: to.topic(env, cluster, row.topic_name) }, row.topic_name), sort: (row) => row.topic_name },
  { title: "Partition", number: true, cell: (row) => row.partition_id, sort: (row) => row.partition_id },
  { title: "Committed offset", number: true, cell: (row) => offsetLink(env, cluster, row), sort: (row) => row.current_offset },
  { title: "End offset", number: true, cell: (row) => count(row.log_end_offset), sort: (row) => row.log_end_offset },
  { title: "Lag", number: true, cell: (row) => h("span", { dataset: { lag: row.lag } }, count(row.lag)), sort: (row) => row.lag },
  { title: "Client", cell: (row) => row.client_id || h("span", { class: "soft" }, "nobody"), sort: (row) => row.client_id },
];

function offsetLink(env, cluster, row) {
  const viewer = to.topic(env, cluster, row.topic_name, "message-viewer");
  const target = `${viewer}?partition=${row.partition_id}&offset=${row.current_offset}`;
  return h("a", { href: target, title: "The record that is read next" }, count(row.current_offset));
}

const memberColumns = [
  { title: "Client", cell: (row) => row.client_id || "–", sort: (row) => row.client_id },
  { title: "Consumer", cell: (row) => h("span", { class: "mono" }, row.consumer_id), sort: (row) => row.consumer_id },
  { title: "Static member", cell: (row) => row.instance_id ?? h("span", { class: "soft" }, "–"), sort: (row) => row.instance_id ?? "" },
  { title: "Assigned", cell: (row) => assigned(row.assignments), sort: (row) => row.assignments.length },
];

/** "orders 0, 1, 2 · clicks 0" */
function assigned(assignments) {
  if (!assignments.length) return h("span", { class: "soft" }, "nothing");
  const topics = new Map();
  for (const { topic_name: topic, partition_id: partition } of assignments) {
    topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  }
  return [...topics].map(([topic, partitions]) => {
    const shown = partitions.length > 20 ? plural(partitions.length, "partition") : partitions.sort((a, b) => a - b).join(", ");
    return h("div", {}, `${topic}: ${shown}`);
  });
}
