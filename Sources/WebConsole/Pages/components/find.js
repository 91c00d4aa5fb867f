// A field that narrows a list down.

import { h } from "../lib/dom.js";

/** `{element, matches(name)}`; `onchange()` is called when what is wanted changes. */
export function finder(label, onchange) {
  let wanted = "";
  const element = h("input", { class: "input search find", type: "search", placeholder: label, "aria-label": label });
  element.addEventListener("input", () => {
    wanted = element.value.trim().toLowerCase();
    onchange();
  });
  return {
    element,
    get isEmpty() {
      return wanted === "";
    },
    matches: (name) => name.toLowerCase().includes(wanted),
  };
}
