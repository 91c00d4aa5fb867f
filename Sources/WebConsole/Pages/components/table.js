// Tables that are sorted by a click and drawn in portions.

import { fill, h } from "../lib/dom.js";

/** Rows that are drawn at once; more come with a button, so that thousands do not hold the page up. */
const portion = 200;

/**
 * A table. Columns: `{title, cell(row), number, sort(row), name}`; the first column is the row's header.
 * Returns `{element, show(rows)}`; showing keeps the order that was chosen.
 */
export function table(caption, columns, { none } = {}) {
  let rows = [];
  let limit = portion;
  let order = null;
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

  function turn(index) {
    order = order?.index === index ? { index, isDown: !order.isDown } : { index, isDown: false };
    headers.forEach((header, place) => {
      if (place === index) header.setAttribute("aria-sort", order.isDown ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    });
    draw();
  }

  function sorted() {
    if (!order) return rows;
    const { sort } = columns[order.index];
    const sign = order.isDown ? -1 : 1;
    return [...rows].sort((a, b) => {
      const [x, y] = [sort(a), sort(b)];
      return sign * (typeof x === "string" ? x.localeCompare(y) : (x ?? -1) - (y ?? -1));
    });
  }

  function draw() {
    const shown = sorted().slice(0, limit);
    const lines = shown.map((row) =>
      h(
        "tr",
        {},
        columns.map((column, index) =>
          h(index === 0 ? "th" : "td", { scope: index === 0 ? "row" : null, class: column.number ? "number" : "" }, column.cell(row)),
        ),
      ),
    );
    const focused = body.contains(document.activeElement) ? document.activeElement.getAttribute("data-focus") : null;
    if (!lines.length) lines.push(h("tr", {}, h("td", { colspan: columns.length, class: "soft" }, none ?? "Nothing here.")));
    fill(body, lines);
    if (focused) body.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
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
      rows = next;
      draw();
    },
  };
}
