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
 * JSON with line breaks and indents, a portion at a time. Works on the text, so that numbers and repeated names stay as
 * they were written, and so that text which was cut is laid out as far as it goes.
 */
export class PrettyJSON {
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.depth = 0;
    this.isInString = false;
  }

  get isDone() {
    return this.at >= this.text.length;
  }

  /** About this many characters more. */
  next(length) {
    const { text } = this;
    const parts = [];
    let room = length;
    while (room > 0 && !this.isDone) {
      const from = this.at;
      const part = this.isInString || text[from] === '"' ? this.#string(room) : this.#sign(text[from]);
      parts.push(part);
      room -= Math.max(1, part.length);
    }
    return parts.join("");
  }

  #line() {
    return `\n${"  ".repeat(Math.min(this.depth, 40))}`;
  }

  #sign(character) {
    this.at += 1;
    if (character === "{" || character === "[") {
      const rest = /^\s*[}\]]/.exec(this.text.slice(this.at, this.at + 50));
      if (rest) {
        this.at += rest[0].length;
        return character + rest[0].trim();
      }
      this.depth += 1;
      return character + this.#line();
    }
    if (character === "}" || character === "]") {
      this.depth = Math.max(0, this.depth - 1);
      return this.#line() + character;
    }
    if (character === ",") return character + this.#line();
    if (character === ":") return ": ";
    return character > " " ? character : "";
  }

  /** A string, or as much of it as there is room for. */
  #string(room) {
    const { text, at } = this;
    let end = this.isInString ? at : at + 1;
    this.isInString = true;
    while (end < text.length && end - at < room) {
      if (text[end] === '"') {
        this.isInString = false;
        end += 1;
        break;
      }
      end += text[end] === "\\" ? 2 : 1;
    }
    this.at = Math.min(end, text.length);
    return text.slice(at, this.at);
  }
}

export const prettyJSON = (text) => new PrettyJSON(text).next(Infinity);

/** A part in one short line: text, 0x… for bytes, null for none. */
export function preview(part, length = 300) {
  if (!part) return "null";
  if (part.size === 0) return "(empty)";
  if (part.format !== "binary") return part.text.slice(0, length).replace(/\s+/g, " ");
  return `0x${hexOf(bytesOf(part).subarray(0, Math.floor(length / 8)))}`;
}
