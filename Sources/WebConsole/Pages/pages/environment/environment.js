// One environment: its clusters as cards.

import { api, path } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { clusters, environments, to } from "../../lib/fleet.js";
import { rate, words } from "../../lib/format.js";
import { onChange, repeat } from "../../lib/live.js";
import { stateBadge } from "../../components/badge.js";
import { confirmDelete, openDialog } from "../../components/dialog.js";
import { selectField, textField } from "../../components/form.js";
import { empty, toast } from "../../components/states.js";

export default async function page({ params, signal, navigate }) {
  const environment = (await environments(signal)).find((item) => item.id === params.env);
  if (!environment) return empty("There is no such environment", params.env, h("a", { class: "button", href: "/environments" }, "All environments"));
  const list = h("div", { class: "grid" });
  const show = async () => {
    const found = await clusters(params.env, signal);
    const cards = found.map((cluster) => card(params.env, cluster, signal, show));
    const button = h("button", { class: "button primary", type: "button", onclick: () => create(params.env, navigate) }, "Create cluster");
    fill(list, cards.length ? cards : empty("No cluster yet", "A cluster takes a moment to create and has its own ports.", button));
  };
  await show();
  onChange(["cluster"], null, signal, show);
  return h(
    "div",
    { class: "page" },
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, environment.display_name),
      h("span", { class: "soft mono" }, environment.id),
      h(
        "div",
        { class: "actions" },
        h("button", { class: "button primary", type: "button", onclick: () => create(params.env, navigate) }, "Create cluster"),
      ),
    ),
    list,
  );
}

function card(env, cluster, signal, refresh) {
  const throughput = h("dd", { class: "mono" }, "–");
  repeat(
    async () => {
      const answer = await api.get(path`/twinlog/v1/clusters/${cluster.id}/time-series?step_ms=1000`, { signal });
      const now = (name) => answer.series.find((series) => series.name === name)?.values.at(-1) ?? 0;
      throughput.textContent = `${rate(now("bytes_in"), "bytes/s")} in, ${rate(now("bytes_out"), "bytes/s")} out`;
    },
    2_000,
    signal,
  );
  return h(
    "section",
    { class: "card", "aria-label": cluster.name, dataset: { cluster: cluster.id } },
    h(
      "div",
      { class: "card-head" },
      h("h2", {}, h("a", { href: to.cluster(env, cluster.id) }, cluster.name)),
      stateBadge(cluster.status),
    ),
    h(
      "dl",
      { class: "facts" },
      fact("ID", h("span", { class: "mono" }, cluster.id)),
      fact("Type", cluster.type + (cluster.cku ? `, ${cluster.cku} CKU` : "")),
      fact("Provider", cluster.cloud),
      fact("Region", cluster.region),
      fact("Availability", words(cluster.availability)),
      h("dt", {}, "Throughput"),
      throughput,
    ),
    h(
      "div",
      { class: "row" },
      h("a", { class: "button small", href: to.cluster(env, cluster.id, "topics") }, "Topics"),
      h("button", { class: "button small danger", type: "button", onclick: () => remove(env, cluster, refresh) }, "Delete"),
    ),
  );
}

const fact = (name, value) => [h("dt", {}, name), h("dd", {}, value)];

function create(env, navigate) {
  const cku = textField({ name: "cku", label: "CKU", type: "number", value: "1", min: 1, max: 100, hint: "Shown only: a local cluster is as fast as this machine." });
  cku.hidden = true;
  const type = selectField({
    name: "type",
    label: "Cluster type",
    value: "Dedicated",
    options: ["Basic", "Standard", "Enterprise", "Dedicated"],
    hint: "Only a dedicated cluster can be the destination of a cluster link.",
    onchange: (event) => (cku.hidden = event.target.value !== "Dedicated"),
  });
  cku.hidden = false;
  openDialog(
    {
      title: "Create cluster",
      label: "Launch cluster",
      submit: async ({ name, type: kind, cloud, region, cku: units }) => {
        const config = kind === "Dedicated" ? { kind, cku: Number(units) || 1 } : { kind };
        const made = await api.post("/cmk/v2/clusters", {
          spec: { display_name: name, availability: "SINGLE_ZONE", cloud, region, config, environment: { id: env } },
        });
        toast(`${name} is running.`);
        navigate(to.cluster(env, made.id));
      },
    },
    textField({ name: "name", label: "Cluster name", required: true }),
    type,
    cku,
    selectField({ name: "cloud", label: "Provider", value: "GCP", options: ["AWS", "GCP", "AZURE"], hint: "Shown only." }),
    textField({ name: "region", label: "Region", value: "us-east4", required: true, hint: "Shown only." }),
  );
}

function remove(env, cluster, refresh) {
  confirmDelete({
    what: "cluster",
    name: cluster.name,
    text: "Its topics with all records, its links, connectors and API keys go with it.",
    submit: async () => {
      await api.delete(path`/cmk/v2/clusters/${cluster.id}?environment=${env}`);
      toast(`${cluster.name} is deleted.`);
      await refresh();
    },
  });
}
