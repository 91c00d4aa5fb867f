// Creating mirror topics: chosen from what the source has, or typed when the source is elsewhere.

import { api, path } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { plural } from "../../lib/format.js";
import { openDialog } from "../../components/dialog.js";
import { textField } from "../../components/form.js";
import { notice, toast } from "../../components/states.js";

/** Topics that are drawn at once; the filter finds the others. */
const shownAtOnce = 300;

/** Opens the dialog. `source` is the source cluster when it is in this server. */
export async function createMirrors({ cluster, link, base, signal }, source, changed) {
  const result = h("div", { class: "stack", role: "status" });
  const chooser = source ? await pickFrom(source, cluster, signal).catch(() => typed()) : typed();
  openDialog(
    {
      title: `Create mirror topics through ${link}`,
      label: "Create",
      wide: true,
      submit: async (values) => {
        const names = chooser.names(values);
        if (!names.length) throw new Error("Choose a topic of the source first.");
        const failures = await make(names, base, (done) => fill(result, `${done} of ${names.length}`), chooser);
        changed();
        fill(result);
        const made = names.length - failures.length;
        if (made) toast(`${plural(made, "mirror topic")} created.`);
        if (!failures.length) return true;
        fill(result, failures.map(({ name, message }) => notice("bad", `${name}: ${message}`)));
        return false;
      },
    },
    h("p", { class: "soft" }, "A mirror has the name, partitions, records and offsets of its source topic; only the link writes to it."),
    chooser.element,
    result,
  );
}

async function make(names, base, progress, chooser) {
  const failures = [];
  for (const [index, name] of names.entries()) {
    progress(index);
    try {
      await api.post(`${base}/mirrors`, { source_topic_name: name });
      chooser.done(name);
    } catch (problem) {
      failures.push({ name, message: problem.message });
    }
  }
  return failures;
}

function typed() {
  const field = textField({ name: "topics", label: "Topics of the source", multiline: true, rows: 5, required: true, hint: "One name a line." });
  const area = field.querySelector("textarea");
  const lines = () => [...new Set(area.value.split("\n").map((line) => line.trim()).filter(Boolean))];
  return {
    element: field,
    names: lines,
    done: (name) => (area.value = lines().filter((line) => line !== name).join("\n")),
  };
}

async function pickFrom(source, cluster, signal) {
  const [theirs, ours] = await Promise.all([
    api.all(path`/kafka/v3/clusters/${source.cluster_id}/topics`, { signal }),
    api.all(path`/kafka/v3/clusters/${cluster}/topics`, { signal }),
  ]);
  const here = new Set(ours.map((topic) => topic.topic_name));
  const isTaken = (topic) => Number(here.has(topic.topic_name));
  const topics = theirs.filter((topic) => !topic.is_internal).sort((a, b) => isTaken(a) - isTaken(b));
  const chosen = new Set();
  const list = h("div", { class: "topic-picks" });
  const summary = h("p", { class: "soft", "aria-live": "polite" });
  const search = h("input", { class: "input search", type: "search", placeholder: "Find a topic", "aria-label": "Find a topic of the source", autofocus: true });
  const draw = () => {
    const found = topics.filter((topic) => topic.topic_name.toLowerCase().includes(search.value.trim().toLowerCase()));
    fill(list, found.slice(0, shownAtOnce).map((topic) => pick(topic, here.has(topic.topic_name), chosen, tell)));
    if (!found.length) fill(list, h("p", { class: "soft" }, topics.length ? "No topic has that in its name." : `${source.name} has no topics.`));
    if (found.length > shownAtOnce) list.append(h("p", { class: "soft" }, `${found.length - shownAtOnce} more: narrow the search.`));
  };
  const tell = () => (summary.textContent = `${plural(chosen.size, "topic")} chosen, of ${topics.length} in ${source.name}.`);
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  draw();
  tell();
  return {
    element: h("fieldset", { class: "choice" }, h("legend", {}, `Topics of ${source.name}`), h("div", { class: "stack" }, search, list, summary)),
    names: () => [...chosen],
    done(name) {
      chosen.delete(name);
      here.add(name);
      draw();
      tell();
    },
  };
}

function pick(topic, isHere, chosen, changed) {
  const { topic_name: name } = topic;
  const box = h("input", { type: "checkbox", value: name, checked: chosen.has(name), disabled: isHere, dataset: { pick: name } });
  box.addEventListener("change", () => {
    if (box.checked) chosen.add(name);
    else chosen.delete(name);
    changed();
  });
  const about = isHere ? "a topic of that name is here already" : plural(topic.partitions_count, "partition");
  return h("label", { class: "check" }, box, h("span", {}, name), h("span", { class: "soft" }, about));
}
