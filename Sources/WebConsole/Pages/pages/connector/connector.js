// One connector: whether it runs, how many messages there are, and what it is told to do.

import { api, path } from "../../lib/api.js";
import { fill, h, stylesheet } from "../../lib/dom.js";
import { to } from "../../lib/fleet.js";
import { count } from "../../lib/format.js";
import { keep } from "../../lib/keep.js";
import { repeat } from "../../lib/live.js";
import { stateBadge } from "../../components/badge.js";
import { chart } from "../../components/chart.js";
import { confirmDelete } from "../../components/dialog.js";
import { empty, notice, toast } from "../../components/states.js";
import { table } from "../../components/table.js";
import { editConfig } from "./edit.js";

export default async function page({ params, signal, navigate }) {
  const { env, cluster, name } = params;
  const base = path`/connect/v1/environments/${env}/clusters/${cluster}/connectors/${name}`;
  const place = { base, env, cluster, name, plugins: path`/connect/v1/environments/${env}/clusters/${cluster}/connector-plugins` };
  const parts = makeParts(place);
  const home = to.cluster(env, cluster, "connectors");
  const styled = stylesheet(import.meta.url, "./connector.css");
  let again = () => {};
  const root = h(
    "div",
    { class: "page", dataset: { connectorPage: name } },
    h("div", { class: "page-head" }, h("h1", {}, name), parts.state, commands(place, parts, () => again(), () => navigate(home))),
    parts.error,
    parts.trace,
    parts.tiles,
    parts.chart.element,
    h("h2", {}, "Tasks"),
    parts.tasks.element,
    h("div", { class: "page-head" }, h("h2", {}, "Configuration"), h("div", { class: "actions" }, h("button", { class: "button small", type: "button", onclick: () => editConfig(place, parts.info?.config, () => again()) }, "Edit"))),
    parts.config.element,
  );
  again = await keep(
    {
      signal,
      kinds: ["connector"],
      cluster,
      ms: 1_000,
      root,
      gone: (error) => empty("This connector is not there any more", error.message, h("a", { class: "button", href: home }, "All connectors")),
    },
    async () => show(parts, ...(await Promise.all([api.get(base, { signal }), api.get(`${base}/status`, { signal })]))),
  );
  follow(parts, cluster, signal);
  await styled;
  return root;
}

function makeParts({ env, cluster, name }) {
  const messages = h("span", { class: "value", dataset: { messages: "" } }, "–");
  const topic = h("a", { href: "#" });
  const running = h("span", { class: "value", dataset: { running: "" } }, "–");
  const parts = {
    state: h("span", { dataset: { connectorState: "" } }),
    error: h("div", { role: "alert", dataset: { error: "" } }),
    trace: h("div"),
    messages,
    topic,
    running,
    topicHref: (value) => to.topic(env, cluster, value),
    tiles: h(
      "div",
      { class: "grid narrow" },
      h("div", { class: "tile" }, h("span", { class: "label" }, "Messages in its topic"), messages),
      h("div", { class: "tile" }, h("span", { class: "label" }, "Topic"), h("span", { class: "value-name" }, topic)),
      h("div", { class: "tile" }, h("span", { class: "label" }, "Tasks running"), running),
    ),
    chart: chart("Records written to its topic", [{ name: "records_in", label: "Records" }]),
    tasks: table(`Tasks of ${name}`, taskColumns, { key: (row) => row.id, attributes: (row) => ({ dataset: { task: row.id } }) }),
    config: table(`Configuration of ${name}`, configColumns, { key: (row) => row.name, attributes: (row) => ({ dataset: { config: row.name } }) }),
    info: null,
    buttons: {},
  };
  return parts;
}

const taskColumns = [
  { title: "Task", cell: (row) => row.id, sort: (row) => row.id },
  { title: "State", cell: (row) => stateBadge(row.state), sort: (row) => row.state },
  { title: "Message", cell: (row) => row.msg || h("span", { class: "soft" }, "–") },
];

const configColumns = [
  { title: "Name", cell: (row) => h("code", {}, row.name), sort: (row) => row.name },
  { title: "Value", cell: (row) => h("code", { class: "breakable" }, row.value), sort: (row) => row.value },
];

function show(parts, info, status) {
  const { state, trace } = status.connector;
  const topic = info.config["kafka.topic"];
  parts.info = info;
  if (parts.state.firstChild?.dataset.state !== state) fill(parts.state, stateBadge(state));
  if (parts.trace.textContent !== trace) fill(parts.trace, trace ? notice("bad", trace) : null);
  if (parts.topic.textContent !== topic) {
    parts.topic.textContent = topic;
    parts.topic.href = parts.topicHref(topic);
  }
  const running = status.tasks.filter((task) => task.state === "RUNNING").length;
  parts.running.textContent = `${running} of ${status.tasks.length}`;
  parts.buttons.pause.hidden = state === "PAUSED";
  parts.buttons.resume.hidden = state !== "PAUSED";
  parts.tasks.show(status.tasks);
  parts.config.show(Object.entries(info.config).map(([name, value]) => ({ name, value })));
}

/** The count of messages and the rate, each on its own, so that one that is not there leaves the other. */
function follow(parts, cluster, signal) {
  const topic = () => path`/twinlog/v1/clusters/${cluster}/topics/${parts.info.config["kafka.topic"]}`;
  repeat(
    async () => {
      const about = await api.get(topic(), { signal });
      parts.messages.textContent = count(about.records_count);
      parts.messages.dataset.messages = about.records_count;
    },
    1_000,
    signal,
  );
  repeat(async () => parts.chart.show(await api.get(`${topic()}/time-series?step_ms=1000`, { signal })), 1_000, signal);
}

function commands({ base, name }, parts, again, gone) {
  const run = (label, body, done) => {
    const button = h("button", { class: "button", type: "button", dataset: { command: label.toLowerCase() } }, label);
    button.addEventListener("click", async () => {
      button.disabled = true;
      fill(parts.error);
      try {
        await body();
        toast(done);
        again();
      } catch (problem) {
        fill(parts.error, notice("bad", problem.message));
      } finally {
        button.disabled = false;
      }
    });
    return button;
  };
  parts.buttons.pause = run("Pause", () => api.put(`${base}/pause`), `${name} is paused.`);
  parts.buttons.resume = run("Resume", () => api.put(`${base}/resume`), `${name} goes on.`);
  const remove = () =>
    confirmDelete({
      what: "connector",
      name,
      text: "It stops writing. Its topic and the records in it stay.",
      submit: async () => {
        await api.delete(base);
        toast(`${name} is deleted.`);
        gone();
      },
    });
  return h(
    "div",
    { class: "actions" },
    parts.buttons.pause,
    parts.buttons.resume,
    run("Restart", () => api.post(`${base}/restart`), `${name} is restarted.`),
    h("button", { class: "button danger", type: "button", dataset: { command: "delete" }, onclick: remove }, "Delete"),
  );
}
