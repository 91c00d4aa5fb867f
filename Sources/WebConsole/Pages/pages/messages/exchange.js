// What is shown goes into a file, and a file's records are produced.

import { h } from "../../lib/dom.js";
import { download } from "../../components/copy.js";
import { toast } from "../../components/states.js";
import { isCut, readRecord } from "./detail.js";

/** The buttons. `feed` holds what is shown; `info()` is the topic; `refresh()` reads it again. */
export function exchangeButtons({ feed, target, info, signal, refresh }) {
  const asJSON = exportButton("json", "Export JSON", async ({ toJSON }) => toJSON(info().topic_name, await whole(feed.rows, target, signal)));
  const asCSV = exportButton("csv", "Export CSV", async ({ toCSV }) => toCSV(await whole(feed.rows, target, signal)));
  const input = h("input", { type: "file", accept: ".json,.csv,application/json,text/csv", hidden: true, "aria-label": "File to import" });
  const importer = h("button", { class: "button", type: "button", dataset: { action: "import" }, onclick: () => input.click() }, "Import");
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    try {
      const [{ readFile }, { openImport }] = await Promise.all([import("./file.js"), import("./importer.js")]);
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
        download(`${info().topic_name}.${kind}`, await content(await import("./file.js")), kind === "json" ? "application/json" : "text/csv");
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
