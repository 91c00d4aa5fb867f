// What the newest records look like: the fields that their JSON values have, without a schema.

import { api } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { plural } from "../../lib/format.js";
import { repeat } from "../../lib/live.js";
import { table } from "../../components/table.js";

/** Records that are looked at. */
const sample = 20;
/** Characters of an example that are shown. */
const widest = 80;

/** The section of a topic's overview; `target` is the topic's address in the API. */
export function preview(target, messages, signal) {
  const summary = h("p", { class: "soft", role: "status" }, "\u00a0");
  const fields = table("Fields of the newest records", columns(), { none: "No record has a JSON object as its value." });
  repeat(
    async () => {
      const answer = await api.get(`${target}/records?limit=${sample}&max_value_bytes=16384`, { signal });
      const found = inspect(answer.data);
      fill(summary, answer.data.length ? `${plural(answer.data.length, "newest record")}: ${kinds(answer.data)}. ` : "There are no records yet. ", h("a", { href: messages }, "All messages"));
      fields.show(found);
    },
    5_000,
    signal,
  );
  return h("section", { class: "form", "aria-label": "Preview" }, h("h2", {}, "Preview"), summary, fields.element);
}

function columns() {
  return [
    { title: "Field", cell: (item) => h("span", { class: "mono" }, item.name) },
    { title: "Type", cell: (item) => [...item.types].join(", ") },
    { title: "In", number: true, cell: (item) => `${Math.round(item.share * 100)} %` },
    { title: "Example", cell: (item) => h("span", { class: "mono" }, item.example) },
  ];
}

/** How many values are of which kind, in words. */
function kinds(records) {
  const counts = new Map();
  for (const { value } of records) {
    const kind = value === null ? "without a value" : { json: "JSON", text: "text", binary: "binary" }[value.format];
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, number]) => `${number} ${kind}`).join(", ");
}

function inspect(records) {
  const fields = new Map();
  let objects = 0;
  for (const { value } of records) {
    const content = value?.format === "json" ? parse(value.text) : null;
    if (content === null || typeof content !== "object" || Array.isArray(content)) continue;
    objects += 1;
    for (const [name, part] of Object.entries(content)) {
      const field = fields.get(name) ?? { name, types: new Set(), count: 0, example: "" };
      field.types.add(part === null ? "null" : Array.isArray(part) ? "array" : typeof part);
      field.count += 1;
      field.example = JSON.stringify(part).slice(0, widest);
      fields.set(name, field);
    }
  }
  return [...fields.values()].map((field) => ({ ...field, share: field.count / objects }));
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // It was cut, or only looks like JSON.
  }
}
