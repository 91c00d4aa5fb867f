// Changing what a connector does, checked by the server before it is changed.

import { api, path } from "../../lib/api.js";
import { openDialog } from "../../components/dialog.js";
import { showProblems, selectField, textField } from "../../components/form.js";
import { toast } from "../../components/states.js";
import { templates } from "../connectors/templates.js";

/** Put there by the server, and not part of what a connector is told. */
const shownOnly = ["cloud.environment", "cloud.provider", "kafka.endpoint", "kafka.region"];

export function editConfig({ base, plugins, name }, config, done) {
  if (!config) return;
  const quickstart = config.quickstart?.toUpperCase();
  const names = templates.map(([value]) => value);
  const dialog = openDialog(
    {
      title: `Configuration of ${name}`,
      label: "Save",
      submit: async (typed) => {
        const next = { ...config };
        for (const entry of shownOnly) delete next[entry];
        for (const [entry, value] of Object.entries(typed)) {
          if (value.trim() === "") delete next[entry];
          else next[entry] = value.trim();
        }
        const answer = await api.put(`${plugins}${path`/${config["connector.class"]}/config/validate`}`, next);
        const problems = answer.configs.flatMap((item) => item.value.errors.map((text) => [item.value.name, text]));
        if (problems.length) {
          const rest = showProblems(dialog.querySelector("form"), problems);
          if (rest.length) throw new Error(rest.join(" "));
          return false;
        }
        await api.put(`${base}/config`, next);
        toast("The configuration is saved.");
        done();
        return true;
      },
    },
    textField({ name: "kafka.topic", label: "Topic", value: config["kafka.topic"], required: true }),
    quickstart
      ? selectField({ name: "quickstart", label: "Template", value: quickstart, options: names.includes(quickstart) ? names : [quickstart, ...names] })
      : textField({ name: "schema.string", label: "Avro schema", value: config["schema.string"], multiline: true, rows: 8 }),
    textField({ name: "max.interval", label: "Max interval between messages (ms)", type: "number", min: 0, value: config["max.interval"] }),
    textField({ name: "iterations", label: "Messages per task", type: "number", value: config.iterations, hint: "Empty: without end." }),
    textField({ name: "tasks.max", label: "Tasks", type: "number", min: 1, max: 64, value: config["tasks.max"] }),
  );
}
