// Tables that are sorted by a click and drawn in portions.

import { h } from "../lib/dom.js";

/** Rows that are drawn at once; more come with a button, so that thousands do not hold the page up. */
const portion = 200;

/**
 * A table. Columns: `{title, cell(row), number, sort(row), name}`; the first column is the row's header.
 * Options: `none` is said when there is no row; `attributes(row)` are those of its line (`{dataset}`, say); `key(row)`
 * names a row, and makes showing again change only the cells that look different, so that nothing is lost that has the
 * focus, is selected or is being clicked. The row that `cell` is given is then one object that is kept up to date:
 * listeners should ask it, not remember what it said.
 * Returns `{element, show(rows)}`; showing keeps the order that was chosen.
 */
export function table(caption, columns, { none, key, attributes } = {}) {
  let rows = [];
  let limit = portion;
  let order = null;
  const kept = keeper(key);
  const { element, body, more, headers } = frame(caption, columns, (index) => turn(index));

  function turn(index) {
    order = order?.index === index ? { index, isDown: !order.isDown } : { index, isDown: false };
    headers.forEach((header, place) => {
      if (place === index) header.setAttribute("aria-sort", order.isDown ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    });
    draw();
  }

  function draw() {
    const shown = sorted(rows, columns, order).slice(0, limit);
    const lines = shown.map((row) => kept.line(row, made(row, columns, attributes)));
    const focused = body.contains(document.activeElement) ? document.activeElement : null;
    const name = focused?.getAttribute("data-focus");
    if (!lines.length) lines.push(h("tr", {}, h("td", { colspan: columns.length, class: "soft" }, none ?? "Nothing here.")));
    put(body, lines);
    if (focused?.isConnected) focused.focus({ preventScroll: true });
    else if (name) body.querySelector(`[data-focus="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
    more.hidden = rows.length <= limit;
    more.textContent = `Show more (${rows.length - limit} left)`;
  }

  more.addEventListener("click", () => {
    limit += portion * 5;
    draw();
  });

  return {
    element,
    show(next) {
      rows = kept.rows(next);
      draw();
    },
  };
}

/** What stands around the rows; `turn(index)` is told which header was clicked. */
function frame(caption, columns, turn) {
  const body = h("tbody");
  const more = h("button", { class: "button", type: "button", hidden: true });
  const headers = columns.map((column, index) => {
    const attributes = { scope: "col", class: column.number ? "number" : "" };
    if (!column.sort) return h("th", attributes, column.title);
    return h("th", attributes, h("button", { class: "sort", type: "button", onclick: () => turn(index) }, column.title));
  });
  const element = h(
    "div",
    { class: "table-block" },
    h(
      "div",
      { class: "table-wrap", tabindex: "0", role: "region", "aria-label": caption },
      h("table", {}, h("caption", { class: "visually-hidden" }, caption), h("thead", {}, h("tr", {}, headers)), body),
    ),
    more,
  );
  return { element, body, more, headers };
}

function sorted(rows, columns, order) {
  if (!order) return rows;
  const { sort } = columns[order.index];
  const sign = order.isDown ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [sort(a), sort(b)];
    return sign * (typeof x === "string" ? x.localeCompare(y) : (x ?? -1) - (y ?? -1));
  });
}

function made(row, columns, attributes) {
  return h(
    "tr",
    attributes?.(row) ?? {},
    columns.map((column, index) =>
      h(index === 0 ? "th" : "td", { scope: index === 0 ? "row" : null, class: column.number ? "number" : "" }, column.cell(row)),
    ),
  );
}

/** Keeps rows and their lines by key; without a key nothing is kept. */
function keeper(key) {
  if (!key) return { rows: (next) => next, line: (row, next) => next };
  let kept = new Map();
  return {
    /** The rows as objects that stay the same and are brought up to date. */
    rows(next) {
      const before = kept;
      kept = new Map();
      return next.map((row) => {
        const own = before.get(key(row)) ?? { row, line: null };
        kept.set(key(row), own);
        return Object.assign(own.row, row);
      });
    },
    /** The line of a row: the one that is there already, brought up to date, or the new one. */
    line(row, next) {
      const own = kept.get(key(row));
      if (own.line) update(own.line, next);
      else own.line = next;
      return own.line;
    },
  };
}

const focusable = "a[href], button, input, select, textarea, [tabindex]";

/** Replaces the cells that look different; the focus stays where it was. */
function update(line, next) {
  for (const { name, value } of next.attributes) {
    if (line.getAttribute(name) !== value) line.setAttribute(name, value);
  }
  [...next.children].forEach((cell, index) => {
    const old = line.children[index];
    if (old.isEqualNode(cell)) return;
    const place = [...old.querySelectorAll(focusable)].indexOf(document.activeElement);
    old.replaceWith(cell);
    if (place >= 0) cell.querySelectorAll(focusable)[place]?.focus({ preventScroll: true });
  });
}

/** Makes `lines` what a body holds; those that stand where they belong are not moved. */
function put(body, lines) {
  const wanted = new Set(lines);
  for (const line of [...body.children]) {
    if (!wanted.has(line)) line.remove();
  }
  lines.forEach((line, index) => {
    if (body.children[index] !== line) body.insertBefore(line, body.children[index] ?? null);
  });
}
