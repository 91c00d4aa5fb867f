// All environments.

import { api } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { clusters, environments, to } from "../../lib/fleet.js";
import { plural } from "../../lib/format.js";
import { onChange } from "../../lib/live.js";
import { reload } from "../../lib/router.js";
import { confirmDelete, openDialog } from "../../components/dialog.js";
import { textField } from "../../components/form.js";
import { toast } from "../../components/states.js";

export default async function page({ signal, navigate }) {
  const found = await environments(signal);
  const counts = await Promise.all(found.map((item) => clusters(item.id, signal).then((all) => all.length)));
  onChange(["environment", "cluster"], null, signal, reload);
  return h(
    "div",
    { class: "page" },
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, "Environments"),
      h("div", { class: "actions" }, h("button", { class: "button primary", type: "button", onclick: () => create(navigate) }, "Add environment")),
    ),
    h("div", { class: "grid" }, found.map((item, index) => card(item, counts[index]))),
  );
}

function card(environment, clusterCount) {
  return h(
    "section",
    { class: "card", "aria-label": environment.display_name },
    h("h2", {}, h("a", { href: to.environment(environment.id) }, environment.display_name)),
    h("p", { class: "soft mono" }, environment.id),
    h("p", {}, plural(clusterCount, "cluster")),
    h(
      "div",
      { class: "row" },
      h("button", { class: "button small danger", type: "button", onclick: () => remove(environment) }, "Delete"),
    ),
  );
}

function create(navigate) {
  openDialog(
    {
      title: "Add environment",
      label: "Create",
      submit: async ({ name }) => {
        const made = await api.post("/org/v2/environments", { display_name: name });
        navigate(to.environment(made.id));
      },
    },
    textField({ name: "name", label: "Environment name", required: true }),
  );
}

function remove(environment) {
  confirmDelete({
    what: "environment",
    name: environment.display_name,
    text: "An environment can be deleted once its clusters are.",
    submit: async () => {
      await api.delete(`/org/v2/environments/${encodeURIComponent(environment.id)}`);
      toast(`${environment.display_name} is deleted.`);
      reload();
    },
  });
}
