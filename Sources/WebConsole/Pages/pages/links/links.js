// Cluster links of a cluster, which read from other clusters.

import { api, path } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { cluster as readCluster, clusters, environments, to } from "../../lib/fleet.js";
import { count } from "../../lib/format.js";
import { keep } from "../../lib/keep.js";
import { stateBadge } from "../../components/badge.js";
import { empty } from "../../components/states.js";
import { table } from "../../components/table.js";
import { createLink } from "./create.js";
import { lagOf } from "../link/lag.js";

export default async function page(context) {
  const { params, query, signal } = context;
  const { env, cluster: id } = params;
  if (query.has("create")) return createLink(context);
  const about = await readCluster(env, id, signal);
  const home = to.cluster(env, id, "cluster-links");
  const isDestination = about.type === "Dedicated";
  const create = isDestination ? h("a", { class: "button primary", href: `${home}?create`, dataset: { createLink: "" } }, "Create cluster link") : null;
  const list = table("Cluster links", columns(env, id), {
    key: (row) => row.link_name,
    attributes: (row) => ({ dataset: { link: row.link_name, linkState: row.link_state } }),
  });
  const none = h("div");
  fill(none, await nothing(about, home, signal));
  const root = h(
    "div",
    { class: "page" },
    h("div", { class: "page-head" }, h("h1", {}, "Cluster links"), h("div", { class: "actions" }, create)),
    none,
    list.element,
  );
  await keep(
    {
      signal,
      kinds: ["link", "mirror"],
      cluster: id,
      ms: 2_000,
      root,
      gone: (error) => empty("This cluster is not there any more", error.message, h("a", { class: "button", href: to.environment(env) }, "All clusters")),
    },
    async () => {
      const [links, mirrors] = await Promise.all([
        api.all(path`/kafka/v3/clusters/${id}/links`, { signal }),
        api.all(path`/kafka/v3/clusters/${id}/links/-/mirrors`, { signal }),
      ]);
      list.show(links.map((link) => summary(link, mirrors)));
      list.element.hidden = !links.length;
      none.hidden = links.length > 0;
      if (create) create.hidden = !links.length;
    },
  );
  return root;
}

function summary(link, mirrors) {
  const own = mirrors.filter((mirror) => mirror.link_name === link.link_name);
  const lags = own.map((mirror) => lagOf(mirror).total).filter((lag) => lag !== null);
  return { ...link, mirrorCount: own.length, lag: lags.length ? lags.reduce((sum, lag) => sum + lag, 0) : null };
}

/** What a cluster without links shows: how to make one, or where links can be made. */
async function nothing(about, home, signal) {
  if (about.type === "Dedicated") {
    return empty(
      "No cluster link yet",
      "A link reads topics of another cluster and keeps mirrors of them here, record by record at the same offsets.",
      h("a", { class: "button primary", href: `${home}?create`, dataset: { createLink: "" } }, "Create cluster link"),
    );
  }
  const all = (await Promise.all((await environments(signal)).map((env) => clusters(env.id, signal)))).flat();
  const others = all.filter((item) => item.type === "Dedicated" && item.id !== about.id);
  return empty(
    "Links are made in their destination",
    `The destination of a link has to be a dedicated cluster, and ${about.name} is ${about.type.toLowerCase()}. It can be the source of a link that is made in another cluster.`,
    others.map((item) => h("a", { class: "button", href: to.cluster(item.environment, item.id, "cluster-links") }, `Links of ${item.name}`)),
  );
}

const columns = (env, id) => [
  { title: "Name", cell: (row) => h("a", { href: to.link(env, id, row.link_name) }, row.link_name), sort: (row) => row.link_name },
  { title: "State", cell: (row) => stateBadge(row.link_state), sort: (row) => row.link_state },
  { title: "Source cluster", cell: (row) => h("span", { class: "mono" }, row.source_cluster_id ?? "–"), sort: (row) => row.source_cluster_id ?? "" },
  { title: "Mirror topics", number: true, cell: (row) => count(row.mirrorCount), sort: (row) => row.mirrorCount },
  { title: "Lag (records)", number: true, cell: (row) => count(row.lag), sort: (row) => row.lag },
  { title: "Problem", cell: (row) => row.link_error_message ?? h("span", { class: "soft" }, "–"), sort: (row) => row.link_error_message ?? "" },
];
