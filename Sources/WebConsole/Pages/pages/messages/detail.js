// Everything that is known of one record.

import { api, path, query } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { bytes, count, time, timeZone, words } from "../../lib/format.js";
import { badge } from "../../components/badge.js";
import { failed, loading } from "../../components/states.js";
import { partView } from "./part.js";

/** Bytes of each part that are read when a record is opened, and when somebody wants all of it. */
const [someBytes, allBytes] = [65_536, 1_048_576];

/** One record, read anew with up to `most` bytes of each part. Throws when it is not there any more. */
export async function readRecord(target, partition, offset, most, signal) {
  const answer = await api.get(`${target}/records${query({ partition, offset, limit: 1, control: "true", max_value_bytes: most })}`, { signal });
  const record = answer.data[0];
  if (record?.offset === offset) return record;
  const known = answer.partitions?.[0];
  throw new Error(
    known && offset < known.start_offset
      ? `Offset ${offset} has been deleted meanwhile: the log of partition ${partition} starts at ${known.start_offset} now.`
      : `There is no record at offset ${offset} of partition ${partition} any more: compaction or a new log took it away.`,
  );
}

/** Whether only the beginning of some part was read. */
export const isCut = (record) =>
  Boolean(record.key?.is_truncated || record.value?.is_truncated || record.headers.some((header) => header.value?.is_truncated));

/** The panel. `close()` is called by its button and Escape. */
export class Detail {
  constructor({ target, signal, close }) {
    Object.assign(this, { target, signal });
    this.body = h("div", { class: "detail-body" });
    this.heading = h("h2", { tabindex: "-1" });
    this.element = h(
      "aside",
      { class: "detail", hidden: true, "aria-label": "Record", onkeydown: (event) => event.key === "Escape" && close() },
      h("div", { class: "card-head" }, this.heading, h("button", { class: "button small", type: "button", onclick: close }, "Close")),
      this.body,
    );
  }

  get isOpen() {
    return !this.element.hidden;
  }

  hide() {
    this.element.hidden = true;
    this.record = null;
    fill(this.body);
  }

  #open(partition, offset) {
    this.element.hidden = false;
    Object.assign(this.element.dataset, { partition, offset });
    this.heading.textContent = `Partition ${partition}, offset ${count(offset)}`;
  }

  /** Keeps the room of a record that is named by the address, until it is known. */
  expect(partition, offset) {
    this.#open(partition, offset);
    fill(this.body, loading("Reading the record…"));
  }

  /** Shows a record that is not among those in the list. */
  async read(partition, offset) {
    this.expect(partition, offset);
    try {
      const record = await readRecord(this.target, partition, offset, someBytes, this.signal);
      this.record = record;
      this.#draw(record);
    } catch (error) {
      if (!this.signal.aborted) fill(this.body, failed(error, () => this.read(partition, offset)));
    }
  }

  /** Shows a record; one whose parts were cut short is read again first. */
  async show(record, { focus = false } = {}) {
    this.record = record;
    this.#open(record.partition_id, record.offset);
    if (focus) this.heading.focus({ preventScroll: true });
    if (!isCut(record)) {
      this.#draw(record);
      return;
    }
    const timer = setTimeout(() => fill(this.body, loading("Reading the record…")), 150);
    try {
      const whole = await readRecord(this.target, record.partition_id, record.offset, someBytes, this.signal);
      if (this.record === record) this.#draw(whole);
    } catch (error) {
      if (this.record !== record || this.signal.aborted) return;
      this.#draw(record);
      this.body.prepend(failed(error, () => this.show(record)));
    } finally {
      clearTimeout(timer);
    }
  }

  #draw(record) {
    const name = `${record.partition_id}-${record.offset}`;
    const all = (pick) => async () =>
      pick(await readRecord(this.target, record.partition_id, record.offset, allBytes, this.signal));
    fill(
      this.body,
      partView("Key", record.key, { loadAll: all((found) => found.key), file: `${name}-key` }),
      partView("Value", record.value, { loadAll: all((found) => found.value), file: `${name}-value` }),
      h("section", { class: "part", dataset: { part: "headers" } }, h("h3", {}, `Headers (${record.headers.length})`)),
      record.headers.map((header, index) =>
        partView(header.name, header.value, { loadAll: all((found) => found.headers[index].value), file: `${name}-header-${index}` }),
      ),
      h("h3", {}, "Facts"),
      facts(record),
    );
  }
}

/** The facts of a record as a definition list. */
function facts(record) {
  const flags = [
    record.is_control ? badge(`Control: ${words(record.control_type ?? "unknown")}`, "warn") : null,
    record.is_transactional ? badge("Transactional", "accent") : null,
    record.value === null && !record.is_control ? badge("Tombstone", "warn") : null,
  ].filter(Boolean);
  const none = (value) => (value === -1 || value === null || value === undefined ? "none" : String(value));
  const list = [
    ["Partition", String(record.partition_id)],
    ["Offset", count(record.offset)],
    ["Timestamp", `${time(record.timestamp_ms)} ${timeZone}`],
    ["Timestamp, ms", String(record.timestamp_ms)],
    ["Timestamp type", words(record.timestamp_type)],
    ["Flags", flags.length ? flags : "none"],
    ["Size", `${bytes(record.size)} (key ${bytes(record.key?.size ?? 0)}, value ${bytes(record.value?.size ?? 0)})`],
    ["Leader epoch", none(record.leader_epoch)],
    ["Producer id", none(record.producer_id)],
    ["Producer epoch", none(record.producer_epoch)],
    ["Sequence", none(record.sequence)],
    ["Batch base offset", count(record.batch_base_offset)],
    ["Batch", `${count(record.batch_records)} records, ${bytes(record.batch_bytes)}`],
    ["Codec", record.codec],
  ];
  return h(
    "dl",
    { class: "facts" },
    list.map(([name, value]) => [h("dt", {}, name), h("dd", { dataset: { fact: name.toLowerCase() } }, value)]),
  );
}
