// Configs of a link, changed while it runs.

import { api, path } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { badge } from "../../components/badge.js";
import { openDialog } from "../../components/dialog.js";
import { finder } from "../../components/find.js";
import { checkField, selectField, textField } from "../../components/form.js";
import { toast } from "../../components/states.js";
import { table } from "../../components/table.js";

/** Shown besides those that are set, because they are what is mostly changed. */
const usual = new Set(["cluster.link.paused", "availability.check.ms", "availability.check.consecutive.failure.threshold", "mirror.start.offset.spec", "topic.config.sync.include", "security.protocol"]);

/** `{element, show(configs)}`. */
export function linkConfigs({ base, link }, changed) {
  let all = [];
  const shown = table(`Configs of ${link}`, columns(base, changed), {
    none: "No config has that in its name.",
    key: (row) => row.name,
    attributes: (row) => ({ dataset: { config: row.name } }),
  });
  const draw = () => {
    const isAll = everything.querySelector("input").checked;
    const rows = all.filter((row) => (find.isEmpty ? isAll || !row.is_default || usual.has(row.name) : find.matches(row.name)));
    shown.show(rows);
  };
  const everything = checkField({ name: "everything", label: "All configs", onchange: () => draw() });
  const find = finder("Find a config", () => draw());
  return {
    element: h("section", { class: "page", "aria-label": "Configs" }, h("div", { class: "page-head" }, h("h2", {}, "Configs"), h("div", { class: "actions config-tools" }, everything, find.element)), shown.element),
    show(configs) {
      all = configs;
      draw();
    },
  };
}

const columns = (base, changed) => [
  { title: "Name", cell: (row) => h("code", {}, row.name), sort: (row) => row.name },
  { title: "Value", cell: (row) => value(row) },
  {
    title: "Source",
    cell: (row) => [badge(row.is_default ? "Default" : "Set", row.is_default ? "" : "accent"), row.is_sensitive ? [" ", badge("Secret")] : null, row.is_read_only ? [" ", badge("Read-only")] : null],
    sort: (row) => row.source,
  },
  {
    title: "Action",
    cell: (row) =>
      row.is_read_only
        ? h("span", { class: "soft" }, "–")
        : h("button", { class: "button small", type: "button", "aria-label": `Edit ${row.name}`, onclick: () => edit(row, base, changed) }, "Edit"),
  },
];

function value(row) {
  if (row.is_sensitive) return h("span", { class: "soft" }, row.is_default ? "not set" : "••••••••");
  return row.value === null || row.value === "" ? h("span", { class: "soft" }, "empty") : h("code", { class: "breakable" }, row.value);
}

function edit(row, base, changed) {
  const target = `${base}${path`/configs/${row.name}`}`;
  const dialog = openDialog(
    {
      title: row.name,
      label: "Save",
      extra: row.is_default ? null : h("button", { class: "button", type: "button", onclick: () => revert() }, "Back to the default"),
      submit: async (typed) => {
        await api.put(target, { value: typed.value });
        toast(`${row.name} is saved.`);
        changed();
      },
    },
    field(row),
    h("div", { role: "alert", class: "revert-error" }),
  );
  const revert = async () => {
    try {
      await api.delete(target);
      toast(`${row.name} has its default again.`);
      changed();
      dialog.close();
    } catch (problem) {
      dialog.querySelector(".revert-error").replaceChildren(h("p", { class: "notice bad" }, problem.message));
    }
  };
}

function field(row) {
  const text = row.value ?? "";
  if (text === "true" || text === "false") {
    return selectField({ name: "value", label: "Value", value: text, options: ["true", "false"] });
  }
  const isLong = text.length > 60 || /jaas|certificate|filters|include/.test(row.name);
  return textField({
    name: "value",
    label: row.is_sensitive ? "New value" : "Value",
    value: text,
    multiline: isLong,
    hint: row.is_sensitive ? "The present one is never shown." : undefined,
  });
}
