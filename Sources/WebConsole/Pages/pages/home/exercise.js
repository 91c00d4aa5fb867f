// The exercise of the course, done by itself: events in the source, a link, a mirror, and the proof that both are equal.

import { api, path, query } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { to } from "../../lib/fleet.js";
import { count } from "../../lib/format.js";

const topic = "link-topic";
const link = "my-cluster-link";
const connector = "transactions";
/** Events that are waited for before the mirror is looked at. */
const enough = 30;

/** The section of the front page. `clusters` are all of this server, each with its `env`. */
export function exercise(clusters, signal) {
  const destination = clusters.find((item) => item.type === "Dedicated");
  const source = clusters.find((item) => item !== destination);
  const steps = h("ol", { class: "form exercise-steps", "aria-live": "polite" });
  const button = h("button", { class: "button primary", type: "button", disabled: !source || !destination }, "Run the exercise");
  button.addEventListener("click", async () => {
    button.disabled = true;
    fill(steps);
    try {
      await run({ source, destination, signal, steps });
    } catch (error) {
      if (!signal.aborted) line(steps, "bad", error.message);
    }
    button.disabled = false;
  });
  return h(
    "section",
    { class: "card", "aria-label": "Run the exercise", dataset: { exercise: "" } },
    h("h2", {}, "Run the exercise"),
    h(
      "p",
      { class: "soft" },
      source && destination
        ? `Transactions flow into ${source.name}, a cluster link mirrors them into ${destination.name}, and every byte is compared. What is there already is used again.`
        : "It needs two clusters, of which one is dedicated: the destination of the link.",
    ),
    h("div", { class: "row" }, button),
    steps,
  );
}

function line(steps, kind, ...content) {
  const element = h("li", { class: `notice ${kind}`, dataset: { step: kind } }, content);
  steps.append(element);
  return element;
}

/** Asks for something; that it is there already is as good. */
async function unlessThere(work) {
  try {
    await work();
    return "";
  } catch (error) {
    if (error.status === 409 || /already exists/i.test(error.message)) return " (it was there already)";
    throw error;
  }
}

async function run({ source, destination, signal, steps }) {
  const at = (cluster, rest) => path`/kafka/v3/clusters/${cluster.id}` + rest;
  const link3 = (cluster, page, text) => h("a", { href: to.topic(cluster.env.id, cluster.id, topic, page) }, text);

  let note = await unlessThere(() => api.post(at(source, "/topics"), { topic_name: topic, partitions_count: 3 }, { signal }));
  line(steps, "good", "Topic ", link3(source, "overview", topic), ` with three partitions in ${source.name}${note}`);

  note = await events(source, signal);
  line(steps, "good", "Connector ", h("a", { href: to.connector(source.env.id, source.id, connector) }, connector), ` writes transactions${note}`);

  note = await makeLink(source, destination, signal);
  line(steps, "good", "Cluster link ", h("a", { href: to.link(destination.env.id, destination.id, link) }, link), ` in ${destination.name}${note}`);

  note = await unlessThere(() => api.post(at(destination, path`/links/${link}/mirrors`), { source_topic_name: topic }, { signal }));
  line(steps, "good", "Mirror topic ", link3(destination, "overview", topic), note);

  const waiting = line(steps, "", "Waiting for events…");
  await waitForEvents(source, destination, waiting, signal);
  await api.put(connectors(source, path`/${connector}/pause`), undefined, { signal }).catch(() => null);
  await waitForMirror(destination, waiting, signal);
  waiting.className = "notice good";

  const report = await api.post(path`/twinlog/v1/clusters/${destination.id}/links/${link}/mirrors/${topic}/verify`, undefined, { signal });
  const records = report.partitions.reduce((sum, item) => sum + item.mirror.records, 0);
  const isEqual = report.matches && !report.nothing_to_compare;
  const last = (cluster, text) => h("a", { href: `${to.topic(cluster.env.id, cluster.id, topic, "message-viewer")}?partition=1&offset=-1` }, text);
  line(
    steps,
    isEqual ? "good" : "bad",
    isEqual ? `Equal: ${count(records)} records at their offsets, byte by byte. ` : "Source and mirror differ. ",
    "The last event of partition 1: ",
    last(source, "in the source"),
    ", ",
    last(destination, "in the mirror"),
    ", or ",
    link3(destination, "diff", "side by side"),
    ".",
  );
}

const connectors = (source, rest = "") => path`/connect/v1/environments/${source.env.id}/clusters/${source.id}/connectors` + rest;

async function events(source, signal) {
  const known = await api.get(connectors(source), { signal });
  if (known.includes?.(connector)) {
    await api.put(connectors(source, path`/${connector}/resume`), undefined, { signal });
    return " (it was there already)";
  }
  const key = await api.post(
    "/iam/v2/api-keys",
    { spec: { description: "The exercise's connector", owner: { id: "u-local" }, resource: { id: source.id } } },
    { signal },
  );
  const config = {
    "connector.class": "DatagenSource",
    name: connector,
    "kafka.auth.mode": "KAFKA_API_KEY",
    "kafka.api.key": key.id,
    "kafka.api.secret": key.spec.secret,
    "kafka.topic": topic,
    quickstart: "TRANSACTIONS",
    "output.data.format": "JSON",
    "max.interval": "50",
    "tasks.max": "1",
  };
  await api.post(connectors(source), { name: connector, config }, { signal });
  return "";
}

async function makeLink(source, destination, signal) {
  const about = await api.get(path`/twinlog/v1/clusters/${source.id}`, { signal });
  const body = { source_cluster_id: source.id, configs: [{ name: "bootstrap.servers", value: about.bootstrap.PLAINTEXT }] };
  return unlessThere(() => api.post(path`/kafka/v3/clusters/${destination.id}/links` + query({ link_name: link }), body, { signal }));
}

const pause = (ms, signal) =>
  new Promise((done, stop) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      stop(new Error("The page was left."));
    });
  });

async function sizes(cluster, signal) {
  const about = await api.get(path`/twinlog/v1/clusters/${cluster.id}/topics/${topic}`, { signal });
  return about.partitions.map((item) => item.end_offset);
}

async function waitForEvents(source, destination, place, signal) {
  const first = (await sizes(source, signal)).reduce((sum, end) => sum + end, 0);
  for (;;) {
    const ends = await sizes(source, signal);
    const total = ends.reduce((sum, end) => sum + end, 0);
    place.textContent = `${count(total)} events in ${source.name}`;
    if (total >= first + enough && ends.every((end) => end > 0)) return;
    await pause(250, signal);
  }
}

async function waitForMirror(destination, place, signal) {
  for (let round = 0; ; round += 1) {
    const mirror = await api.get(path`/kafka/v3/clusters/${destination.id}/links/${link}/mirrors/${topic}`, { signal });
    const lags = mirror.mirror_lags;
    const lag = lags.reduce((sum, item) => sum + Math.max(0, item.lag), 0);
    const isKnown = lags.length > 0 && lags.every((item) => item.lag >= 0);
    place.textContent = isKnown ? `The mirror is ${count(lag)} records behind` : "The mirror begins";
    if (isKnown && lag === 0 && round > 3) return;
    await pause(250, signal);
  }
}
