// All topics of a cluster.

import { api, path } from "../../lib/api.js";
import { debounce, h } from "../../lib/dom.js";
import { to } from "../../lib/fleet.js";
import { bytes, count, plural } from "../../lib/format.js";
import { unlessGone } from "../../lib/keep.js";
import { onChange, repeat } from "../../lib/live.js";
import { setQuery } from "../../lib/router.js";
import { badge, stateBadge } from "../../components/badge.js";
import { checkField } from "../../components/form.js";
import { table } from "../../components/table.js";
import { createTopic } from "./create-topic.js";

export default async function page({ params, query, signal, navigate }) {
  const { env, cluster } = params;
  let topics = [];
  const filter = h("input", {
    class: "input search",
    type: "search",
    placeholder: "Filter by name",
    "aria-label": "Filter topics by name",
    value: query.get("search") ?? "",
  });
  const internal = checkField({ name: "internal", label: "Show internal topics", checked: query.get("internal") === "1", onchange: show });
  const number = h("p", { class: "soft", role: "status" });
  const list = table("Topics", columns(env, cluster), { none: "No topic fits." });

  function show() {
    const text = filter.value.trim().toLowerCase();
    const withInternal = internal.querySelector("input").checked;
    setQuery({ search: filter.value.trim(), internal: withInternal ? "1" : "" });
    const fitting = topics.filter((topic) => (withInternal || !topic.is_internal) && topic.topic_name.toLowerCase().includes(text));
    list.show(fitting);
    number.textContent = plural(fitting.length, "topic");
  }

  async function read() {
    topics = (await api.get(path`/twinlog/v1/clusters/${cluster}/topics`, { signal })).data;
    show();
  }

  await read();
  filter.addEventListener("input", debounce(show, 100));
  onChange(["topic", "mirror"], cluster, signal, () => read().catch(() => null));
  repeat(unlessGone(path`/twinlog/v1/clusters/${cluster}`, signal, read), 5_000, signal);
  const create = () => createTopic({ cluster, done: (name) => navigate(to.topic(env, cluster, name)) });
  return h(
    "div",
    { class: "page" },
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, "Topics"),
      h("div", { class: "actions" }, h("button", { class: "button primary", type: "button", onclick: create }, "Add topic")),
    ),
    h("div", { class: "row" }, filter, internal, number),
    list.element,
  );
}

function columns(env, cluster) {
  return [
    {
      title: "Topic name",
      sort: (topic) => topic.topic_name,
      cell: (topic) =>
        h("a", { href: to.topic(env, cluster, topic.topic_name), "data-focus": topic.topic_name, dataset: { topic: topic.topic_name } }, topic.topic_name),
    },
    { title: "Partitions", number: true, sort: (topic) => topic.partitions_count, cell: (topic) => count(topic.partitions_count) },
    { title: "Records", number: true, sort: (topic) => topic.records_count, cell: (topic) => count(topic.records_count) },
    { title: "Size", number: true, sort: (topic) => topic.size_bytes, cell: (topic) => bytes(topic.size_bytes) },
    { title: "Clean-up", cell: (topic) => topic.cleanup_policy },
    {
      title: "Mirror",
      sort: (topic) => topic.mirror?.link_name ?? "",
      cell: (topic) =>
        topic.mirror
          ? h(
              "span",
              { class: "row" },
              badge("Mirror", "accent"),
              stateBadge(topic.mirror.state),
              h("a", { href: to.link(env, cluster, topic.mirror.link_name) }, topic.mirror.link_name),
            )
          : topic.is_internal
            ? badge("Internal")
            : null,
    },
  ];
}
