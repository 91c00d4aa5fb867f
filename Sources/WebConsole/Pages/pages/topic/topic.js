// One topic: what goes in and out, or how far a mirror is, its partitions, and how to be rid of it.

import { api, path } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { to } from "../../lib/fleet.js";
import { bytes, count, duration, time } from "../../lib/format.js";
import { unlessGone } from "../../lib/keep.js";
import { onChange, repeat } from "../../lib/live.js";
import { reload } from "../../lib/router.js";
import { stateBadge } from "../../components/badge.js";
import { chart } from "../../components/chart.js";
import { confirmDelete } from "../../components/dialog.js";
import { toast } from "../../components/states.js";
import { table } from "../../components/table.js";
import { topicHead } from "../../components/topic-head.js";
import { preview } from "./preview.js";

export default async function page(context) {
  const { params, signal, navigate } = context;
  const target = path`/twinlog/v1/clusters/${params.cluster}/topics/${params.topic}`;
  let topic = await api.get(target, { signal });
  const isMirror = Boolean(topic.mirror);
  const partitions = table("Partitions", partitionColumns(params));
  const tiles = h("div", { class: "grid narrow" });
  const mirroring = isMirror ? mirrorCard(params, signal) : null;
  const charts = chartsOf(isMirror);
  const show = () => {
    partitions.show(topic.partitions);
    fill(tiles, tilesOf(topic));
  };
  show();
  mirroring?.show(topic.mirror);
  repeat(
    unlessGone(target, signal, async () => {
      const [next, series] = await Promise.all([
        api.get(target, { signal }),
        api.get(`${target}/time-series?step_ms=1000`, { signal }),
      ]);
      if (Boolean(next.mirror) !== isMirror) return reload();
      topic = next;
      show();
      charts.forEach((item) => item.show(series));
      mirroring?.show(topic.mirror, series.series.find((item) => item.name === "lag_ms")?.values.at(-1) ?? null);
    }),
    1_000,
    signal,
  );
  onChange(["topic"], params.cluster, signal, (change) => {
    if (change.name === params.topic && change.change === "deleted") reload();
  });
  const remove = h("button", { class: "button danger", type: "button", onclick: () => removeTopic(params, topic, navigate) }, "Delete topic");
  return h(
    "div",
    { class: "page" },
    topicHead(context, topic, { actions: topic.is_internal ? [] : [remove] }),
    tiles,
    mirroring?.element,
    h("div", { class: "grid" }, charts.map((item) => item.element)),
    h("h2", {}, "Partitions"),
    partitions.element,
    preview(target, to.topic(params.env, params.cluster, params.topic, "message-viewer"), signal),
  );
}

function chartsOf(isMirror) {
  const consumption = chart("Consumption", [{ name: "bytes_out", label: "Bytes out" }]);
  if (isMirror) {
    return [
      chart("Mirrored", [{ name: "bytes_in", label: "Bytes mirrored" }]),
      chart("Mirror lag", [{ name: "lag", label: "Records behind" }]),
      consumption,
    ];
  }
  return [chart("Production", [{ name: "bytes_in", label: "Bytes in" }]), consumption];
}

function tilesOf(topic) {
  const tile = (label, value) => h("div", { class: "tile" }, h("span", { class: "label" }, label), h("span", { class: "value", dataset: { tile: label } }, value));
  return [
    tile("Partitions", count(topic.partitions_count)),
    tile("Records", count(topic.records_count)),
    tile("Storage", bytes(topic.size_bytes)),
    tile("Retention", topic.retention_ms < 0 ? "For ever" : duration(topic.retention_ms)),
  ];
}

/** In place of production: nobody but the link writes here. */
function mirrorCard({ env, cluster, topic }, signal) {
  const facts = h("dl", { class: "facts" });
  const element = h("section", { class: "card", "aria-label": "Mirroring" }, h("h2", {}, "Mirroring"), facts);
  let status = null;
  const lagOf = (lag, ms) => {
    if (lag === null || lag === undefined || lag < 0) return "not known yet";
    return `${count(lag)} records${ms === null ? "" : `, ${duration(ms)}`}`;
  };
  const show = (mirror, ms = null) => {
    if (!mirror) return;
    fill(
      facts,
      h("dt", {}, "State"),
      h("dd", {}, stateBadge(mirror.state)),
      h("dt", {}, "Lag"),
      h("dd", { dataset: { lag: mirror.lag ?? "" } }, lagOf(mirror.lag, ms)),
      h("dt", {}, "Source topic"),
      h("dd", {}, mirror.source_topic_name),
      h("dt", {}, "Cluster link"),
      h("dd", {}, h("a", { href: to.link(env, cluster, mirror.link_name) }, mirror.link_name)),
      status ? [h("dt", {}, "In this state since"), h("dd", {}, time(status.state_time_ms))] : null,
      h("dt", {}, "Compare"),
      h("dd", {}, h("a", { href: to.topic(env, cluster, topic, "diff") }, "Source and mirror side by side")),
    );
  };
  repeat(
    async () => {
      const all = await api.all(path`/kafka/v3/clusters/${cluster}/links/-/mirrors`, { signal });
      status = all.find((item) => item.mirror_topic_name === topic) ?? null;
    },
    5_000,
    signal,
  );
  return { element, show };
}

function partitionColumns({ env, cluster, topic }) {
  return [
    {
      title: "Partition",
      cell: (item) =>
        h(
          "a",
          { href: `${to.topic(env, cluster, topic, "message-viewer")}?partition=${item.partition_id}&offset=-1`, dataset: { partition: item.partition_id } },
          item.partition_id,
        ),
    },
    { title: "Start offset", number: true, cell: (item) => count(item.start_offset) },
    { title: "End offset", number: true, cell: (item) => count(item.end_offset) },
    { title: "Records", number: true, cell: (item) => count(item.end_offset - item.start_offset) },
    { title: "Size", number: true, cell: (item) => bytes(item.size_bytes) },
    { title: "Leader", number: true, cell: (item) => (item.is_offline ? stateBadge("UNAVAILABLE") : item.leader_id) },
    { title: "Leader epoch", number: true, cell: (item) => item.leader_epoch },
    { title: "In-sync replicas", cell: (item) => item.isr.join(", ") },
  ];
}

function removeTopic({ env, cluster, topic: name }, topic, navigate) {
  confirmDelete({
    what: "topic",
    name,
    text: topic.mirror ? "The mirror and its records are deleted here; the source keeps its own." : "All of its records go with it.",
    submit: async () => {
      await api.delete(path`/kafka/v3/clusters/${cluster}/topics/${name}`);
      toast(`${name} is deleted.`);
      navigate(to.cluster(env, cluster, "topics"));
    },
  });
}
