// The step of a wizard in which a connector gets its API key.

import { fill, h } from "../../lib/dom.js";
import { createKey, keyFile, madeKey } from "../../lib/keys.js";
import { choice } from "../../components/choice.js";
import { keyFacts } from "../../components/client-config.js";
import { download } from "../../components/copy.js";
import { clearProblem, textField } from "../../components/form.js";
import { notice } from "../../components/states.js";
import { Unfit } from "../../components/wizard.js";

/** `{element, value(typed), leave(typed)}`; the value is `{id, secret}`, empty until there is a key. */
export function keyStep(cluster) {
  let key = madeKey(cluster);
  const shown = h("div", { class: "wizard-part", "aria-live": "polite" });
  const error = h("div", { role: "alert" });
  const description = textField({ name: "key_description", label: "API key description", hint: "So that you know later what it is for." });
  const button = h("button", { class: "button", type: "button", dataset: { generateKey: "" } }, "Generate API key and download");
  button.addEventListener("click", async () => {
    button.disabled = true;
    fill(error);
    try {
      key = await createKey(cluster, description.querySelector("input").value);
      download(`api-key-${key.id}.txt`, keyFile(key, cluster));
      clearProblem(description.querySelector("input"));
      show();
    } catch (problem) {
      fill(error, notice("bad", problem.message));
    } finally {
      button.disabled = false;
    }
  });
  const show = () => {
    if (!key) return;
    fill(shown, notice("warn", `This key is used. Its secret is shown only now${key.description ? ` (${key.description})` : ""}.`), keyFacts(key));
    button.textContent = "Generate another API key and download";
  };
  show();
  const generated = h("div", { class: "wizard-part" }, description, h("div", { class: "row" }, button), error, shown);
  const existing = h(
    "div",
    { class: "wizard-part", hidden: true },
    textField({ name: "api_key", label: "API key" }),
    textField({ name: "api_secret", label: "API secret", type: "password", autocomplete: "new-password" }),
  );
  const turn = (mode) => {
    generated.hidden = mode !== "generate";
    existing.hidden = mode === "generate";
    existing.querySelectorAll("input").forEach((input) => (input.required = mode !== "generate"));
  };
  return {
    element: h(
      "div",
      { class: "wizard-part" },
      choice({
        name: "key_mode",
        label: "With which API key should it write?",
        value: "generate",
        options: [["generate", "Generate a new key"], ["existing", "Use an existing key"]],
        onchange: turn,
      }),
      generated,
      existing,
    ),
    value: (typed) => (typed.key_mode === "generate" ? (key ?? { id: "", secret: "" }) : { id: typed.api_key.trim(), secret: typed.api_secret.trim() }),
    leave(typed) {
      if (typed.key_mode === "generate" && !key) throw new Unfit([["key_description", "Generate a key first, or use an existing one."]]);
    },
  };
}
