// Bytes and text of records, as they are shown and compared.

const encoder = new TextEncoder();

/** The bytes of a part (`{format, text | base64}`), as far as they were read. */
export function bytesOf(part) {
  if (!part) return null;
  if (part.format !== "binary") return encoder.encode(part.text);
  return fromBase64(part.base64 ?? "");
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function toBase64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}

export const textToBase64 = (text) => toBase64(encoder.encode(text));

const two = (byte) => byte.toString(16).padStart(2, "0");

/** 0a1b2c, in one line */
export const hexOf = (bytes) => Array.from(bytes, two).join("");

const isPlain = (byte) => byte >= 0x20 && byte < 0x7f;

/** A dump: sixteen bytes a line, with where they are and what they would be as ASCII. */
export function hexDump(bytes, from = 0, to = bytes.length) {
  const lines = [];
  for (let at = from; at < to; at += 16) {
    const line = [...bytes.subarray(at, Math.min(at + 16, to))];
    const hex = line.map((byte, index) => (index === 8 ? " " : "") + two(byte)).join(" ");
    const text = line.map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : "·")).join("");
    lines.push(`${at.toString(16).padStart(6, "0")}  ${hex.padEnd(48)}  ${text}`);
  }
  return lines.join("\n");
}

/**
 * JSON with line breaks and indents. Works on the text, so that numbers and repeated names stay as they were written,
 * and so that text which was cut is laid out as far as it goes.
 */
export function prettyJSON(text) {
  let out = "";
  let depth = 0;
  let at = 0;
  const open = () => `\n${"  ".repeat(Math.min(depth, 40))}`;
  while (at < text.length) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      out += text.slice(at, end);
      at = end;
      continue;
    }
    if (character === "{" || character === "[") {
      const rest = /^\s*[}\]]/.exec(text.slice(at + 1, at + 50));
      if (rest) {
        out += character + rest[0].trim();
        at += 1 + rest[0].length;
        continue;
      }
      depth += 1;
      out += character + open();
    } else if (character === "}" || character === "]") {
      depth = Math.max(0, depth - 1);
      out += open() + character;
    } else if (character === ",") out += character + open();
    else if (character === ":") out += ": ";
    else if (character > " ") out += character;
    at += 1;
  }
  return out;
}

function endOfString(text, start) {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return Math.min(at + 1, text.length);
}

/** A part in one short line: text, 0x… for bytes, null for none. */
export function preview(part, length = 300) {
  if (!part) return "null";
  if (part.size === 0) return "(empty)";
  if (part.format !== "binary") return part.text.slice(0, length).replace(/\s+/g, " ");
  return `0x${hexOf(bytesOf(part).subarray(0, Math.floor(length / 8)))}`;
}
