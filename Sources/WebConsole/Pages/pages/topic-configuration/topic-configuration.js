// A topic's configuration: what holds, where it comes from, and changes to it.

import { api, path } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { words } from "../../lib/format.js";
import { debounce } from "../../lib/dom.js";
import { badge } from "../../components/badge.js";
import { openDialog } from "../../components/dialog.js";
import { checkField, textField } from "../../components/form.js";
import { toast } from "../../components/states.js";
import { table } from "../../components/table.js";
import { topicHead } from "../../components/topic-head.js";

export default async function page(context) {
  const { params, signal } = context;
  const configs = path`/kafka/v3/clusters/${params.cluster}/topics/${params.topic}/configs`;
  const [topic, read] = await Promise.all([
    api.get(path`/twinlog/v1/clusters/${params.cluster}/topics/${params.topic}`, { signal }),
    api.all(configs, { signal }),
  ]);
  let entries = read;
  const filter = h("input", { class: "input search", type: "search", placeholder: "Filter by key", "aria-label": "Filter settings by key" });
  const onlySet = checkField({ name: "set", label: "Only what is set here", onchange: show });
  const again = async () => {
    entries = await api.all(configs, { signal });
    show();
  };
  const list = table("Settings", columns(configs, again), { none: "No setting fits." });

  function show() {
    const text = filter.value.trim().toLowerCase();
    const isOnlySet = onlySet.querySelector("input").checked;
    list.show(entries.filter((entry) => entry.name.includes(text) && (!isOnlySet || !entry.is_default)));
  }

  show();
  filter.addEventListener("input", debounce(show, 100));
  return h("div", { class: "page" }, topicHead(context, topic), h("div", { class: "row" }, filter, onlySet), list.element);
}

function columns(configs, again) {
  return [
    { title: "Key", sort: (entry) => entry.name, cell: (entry) => h("span", { class: "mono", dataset: { config: entry.name } }, entry.name) },
    { title: "Value", cell: (entry) => h("span", { class: "mono" }, entry.is_sensitive ? "(not shown)" : (entry.value ?? "")) },
    {
      title: "Source",
      sort: (entry) => entry.source,
      cell: (entry) => (entry.is_default ? h("span", { class: "soft" }, words(entry.source)) : badge("Set here", "accent")),
    },
    {
      title: "Otherwise",
      cell: (entry) => {
        const other = (entry.synonyms ?? []).find((item) => item.source !== entry.source);
        return h("span", { class: "soft mono" }, other ? `${other.value} (${words(other.source)})` : "");
      },
    },
    {
      title: "",
      cell: (entry) =>
        entry.is_read_only
          ? h("span", { class: "soft" }, "Read only")
          : h(
              "button",
              { class: "button small", type: "button", "aria-label": `Edit ${entry.name}`, "data-focus": entry.name, onclick: () => edit(configs, entry, again) },
              "Edit",
            ),
    },
  ];
}

function edit(configs, entry, again) {
  const target = `${configs}/${encodeURIComponent(entry.name)}`;
  const reset = h("button", { class: "button", type: "button" }, "Back to default");
  const dialog = openDialog(
    {
      title: entry.name,
      label: "Save",
      extra: entry.is_default ? null : reset,
      submit: async ({ value }) => {
        await api.put(target, { value });
        toast(`${entry.name} is ${value}.`);
        await again();
      },
    },
    textField({ name: "value", label: "Value", value: entry.value ?? "" }),
  );
  reset.addEventListener("click", async () => {
    try {
      await api.delete(target);
      toast(`${entry.name} is back to its default.`);
      dialog.close();
      await again();
    } catch (error) {
      toast(error.message, "bad");
    }
  });
}
