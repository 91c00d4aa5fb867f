// The exercise of the course, done by itself: a source topic with data, a link, a mirror, and the proof.

import { h } from "../../lib/dom.js";

export function exercise() {
  return h("section", { class: "card" }, h("h2", {}, "Run the exercise"));
}
