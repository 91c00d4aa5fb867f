// Fields with labels, hints and errors, and forms that keep what was typed.

import { fill, h, uniqueID } from "../lib/dom.js";

/** A text field. Options: name, label, value, hint, required, type, pattern, placeholder, multiline, rows, min, max. */
export function textField(options) {
  const id = uniqueID(options.name);
  const shared = {
    id,
    name: options.name,
    class: "input",
    value: options.value ?? "",
    required: options.required,
    placeholder: options.placeholder,
    autocomplete: options.autocomplete ?? (options.type === "number" ? null : "off"),
    spellcheck: "false",
    "aria-describedby": `${id}-hint ${id}-error`,
  };
  const input = options.multiline
    ? h("textarea", { ...shared, rows: options.rows ?? 4 })
    : h("input", { ...shared, type: options.type ?? "text", min: options.min, max: options.max, step: options.step });
  return field(id, options, input);
}

/** A choice: `options` are texts or `[value, text]`. */
export function selectField({ name, label, options, value, hint, onchange }) {
  const id = uniqueID(name);
  const items = options.map((item) => {
    const [key, text] = Array.isArray(item) ? item : [item, item];
    return h("option", { value: key, selected: key === value }, text);
  });
  const input = h("select", { id, name, class: "input", onchange, "aria-describedby": `${id}-hint ${id}-error` }, items);
  return field(id, { label, hint }, input);
}

export function checkField({ name, label, checked = false, onchange }) {
  return h("label", { class: "check" }, h("input", { type: "checkbox", name, checked, onchange }), label);
}

function field(id, { label, hint }, input) {
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    input,
    h("span", { class: "hint", id: `${id}-hint` }, hint ?? null),
    h("span", { class: "error", id: `${id}-error` }, null),
  );
}

/** Values of all named fields of a form; checkboxes are Booleans. */
export function values(form) {
  const found = {};
  for (const element of form.elements) {
    if (!element.name) continue;
    if (element.type === "checkbox") found[element.name] = element.checked;
    else if (element.type !== "radio" || element.checked) found[element.name] = element.value;
  }
  return found;
}

/**
 * A form. `submit(values)` is called with what was typed; while it runs the button waits, and what it throws is shown above
 * the buttons, with everything typed still there.
 */
export function form({ submit, label, danger = false, cancel, extra }, ...fields) {
  const error = h("div", { role: "alert" });
  const button = h("button", { class: `button primary ${danger ? "danger" : ""}`, type: "submit" }, label);
  const actions = h("div", { class: "row actions" }, extra ?? null);
  if (cancel) actions.append(h("button", { class: "button", type: "button", onclick: cancel }, "Cancel"));
  actions.append(button);
  const element = h("form", { class: "form", novalidate: true }, fields, error, actions);
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled || !check(element)) return;
    fill(error);
    button.disabled = true;
    try {
      await submit(values(element));
    } catch (problem) {
      fill(error, h("p", { class: "notice bad" }, problem.message));
    } finally {
      button.disabled = false;
    }
  });
  return element;
}

/** Tells beside each field of a form or fieldset what it lacks; false, and the focus there, when something does. */
export function check(element) {
  let first = null;
  for (const input of element.elements) {
    const place = input.id ? element.querySelector(`#${CSS.escape(input.id)}-error`) : null;
    if (!place) continue;
    const isFit = input.validity.valid && !(input.required && !input.value.trim());
    place.textContent = isFit ? "" : input.validationMessage || "Please fill in this field.";
    input.setAttribute("aria-invalid", String(!isFit));
    if (!isFit) first ??= input;
  }
  first?.focus();
  return !first;
}

/** Takes the error away that stands beside a field. */
export function clearProblem(input) {
  const place = input.id ? document.getElementById(`${input.id}-error`) : null;
  if (!place?.textContent) return;
  place.textContent = "";
  input.removeAttribute("aria-invalid");
}

/**
 * Puts errors beside the fields that they are about: `problems` are `[name, text]`. Returns the texts of those that have
 * no field here.
 */
export function showProblems(element, problems) {
  let first = null;
  const rest = [];
  for (const [name, text] of problems) {
    const input = [...element.elements].find((item) => item.name === name && item.id && !item.disabled && item.offsetParent);
    const place = input ? element.querySelector(`#${CSS.escape(input.id)}-error`) : null;
    if (!place) {
      rest.push(text);
      continue;
    }
    place.textContent = text;
    input.setAttribute("aria-invalid", "true");
    first ??= input;
  }
  first?.focus();
  return rest;
}
