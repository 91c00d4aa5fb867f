// What is wanted of the viewer, as it stands in the address, and as the API is asked for it.

import { query } from "../../lib/api.js";
import { setQuery } from "../../lib/router.js";

/** Positions of more partitions than this would make an address too long for some servers. */
export const mostPositions = 300;

/** Records that one search may look at; with a limit of time, that is what ends it. */
const mostExamined = 1_000_000_000;

/** Bytes of each key, value and header that rows show; the panel of a record reads more. */
export const rowBytes = 2_048;

export const parts = ["key", "value", "headers"];

/** What an address asks for; what it does not say is as on a first visit. */
export function readQuery(values) {
  const number = (name, otherwise) => (/^-?\d+$/.test(values.get(name) ?? "") ? Number(values.get(name)) : otherwise);
  const offset = values.get("offset") ?? "";
  const timestamp = values.get("timestamp") ?? "";
  const from = values.get("from");
  let start = "latest";
  if (offset) start = "offset";
  else if (timestamp || from === "timestamp") start = "timestamp";
  else if (from === "beginning") start = "beginning";
  const where = (values.get("filter_in") ?? "").split(",").filter((part) => parts.includes(part));
  return {
    partition: Math.max(-1, number("partition", -1)),
    start,
    offset,
    timestamp,
    limit: Math.min(1_000, Math.max(1, number("limit", 50))),
    filter: values.get("filter") ?? "",
    type: ["regex", "jsonpath"].includes(values.get("filter_type")) ? values.get("filter_type") : "substring",
    where: where.length ? where : [...parts],
    isCaseSensitive: values.get("case_sensitive") === "true",
    examined: Math.max(1, number("max_examined", 100_000)),
    seconds: Math.max(0, number("max_seconds", 0)),
    isLive: values.get("live") === "1",
    hasControl: values.get("control") === "1",
    view: values.get("view") === "cards" ? "cards" : "table",
    arrange: values.get("arrange") === "partition" ? "partition" : "time",
    record: values.get("record"),
  };
}

/** Puts it into the address, so that a reload and a copied link show the same. */
export function writeQuery(wanted) {
  setQuery({
    partition: wanted.partition >= 0 ? wanted.partition : null,
    offset: wanted.start === "offset" ? wanted.offset : null,
    timestamp: wanted.start === "timestamp" ? wanted.timestamp : null,
    from: wanted.start === "beginning" || (wanted.start === "timestamp" && !wanted.timestamp) ? wanted.start : null,
    limit: wanted.limit === 50 ? null : wanted.limit,
    filter: wanted.filter,
    filter_type: wanted.filter && wanted.type !== "substring" ? wanted.type : null,
    filter_in: wanted.filter && wanted.where.length < parts.length ? wanted.where.join(",") : null,
    case_sensitive: wanted.filter && wanted.isCaseSensitive ? "true" : null,
    max_examined: wanted.filter && !wanted.seconds && wanted.examined !== 100_000 ? wanted.examined : null,
    max_seconds: wanted.filter && wanted.seconds ? wanted.seconds : null,
    live: wanted.isLive ? 1 : null,
    control: wanted.hasControl ? 1 : null,
    view: wanted.view === "cards" ? "cards" : null,
    arrange: wanted.arrange === "partition" ? "partition" : null,
    record: wanted.record,
  });
}

/** Where reading begins. A search from the latest goes backwards, so that the newest are found first. */
function beginning(wanted) {
  if (wanted.start === "offset") return { offset: wanted.offset };
  if (wanted.start === "timestamp") return { timestamp: wanted.timestamp };
  return { from: wanted.start };
}

/**
 * The query for `…/records`: on from `positions` (partition → next offset), or what is `before` offsets, when they are
 * given.
 */
export function recordsQuery(wanted, { positions, before, limit = wanted.limit, hasFilter = true, follow } = {}) {
  const isFiltered = hasFilter && wanted.filter;
  let begin = beginning(wanted);
  if (positions) begin = { positions: positionsText(positions) };
  else if (before) begin = { before: positionsText(before) };
  return query({
    partition: wanted.partition >= 0 ? wanted.partition : null,
    ...begin,
    limit,
    control: wanted.hasControl ? "true" : null,
    max_value_bytes: rowBytes,
    follow: follow ? "true" : null,
    ...(isFiltered
      ? {
          filter: wanted.filter,
          filter_type: wanted.type,
          filter_in: wanted.where.length < parts.length ? wanted.where.join(",") : null,
          case_sensitive: wanted.isCaseSensitive ? "true" : null,
          max_examined: follow ? null : wanted.seconds ? mostExamined : wanted.examined,
        }
      : {}),
  });
}

const positionsText = (positions) => [...positions].slice(0, mostPositions).map(([id, offset]) => `${id}:${offset}`).join(",");

/** Whether an address can say how far each of these partitions is. */
export const canContinue = (positions) => positions.size > 0 && positions.size <= mostPositions;
