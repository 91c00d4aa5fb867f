// Dialogs: they take the focus, end with Escape, and give the focus back.

import { h, uniqueID } from "../lib/dom.js";
import { form, textField } from "./form.js";

/**
 * Opens a dialog with a form. `submit(values, close)` may throw: the dialog stays, with what was typed.
 * The dialog closes when submit returns anything but false. `cancel: false` leaves only one way out (and Escape).
 */
export function openDialog({ title, label, danger, wide, submit, extra, cancel = true }, ...content) {
  const id = uniqueID("dialog");
  const dialog = h("dialog", { class: wide ? "wide" : "", "aria-labelledby": id });
  const close = () => dialog.close();
  const body = form(
    {
      label,
      danger,
      extra,
      cancel: cancel ? close : null,
      submit: async (typed) => {
        if ((await submit(typed, close)) !== false) close();
      },
    },
    h("h2", { id }, title),
    content,
  );
  dialog.append(body);
  dialog.addEventListener("close", () => dialog.remove());
  addEventListener("popstate", close, { once: true });
  document.getElementById("dialogs").append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before something goes for good: the name has to be typed. */
export function confirmDelete({ what, name, text, submit }) {
  const field = textField({ name: "confirmation", label: `Type “${name}” to confirm`, required: true });
  const dialog = openDialog(
    {
      title: `Delete ${what}`,
      label: "Delete",
      danger: true,
      submit: async (typed, close) => {
        if (typed.confirmation !== name) throw new Error(`That is not “${name}”.`);
        return submit(close);
      },
    },
    h("p", {}, text),
    field,
  );
  const button = dialog.querySelector("button[type=submit]");
  const input = field.querySelector("input");
  const follow = () => (button.disabled = input.value !== name);
  input.addEventListener("input", follow);
  follow();
  input.focus();
  return dialog;
}
