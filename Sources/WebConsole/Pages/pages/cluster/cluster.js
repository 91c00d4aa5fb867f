// A cluster at a glance: where it listens, what it does, who is connected.

import { api, path } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { bytes, count, duration, plural, rate } from "../../lib/format.js";
import { cluster as readCluster, to } from "../../lib/fleet.js";
import { unlessGone } from "../../lib/keep.js";
import { repeat } from "../../lib/live.js";
import { stateBadge } from "../../components/badge.js";
import { chart } from "../../components/chart.js";
import { clientConfig } from "../../components/client-config.js";
import { copyable } from "../../components/copy.js";
import { table } from "../../components/table.js";

export default async function page(context) {
  const { params, signal } = context;
  const target = path`/twinlog/v1/clusters/${params.cluster}`;
  const [managed, about, brokers] = await Promise.all([
    readCluster(params.env, params.cluster, signal),
    api.get(target, { signal }),
    api.all(path`/kafka/v3/clusters/${params.cluster}/brokers`, { signal }),
  ]);
  const tiles = h("div", { class: "grid narrow" });
  const charts = [
    chart("Throughput", [
      { name: "bytes_in", label: "In" },
      { name: "bytes_out", label: "Out" },
    ]),
    chart("Records", [
      { name: "records_in", label: "In" },
      { name: "records_out", label: "Out" },
    ]),
  ];
  const connections = table("Connections", connectionColumns(), { none: "Nobody is connected." });
  const number = h("p", { class: "soft", role: "status" });
  fill(tiles, tilesOf([], null));
  repeat(
    unlessGone(target, signal, async () => {
      const [topics, series, clients] = await Promise.all([
        api.get(`${target}/topics`, { signal }),
        api.get(`${target}/time-series?step_ms=1000`, { signal }),
        api.get(`${target}/connections`, { signal }),
      ]);
      fill(tiles, tilesOf(topics.data, series));
      charts.forEach((item) => item.show(series));
      connections.show(clients.data);
      number.textContent =
        clients.count > clients.data.length ? `${count(clients.data.length)} of ${plural(clients.count, "connection")}` : plural(clients.count, "connection");
    }),
    1_000,
    signal,
  );
  return h(
    "div",
    { class: "page" },
    h("div", { class: "page-head" }, h("h1", {}, managed.name), stateBadge(managed.status), h("span", { class: "soft mono" }, managed.id)),
    tiles,
    h("div", { class: "grid" }, charts.map((item) => item.element)),
    endpoints(about, managed, brokers),
    h("h2", {}, "Connections"),
    number,
    connections.element,
    clientConfig(context),
  );
}

function tilesOf(topics, series) {
  const sum = (name) => topics.reduce((total, topic) => total + (topic[name] ?? 0), 0);
  const now = (name) => series?.series.find((item) => item.name === name)?.values.at(-1) ?? null;
  const own = topics.filter((topic) => !topic.is_internal);
  const tile = (label, value) =>
    h("div", { class: "tile" }, h("span", { class: "label" }, label), h("span", { class: "value", dataset: { tile: label } }, value));
  return [
    tile("Topics", series ? count(own.length) : "–"),
    tile("Partitions", series ? count(sum("partitions_count")) : "–"),
    tile("Storage", series ? bytes(sum("size_bytes")) : "–"),
    tile("Connections", count(now("connections"))),
    tile("In", rate(now("bytes_in"), "bytes/s")),
    tile("Out", rate(now("bytes_out"), "bytes/s")),
  ];
}

function endpoints(about, managed, brokers) {
  const names = {
    SASL_SSL: "SASL_SSL, with an API key",
    SASL_PLAINTEXT: "SASL_PLAINTEXT, with an API key",
    PLAINTEXT: "PLAINTEXT, without log-in",
  };
  return h(
    "section",
    { class: "card", "aria-label": "Endpoints" },
    h("h2", {}, "Endpoints"),
    Object.entries(about.bootstrap).map(([listener, address]) =>
      h("div", { class: "field" }, h("span", { class: "label" }, names[listener] ?? listener), copyable(address, `Bootstrap server ${listener}`)),
    ),
    h("div", { class: "field" }, h("span", { class: "label" }, "REST"), copyable(about.http_endpoint, "REST endpoint")),
    h(
      "dl",
      { class: "facts" },
      h("dt", {}, "Type"),
      h("dd", {}, managed.type + (managed.cku ? `, ${managed.cku} CKU` : "")),
      h("dt", {}, "Provider"),
      h("dd", {}, `${managed.cloud}, ${managed.region}`),
      h("dt", {}, brokers.length === 1 ? "Broker" : "Brokers"),
      h("dd", {}, brokers.map((broker) => `${broker.broker_id} at ${broker.host}:${broker.port}`).join("; ")),
      h("dt", {}, "Clients"),
      h("dd", {}, h("a", { href: to.cluster(managed.environment, managed.id, "clients") }, "Consumer groups and client configuration")),
    ),
  );
}

function connectionColumns() {
  return [
    { title: "Client id", sort: (item) => item.client_id ?? "", cell: (item) => item.client_id || h("span", { class: "soft" }, "none") },
    {
      title: "Software",
      sort: (item) => item.client_software_name ?? "",
      cell: (item) => [item.client_software_name, item.client_software_version].filter(Boolean).join(" ") || h("span", { class: "soft" }, "not told"),
    },
    { title: "Address", sort: (item) => item.address, cell: (item) => h("span", { class: "mono" }, item.address) },
    { title: "Listener", cell: (item) => item.listener },
    { title: "Principal", cell: (item) => item.principal },
    { title: "Connected for", number: true, sort: (item) => -item.connected_ms, cell: (item) => duration(Date.now() - item.connected_ms) },
    { title: "Requests", number: true, sort: (item) => item.requests, cell: (item) => count(item.requests) },
  ];
}
