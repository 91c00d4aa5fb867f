// One of a few: radio buttons, beside each other or as cards.

import { h } from "../lib/dom.js";

/**
 * A group of radio buttons. `options` are `[value, text, {hint, disabled}]`; `kind` is `segments` or `cards`.
 * `onchange(value)` is told what was chosen.
 */
export function choice({ name, label, options, value, onchange, kind = "segments" }) {
  return h(
    "fieldset",
    { class: `choice ${kind}` },
    h("legend", {}, label),
    h(
      "div",
      { class: "choices" },
      options.map(([key, text, { hint, disabled } = {}]) =>
        h(
          "label",
          { class: "choice-item" },
          h("input", {
            type: "radio",
            name,
            value: key,
            checked: key === value,
            disabled,
            onchange: (event) => onchange?.(event.target.value),
          }),
          h("span", { class: "choice-text" }, text),
          hint ? h("span", { class: "choice-hint" }, hint) : null,
        ),
      ),
    ),
  );
}
