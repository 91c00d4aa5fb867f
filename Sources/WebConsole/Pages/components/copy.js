// Text to be taken along.

import { h } from "../lib/dom.js";
import { toast } from "./states.js";

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Only pages over HTTPS or on loopback may use it; selecting works everywhere.
    const area = h("textarea", { class: "visually-hidden", value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/** A button that copies what `text()` says at that moment. */
export function copyButton(text, label = "Copy") {
  const button = h("button", { class: "button small copy", type: "button" }, label);
  button.addEventListener("click", async () => {
    await copyText(typeof text === "function" ? text() : text);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = label), 1_500);
  });
  return button;
}

/** One line of code with its copy button. */
export function copyable(text, name) {
  return h("div", { class: "copyable" }, h("code", { tabindex: "0", "aria-label": name }, text), copyButton(text, "Copy"));
}

/** A block of code with its copy button, and Download when a file name is given. */
export function codeBlock(text, { name, file } = {}) {
  const block = h("pre", { class: "code", tabindex: "0", "aria-label": name ?? "Code" }, text);
  const actions = h("div", { class: "row" }, copyButton(() => block.textContent));
  if (file) {
    actions.append(
      h("button", { class: "button small", type: "button", onclick: () => download(file, block.textContent) }, "Download"),
    );
  }
  return h("div", { class: "card" }, block, actions);
}

/** Hands the browser a file. */
export function download(file, content, type = "text/plain") {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = h("a", { href: url, download: file });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  toast(`${file} is downloaded.`);
}
