// Makes an API key in the middle of something bigger.

import { fill, h } from "../lib/dom.js";
import { createKey, keyFile, madeKey } from "../lib/keys.js";
import { keyFacts } from "./client-config.js";
import { download } from "./copy.js";
import { clearProblem, textField } from "./form.js";
import { notice } from "./states.js";

/** `{element, key(), show()}` for the cluster that `cluster()` names; the key is null until there is one. */
export function keyMaker(cluster, { description = "" } = {}) {
  const shown = h("div", { class: "stack", "aria-live": "polite" });
  const error = h("div", { role: "alert" });
  const field = textField({ name: "key_description", label: "API key description", value: description, hint: "So that you know later what it is for." });
  const button = h("button", { class: "button", type: "button", dataset: { generateKey: "" } });
  const show = () => {
    const key = madeKey(cluster());
    button.textContent = key ? "Generate another API key and download" : "Generate API key and download";
    if (!key) {
      fill(shown);
      return;
    }
    const what = key.description ? ` (${key.description})` : "";
    fill(shown, notice("warn", `This key is used${what}. Its secret cannot be read again later.`), keyFacts(key));
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    fill(error);
    try {
      const key = await createKey(cluster(), field.querySelector("input").value);
      download(`api-key-${key.id}.txt`, keyFile(key, cluster()));
      clearProblem(field.querySelector("input"));
      show();
    } catch (problem) {
      fill(error, notice("bad", problem.message));
    } finally {
      button.disabled = false;
    }
  });
  show();
  return {
    element: h("div", { class: "stack" }, field, h("div", { class: "row" }, button), error, shown),
    key: () => madeKey(cluster()),
    show,
  };
}
