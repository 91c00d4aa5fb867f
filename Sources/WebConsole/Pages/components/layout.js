// The frame around every page.

import { api, onReachable } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { to } from "../lib/fleet.js";
import { navigate } from "../lib/router.js";

const main = h("main", { id: "main", tabindex: "-1" });
const crumbs = h("ol", { class: "breadcrumbs" });
const side = h("nav", { class: "side", "aria-label": "Cluster" });
const frame = h("div", { class: "frame" }, side, main);
const offline = h("div", { class: "offline-bar", role: "alert", hidden: true });
const logOut = h("button", { class: "button small quiet", type: "button", hidden: true, onclick: leave }, "Log out");

async function leave() {
  await api.delete("/twinlog/v1/sessions").catch(() => null);
  navigate("/login");
}

function turnTheme() {
  const chosen = document.documentElement.dataset.theme;
  const isDark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = isDark ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("twinlog.theme", theme);
  } catch {
    // It holds for this page then.
  }
}

/** Puts the frame into the page. */
export function begin(root, base) {
  const header = h(
    "header",
    { class: "header" },
    h("a", { class: "brand", href: "/", "aria-label": "Twinlog" }, h("img", { src: `${base}icon.svg`, alt: "", width: 24, height: 24 }), h("span", {}, "Twinlog")),
    h("nav", { "aria-label": "Breadcrumbs" }, crumbs),
    h("button", { class: "button small quiet", type: "button", onclick: turnTheme, "aria-label": "Switch between light and dark" }, "◐"),
    logOut,
  );
  fill(root, header, offline, frame);
  onReachable((isReachable) => {
    offline.hidden = isReachable;
    offline.textContent = "The server does not answer. What you see may be old; this page goes on by itself when it is back.";
  });
}

/** Whether there is somebody to log out. */
export function showSession(isLoggedIn) {
  logOut.hidden = !isLoggedIn;
}

/** The parts around a page: `crumbs` are `[title, address]`, `links` of the side `[title, address]`. */
export function arrange(trail, links, label) {
  fill(
    crumbs,
    trail.map(([title, address], index) => {
      const isLast = index === trail.length - 1;
      return h("li", {}, address && !isLast ? h("a", { href: address }, title) : h("span", { "aria-current": isLast ? "page" : null }, title));
    }),
  );
  frame.classList.toggle("bare", !links.length);
  side.hidden = !links.length;
  side.setAttribute("aria-label", label ?? "Pages");
  fill(
    side,
    h(
      "ul",
      {},
      links.map(([title, address]) => {
        const section = address.replace(/\/overview$/, "");
        const isHere = location.pathname === address || (address === section && location.pathname.startsWith(`${section}/`));
        return h("li", {}, h("a", { href: address, "aria-current": isHere ? "page" : null }, title));
      }),
    ),
  );
}

/** Shows a page's element. The heading takes the focus, so that screen readers hear where they are. */
export function place(element, { focus = true } = {}) {
  fill(main, element);
  const heading = main.querySelector("h1");
  if (!focus || !heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** Pages of a cluster, for the side. */
export function clusterLinks(env, id) {
  return [
    ["Cluster overview", to.cluster(env, id)],
    ["Topics", to.cluster(env, id, "topics")],
    ["Connectors", to.cluster(env, id, "connectors")],
    ["Cluster links", to.cluster(env, id, "cluster-links")],
    ["Clients", to.cluster(env, id, "clients")],
    ["API keys", to.cluster(env, id, "api-keys")],
  ];
}
