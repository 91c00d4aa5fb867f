// Connectors of a cluster: the list, the tiles of what can be added, and the wizard that adds it.

import { api, path } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { to } from "../../lib/fleet.js";
import { count } from "../../lib/format.js";
import { keep } from "../../lib/keep.js";
import { stateBadge } from "../../components/badge.js";
import { empty } from "../../components/states.js";
import { table } from "../../components/table.js";
import { datagenWizard } from "./datagen.js";

const titles = { DatagenSource: ["Datagen Source", "Makes up records of a kind that you choose, as long as it runs."] };

export default async function page(context) {
  const { params, query, signal } = context;
  const base = path`/connect/v1/environments/${params.env}/clusters/${params.cluster}`;
  if (query.get("add") === "DatagenSource") return datagenWizard(context, base);
  const plugins = await api.get(`${base}/connector-plugins`, { signal });
  const isAdding = query.has("add");
  const home = to.cluster(params.env, params.cluster, "connectors");
  const list = table("Connectors", columns(params), {
    key: (row) => row.name,
    attributes: (row) => ({ dataset: { connector: row.name } }),
  });
  const tiles = h("section", { class: "page", "aria-label": "Connector plugins" }, plugins.map((plugin) => tile(plugin, home)));
  const add = h("a", { class: "button primary", href: `${home}?add` }, "Add connector");
  const lead = h("p", { class: "soft" }, isAdding ? "What should bring data into this cluster?" : "No connector yet. What should bring data into this cluster?");
  const root = h(
    "div",
    { class: "page" },
    h("div", { class: "page-head" }, h("h1", {}, isAdding ? "Add a connector" : "Connectors"), h("div", { class: "actions" }, isAdding ? h("a", { class: "button", href: home }, "Cancel") : add)),
    lead,
    tiles,
    list.element,
  );
  await keep(
    {
      signal,
      kinds: ["connector", "cluster"],
      cluster: params.cluster,
      ms: 1_500,
      root,
      gone: (error) => empty("This cluster is not there any more", error.message, h("a", { class: "button", href: to.environment(params.env) }, "All clusters")),
    },
    async () => {
      const rows = await read(base, params.cluster, signal);
      const isEmpty = !rows.length;
      lead.hidden = tiles.hidden = !isAdding && !isEmpty;
      list.element.hidden = isAdding || isEmpty;
      if (!isAdding) add.hidden = isEmpty;
      list.show(rows);
    },
  );
  return root;
}

function tile(plugin, home) {
  const [title, text] = titles[plugin.class] ?? [plugin.class, `A ${plugin.type} connector.`];
  return h(
    "div",
    { class: "grid" },
    h(
      "a",
      { class: "card", href: `${home}?add=${plugin.class}`, dataset: { plugin: plugin.class } },
      h("h2", {}, title),
      h("p", {}, text),
      h("p", { class: "soft" }, `${plugin.type === "source" ? "Source" : "Sink"}, version ${plugin.version}`),
    ),
  );
}

async function read(base, cluster, signal) {
  const found = await api.get(`${base}/connectors?expand=info,status,id`, { signal });
  const rows = Object.entries(found).map(([name, { id, info, status }]) => ({
    name,
    id: id.id,
    state: status.connector.state,
    plugin: titles[info.config["connector.class"]]?.[0] ?? info.config["connector.class"],
    topic: info.config["kafka.topic"],
    tasks: status.tasks.length,
    running: status.tasks.filter((task) => task.state === "RUNNING").length,
    trace: status.connector.trace,
  }));
  const topics = new Set(rows.map((row) => row.topic));
  const counts = new Map();
  await Promise.all(
    [...topics].map(async (topic) => {
      const about = await api.get(path`/twinlog/v1/clusters/${cluster}/topics/${topic}`, { signal }).catch(() => null);
      counts.set(topic, about?.records_count ?? null);
    }),
  );
  return rows.map((row) => ({ ...row, messages: counts.get(row.topic) }));
}

const columns = ({ env, cluster }) => [
  { title: "Name", cell: (row) => h("a", { href: to.connector(env, cluster, row.name) }, row.name), sort: (row) => row.name },
  { title: "Status", cell: (row) => stateBadge(row.state), sort: (row) => row.state },
  { title: "Messages in its topic", number: true, cell: (row) => h("span", { dataset: { messages: row.messages ?? "" } }, count(row.messages)), sort: (row) => row.messages },
  { title: "Topic", cell: (row) => h("a", { href: to.topic(env, cluster, row.topic) }, row.topic), sort: (row) => row.topic },
  { title: "Tasks running", number: true, cell: (row) => `${row.running} of ${row.tasks}`, sort: (row) => row.running },
  { title: "Plugin", cell: (row) => row.plugin, sort: (row) => row.plugin },
  { title: "ID", cell: (row) => h("span", { class: "mono" }, row.id), sort: (row) => row.id },
];
