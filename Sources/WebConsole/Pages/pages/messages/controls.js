// What is to be read: where it begins, of which partition, and what is looked for.

import { debounce, fill, h } from "../../lib/dom.js";
import { timeZone } from "../../lib/format.js";
import { checkField, selectField, textField } from "../../components/form.js";
import { parts } from "./query.js";

const inputOf = (field) => field.querySelector("input, select");

/** Milliseconds → what a `datetime-local` input shows, in the browser's zone. */
function localTime(timestamp) {
  if (!timestamp) return "";
  const date = new Date(/^\d+$/.test(timestamp) ? Number(timestamp) : timestamp);
  if (Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, -1);
}

/** “-1 / Partition: 0” for the offset that is typed. */
const partitionLabel = (offset, id) => {
  const place = id < 0 ? "All partitions" : `Partition: ${id}`;
  return offset ? `${offset} / ${place}` : place;
};

function jumpFields(wanted, partitionIDs) {
  const start = selectField({
    name: "start",
    label: "Start at",
    value: wanted.start,
    options: [["latest", "Latest"], ["beginning", "Beginning"], ["offset", "Offset"], ["timestamp", "Time"]],
  });
  const offset = textField({ name: "offset", label: "Offset", value: wanted.offset, placeholder: "-1 is the last" });
  const at = textField({ name: "timestamp", label: `Time (${timeZone})`, type: "datetime-local", step: "0.001", value: localTime(wanted.timestamp) });
  inputOf(at).removeAttribute("autocomplete"); // It is not allowed there.
  const partition = selectField({
    name: "partition",
    label: "Partition",
    value: String(wanted.partition),
    options: [-1, ...partitionIDs].map((id) => [String(id), partitionLabel(wanted.offset, id)]),
  });
  const limit = selectField({ name: "limit", label: "Records", value: String(wanted.limit), options: limits(wanted.limit) });
  return { start, offset, at, partition, limit };
}

/**
 * The form that says where to begin. `wanted` is changed by it; `run()` is called whenever something can be read, and
 * `wait()` when a time has still to be typed.
 */
export function jumpForm(wanted, partitionIDs, { run, wait }) {
  const { start, offset, at, partition, limit } = jumpFields(wanted, partitionIDs);
  const error = offset.querySelector(".error");

  const name = () => {
    const text = wanted.start === "offset" ? wanted.offset : "";
    for (const option of inputOf(partition).options) option.textContent = partitionLabel(text, Number(option.value));
  };
  const nameSoon = debounce(name, 200);
  const follow = () => {
    at.hidden = wanted.start !== "timestamp";
    offset.hidden = !at.hidden;
    if (partitionIDs.length > 500) nameSoon();
    else name();
  };
  const go = () => {
    const isWrong = wanted.start === "offset" && !/^-?\d+$/.test(wanted.offset);
    inputOf(offset).setAttribute("aria-invalid", String(isWrong));
    error.textContent = isWrong ? "A whole number; -1 is the last." : "";
    if (isWrong) return;
    if (wanted.start === "timestamp" && !wanted.timestamp) wait();
    else run();
  };

  inputOf(start).addEventListener("change", (event) => {
    wanted.start = event.target.value;
    wanted.isLive = false;
    follow();
    if (wanted.start === "offset" && !wanted.offset) inputOf(offset).focus();
    else go();
  });
  inputOf(offset).addEventListener("input", (event) => {
    wanted.offset = event.target.value.trim().replace("\u2212", "-");
    wanted.start = wanted.offset ? "offset" : "latest";
    inputOf(start).value = wanted.start;
    follow();
  });
  inputOf(offset).addEventListener("change", () => {
    wanted.isLive = false;
    go();
  });
  inputOf(at).addEventListener("change", (event) => {
    const date = new Date(event.target.value);
    wanted.timestamp = Number.isNaN(date.getTime()) ? "" : String(date.getTime());
    wanted.isLive = false;
    go();
  });
  inputOf(partition).addEventListener("change", (event) => {
    wanted.partition = Number(event.target.value);
    go();
  });
  inputOf(limit).addEventListener("change", (event) => {
    wanted.limit = Number(event.target.value);
    go();
  });
  follow();
  const submit = (event) => {
    event.preventDefault();
    go();
  };
  const button = h("button", { class: "button", type: "submit" }, "Jump");
  return h("form", { class: "jump", "aria-label": "Where to begin", onsubmit: submit, novalidate: true }, start, offset, at, partition, limit, button);
}

function limits(present) {
  const known = [10, 50, 100, 500, 1_000];
  return [...new Set([...known, present])].sort((a, b) => a - b).map((value) => [String(value), String(value)]);
}

const examinedLimits = [
  [100_000, "100,000 records"],
  [1_000_000, "1,000,000 records"],
  [10_000_000, "10,000,000 records"],
  ["10s", "10 seconds"],
  ["60s", "1 minute"],
];

function searchFields(wanted) {
  const text = textField({ name: "filter", label: "Search", value: wanted.filter, placeholder: hints[wanted.type] });
  const type = selectField({
    name: "filter_type",
    label: "As",
    value: wanted.type,
    options: [["substring", "Text"], ["regex", "Regular expression"], ["jsonpath", "JSON path"]],
    onchange: (event) => {
      wanted.type = event.target.value;
      inputOf(text).placeholder = hints[wanted.type];
    },
  });
  const where = parts.map((part) =>
    checkField({
      name: part,
      label: part === "headers" ? "Headers" : part === "key" ? "Key" : "Value",
      checked: wanted.where.includes(part),
      onchange: (event) => {
        const chosen = new Set(wanted.where);
        if (event.target.checked) chosen.add(part);
        else chosen.delete(part);
        wanted.where = parts.filter((name) => chosen.has(name));
      },
    }),
  );
  const isCaseSensitive = checkField({
    name: "case_sensitive",
    label: "Match case",
    checked: wanted.isCaseSensitive,
    onchange: (event) => (wanted.isCaseSensitive = event.target.checked),
  });
  const examined = selectField({
    name: "max_examined",
    label: "At most",
    value: wanted.seconds ? `${wanted.seconds}s` : String(wanted.examined),
    options: examinedLimits.map(([value, label]) => [String(value), label]),
    onchange: ({ target: { value } }) => {
      wanted.seconds = value.endsWith("s") ? Number.parseInt(value, 10) : 0;
      if (!wanted.seconds) wanted.examined = Number(value);
    },
  });
  return { text, type, where, isCaseSensitive, examined };
}

/** The form that looks for something. `act`: `run()`, `stop()`, `goOn()`. Returns `{element, update(feed)}`. */
export function searchForm(wanted, { run, stop, goOn }) {
  const { text, type, where, isCaseSensitive, examined } = searchFields(wanted);
  const problem = text.querySelector(".error");
  const search = h("button", { class: "button primary", type: "submit" }, "Search");
  const stopButton = h("button", { class: "button", type: "button", dataset: { action: "stop" }, onclick: stop }, "Stop");
  const goOnButton = h("button", { class: "button", type: "button", dataset: { action: "continue" }, onclick: goOn }, "Continue");
  const clear = h("button", { class: "button quiet", type: "button", dataset: { action: "clear" } }, "Clear");
  clear.addEventListener("click", () => {
    inputOf(text).value = "";
    wanted.filter = "";
    run();
  });
  const submit = (event) => {
    event.preventDefault();
    wanted.filter = inputOf(text).value;
    problem.textContent = wanted.where.length ? "" : "Choose where to look: key, value or headers.";
    if (wanted.where.length) run();
  };
  const form = h(
    "form",
    { class: "find", "aria-label": "Search", onsubmit: submit, novalidate: true },
    text,
    type,
    examined,
    h(
      "div",
      { class: "row find-row" },
      h("fieldset", { class: "where row" }, h("legend", { class: "visually-hidden" }, "Search in"), where, isCaseSensitive),
      h("div", { class: "row" }, search, stopButton, goOnButton, clear),
    ),
  );
  // On a narrow screen the records come first; there it opens by a tap.
  const isOpen = !matchMedia("(max-width: 40rem)").matches || Boolean(wanted.filter);
  return {
    element: h("details", { class: "find-box", open: isOpen }, h("summary", {}, "Search"), form),
    update(feed) {
      stopButton.disabled = feed.phase !== "searching";
      goOnButton.disabled = feed.phase !== "stopped";
      clear.disabled = !wanted.filter;
    },
  };
}

const hints = {
  substring: "Part of a key, value or header",
  regex: "User_[0-9]+",
  jsonpath: '$.user_id == "User_4"',
};

/** Two or more choices of which one holds, as buttons. */
export function toggle(label, options, value, chosen) {
  const element = h("div", { class: "toggle", role: "group", "aria-label": label });
  const draw = (present) =>
    fill(
      element,
      options.map(([key, title]) =>
        h(
          "button",
          {
            class: "button small",
            type: "button",
            "aria-pressed": String(key === present),
            dataset: { choice: key },
            onclick: () => {
              draw(key);
              element.querySelector(`[data-choice="${key}"]`).focus();
              chosen(key);
            },
          },
          title,
        ),
      ),
    );
  draw(value);
  return element;
}
