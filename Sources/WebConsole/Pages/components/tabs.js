// Sections of one thing, each with its own address.

import { h } from "../lib/dom.js";

/** Tabs: `items` are `[title, address]`. */
export function tabs(label, items) {
  return h(
    "nav",
    { class: "tabs", "aria-label": label },
    items.map(([title, address]) =>
      h("a", { href: address, "aria-current": location.pathname === new URL(address, location.href).pathname ? "page" : null }, title),
    ),
  );
}
