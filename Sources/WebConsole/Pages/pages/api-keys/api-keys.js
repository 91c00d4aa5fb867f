// API keys of a cluster.

import { api, path, query } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { to } from "../../lib/fleet.js";
import { time, timeZone } from "../../lib/format.js";
import { keep } from "../../lib/keep.js";
import { deleteKey } from "../../lib/keys.js";
import { createKeyDialog } from "../../components/client-config.js";
import { confirmDelete, openDialog } from "../../components/dialog.js";
import { textField } from "../../components/form.js";
import { empty, toast } from "../../components/states.js";
import { table } from "../../components/table.js";

export default async function page({ params, signal }) {
  const { env, cluster } = params;
  let again = () => {};
  const keys = table("API keys", columns(() => again()), {
    none: "No API key yet: create one for each client, connector and link.",
    key: (row) => row.id,
    attributes: (row) => ({ dataset: { apiKey: row.id } }),
  });
  const create = () => createKeyDialog(cluster, () => again());
  const root = h(
    "div",
    { class: "page" },
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, "API keys"),
      h(
        "div",
        { class: "actions" },
        h("a", { class: "button", href: `${to.cluster(env, cluster, "clients")}#configure-a-client` }, "Configure a client"),
        h("button", { class: "button primary", type: "button", dataset: { createKey: "" }, onclick: create }, "Create key"),
      ),
    ),
    h("p", { class: "soft" }, "A key opens this cluster on its SASL listeners. Secrets are shown once, when a key is created."),
    keys.element,
  );
  again = await keep(
    { signal, kinds: ["api-key", "cluster"], cluster: null, ms: 5_000, root, gone: (error) => empty("This cluster is not there any more", error.message, h("a", { class: "button", href: to.environment(env) }, "All clusters")) },
    async () => {
      // Keys of a cluster that is gone would only be an empty list.
      await api.get(path`/cmk/v2/clusters/${cluster}?environment=${env}`, { signal });
      keys.show(await api.all(`/iam/v2/api-keys${query({ "spec.resource": cluster, page_size: 100 })}`, { signal }));
    },
  );
  return root;
}

const columns = (changed) => [
  { title: "Key", cell: (row) => h("code", {}, row.id), sort: (row) => row.id },
  { title: "Description", cell: (row) => row.spec.description || h("span", { class: "soft" }, "–"), sort: (row) => row.spec.description },
  { title: "Owner", cell: (row) => row.spec.owner.id, sort: (row) => row.spec.owner.id },
  { title: `Created (${timeZone})`, cell: (row) => time(Date.parse(row.metadata.created_at)).slice(0, 19), sort: (row) => row.metadata.created_at },
  {
    title: "Actions",
    cell: (row) =>
      h(
        "div",
        { class: "row" },
        h("button", { class: "button small", type: "button", "aria-label": `Edit ${row.id}`, onclick: () => edit(row, changed) }, "Edit"),
        h("button", { class: "button small danger", type: "button", "aria-label": `Delete ${row.id}`, onclick: () => remove(row, changed) }, "Delete"),
      ),
  },
];

function edit(row, changed) {
  openDialog(
    {
      title: `API key ${row.id}`,
      label: "Save",
      submit: async ({ description }) => {
        await api.patch(path`/iam/v2/api-keys/${row.id}`, { spec: { description } });
        toast("The description is saved.");
        changed();
      },
    },
    textField({ name: "description", label: "Description", value: row.spec.description }),
  );
}

function remove(row, changed) {
  confirmDelete({
    what: "API key",
    name: row.id,
    text: "Clients, connectors and links that log in with it are refused from then on.",
    submit: async () => {
      await deleteKey(row.id);
      toast(`API key ${row.id} is deleted.`);
      changed();
    },
  });
}
