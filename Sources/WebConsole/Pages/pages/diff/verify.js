// The byte proof: both sides are read completely and compared.

import { api, path, stream } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { bytes, count, plural } from "../../lib/format.js";

/** Partitions whose progress is shown one by one. */
const most = 100;

/** The section with the button. `where` is `{cluster, link, topic, partitions}` of the mirror: how many it has. */
export function verifySection(where, signal) {
  const target = path`/twinlog/v1/clusters/${where.cluster}/links/${where.link}/mirrors/${where.topic}`;
  const result = h("div", { class: "verify-result", role: "status" });
  const bars = h("div", { class: "verify-bars" });
  const button = h("button", { class: "button primary", type: "button", dataset: { action: "verify" } }, "Verify");
  const what = "Reads both sides completely, and compares every byte at every offset of all partitions.";
  const element = h(
    "section",
    { class: "card verify", "aria-label": "Byte proof", dataset: { state: "none" } },
    h("div", { class: "card-head" }, h("p", {}, what), button),
    bars,
    result,
  );
  let running = null;

  const end = (state, ...content) => {
    running = null;
    button.textContent = "Verify";
    element.dataset.state = state;
    fill(bars);
    fill(result, content);
  };
  const show = (report) => end(report.matches ? "match" : "differ", reportView(report));
  const fail = (error) => end("failed", h("p", { class: "notice bad" }, error.message));

  button.addEventListener("click", () => {
    if (running) {
      running.abort();
      end("stopped", h("p", { class: "soft" }, "Stopped: nothing is proved."));
      return;
    }
    running = new AbortController();
    const own = AbortSignal.any([signal, running.signal]);
    button.textContent = "Stop";
    element.dataset.state = "running";
    fill(result);
    run(target, { signal: own, bars, show, fail, partitions: where.partitions });
  });
  return element;
}

function run(target, { signal, bars, show, fail, partitions }) {
  const known = new Map();
  let isDone = false;
  const whole = bar(bars, "All partitions");
  const once = (body) => (value) => {
    if (isDone || signal.aborted) return;
    isDone = true;
    body(value);
  };
  stream(
    `${target}/verification:stream`,
    {
      progress: (progress) => {
        known.set(progress.partition_id, progress);
        drawBars(bars, whole, known, partitions);
      },
      end: once((report) => show(report.report ?? report)),
      error: once(fail),
    },
    {
      signal,
      closed: async (error) => {
        if (isDone) return;
        if (!error?.isGone) {
          once(fail)(error ?? new Error("The server ended before the proof did."));
          return;
        }
        // An older server proves as well, but does not tell how far it is.
        whole.removeAttribute("value");
        await api.post(`${target}/verify`, undefined, { signal }).then(once(show), once(fail));
      },
    },
  );
}

function bar(bars, label) {
  const element = h("progress", { max: 1, value: 0, "aria-label": label });
  element.text = h("span", { class: "soft" });
  fill(bars, h("div", { class: "verify-bar" }, h("span", {}, label), element, element.text), h("div", { class: "verify-partitions" }));
  return element;
}

/** Partitions that have not begun count as well, so that the bar never goes back. */
function drawBars(bars, whole, known, partitions) {
  let [shares, done, records] = [0, 0, 0];
  for (const progress of known.values()) {
    shares += shareOf(progress);
    done += progress.compared_bytes;
    records += progress.compared_records;
  }
  whole.value = shares / Math.max(partitions, known.size);
  whole.text.textContent = `${bytes(done)}, ${plural(records, "record")}`;
  const list = bars.lastElementChild;
  for (const [id, progress] of [...known].slice(0, most)) {
    let item = list.querySelector(`[data-partition="${id}"]`);
    if (!item) {
      const label = `Partition ${id}`;
      item = h("div", { class: "verify-bar", dataset: { partition: id } }, h("span", {}, label), h("progress", { max: 1, "aria-label": label }));
      list.append(item);
    }
    item.querySelector("progress").value = shareOf(progress);
  }
}

const shareOf = (progress) => (progress.total_bytes ? Math.min(1, progress.compared_bytes / progress.total_bytes) : 1);

function reportView(report) {
  const sum = (name) => report.partitions.reduce((total, partition) => total + partition.mirror[name], 0);
  const wrong = report.partitions.filter((partition) => !partition.matches);
  const partitions = plural(report.partitions.length, "partition");
  if (report.nothing_to_compare) return h("p", { class: "notice warn" }, "There was no byte to compare, which proves nothing.");
  if (report.matches) {
    const what = `${plural(sum("records"), "record")}, ${count(sum("bytes"))} bytes, ${partitions}`;
    return h("p", { class: "notice good" }, `Identical: ${what}. Every byte is the same at the same offset.`);
  }
  return [
    h("p", { class: "notice bad" }, report.difference ?? `Not identical: ${wrong.length} of ${partitions} ${wrong.length === 1 ? "differs" : "differ"}.`),
    h("ul", {}, wrong.map((item) => h("li", { dataset: { partition: item.partition } }, `Partition ${item.partition}: ${item.difference}`))),
  ];
}
