// Clients of a cluster: its consumer groups, and the file that a new client needs.

import { h } from "../../lib/dom.js";
import { clientConfig } from "../../components/client-config.js";

export default async function page(context) {
  return h("div", { class: "page" }, h("div", { class: "page-head" }, h("h1", {}, "Clients")), clientConfig(context));
}
