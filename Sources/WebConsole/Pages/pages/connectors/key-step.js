// The step of a wizard in which a connector gets its API key.

import { h } from "../../lib/dom.js";
import { choice } from "../../components/choice.js";
import { textField } from "../../components/form.js";
import { keyMaker } from "../../components/key-maker.js";
import { Unfit } from "../../components/wizard.js";

/** `{element, value(typed), leave(typed)}`; the value is `{id, secret}`, empty until there is a key. */
export function keyStep(cluster) {
  const maker = keyMaker(() => cluster);
  const existing = h(
    "div",
    { class: "stack", hidden: true },
    textField({ name: "api_key", label: "API key" }),
    textField({ name: "api_secret", label: "API secret", type: "password", autocomplete: "new-password" }),
  );
  const turn = (mode) => {
    maker.element.hidden = mode !== "generate";
    existing.hidden = mode === "generate";
    existing.querySelectorAll("input").forEach((input) => (input.required = mode !== "generate"));
  };
  return {
    element: h(
      "div",
      { class: "stack" },
      choice({
        name: "key_mode",
        label: "With which API key should it write?",
        value: "generate",
        options: [["generate", "Generate a new key"], ["existing", "Use an existing key"]],
        onchange: turn,
      }),
      maker.element,
      existing,
    ),
    value(typed) {
      if (typed.key_mode !== "generate") return { id: typed.api_key.trim(), secret: typed.api_secret.trim() };
      return maker.key() ?? { id: "", secret: "" };
    },
    leave(typed) {
      if (typed.key_mode === "generate" && !maker.key()) {
        throw new Unfit([["key_description", "Generate a key first, or use an existing one."]]);
      }
    },
  };
}
