// What a page shows when it has nothing to show yet, or at all.

import { h } from "../lib/dom.js";

/** Keeps the room of what is being read, so that nothing jumps. */
export function loading(label = "Loading…") {
  return h("div", { class: "skeleton", "aria-busy": "true" }, h("span", { class: "visually-hidden" }, label));
}

/** Nothing is there, and what can be done about it. */
export function empty(title, text, ...actions) {
  return h("div", { class: "state" }, h("h2", {}, title), text ? h("p", { class: "soft" }, text) : null, h("div", { class: "row" }, actions));
}

/** What went wrong, in the server's words, with a way to try again. */
export function failed(error, again) {
  const title = error.status === 0 ? "The server does not answer" : error.isGone ? "This is not there (any more)" : "This did not work";
  return h(
    "div",
    { class: "state", role: "alert" },
    h("h2", {}, title),
    h("p", {}, error.message),
    again ? h("button", { class: "button", type: "button", onclick: again }, "Try again") : null,
  );
}

/** A line about something that is out of the ordinary. */
export function notice(kind, ...children) {
  return h("div", { class: `notice ${kind}` }, children);
}

/** A short line that goes by itself; errors stay longer. */
export function toast(text, kind = "good") {
  const element = h("div", { class: `toast fade-in ${kind}` }, text);
  document.getElementById("toasts").append(element);
  setTimeout(() => element.remove(), kind === "bad" ? 12_000 : 5_000);
}
