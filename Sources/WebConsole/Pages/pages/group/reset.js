// Moving a group: first what would happen, as a table, then the same for good.

import { api, path } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { count, plural, timeZone } from "../../lib/format.js";
import { form, selectField, textField } from "../../components/form.js";
import { notice, toast } from "../../components/states.js";
import { table } from "../../components/table.js";

const targets = [
  ["EARLIEST", "Earliest: the first records that are kept"],
  ["LATEST", "Latest: only what comes from now on"],
  ["OFFSET", "An offset"],
  ["SHIFT", "By a number of offsets, forward or back"],
  ["TIME", "The first record at or after a time"],
  ["CURRENT", "Where it is, as far as the log still has it"],
];

/** The section. `know({members, lags})` tells it what the group is like now; `done()` is called when it has been moved. */
export function resetOffsets({ cluster, group, signal, done }) {
  const result = h("div", { class: "reset-result", "aria-live": "polite" });
  const hint = h("div");
  let readers = 0;
  const fields = makeFields();
  const target = path`/twinlog/v1/clusters/${cluster}/consumer-groups/${group}/offsets:reset`;
  const ask = async (body) => (await api.post(target, body, { signal })).data;
  const element = h("section", { class: "card", "aria-label": "Reset offsets", dataset: { reset: "" } });
  const inputs = form(
    {
      label: "Show what would change",
      submit: async (typed) => {
        if (readers) throw new Error(refusal(readers));
        const body = request(typed);
        fill(result, preview(await ask({ ...body, validate_only: true }), () => carryOut(body)));
      },
    },
    h("div", { class: "reset-form" }, fields.all),
  );
  inputs.addEventListener("input", () => fill(result));

  async function carryOut(body) {
    const moved = await ask({ ...body, validate_only: false });
    fill(result, notice("good", `${plural(moved.length, "offset")} moved.`), moves(moved, "Offsets that were moved"));
    toast(`${group} is moved.`);
    done();
  }

  fill(element, h("h2", {}, "Reset offsets"), hint, inputs, result);
  return {
    element,
    know({ members, lags }) {
      readers = members;
      const text = members ? refusal(members) : "";
      if (hint.textContent !== text) fill(hint, text ? notice("warn", text) : null);
      fields.know(lags);
    },
  };
}

const refusal = (members) => `The group has ${plural(members, "member")}: its offsets can be reset once they have left.`;

/** The fields: `all` of them, and `know(lags)`, which says what topics and partitions there are. */
function makeFields() {
  const offset = textField({ name: "offset", label: "Offset", type: "number", min: 0, value: "0" });
  const shift = textField({ name: "shift", label: "By", type: "number", value: "-10", hint: "Negative goes back." });
  const moment = textField({ name: "time", label: `Time (${timeZone})`, type: "datetime-local", step: "0.001" });
  const byTarget = { OFFSET: offset, SHIFT: shift, TIME: moment };
  const showValue = (value) => {
    for (const [name, field] of Object.entries(byTarget)) field.hidden = name !== value;
  };
  showValue("EARLIEST");
  const topic = selectField({ name: "topic", label: "Topic", options: [["", "All that it has committed"]], onchange: () => showPartitions() });
  const partition = selectField({ name: "partition", label: "Partition", options: [["", "All"]] });
  let known = [];
  const showPartitions = () => {
    const of = known.filter((lag) => lag.topic_name === topic.querySelector("select").value);
    options(partition.querySelector("select"), [["", "All"], ...of.map((lag) => [String(lag.partition_id), String(lag.partition_id)])]);
    partition.hidden = !of.length;
  };
  showPartitions();
  const to = selectField({ name: "to", label: "Move to", options: targets, onchange: (event) => showValue(event.target.value) });
  return {
    all: [to, offset, shift, moment, topic, partition],
    know(lags) {
      known = lags;
      const names = [...new Set(lags.map((lag) => lag.topic_name))];
      options(topic.querySelector("select"), [["", "All that it has committed"], ...names.map((name) => [name, name])]);
      showPartitions();
    },
  };
}

/** Changes what a select offers only when it differs, and keeps what was chosen. */
function options(select, items) {
  const [before, after] = [[...select.options].map((option) => option.value), items.map(([value]) => value)];
  if (before.join("\n") === after.join("\n")) return;
  const chosen = select.value;
  fill(select, items.map(([value, text]) => h("option", { value }, text)));
  select.value = after.includes(chosen) ? chosen : "";
}

function request({ to, offset, shift, time, topic, partition }) {
  const body = { to };
  if (to === "OFFSET") body.value = whole(offset);
  if (to === "SHIFT") body.value = whole(shift);
  if (to === "TIME") {
    body.value = new Date(time).getTime();
    if (!time || Number.isNaN(body.value)) throw new Error("Please give a time.");
  }
  if (topic) body.topics = [partition === "" ? { topic_name: topic } : { topic_name: topic, partition_id: Number(partition) }];
  return body;
}

function whole(text) {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value)) throw new Error("Please give a whole number.");
  return value;
}

function preview(found, carryOut) {
  if (!found.length) return notice("warn", "Nothing would change: the group has committed nothing there.");
  const error = h("div", { role: "alert" });
  const button = h("button", { class: "button primary", type: "button", dataset: { carryOut: "" } }, "Reset these offsets");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await carryOut();
    } catch (problem) {
      fill(error, notice("bad", problem.message));
      button.disabled = false;
    }
  });
  const changed = found.filter((row) => row.current_offset !== row.new_offset).length;
  return [
    h("p", {}, `Dry run: ${changed} of ${plural(found.length, "offset")} would change. Nothing has been moved yet.`),
    moves(found, "What would change"),
    error,
    h("div", { class: "row" }, button),
  ];
}

function moves(rows, caption) {
  const shown = table(
    caption,
    [
      { title: "Topic", cell: (row) => row.topic_name, sort: (row) => row.topic_name },
      { title: "Partition", number: true, cell: (row) => row.partition_id, sort: (row) => row.partition_id },
      { title: "Before", number: true, cell: (row) => (row.current_offset === null ? "nothing" : count(row.current_offset)), sort: (row) => row.current_offset },
      { title: "After", number: true, cell: (row) => h("strong", {}, `→ ${count(row.new_offset)}`), sort: (row) => row.new_offset },
      { title: "Note", cell: (row) => remark(row) },
    ],
    { attributes: (row) => ({ dataset: { move: `${row.topic_name}/${row.partition_id}`, before: row.current_offset ?? "", after: row.new_offset } }) },
  );
  shown.show(rows);
  return shown.element;
}

function remark(row) {
  if (row.wanted_offset !== row.new_offset) return `The log does not have ${count(row.wanted_offset)}; this is the nearest.`;
  return row.current_offset === row.new_offset ? "stays" : "";
}
