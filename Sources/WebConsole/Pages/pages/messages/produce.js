// Writing a record.

import { api } from "../../lib/api.js";
import { fromBase64, textToBase64, toBase64 } from "../../lib/bytes.js";
import { h } from "../../lib/dom.js";
import { count } from "../../lib/format.js";
import { openDialog } from "../../components/dialog.js";
import { selectField, textField } from "../../components/form.js";
import { toast } from "../../components/states.js";

const formats = [["text", "Text"], ["json", "JSON"], ["binary", "Bytes, as Base64"], ["null", "Nothing (null)"]];

/**
 * Produces one record: `{partition, key, value, headers: [{name, value}], timestamp, compression}`, whose key, value and
 * header values are parts as the API tells them, or null. Resolves to `{partition, offset}`; throws with the reason.
 */
export async function produce(target, { partition, key, value, headers, timestamp, compression }, signal) {
  const answer = await api.post(
    `${target}/records`,
    {
      ...(partition >= 0 ? { partition_id: partition } : {}),
      headers: headers.map((header) => ({ name: header.name, value: base64Of(header.value) })),
      ...(key ? { key: data(key) } : {}),
      ...(value ? { value: data(value) } : {}),
      ...(timestamp ? { timestamp } : {}),
      ...(compression && compression !== "none" ? { compression } : {}),
    },
    { signal },
  );
  if (answer.error_code !== 200) throw new Error(answer.message ?? `The server answered ${answer.error_code}.`);
  return { partition: answer.partition_id, offset: answer.offset };
}

const data = (part) => (part.format === "binary" ? { type: "BINARY", data: part.base64 } : { type: "STRING", data: part.text });

function base64Of(part) {
  if (!part) return null;
  return part.format === "binary" ? part.base64 : textToBase64(part.text);
}

/** What was typed, as a part. */
function typedPart(format, text, name) {
  if (format === "null") return null;
  if (format === "json") {
    try {
      JSON.parse(text);
    } catch (error) {
      throw new Error(`The ${name} is not JSON: ${error.message}`);
    }
  }
  if (format !== "binary") return { format, text };
  try {
    return { format, base64: toBase64(fromBase64(text.trim())) };
  } catch {
    throw new Error(`The ${name} is not Base64.`);
  }
}

function typedHeaders(text) {
  const lines = text.split("\n").filter((line) => line.trim());
  return lines.map((line) => {
    const at = line.indexOf(":");
    if (at < 1) throw new Error(`“${line}” is not a header. Write name: value, one a line.`);
    return { name: line.slice(0, at).trim(), value: { format: "text", text: line.slice(at + 1).trim() } };
  });
}

/** Asks for a record and produces it. `done({partition, offset})` is told where it is. */
export function openProduce({ target, info, done }) {
  const ids = info.partitions.map((partition) => partition.partition_id);
  const pair = (name, label, format) =>
    h(
      "div",
      { class: "produce-part" },
      textField({ name, label, multiline: true, rows: name === "value" ? 6 : 2 }),
      selectField({ name: `${name}_format`, label: `${label} is`, options: formats, value: format }),
    );
  const dialog = openDialog(
    {
      title: `Produce to ${info.topic_name}`,
      label: "Produce",
      wide: true,
      submit: async (typed) => {
        const where = await produce(target, {
          partition: Number(typed.partition),
          key: typedPart(typed.key_format, typed.key, "key"),
          value: typedPart(typed.value_format, typed.value, "value"),
          headers: typedHeaders(typed.headers),
          compression: typed.compression,
        });
        toast(`Written to partition ${where.partition} at offset ${count(where.offset)}.`);
        done(where);
      },
    },
    pair("key", "Key", "null"),
    pair("value", "Value", "text"),
    textField({ name: "headers", label: "Headers", multiline: true, rows: 2, hint: "name: value, one a line" }),
    h(
      "div",
      { class: "grid narrow" },
      selectField({
        name: "partition",
        label: "Partition",
        value: "-1",
        options: [["-1", "By key, else any"], ...ids.map((id) => [String(id), `Partition ${id}`])],
      }),
      selectField({ name: "compression", label: "Compression", value: "none", options: ["none", "gzip", "snappy", "lz4", "zstd"] }),
    ),
  );
  const key = dialog.querySelector("[name=key]");
  const keyFormat = dialog.querySelector("[name=key_format]");
  // Whoever types a key wants one.
  key.addEventListener("input", () => {
    if (key.value && keyFormat.value === "null") keyFormat.value = "text";
  });
  key.focus();
}
