// The console's beginning: addresses, and what stands around each page.

import { api } from "./lib/api.js";
import { cluster as readCluster, environments as readEnvironments, to } from "./lib/fleet.js";
import { navigate, reload, route, start } from "./lib/router.js";
import { arrange, begin, clusterLinks, place, showSession } from "./components/layout.js";
import { empty, failed, loading } from "./components/states.js";

const inCluster = "/environments/{env}/clusters/{cluster}";
const inTopic = `${inCluster}/topics/{topic}`;

route("/", "none", () => import("./pages/home/home.js"));
route("/login", "none", () => import("./pages/login/login.js"));
route("/environments", "none", () => import("./pages/environments/environments.js"));
route("/environments/{env}/clusters", "environment", () => import("./pages/environment/environment.js"));
route(`${inCluster}/overview`, "cluster", () => import("./pages/cluster/cluster.js"));
route(`${inCluster}/topics`, "cluster", () => import("./pages/topics/topics.js"));
route(`${inTopic}/overview`, "topic", () => import("./pages/topic/topic.js"));
route(`${inTopic}/message-viewer`, "topic", () => import("./pages/messages/messages.js"));
route(`${inTopic}/configuration`, "topic", () => import("./pages/topic-configuration/topic-configuration.js"));
route(`${inTopic}/diff`, "topic", () => import("./pages/diff/diff.js"));
route(`${inCluster}/connectors`, "cluster", () => import("./pages/connectors/connectors.js"));
route(`${inCluster}/connectors/{name}`, "cluster", () => import("./pages/connector/connector.js"));
route(`${inCluster}/cluster-links`, "cluster", () => import("./pages/links/links.js"));
route(`${inCluster}/cluster-links/{link}`, "cluster", () => import("./pages/link/link.js"));
route(`${inCluster}/clients`, "cluster", () => import("./pages/clients/clients.js"));
route(`${inCluster}/clients/groups/{group}`, "cluster", () => import("./pages/group/group.js"));
route(`${inCluster}/api-keys`, "cluster", () => import("./pages/api-keys/api-keys.js"));

const names = new Map();

/** What an environment or a cluster is called; its id until that is known. */
async function nameOf(key, read) {
  if (!names.has(key)) names.set(key, await read());
  return names.get(key);
}

async function trailOf({ env, cluster, topic, name, link, group }, signal) {
  const trail = [["Home", "/"]];
  if (!env) return trail;
  const environment = await nameOf(env, async () => {
    const all = await readEnvironments(signal);
    return all.find((item) => item.id === env)?.display_name ?? env;
  });
  trail.push([environment, to.environment(env)]);
  if (!cluster) return trail;
  trail.push([await nameOf(cluster, async () => (await readCluster(env, cluster, signal)).name), to.cluster(env, cluster)]);
  if (topic) trail.push(["Topics", to.cluster(env, cluster, "topics")], [topic, to.topic(env, cluster, topic)]);
  if (name) trail.push(["Connectors", to.cluster(env, cluster, "connectors")], [name, null]);
  if (link) trail.push(["Cluster links", to.cluster(env, cluster, "cluster-links")], [link, null]);
  if (group) trail.push(["Clients", to.cluster(env, cluster, "clients")], [group, null]);
  return trail;
}

let visits = 0;

async function show({ route: found, params, query, signal }) {
  visits += 1;
  const isFirst = visits === 1;
  if (!found) {
    arrange([["Home", "/"]], []);
    document.title = "Not found · Twinlog";
    place(empty("There is no such page", location.pathname));
    return;
  }
  const links = params.cluster ? clusterLinks(params.env, params.cluster) : [];
  // The first page keeps its place: what stands around it is there at once.
  if (isFirst) arrange([["Home", "/"]], links);
  const trail = trailOf(params, signal).catch((error) => {
    if (error.status === 404) throw error;
    return [["Home", "/"]];
  });
  // The frame keeps its room from the beginning; names come as they are known.
  if (isFirst) arrange([["Home", "/"]], links, "Pages");
  // Fast pages replace the last one at once; only slow ones show that they are being read.
  const timer = setTimeout(() => signal.aborted || place(loading(), { focus: false }), isFirst ? 0 : 150);
  try {
    const [page, path] = await Promise.all([found.load(), trail]);
    if (signal.aborted) return;
    arrange(path, links, path[2]?.[0] ?? "Pages");
    const context = { params, query, signal, navigate, clusterName: path[2]?.[0] ?? null };
    const element = await page.default(context);
    if (signal.aborted) return;
    clearTimeout(timer);
    place(element, { focus: !isFirst });
    const heading = element.querySelector?.("h1")?.textContent;
    document.title = heading ? `${heading} · Twinlog` : "Twinlog";
  } catch (error) {
    clearTimeout(timer);
    if (signal.aborted) return;
    arrange([["Home", "/"]], error.status === 404 ? [] : links);
    document.title = "Twinlog";
    place(failed(error, reload));
  }
}

async function askWhoIsThere() {
  try {
    const me = await api.get("/twinlog/v1/me?anonymous=true");
    showSession(Boolean(me.user));
  } catch {
    showSession(false);
  }
}

addEventListener("twinlog:login", () => {
  const back = location.pathname + location.search;
  navigate(`/login?next=${encodeURIComponent(back)}`, { replace: true });
});

begin(document.getElementById("app"), new URL("./", import.meta.url).pathname);
start(show);
askWhoIsThere();
