// One offset of both sides as a row.

import { preview } from "../../lib/bytes.js";
import { fill, h } from "../../lib/dom.js";
import { count, time } from "../../lib/format.js";
import { differencesView } from "./bytes-view.js";
import { differences, isLoud } from "./compare.js";

const titles = {
  equal: "Equal",
  different: "Different",
  missing: "Missing on the mirror",
  extra: "Only on the mirror",
  pending: "Not mirrored yet",
  removed: "Deleted on one side",
};

const kinds = { different: "bad", missing: "bad", extra: "bad", pending: "warn" };

/** The rows of the table. `readBoth(offset)` reads both records whole. */
export function diffRows(rows, readBoth) {
  return rows.flatMap((row) => {
    const { source, mirror, state } = row;
    const line = h(
      "tr",
      { dataset: { offset: row.offset, state }, class: isLoud(row) ? "loud" : "quiet" },
      h("th", { scope: "row", class: "number" }, count(row.offset), h("span", { class: `badge ${kinds[state] ?? ""}` }, titles[state])),
      side(source, state),
      side(mirror, state),
    );
    return state === "different" ? [line, bytesRow(row, readBoth)] : [line];
  });
}

const absent = { pending: "Not here yet", removed: "Deleted here" };

function side(record, state) {
  if (!record) return h("td", { class: "absent" }, h("em", {}, absent[state] ?? "No record"));
  return h(
    "td",
    {},
    h("div", { class: "diff-meta" }, `${time(record.timestamp_ms)} · key ${preview(record.key, 60)}`),
    h("div", { class: "diff-value" }, record.is_control ? `Control: ${record.control_type}` : preview(record.value)),
  );
}

/** Below a row that differs: what differs, shown at once; large parts are read whole when asked for. */
function bytesRow(row, readBoth) {
  const isCut = [row.source, row.mirror].some((record) => record.key?.is_truncated || record.value?.is_truncated);
  const place = h("div", {}, differencesView(differences(row.source, row.mirror)));
  const more = h("button", { class: "button small", type: "button", hidden: !isCut }, "Compare all bytes");
  more.addEventListener("click", async () => {
    more.disabled = true;
    try {
      fill(place, differencesView(differences(...(await readBoth(row.offset)))));
      more.hidden = true;
    } catch (error) {
      place.append(h("p", { role: "alert" }, error.message));
      more.disabled = false;
    }
  });
  return h("tr", { class: "bytes-row", dataset: { bytesOf: row.offset } }, h("td", { colspan: "3" }, place, more));
}
