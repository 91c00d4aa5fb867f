// What differs between two records, byte by byte.

import { bytesOf } from "../../lib/bytes.js";
import { h } from "../../lib/dom.js";
import { bytes, count } from "../../lib/format.js";

const width = 8;

/** Lines that are drawn of each part; the message viewer has all. */
const mostLines = 400;

/** Differences as they come from `differences`. */
export function differencesView(found) {
  return h(
    "div",
    { class: "differences" },
    found.map((difference) => (difference.facts ? factView(difference) : bytesView(difference))),
  );
}

function factView({ name, facts: [source, mirror] }) {
  const side = (title, text) => h("p", {}, h("span", { class: "soft" }, `${title} `), h("mark", {}, text));
  return h(
    "section",
    { class: "difference", dataset: { difference: name } },
    h("h2", { class: "difference-title" }, name),
    h("div", { class: "both" }, side("Source", source), side("Mirror", mirror)),
  );
}

function bytesView({ name, source, mirror }) {
  const [a, b] = [bytesOf(source), bytesOf(mirror)];
  const size = (part) => (part ? bytes(part.size) : "null");
  const isCut = source?.is_truncated || mirror?.is_truncated;
  return h(
    "section",
    { class: "difference", dataset: { difference: name } },
    h("h2", { class: "difference-title" }, `${name}: ${summary(a, b)}`),
    isCut ? h("p", { class: "soft" }, "Only the beginnings are compared here; Verify compares everything.") : null,
    h(
      "div",
      { class: "both", tabindex: "0", role: "group", "aria-label": `${name}, byte by byte` },
      h("div", {}, h("p", { class: "soft" }, `Source, ${size(source)}`), dump(a, b)),
      h("div", {}, h("p", { class: "soft" }, `Mirror, ${size(mirror)}`), dump(b, a)),
    ),
  );
}

function summary(a, b) {
  if (!a || !b) return "null on one side only";
  let differing = Math.abs(a.length - b.length);
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) if (a[at] !== b[at]) differing += 1;
  return differing === 1 ? "1 byte differs" : `${count(differing)} bytes differ`;
}

/** Bytes of one side; those that are not the same at their place on the other are marked. Equal lines are folded. */
function dump(own, other) {
  if (!own) return h("p", {}, h("mark", {}, "null"));
  const block = h("pre", { class: "code" });
  const length = Math.max(own.length, other?.length ?? 0);
  let equal = 0;
  let drawn = 0;
  const fold = () => {
    if (equal) block.append(h("span", { class: "soft" }, `${" ".repeat(8)}… ${count(equal * width)} equal bytes\n`));
    equal = 0;
  };
  for (let at = 0; at < length && drawn < mostLines; at += width) {
    if (isEqual(own, other, at)) {
      equal += 1;
      continue;
    }
    fold();
    block.append(...line(own, other, at), "\n");
    drawn += 1;
  }
  fold();
  if (drawn === mostLines) block.append(h("span", { class: "soft" }, "… and perhaps more than is drawn here"));
  return block;
}

function isEqual(own, other, at) {
  if (!other) return false;
  for (let place = at; place < at + width; place += 1) if (own[place] !== other[place]) return false;
  return true;
}

function line(own, other, at) {
  const [hex, text] = [[], []];
  for (let place = at; place < at + width; place += 1) {
    const byte = own[place];
    const isMissing = byte === undefined;
    const hexText = isMissing ? "  " : byte.toString(16).padStart(2, "0");
    const letter = isMissing ? " " : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·";
    const differs = byte !== other?.[place];
    hex.push(differs ? h("mark", {}, isMissing ? "··" : hexText) : hexText, " ");
    text.push(differs && !isMissing ? h("mark", {}, letter) : letter);
  }
  return [`${at.toString(16).padStart(6, "0")}  `, ...hex, " ", ...text];
}
