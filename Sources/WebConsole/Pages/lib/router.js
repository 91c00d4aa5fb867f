// Addresses. A page is a module whose default export makes its element: `(context) => Node | Promise<Node>`.

const routes = [];
let current = null;
let show = () => {};

/**
 * Adds an address: segments in braces are parameters. `load` imports the page's module.
 * `area` says which frame it stands in: `cluster`, `environment` or `none`.
 */
export function route(template, area, load) {
  routes.push({ parts: template.split("/").filter(Boolean), area, load });
}

function match(pathname) {
  const parts = pathname.split("/").filter(Boolean);
  for (const candidate of routes) {
    if (candidate.parts.length !== parts.length) continue;
    const params = {};
    const fits = candidate.parts.every((part, index) => {
      if (!part.startsWith("{")) return part === parts[index];
      try {
        params[part.slice(1, -1)] = decodeURIComponent(parts[index]);
      } catch {
        return false;
      }
      return true;
    });
    if (fits) return { ...candidate, params };
  }
  return null;
}

/** Goes to an address of the console. */
export function navigate(target, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", target);
  visit();
  scrollTo(0, 0);
}

/** Changes the query of the address without making the page anew. */
export function setQuery(values) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === "") address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  history.replaceState(null, "", address);
}

/** Makes the page of the present address anew. */
export function reload() {
  visit();
}

function visit() {
  current?.controller.abort();
  const controller = new AbortController();
  const found = match(location.pathname);
  current = { controller };
  show({
    route: found,
    params: found?.params ?? {},
    query: new URLSearchParams(location.search),
    signal: controller.signal,
  });
}

/** Begins: `body` shows a page whenever the address changes. */
export function start(body) {
  show = body;
  addEventListener("popstate", visit);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    const address = new URL(link.href);
    if (address.origin !== location.origin || !match(address.pathname)) return;
    if (address.pathname === location.pathname && address.search === location.search && address.hash) return;
    event.preventDefault();
    navigate(address.pathname + address.search);
  });
  visit();
}
