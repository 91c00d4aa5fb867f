// Building elements. Nothing here or elsewhere sets markup from text: what records hold stays text.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element. Properties: `class`, `dataset`, `style` (an object), `on…` listeners, Booleans and attributes.
 * Children: nodes, text, numbers, arrays of them; null, undefined and false are left out.
 */
export function h(tag, properties, ...children) {
  return build(document.createElement(tag), properties, children);
}

/** The same for SVG. */
export function svg(tag, properties, ...children) {
  return build(document.createElementNS(SVG, tag), properties, children);
}

function build(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "style") Object.assign(element.style, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (name === "value" || name === "checked" || name === "selected") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(element, child);
    else element.append(child instanceof Node ? child : String(child));
  }
}

/** Replaces what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

let lastID = 0;

/** An id for `for`, `aria-labelledby` and the like. */
export function uniqueID(prefix = "id") {
  lastID += 1;
  return `${prefix}-${lastID}`;
}

/** Calls `body` at most once in `ms`, with the last arguments, and once more at the end. */
export function debounce(body, ms) {
  let timer = null;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => body(...values), ms);
  };
}

const stylesheets = new Map();

/**
 * Adds the stylesheet beside a module once: `await stylesheet(import.meta.url, "./x.css")`. Resolves when it holds, so
 * that nothing is shown without it; a file that cannot be read holds nothing up.
 */
export function stylesheet(base, relative) {
  const address = new URL(relative, base).href;
  if (!stylesheets.has(address)) {
    stylesheets.set(
      address,
      new Promise((resolve) => {
        const link = h("link", { rel: "stylesheet", href: address, onload: resolve, onerror: resolve });
        document.head.append(link);
      }),
    );
  }
  return stylesheets.get(address);
}
