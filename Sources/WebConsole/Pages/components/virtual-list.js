// A list of rows of one height, of which only those that can be seen are drawn.

import { fill, h, uniqueID } from "../lib/dom.js";

/** Rows drawn above and below what can be seen, so that scrolling shows no holes. */
const overscan = 6;

/**
 * A list. Options: `label`; `rowHeight` in pixels; `head`, the cells of its header or null; `row(item)`, its cells;
 * `key(item)`, a text that tells rows apart; `facts(item)`, data attributes; `open(item)`, called with the row that was
 * chosen by a click or Enter; `scrolled(isAtEnd)`, called when a person scrolls.
 *
 * Arrow keys, Page Up/Down, Home and End move; the row that is at is told to screen readers.
 */
export class VirtualList {
  constructor(options) {
    this.options = options;
    this.items = [];
    this.selected = null;
    this.drawn = new Map();
    this.isSticky = false;
    this.frame = 0;
    this.id = uniqueID("list");
    this.rows = h("div", { class: "list-rows", role: "rowgroup" });
    this.head = h("div", { class: "list-head", role: "rowgroup" });
    this.element = h(
      "div",
      { class: `list ${options.class ?? ""}`, role: "grid", tabindex: "0", "aria-label": options.label },
      this.head,
      this.rows,
    );
    this.setHead(options.head);
    this.#tellWhenEmpty(true);
    this.element.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.element.addEventListener("keydown", (event) => this.#pressed(event));
    this.rows.addEventListener("click", (event) => this.#clicked(event));
    new ResizeObserver(() => this.#schedule()).observe(this.element);
  }

  setHead(cells) {
    this.head.hidden = !cells;
    const made = (cells ?? []).map((cell) => h("span", { role: "columnheader", class: cell.class }, cell.title));
    fill(this.head, cells ? h("div", { role: "row", class: "list-row" }, made) : null);
  }

  /** Draws rows in another way. */
  change(options) {
    Object.assign(this.options, options);
    if ("head" in options) this.setHead(options.head);
    this.#clear();
    this.show(this.items);
    if (this.selected !== null) this.reveal(this.selected);
  }

  /**
   * Shows these items. `prepended` says how many of them are new before what is seen, which then stays where it is;
   * with `toEnd` the last one is shown.
   */
  show(items, { prepended = 0, toEnd = false } = {}) {
    this.items = items;
    // A grid without a row, or a group of none, would be a promise that is not kept.
    this.element.setAttribute("role", items.length || this.options.head ? "grid" : "group");
    this.rows.setAttribute("role", items.length ? "rowgroup" : "presentation");
    this.element.setAttribute("aria-rowcount", String(items.length));
    this.#tellWhenEmpty(items.length === 0);
    if (prepended) {
      this.#size();
      this.element.scrollTop += prepended * this.options.rowHeight;
    }
    if (toEnd) this.isSticky = true;
    this.#schedule();
  }

  /** A grid without a row is none to screen readers. */
  #tellWhenEmpty(isEmpty) {
    if (isEmpty === Boolean(this.none)) return;
    this.none?.remove();
    this.none = isEmpty ? h("div", { role: "row", class: "visually-hidden" }, h("span", { role: "gridcell" }, "No rows")) : null;
    if (this.none) this.rows.append(this.none);
  }

  get isAtEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    return scrollTop + clientHeight >= scrollHeight - this.options.rowHeight / 2;
  }

  /** Shows the end, once. */
  toEnd() {
    this.#size();
    this.element.scrollTop = this.element.scrollHeight;
    this.#schedule();
  }

  /** Follows the end from now on, or stays. */
  stick(isSticky) {
    this.isSticky = isSticky;
    this.#schedule();
  }

  /** Marks the row with this key, null for none. */
  select(key) {
    this.selected = key;
    for (const [name, element] of this.drawn) element.setAttribute("aria-selected", String(name === key));
    this.#tellActive();
  }

  reveal(key) {
    const index = this.items.findIndex((item) => this.options.key(item) === key);
    if (index >= 0) this.#scrollTo(index);
  }

  #size() {
    this.rows.style.height = `${this.items.length * this.options.rowHeight}px`;
  }

  #clear() {
    for (const element of this.drawn.values()) element.remove();
    this.drawn.clear();
  }

  #schedule() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.#draw();
    });
  }

  #draw() {
    this.#size();
    if (this.isSticky) this.element.scrollTop = this.element.scrollHeight;
    const { rowHeight, key } = this.options;
    const first = Math.max(0, Math.floor(this.element.scrollTop / rowHeight) - overscan);
    const last = Math.min(this.items.length, Math.ceil((this.element.scrollTop + this.element.clientHeight) / rowHeight) + overscan);
    const kept = new Set();
    for (let index = first; index < last; index += 1) {
      const item = this.items[index];
      const name = key(item);
      kept.add(name);
      let element = this.drawn.get(name);
      if (!element || element.item !== item) {
        element?.remove();
        element = this.#make(item, name);
        this.drawn.set(name, element);
        this.rows.append(element);
      }
      if (element.place !== index) {
        element.place = index;
        element.style.transform = `translateY(${index * rowHeight}px)`;
        element.setAttribute("aria-rowindex", String(index + 1));
        element.classList.toggle("odd", index % 2 === 1);
      }
    }
    for (const [name, element] of this.drawn) {
      if (kept.has(name)) continue;
      element.remove();
      this.drawn.delete(name);
    }
    this.#tellActive();
  }

  #make(item, name) {
    const element = h(
      "div",
      {
        role: "row",
        class: "list-row",
        id: `${this.id}-${name}`,
        "aria-selected": String(name === this.selected),
        dataset: this.options.facts?.(item),
      },
      this.options.row(item),
    );
    element.style.height = `${this.options.rowHeight}px`;
    element.item = item;
    return element;
  }

  #tellActive() {
    if (this.drawn.has(this.selected)) this.element.setAttribute("aria-activedescendant", `${this.id}-${this.selected}`);
    else this.element.removeAttribute("aria-activedescendant");
  }

  #scrolled() {
    const { isAtEnd } = this;
    if (this.isSticky && !isAtEnd) this.isSticky = false;
    this.options.scrolled?.(isAtEnd);
    this.#schedule();
  }

  #clicked(event) {
    const element = event.target.closest(".list-row");
    if (!element?.item || event.target.closest("a, button")) return;
    this.select(this.options.key(element.item));
    this.options.open?.(element.item);
  }

  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.items.length) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.options.rowHeight) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const at = this.items.findIndex((item) => this.options.key(item) === this.selected);
    if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      this.options.open?.(this.items[at]);
      return;
    }
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const start = at >= 0 ? at + step : step < 0 && step > -Infinity ? this.items.length - 1 : this.#firstSeen(step);
    const index = Math.min(this.items.length - 1, Math.max(0, start));
    this.select(this.options.key(this.items[index]));
    this.#scrollTo(index);
    this.options.moved?.(this.items[index]);
  }

  #firstSeen(step) {
    if (Math.abs(step) === Infinity) return step;
    return Math.ceil(this.element.scrollTop / this.options.rowHeight);
  }

  #scrollTo(index) {
    const { rowHeight } = this.options;
    const room = this.element.clientHeight - this.head.offsetHeight;
    const top = index * rowHeight;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (top + rowHeight > this.element.scrollTop + room) this.element.scrollTop = top + rowHeight - room;
    this.#schedule();
  }
}
