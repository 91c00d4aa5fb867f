// A key, a value or a header of one record, in full if somebody wants it.

import { PrettyJSON, bytesOf, hexDump } from "../../lib/bytes.js";
import { fill, h } from "../../lib/dom.js";
import { bytes } from "../../lib/format.js";
import { copyButton, download } from "../../components/copy.js";

/** Characters that are drawn at once: more would hold the page up. */
const portion = 32 * 1_024;

const looks = { json: ["JSON", "Text", "Hex"], text: ["Text", "Hex"], binary: ["Hex", "Text"] };

/** The text of a part in portions: `{next(), isDone}`. */
function reader(part, look) {
  if (look === "Hex") {
    const all = bytesOf(part);
    let at = 0;
    return {
      next(length = portion) {
        const from = at;
        at = Math.min(all.length, at + Math.ceil(length / 80) * 16);
        return `${from ? "\n" : ""}${hexDump(all, from, at)}`;
      },
      get isDone() {
        return at >= all.length;
      },
    };
  }
  const text = part.format === "binary" ? new TextDecoder().decode(bytesOf(part)) : part.text;
  if (look === "JSON") return new PrettyJSON(text);
  let at = 0;
  return {
    next(length = portion) {
      const from = at;
      at = Math.min(text.length, at + length);
      return text.slice(from, at);
    },
    get isDone() {
      return at >= text.length;
    },
  };
}

const textOf = (part, look) => reader(part, look).next(Number.MAX_SAFE_INTEGER);

/**
 * Shows a part under its title. `loadAll()` reads it whole and resolves to the part; it may throw.
 * `file` is the name that it is downloaded as.
 */
export function partView(title, part, { loadAll, file }) {
  const element = h("section", { class: "part", dataset: { part: title.toLowerCase() } });
  show(element, { title, part, loadAll, file, look: looks[part?.format]?.[0] });
  return element;
}

function show(element, view) {
  const { title, part } = view;
  if (!part) {
    fill(element, head(title, h("span", { class: "badge" }, "null")));
    return;
  }
  const lookButtons = looks[part.format].map((look) =>
    h(
      "button",
      { class: "button small quiet", type: "button", "aria-pressed": String(look === view.look), onclick: () => show(element, { ...view, look }) },
      look,
    ),
  );
  const tools = [
    h("span", { class: "soft" }, bytes(part.size)),
    h("span", { class: "looks", role: "group", "aria-label": `${title} as` }, lookButtons),
    copyButton(() => textOf(part, view.look)),
    h("button", { class: "button small", type: "button", onclick: () => save(part, view.file) }, "Download"),
  ];
  fill(element, head(title, tools), part.size ? content(view) : h("p", { class: "soft" }, "Empty: zero bytes."), cut(element, view));
}

const head = (title, ...tools) => h("div", { class: "part-head" }, h("h3", {}, title), tools);

function content({ title, part, look }) {
  const source = reader(part, look);
  const block = h("pre", { class: "code part-text", tabindex: "0", "aria-label": `${title} as ${look}` }, source.next(portion));
  if (source.isDone) return block;
  const more = h("button", { class: "button small", type: "button", dataset: { action: "more" } }, "Show more");
  more.addEventListener("click", () => {
    block.append(source.next(portion));
    more.hidden = source.isDone;
  });
  return [block, more];
}

/** What to do when not everything was read. */
function cut(element, view) {
  const { part, loadAll } = view;
  if (!part.is_truncated) return null;
  const read = bytesOf(part).length;
  const problem = h("span", { role: "alert" });
  const button = h("button", { class: "button small", type: "button", dataset: { action: "load-all" } }, `Load all (${bytes(part.size)})`);
  button.addEventListener("click", async () => {
    button.disabled = true;
    button.textContent = "Loading…";
    try {
      show(element, { ...view, part: await loadAll() });
    } catch (error) {
      fill(problem, error.message);
      button.disabled = false;
      button.textContent = "Try again";
    }
  });
  const isMost = read >= 1_048_572;
  return h(
    "div",
    { class: "row cut" },
    h("span", {}, `The first ${bytes(read)} of ${bytes(part.size)}.`),
    isMost ? h("span", { class: "soft" }, "That is the most that the API hands out; a consumer reads all of it.") : button,
    problem,
  );
}

function save(part, file) {
  const type = part.format === "json" ? "application/json" : part.format === "text" ? "text/plain" : "application/octet-stream";
  const ending = { json: "json", text: "txt", binary: "bin" }[part.format];
  download(`${file}${part.is_truncated ? ".cut" : ""}.${ending}`, bytesOf(part), type);
}
