// The records of a file are produced.

import { fill, h } from "../../lib/dom.js";
import { count, plural } from "../../lib/format.js";
import { openDialog } from "../../components/dialog.js";
import { checkField } from "../../components/form.js";
import { produce } from "./produce.js";

/** Records that are produced at the same time, each of another partition. */
const lanes = 6;

/** Failures that are listed one by one. */
const mostFailures = 50;

/** Asks how the records of a file are to be written, does it, and says what became of each. */
export function openImport({ records, name, target, info, refresh }) {
  const progress = h("progress", { max: records.length, value: 0, "aria-label": "Records produced", hidden: true });
  const result = h("div", { class: "import-result", role: "status" });
  const stop = new AbortController();
  let isDone = false;
  const dialog = openDialog(
    {
      title: `Import ${name}`,
      label: "Produce them",
      wide: true,
      submit: async (typed) => {
        if (isDone) return true;
        progress.hidden = false;
        const failures = await produceAll({ records, target, info, typed, signal: stop.signal, told: (done) => (progress.value = done) });
        isDone = true;
        report(result, records.length, failures);
        dialog.querySelector("button[type=submit]").textContent = "Done";
        if (!stop.signal.aborted) refresh();
        return false;
      },
    },
    h("p", {}, `${plural(records.length, "record")} in this file. They are written to the end of ${info.topic_name}, and get new offsets.`),
    checkField({ name: "keepsPartition", label: "Into the partitions that the file names", checked: true }),
    checkField({ name: "keepsTime", label: "With the timestamps that the file names", checked: true }),
    progress,
    result,
  );
  dialog.addEventListener("close", () => stop.abort());
}

/** Produces all; those of one partition in their order. Resolves to what failed, `{number, reason}`. */
async function produceAll({ records, target, info, typed, signal, told }) {
  const failures = [];
  const queues = Array.from({ length: lanes }, () => []);
  let done = 0;
  for (const record of records) queues[typed.keepsPartition && record.partition >= 0 ? record.partition % lanes : 0].push(record);
  const ids = new Set(info.partitions.map((partition) => partition.partition_id));
  const write = async (record) => {
    if (record.problem) throw new Error(record.problem);
    const partition = typed.keepsPartition ? record.partition : -1;
    if (partition >= 0 && !ids.has(partition)) throw new Error(`There is no partition ${partition} here.`);
    await produce(target, { ...record, partition, timestamp: typed.keepsTime ? record.timestamp : null }, signal);
  };
  await Promise.all(
    queues.map(async (queue) => {
      for (const record of queue) {
        try {
          if (signal.aborted) throw new Error("Stopped before it was written.");
          await write(record);
        } catch (error) {
          failures.push({ number: record.number, reason: signal.aborted ? "Stopped before it was known to be written." : error.message });
        }
        done += 1;
        told(done);
      }
    }),
  );
  return failures.sort((a, b) => a.number - b.number);
}

function report(element, total, failures) {
  const written = total - failures.length;
  const rest = failures.length ? `, ${count(failures.length)} not:` : ".";
  element.dataset.written = written;
  element.dataset.failed = failures.length;
  fill(
    element,
    h("p", { class: `notice ${failures.length ? "warn" : "good"}` }, `${count(written)} of ${plural(total, "record")} written${rest}`),
    failures.length
      ? h("ul", {}, failures.slice(0, mostFailures).map(({ number, reason }) => h("li", {}, `Record ${count(number)}: ${reason}`)))
      : null,
    failures.length > mostFailures ? h("p", {}, `And ${count(failures.length - mostFailures)} more.`) : null,
  );
}
