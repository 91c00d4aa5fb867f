// A new topic, with defaults or with settings.

import { api, path } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { openDialog } from "../../components/dialog.js";
import { selectField, textField } from "../../components/form.js";
import { toast } from "../../components/states.js";

/** Opens the dialog; `done(name)` is called once the topic is there. */
export function createTopic({ cluster, done }) {
  const settings = h(
    "fieldset",
    { class: "form", hidden: true, disabled: true },
    selectField({ name: "cleanup", label: "Clean-up policy", value: "delete", options: ["delete", "compact", ["compact,delete", "compact, delete"]] }),
    textField({ name: "retention", label: "Retention time, ms", type: "number", min: -1, placeholder: "604800000", hint: "−1 keeps records for ever." }),
    textField({ name: "retentionBytes", label: "Retention size per partition, bytes", type: "number", min: -1, placeholder: "-1" }),
    textField({ name: "maxMessage", label: "Largest record batch, bytes", type: "number", min: 0, placeholder: "1048588" }),
    textField({ name: "more", label: "Further settings", multiline: true, rows: 3, placeholder: "segment.bytes=104857600", hint: "One key=value a line." }),
  );
  const toggle = h("button", { class: "button", type: "button", "aria-expanded": "false" }, "Show settings");
  const dialog = openDialog(
    {
      title: "New topic",
      label: "Create with defaults",
      extra: toggle,
      submit: async (typed) => {
        await api.post(path`/kafka/v3/clusters/${cluster}/topics`, wish(typed, !settings.hidden));
        toast(`${typed.name} is created.`);
        done(typed.name);
      },
    },
    textField({ name: "name", label: "Topic name", required: true, hint: "Letters, digits, dots, underscores and hyphens." }),
    textField({ name: "partitions", label: "Partitions", type: "number", value: "6", min: 1, max: 10_000, required: true }),
    settings,
  );
  toggle.addEventListener("click", () => {
    settings.hidden = !settings.hidden;
    settings.disabled = settings.hidden;
    toggle.setAttribute("aria-expanded", String(!settings.hidden));
    toggle.textContent = settings.hidden ? "Show settings" : "Use defaults";
    dialog.querySelector("button[type=submit]").textContent = settings.hidden ? "Create with defaults" : "Create";
  });
}

function wish(typed, withSettings) {
  const body = { topic_name: typed.name.trim(), partitions_count: Number(typed.partitions) };
  if (!withSettings) return body;
  const pairs = [
    ["cleanup.policy", typed.cleanup],
    ["retention.ms", typed.retention],
    ["retention.bytes", typed.retentionBytes],
    ["max.message.bytes", typed.maxMessage],
    ...typed.more
      .split("\n")
      .filter((line) => line.trim())
      .map((line) => {
        const place = line.indexOf("=");
        if (place < 1) throw new Error(`“${line.trim()}” is not key=value.`);
        return [line.slice(0, place).trim(), line.slice(place + 1).trim()];
      }),
  ];
  body.configs = pairs.filter(([, value]) => value !== "").map(([name, value]) => ({ name, value }));
  return body;
}
