// What is shown goes into a file, and a file's records are produced.

import { fill, h } from "../../lib/dom.js";
import { count, plural } from "../../lib/format.js";
import { download } from "../../components/copy.js";
import { openDialog } from "../../components/dialog.js";
import { checkField } from "../../components/form.js";
import { toast } from "../../components/states.js";
import { isCut, readRecord } from "./detail.js";
import { readFile, toCSV, toJSON } from "./file.js";
import { produce } from "./produce.js";

/** Records that are produced at the same time, each of another partition. */
const lanes = 6;

/** Failures that are listed one by one. */
const mostFailures = 50;

/** The buttons. `feed` holds what is shown; `info()` is the topic; `refresh()` reads it again. */
export function exchangeButtons({ feed, target, info, signal, refresh }) {
  const asJSON = exportButton("json", "Export JSON", async () => toJSON(info().topic_name, await whole(feed.rows, target, signal)));
  const asCSV = exportButton("csv", "Export CSV", async () => toCSV(await whole(feed.rows, target, signal)));
  const input = h("input", { type: "file", accept: ".json,.csv,application/json,text/csv", hidden: true, "aria-label": "File to import" });
  const importer = h("button", { class: "button", type: "button", dataset: { action: "import" }, onclick: () => input.click() }, "Import");
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    try {
      openImport({ records: readFile(await file.text()), name: file.name, target, info: info(), refresh });
    } catch (error) {
      toast(`${file.name}: ${error.message}`, "bad");
    }
  });

  function exportButton(kind, label, content) {
    const button = h("button", { class: "button", type: "button", dataset: { action: `export-${kind}` } }, label);
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        download(`${info().topic_name}.${kind}`, await content(), kind === "json" ? "application/json" : "text/csv");
      } catch (error) {
        if (!signal.aborted) toast(error.message, "bad");
      }
      button.disabled = false;
    });
    return button;
  }

  return {
    elements: [asJSON, asCSV, importer, input],
    importer,
    update() {
      asJSON.disabled = asCSV.disabled = !feed.rows.length;
    },
  };
}

/** The records with all of their bytes: rows hold only the beginnings of large ones. */
async function whole(rows, target, signal) {
  const found = [...rows];
  for (let index = 0; index < found.length; index += 1) {
    const { partition_id: partition, offset } = found[index];
    if (isCut(found[index])) found[index] = await readRecord(target, partition, offset, 1_048_576, signal);
  }
  return found;
}

function openImport({ records, name, target, info, refresh }) {
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
  element.dataset.written = written;
  element.dataset.failed = failures.length;
  fill(
    element,
    h("p", { class: failures.length ? "notice warn" : "notice good" }, `${count(written)} of ${plural(total, "record")} written${failures.length ? `, ${count(failures.length)} not:` : "."}`),
    failures.length
      ? h("ul", {}, failures.slice(0, mostFailures).map(({ number, reason }) => h("li", {}, `Record ${count(number)}: ${reason}`)))
      : null,
    failures.length > mostFailures ? h("p", {}, `And ${count(failures.length - mostFailures)} more.`) : null,
  );
}
