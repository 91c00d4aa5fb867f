// Records as files: JSON or CSV, and read from them again.

const columns = ["partition", "offset", "timestamp", "timestamp_type", "key_format", "key", "value_format", "value", "headers"];

/** The records as a JSON document that can be imported again. */
export function toJSON(topic, records) {
  return JSON.stringify({ topic, records: records.map(plain) }, null, 2);
}

function plain(record) {
  return {
    partition: record.partition_id,
    offset: record.offset,
    timestamp: record.timestamp,
    timestamp_type: record.timestamp_type,
    key: plainPart(record.key),
    value: plainPart(record.value),
    headers: record.headers.map((header) => ({ name: header.name, value: plainPart(header.value) })),
  };
}

function plainPart(part) {
  if (!part) return null;
  const content = part.format === "binary" ? { format: "binary", base64: part.base64 } : { format: part.format, text: part.text };
  return part.is_truncated ? { ...content, size: part.size, is_truncated: true } : content;
}

/** The records as CSV (RFC 4180), one a line; bytes are Base64, and headers a JSON list. */
export function toCSV(records) {
  const lines = records.map((record) => {
    const item = plain(record);
    return [
      item.partition,
      item.offset,
      item.timestamp,
      item.timestamp_type,
      formatOf(item.key),
      contentOf(item.key),
      formatOf(item.value),
      contentOf(item.value),
      item.headers.length ? JSON.stringify(item.headers) : "",
    ];
  });
  return [columns, ...lines].map((line) => line.map(quoted).join(",")).join("\r\n") + "\r\n";
}

const formatOf = (part) => (part ? `${part.format}${part.is_truncated ? " (cut)" : ""}` : "null");

const contentOf = (part) => part?.text ?? part?.base64 ?? "";

function quoted(value) {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Reads what {@link toJSON} or {@link toCSV} wrote. Throws with the reason when it is neither. */
export function readFile(text) {
  const content = text.replace(/^\ufeff/, "");
  const isJSON = /^\s*[[{]/.test(content);
  const records = isJSON ? readJSON(content) : readCSV(content);
  if (!records.length) throw new Error("There is no record in this file.");
  return records.map(checked);
}

function readJSON(text) {
  let document;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Error(`This is not JSON: ${error.message}`);
  }
  const records = Array.isArray(document) ? document : document.records;
  if (!Array.isArray(records)) throw new Error("There is no list of records in this file.");
  return records;
}

function readCSV(text) {
  const [head, ...lines] = parseCSV(text);
  if (!head?.includes("value")) throw new Error(`The first line has to name the columns: ${columns.join(", ")}.`);
  return lines.map((line, index) => {
    const item = Object.fromEntries(head.map((name, place) => [name, line[place] ?? ""]));
    let headers;
    try {
      headers = item.headers ? JSON.parse(item.headers) : [];
    } catch {
      throw new Error(`Line ${index + 2}: the headers are not JSON.`);
    }
    return {
      partition: item.partition === undefined || item.partition === "" ? null : Number(item.partition),
      timestamp: item.timestamp || null,
      key: csvPart(item.key_format ?? (item.key ? "text" : "null"), item.key ?? ""),
      value: csvPart(item.value_format ?? "text", item.value),
      headers,
    };
  });
}

function csvPart(format, content) {
  if (format === "null") return null;
  const isTruncated = format.endsWith(" (cut)");
  const name = format.replace(" (cut)", "");
  const part = name === "binary" ? { format: name, base64: content } : { format: name, text: content };
  return isTruncated ? { ...part, is_truncated: true } : part;
}

function parseCSV(text) {
  const lines = [];
  let line = [];
  let at = 0;
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1);
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      if (end < 0) throw new Error("A quotation mark is not closed in this file.");
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      const end = text.slice(at).search(/[,\r\n]/);
      cell = end < 0 ? text.slice(at) : text.slice(at, at + end);
      at += cell.length;
    }
    line.push(cell);
    if (text[at] === ",") {
      at += 1;
      if (at < text.length) continue;
      line.push("");
    }
    if (text[at] === "\r") at += 1;
    if (text[at] === "\n") at += 1;
    if (line.length > 1 || line[0] !== "") lines.push(line);
    line = [];
  }
  return lines;
}

/** A record as it is produced, or `{problem}` for one that cannot be. */
function checked(record, index) {
  const number = index + 1;
  const parts = [record?.key, record?.value, ...(record?.headers ?? []).map((header) => header?.value)];
  if (!record || typeof record !== "object") return { number, problem: "It is not a record." };
  if (parts.some((part) => part?.is_truncated)) return { number, problem: "It was exported cut short, and would not be the same." };
  const isFit = parts.every((part) => !part || typeof (part.format === "binary" ? part.base64 : part.text) === "string");
  if (!isFit) return { number, problem: "A key, a value or a header has neither text nor base64." };
  return {
    number,
    partition: Number.isInteger(record.partition) ? record.partition : -1,
    timestamp: typeof record.timestamp === "string" ? record.timestamp : null,
    key: record.key ?? null,
    value: record.value ?? null,
    headers: record.headers ?? [],
  };
}
