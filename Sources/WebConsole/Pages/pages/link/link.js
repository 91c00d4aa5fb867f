// One cluster link: whether it gets on, its mirror topics, and its configs.

import { api, path } from "../../lib/api.js";
import { fill, h, stylesheet } from "../../lib/dom.js";
import { clusters, environments, to } from "../../lib/fleet.js";
import { count, time, timeZone, words } from "../../lib/format.js";
import { keep } from "../../lib/keep.js";
import { repeat } from "../../lib/live.js";
import { badge, stateBadge } from "../../components/badge.js";
import { chart } from "../../components/chart.js";
import { openDialog } from "../../components/dialog.js";
import { finder } from "../../components/find.js";
import { checkField, textField } from "../../components/form.js";
import { empty, notice, toast } from "../../components/states.js";
import { table } from "../../components/table.js";
import { linkConfigs } from "./configs.js";
import { lagOf } from "./lag.js";
import { createMirrors } from "./mirrors.js";

const configsEveryMs = 10_000;

export default async function page({ params, signal, navigate }) {
  const { env, cluster, link } = params;
  const base = path`/kafka/v3/clusters/${cluster}/links/${link}`;
  const home = to.cluster(env, cluster, "cluster-links");
  const place = { env, cluster, link, base, signal, home, navigate };
  let again = () => {};
  const changed = () => {
    parts.configsAt = 0;
    again();
  };
  const parts = makeParts(place, changed);
  const root = h(
    "div",
    { class: "page", dataset: { linkPage: link } },
    h("div", { class: "page-head" }, h("h1", {}, link), parts.state, parts.actions),
    parts.error,
    parts.problem,
    h("section", { class: "card", "aria-label": "About the link" }, parts.facts),
    parts.chart.element,
    h("div", { class: "page-head" }, h("h2", {}, "Mirror topics"), h("div", { class: "actions" }, parts.find.element)),
    parts.mirrors.element,
    parts.configs.element,
  );
  again = await keep(
    {
      signal,
      kinds: ["link", "mirror"],
      cluster,
      ms: 1_500,
      root,
      gone: (error) => empty("This cluster link is not there any more", error.message, h("a", { class: "button", href: home }, "All cluster links")),
    },
    async () => {
      const [about, mirrors] = await Promise.all([
        api.get(`${base}?include_tasks=true`, { signal }),
        api.all(`${base}/mirrors`, { signal }),
        readConfigs(parts, base, signal),
      ]);
      show(parts, about, mirrors);
    },
  );
  await stylesheet(import.meta.url, "./link.css");
  const series = path`/twinlog/v1/clusters/${cluster}/links/${link}/time-series?step_ms=1000`;
  repeat(async () => parts.chart.show(await api.get(series, { signal })), 1_000, signal);
  return root;
}

/** There are many configs, and they seldom change: they are read when somebody here changed one, and now and then. */
async function readConfigs(parts, base, signal) {
  if (Date.now() - parts.configsAt < configsEveryMs) return;
  parts.configsAt = Date.now();
  const [configs, all] = await Promise.all([
    api.all(`${base}/configs`, { signal }),
    api.get("/twinlog/v1/clusters", { signal }),
    readHomes(parts.homes, signal),
  ]);
  parts.clusters = all.data;
  parts.values = new Map(configs.map((config) => [config.name, config.value ?? ""]));
  parts.configs.show(configs);
}

/** In which environment each cluster of this server is; that never changes. */
async function readHomes(homes, signal) {
  if (homes.size) return;
  for (const environment of await environments(signal)) {
    for (const { id } of await clusters(environment.id, signal)) homes.set(id, environment.id);
  }
}

function makeParts(place, changed) {
  const parts = {
    state: h("span", { dataset: { state: "" } }),
    error: h("div", { role: "alert" }),
    problem: h("div", { dataset: { problem: "" } }),
    facts: h("dl", { class: "facts" }),
    chart: chart("Lag", [{ name: "lag", label: "Records behind" }]),
    mirrors: table(`Mirror topics of ${place.link}`, mirrorColumns(place), {
      none: "No mirror topic here: create one for each topic that should be here too.",
      key: (row) => row.mirror_topic_name,
      attributes: (row) => ({ dataset: { mirror: row.mirror_topic_name, mirrorState: row.mirror_status } }),
    }),
    configs: linkConfigs(place, changed),
    find: finder("Find a mirror topic", () => showMirrors(parts)),
    all: [],
    configsAt: 0,
    values: new Map(),
    clusters: [],
    homes: new Map(),
    source: null,
    mirrorCount: 0,
  };
  parts.pause = h("button", { class: "button", type: "button", dataset: { command: "pause" } }, "Pause");
  parts.pause.addEventListener("click", () => turnPause(parts, place, changed));
  parts.actions = h(
    "div",
    { class: "actions" },
    h("button", { class: "button primary", type: "button", dataset: { createMirror: "" }, onclick: () => createMirrors(place, parts.source, changed) }, "Create mirror topic"),
    parts.pause,
    h("button", { class: "button danger", type: "button", dataset: { command: "delete" }, onclick: () => remove(place, parts) }, "Delete"),
  );
  return parts;
}

function show(parts, about, mirrors) {
  if (parts.state.firstChild?.dataset.state !== about.link_state) fill(parts.state, stateBadge(about.link_state));
  const problem = about.link_error_message ?? (about.link_error === "NO_ERROR" || about.link_error === "UNKNOWN" ? "" : words(about.link_error));
  if (parts.problem.textContent !== problem) fill(parts.problem, problem ? notice("bad", problem) : null);
  parts.mirrorCount = mirrors.length;
  const value = (name) => parts.values.get(name) ?? "";
  parts.source = sourceHere(about.source_cluster_id, value("bootstrap.servers"), parts.clusters);
  parts.isPaused = about.link_state === "PAUSED";
  parts.pause.textContent = parts.isPaused ? "Resume" : "Pause";
  replace(parts.facts, facts(about, parts, value));
  parts.all = mirrors.map((mirror) => ({ ...mirror, ...lagOf(mirror) }));
  showMirrors(parts);
}

function showMirrors(parts) {
  parts.find.element.hidden = parts.all.length < 2;
  parts.mirrors.show(parts.all.filter((mirror) => parts.find.matches(mirror.mirror_topic_name)));
}

/** The source cluster when it is one of this server; another server may have one of the same id. */
function sourceHere(id, bootstrap, clusters) {
  const plain = (address) => address.trim().replace(/^\w+:\/\//, "").replace(/^localhost:/, "127.0.0.1:");
  const named = bootstrap.split(",").map(plain);
  const found = clusters.find((item) => item.cluster_id === id);
  return found && Object.values(found.bootstrap).some((address) => named.includes(plain(address))) ? found : null;
}

/** Only when it looks different, so that nothing is lost that is selected. */
function replace(element, content) {
  const next = fill(element.cloneNode(false), content);
  if (!next.isEqualNode(element)) fill(element, [...next.childNodes]);
}

function facts(about, { source, homes }, value) {
  const home = source ? homes.get(source.cluster_id) : null;
  const counts = about.category_counts.filter((item) => item.count > 0);
  return [
    ["Source cluster", source ? [home ? h("a", { href: to.cluster(home, source.cluster_id) }, source.name) : source.name, ` (${source.cluster_id}), in this server`] : (about.source_cluster_id ?? "not known yet")],
    ["Bootstrap servers", h("span", { class: "mono" }, value("bootstrap.servers"))],
    ["Log-in", [value("security.protocol"), value("security.protocol").startsWith("SASL") ? value("sasl.mechanism") : ""].filter(Boolean).join(", ")],
    ["Link ID", h("span", { class: "mono" }, about.cluster_link_id)],
    [
      "Partitions",
      counts.length
        ? counts.map(({ state_category: name, count: number }) => h("span", { dataset: { category: name } }, badge(`${words(name)} ${count(number)}`, name === "IN_ERROR" ? "bad" : ""), " "))
        : "none",
    ],
    ...(about.tasks ?? []).map((task) => [`Task ${task.task_name ?? ""}`, stateBadge(task.state ?? "")]),
  ].map(([name, content]) => [h("dt", {}, name), h("dd", {}, content)]);
}

const mirrorColumns = ({ env, cluster }) => [
  { title: "Mirror topic", cell: (row) => h("a", { href: to.topic(env, cluster, row.mirror_topic_name) }, row.mirror_topic_name), sort: (row) => row.mirror_topic_name },
  { title: "State", cell: (row) => stateBadge(row.mirror_status), sort: (row) => row.mirror_status },
  { title: "Lag (records)", number: true, cell: (row) => h("span", { dataset: { lag: row.total ?? "" } }, count(row.total)), sort: (row) => row.total },
  { title: "Furthest behind", cell: (row) => (row.most ? `partition ${row.partition}: ${count(row.most)}` : h("span", { class: "soft" }, "–")), sort: (row) => row.most },
  { title: "Partitions", number: true, cell: (row) => count(row.num_partitions), sort: (row) => row.num_partitions },
  { title: "Source topic", cell: (row) => row.source_topic_name, sort: (row) => row.source_topic_name },
  { title: `Since (${timeZone})`, cell: (row) => time(row.state_time_ms).slice(0, 19), sort: (row) => row.state_time_ms },
  { title: "Problem", cell: (row) => trouble(row) },
  { title: "Compare", cell: (row) => h("a", { href: to.topic(env, cluster, row.mirror_topic_name, "diff"), "aria-label": `${row.mirror_topic_name} side by side with its source` }, "Side by side") },
];

function trouble(row) {
  if (row.mirror_topic_error_message) return row.mirror_topic_error_message;
  return row.mirror_topic_error === "NO_ERROR" ? h("span", { class: "soft" }, "–") : words(row.mirror_topic_error);
}

async function turnPause(parts, { base, link }, changed) {
  const isPaused = !parts.isPaused;
  parts.pause.disabled = true;
  fill(parts.error);
  try {
    await api.put(`${base}/configs/cluster.link.paused`, { value: String(isPaused) });
    toast(isPaused ? `${link} is paused.` : `${link} goes on.`);
    changed();
  } catch (problem) {
    fill(parts.error, notice("bad", problem.message));
  } finally {
    parts.pause.disabled = false;
  }
}

function remove({ base, link, home, navigate }, parts) {
  const field = textField({ name: "confirmation", label: `Type “${link}” to confirm`, required: true });
  const number = parts.mirrorCount;
  openDialog(
    {
      title: "Delete cluster link",
      label: "Delete",
      danger: true,
      submit: async (typed) => {
        if (typed.confirmation !== link) throw new Error(`That is not “${link}”.`);
        await api.delete(`${base}?force=${Boolean(typed.force)}`);
        toast(`Cluster link ${link} is deleted.`);
        navigate(home);
      },
    },
    h("p", {}, number ? `${number === 1 ? "One topic mirrors" : `${count(number)} topics mirror`} through it.` : "Nothing mirrors through it."),
    number ? checkField({ name: "force", label: "Stop its mirrors too: they keep their records, and are ordinary topics from then on" }) : null,
    field,
  );
}
