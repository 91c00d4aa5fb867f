// For somebody who has just started it: what runs, what to type, and a button that runs the exercise.

import { api, path } from "../../lib/api.js";
import { fill, h, stylesheet } from "../../lib/dom.js";
import { clusters, environments, to } from "../../lib/fleet.js";
import { plural, rate } from "../../lib/format.js";
import { onChange, repeat } from "../../lib/live.js";
import { stateBadge } from "../../components/badge.js";
import { copyable } from "../../components/copy.js";
import { empty } from "../../components/states.js";
import { exercise } from "./exercise.js";

export default async function page({ signal }) {
  await stylesheet(import.meta.url, "./home.css");
  const list = h("div", { class: "grid" });
  const commands = h("div", { class: "card" });
  const show = async () => {
    const found = await environments(signal);
    const groups = await Promise.all(found.map(async (env) => [env, await clusters(env.id, signal)]));
    const all = groups.flatMap(([env, items]) => items.map((item) => ({ env, ...item })));
    fill(
      list,
      all.length
        ? all.map((item) => card(item, signal))
        : empty("No cluster yet", "Create one in an environment.", h("a", { class: "button primary", href: to.environment(found[0].id) }, "Create cluster")),
    );
    fill(commands, await threeCommands(all, signal));
    return all;
  };
  const all = await show();
  onChange(["cluster", "environment"], null, signal, show);
  return h(
    "div",
    { class: "page" },
    h("div", { class: "page-head" }, h("h1", {}, "Twinlog is running"), h("div", { class: "actions" }, h("a", { class: "button", href: "/environments" }, "Environments"))),
    list,
    commands,
    exercise(all, signal),
  );
}

function card(cluster, signal) {
  const numbers = h("p", { class: "soft" }, "\u00a0");
  repeat(
    async () => {
      const target = path`/twinlog/v1/clusters/${cluster.id}`;
      const [topics, series] = await Promise.all([
        api.get(`${target}/topics`, { signal }),
        api.get(`${target}/time-series?step_ms=1000`, { signal }),
      ]);
      const own = topics.data.filter((topic) => !topic.is_internal);
      const records = own.reduce((sum, topic) => sum + topic.records_count, 0);
      const now = series.series.find((item) => item.name === "bytes_in")?.values.at(-1) ?? 0;
      numbers.textContent = `${plural(own.length, "topic")}, ${plural(records, "record")}, ${rate(now, "bytes/s")} in`;
    },
    2_000,
    signal,
  );
  return h(
    "section",
    { class: "card", "aria-label": cluster.name },
    h("div", { class: "card-head" }, h("h2", {}, h("a", { href: to.cluster(cluster.env.id, cluster.id) }, cluster.name)), stateBadge(cluster.status)),
    h("p", { class: "soft" }, h("span", { class: "mono" }, cluster.id), `, ${cluster.type}`),
    numbers,
  );
}

async function threeCommands(all, signal) {
  if (!all.length) return h("p", {}, "Commands come with the first cluster.");
  const about = await Promise.all(all.slice(0, 2).map((item) => api.get(path`/twinlog/v1/clusters/${item.id}`, { signal })));
  const plaintext = about.map((item) => item.bootstrap?.PLAINTEXT ?? "");
  const last = plaintext[1] ?? plaintext[0];
  return [
    h("h2", {}, "Talk to it with any Kafka client"),
    h("p", { class: "soft" }, "No log-in is needed on the PLAINTEXT listeners, which are open on this machine only."),
    copyable(`kcat -b ${plaintext[0]} -L`, "List topics"),
    copyable(`echo hello | kcat -b ${plaintext[0]} -t greetings -P`, "Produce a record"),
    copyable(`kcat -b ${last} -t greetings -C -o beginning -e`, "Consume from the beginning"),
  ];
}
