// How a record looks in the list: as one line, or as a card.

import { prettyJSON, preview } from "../../lib/bytes.js";
import { h } from "../../lib/dom.js";
import { bytes, count, time, timeZone, words } from "../../lib/format.js";
import { keyOf } from "./feed.js";

const cell = (name, ...content) => h("span", { role: "gridcell", class: `cell ${name}` }, content);

const part = (item) => (item ? preview(item) : h("span", { class: "badge" }, "null"));

function value(record) {
  if (record.is_control) return h("span", { class: "badge warn" }, `Control: ${words(record.control_type ?? "unknown")}`);
  return part(record.value);
}

const shared = {
  key: keyOf,
  facts: (record) => ({
    partition: record.partition_id,
    offset: record.offset,
    ...(record.is_control ? { control: record.control_type ?? "UNKNOWN" } : {}),
  }),
};

const tableView = {
  ...shared,
  class: "as-table",
  rowHeight: 34,
  head: [
    { title: "Partition", class: "cell partition" },
    { title: "Offset", class: "cell offset" },
    { title: `Time (${timeZone})`, class: "cell time" },
    { title: "Key", class: "cell key" },
    { title: "Value", class: "cell value" },
  ],
  row: (record) => [
    cell("partition", record.partition_id),
    cell("offset", record.offset),
    cell("time", time(record.timestamp_ms)),
    cell("key", part(record.key)),
    cell("value", value(record)),
  ],
};

const cardView = {
  ...shared,
  class: "as-cards",
  rowHeight: 156,
  head: null,
  row: (record) =>
    h(
      "span",
      { role: "gridcell", class: "record-card" },
      h(
        "span",
        { class: "record-head" },
        h("strong", {}, `Partition ${record.partition_id} · Offset ${count(record.offset)}`),
        h("span", { class: "soft" }, `${time(record.timestamp_ms)} ${timeZone}`),
        h("span", { class: "soft" }, bytes(record.size)),
        record.headers.length ? h("span", { class: "badge" }, `${record.headers.length} headers`) : null,
        record.is_transactional ? h("span", { class: "badge accent" }, "Transactional") : null,
      ),
      h("span", { class: "record-key" }, h("span", { class: "soft" }, "Key "), part(record.key)),
      h("span", { class: "record-value" }, record.value?.format === "json" ? prettyJSON(record.value.text.slice(0, 600)) : value(record)),
    ),
};

export const views = { table: tableView, cards: cardView };
