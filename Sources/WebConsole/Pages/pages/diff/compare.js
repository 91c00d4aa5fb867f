// Two logs by offset: what is the same, and what is not.

import { bytesOf } from "../../lib/bytes.js";

const facts = [
  ["timestamp_ms", "Timestamp"],
  ["timestamp_type", "Timestamp type"],
  ["leader_epoch", "Leader epoch"],
  ["producer_id", "Producer id"],
  ["producer_epoch", "Producer epoch"],
  ["sequence", "Sequence"],
  ["batch_base_offset", "Batch base offset"],
  ["batch_records", "Records in the batch"],
  ["codec", "Codec"],
  ["is_transactional", "Transactional"],
  ["is_control", "Control record"],
  ["control_type", "Control type"],
];

const isSame = (a, b) => {
  if (!a || !b) return !a && !b;
  if (a.size !== b.size || a.format !== b.format) return a.size === b.size && sameBytes(bytesOf(a), bytesOf(b));
  return a.format === "binary" ? a.base64 === b.base64 : a.text === b.text;
};

const sameBytes = (a, b) => a.length === b.length && a.every((byte, index) => byte === b[index]);

/** What differs between two records: `{name, source, mirror}` of parts, `{name, facts: [a, b]}` of all else. */
export function differences(source, mirror) {
  const found = [];
  for (const [name, title] of [["key", "Key"], ["value", "Value"]]) {
    if (!isSame(source[name], mirror[name])) found.push({ name: title, source: source[name], mirror: mirror[name] });
  }
  const count = Math.max(source.headers.length, mirror.headers.length);
  for (let index = 0; index < count; index += 1) {
    const [a, b] = [source.headers[index], mirror.headers[index]];
    if (a?.name !== b?.name) found.push({ name: `Name of header ${index}`, facts: [a?.name ?? "no header", b?.name ?? "no header"] });
    if (!isSame(a?.value, b?.value)) found.push({ name: `Header ${a?.name ?? b?.name}`, source: a?.value ?? null, mirror: b?.value ?? null });
  }
  for (const [name, title] of facts) {
    if (source[name] !== mirror[name]) found.push({ name: title, facts: [String(source[name]), String(mirror[name])] });
  }
  return found;
}

/** States that are out of order. */
export const isLoud = (row) => row.state === "missing" || row.state === "extra" || row.state === "different";

function stateOf(source, mirror, offset, ends) {
  if (source && mirror) return differences(source, mirror).length ? "different" : "equal";
  if (source) {
    if (offset >= ends.mirror.end_offset) return "pending";
    return offset < ends.mirror.start_offset ? "removed" : "missing";
  }
  return offset < ends.source.start_offset ? "removed" : "extra";
}

/**
 * Lines the answers of both sides up. Returns `{rows: [{offset, source, mirror, state}], next, isAtEnd, ends}`: `next` is
 * the offset to go on from. Only offsets that both answers have come to are told.
 */
export function align(sourceAnswer, mirrorAnswer, limit) {
  const ends = { source: sourceAnswer.partitions[0], mirror: mirrorAnswer.partitions[0] };
  const reach = ({ next_offset: next, end_offset: end }) => (next >= end ? Infinity : next);
  let cover = Math.min(reach(ends.source), reach(ends.mirror));
  const bySource = new Map(sourceAnswer.data.map((record) => [record.offset, record]));
  const byMirror = new Map(mirrorAnswer.data.map((record) => [record.offset, record]));
  const offsets = [...new Set([...bySource.keys(), ...byMirror.keys()])].filter((offset) => offset < cover).sort((a, b) => a - b);
  if (offsets.length > limit) cover = offsets[limit];
  const rows = offsets.slice(0, limit).map((offset) => {
    const [source, mirror] = [bySource.get(offset) ?? null, byMirror.get(offset) ?? null];
    return { offset, source, mirror, state: stateOf(source, mirror, offset, ends) };
  });
  const isAtEnd = cover === Infinity;
  const next = isAtEnd ? Math.max(ends.source.end_offset, ends.mirror.end_offset) : cover;
  return { rows, next, isAtEnd, ends };
}

const words = {
  equal: "equal",
  different: "different",
  missing: "missing on the mirror",
  extra: "only on the mirror",
  pending: "not mirrored yet",
  removed: "deleted on one side",
};

/** “98 equal, 1 missing on the mirror” */
export function tally(rows) {
  const counts = new Map();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return Object.entries(words)
    .filter(([state]) => counts.has(state))
    .map(([state, word]) => `${counts.get(state)} ${word}`)
    .join(", ");
}
