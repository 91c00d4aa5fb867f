// A key, a value or a header of one record, in full if somebody wants it.

import { bytesOf, hexDump, prettyJSON } from "../../lib/bytes.js";
import { fill, h } from "../../lib/dom.js";
import { bytes } from "../../lib/format.js";
import { copyButton, download } from "../../components/copy.js";

/** Characters that are drawn at once: more would hold the page up. */
const portion = 48 * 1_024;

const looks = { json: ["JSON", "Text", "Hex"], text: ["Text", "Hex"], binary: ["Hex", "Text"] };

function textOf(part, look) {
  if (look === "Hex") return hexDump(bytesOf(part));
  const text = part.format === "binary" ? new TextDecoder().decode(bytesOf(part)) : part.text;
  return look === "JSON" ? prettyJSON(text) : text;
}

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
  const text = textOf(part, look);
  const block = h("pre", { class: "code part-text", tabindex: "0", "aria-label": `${title} as ${look}` }, text.slice(0, portion));
  if (text.length <= portion) return block;
  let drawn = portion;
  const more = h("button", { class: "button small", type: "button" }, "");
  const label = () => (more.textContent = `Show more (${bytes(text.length - drawn)} not drawn)`);
  more.addEventListener("click", () => {
    block.append(text.slice(drawn, drawn + portion));
    drawn += portion;
    label();
    more.hidden = drawn >= text.length;
  });
  label();
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
