// Making a cluster link, step by step; the server checks it before it is made.

import { api, path, query } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { cluster as readCluster, to } from "../../lib/fleet.js";
import { parseProperties } from "../../lib/properties.js";
import { checkField, selectField, textField } from "../../components/form.js";
import { choice } from "../../components/choice.js";
import { empty, notice, toast } from "../../components/states.js";
import { clusterWatch } from "../../components/cluster-watch.js";
import { Unfit, wizard } from "../../components/wizard.js";
import { credentialsStep } from "./credentials.js";

export async function createLink({ params, signal, navigate }) {
  const { env, cluster } = params;
  const home = to.cluster(env, cluster, "cluster-links");
  const about = await readCluster(env, cluster, signal);
  if (about.type !== "Dedicated") {
    return empty("Links are made in their destination", `The destination has to be a dedicated cluster, and ${about.name} is ${about.type.toLowerCase()}.`, h("a", { class: "button", href: home }, "Back"));
  }
  const all = (await api.get("/twinlog/v1/clusters", { signal })).data.filter((item) => item.cluster_id !== cluster);
  const source = sourceStep(all);
  const credentials = credentialsStep();
  const wish = (typed) => linkWish(typed, source.chosen(typed), credentials);
  const send = (typed, options) => {
    const { sourceID, configs } = wish(typed);
    const body = { configs: Object.entries(configs).map(([name, value]) => ({ name, value })) };
    if (sourceID) body.source_cluster_id = sourceID;
    const target = path`/kafka/v3/clusters/${cluster}/links` + query({ link_name: typed.name.trim(), ...options });
    return api.post(target, body, { signal });
  };
  const check = (typed) => send(typed, { validate_only: true, validate_link: !typed.unchecked });
  const review = h("div", { class: "stack" });
  const made = wizard({
    label: "Create a cluster link",
    cancel: home,
    finishLabel: "Create cluster link",
    steps: [
      { name: "source", title: "Name and source", body: source.element, leave: (typed) => source.leave(typed) },
      {
        name: "credentials",
        title: "Credentials",
        body: [credentials.element, checkField({ name: "unchecked", label: "Create the link even if the source does not answer now" })],
        enter: (typed) => credentials.enter(source.chosen(typed)),
        leave: (typed) => check({ ...typed, more: "", prefix: "" }),
      },
      { name: "settings", title: "Settings", body: settings(), leave: check },
      { name: "review", title: "Review", body: review, enter: (typed) => fill(review, overview(typed, wish(typed), source.chosen(typed))) },
    ],
    finish: async (typed) => {
      const name = typed.name.trim();
      await send(typed, { validate_link: !typed.unchecked });
      toast(`Cluster link ${name} is created.`);
      navigate(to.link(env, cluster, name));
    },
  });
  await made.styled;
  return h("div", { class: "page", dataset: { wizard: "link" } }, h("div", { class: "page-head" }, h("h1", {}, "Create cluster link")), clusterWatch({ params, signal }), made.element);
}

/** The name, and the cluster that the link reads from. */
function sourceStep(all) {
  const here = h(
    "div",
    { class: "stack" },
    selectField({ name: "source", label: "Source cluster", options: all.map((item) => [item.cluster_id, `${item.name} (${item.cluster_id})`]) }),
  );
  const elsewhere = h(
    "div",
    { class: "stack" },
    textField({ name: "bootstrap", label: "Bootstrap servers", placeholder: "host:9092", hint: "Addresses of its brokers, with commas between them." }),
    textField({ name: "source_id", label: "Source cluster ID (optional)", hint: "When it is given, the link refuses a source that is another cluster." }),
  );
  const turn = (mode) => {
    here.hidden = mode !== "here";
    elsewhere.hidden = mode === "here";
    elsewhere.querySelector("input").required = mode !== "here";
  };
  const first = all.length ? "here" : "elsewhere";
  turn(first);
  return {
    element: h(
      "div",
      { class: "stack" },
      textField({ name: "name", label: "Cluster link name", required: true, hint: "Letters, digits, dots, dashes and underscores." }),
      choice({
        name: "source_mode",
        label: "Where is the source?",
        value: first,
        options: [["here", "A cluster of this server", { disabled: !all.length }], ["elsewhere", "Another cluster"]],
        onchange: turn,
      }),
      here,
      elsewhere,
    ),
    /** `{id, name, bootstrap: {PLAINTEXT: …}}`, or `{id, address}` of a cluster elsewhere. */
    chosen(typed) {
      if (typed.source_mode !== "here") return { id: typed.source_id.trim() || null, address: typed.bootstrap.trim() };
      const found = all.find((item) => item.cluster_id === typed.source);
      return { id: found.cluster_id, name: found.name, bootstrap: found.bootstrap };
    },
    leave({ name }) {
      if (!/^[A-Za-z0-9._-]{1,249}$/.test(name.trim())) throw new Unfit([["name", "A link's name has letters, digits, dots, dashes and underscores, and 249 of them at most."]]);
    },
  };
}

function settings() {
  return h(
    "div",
    { class: "stack" },
    selectField({
      name: "start",
      label: "New mirrors begin",
      options: [["", "At the first record that the source keeps"], ["latest", "At the source's end: only what comes from now on"]],
    }),
    textField({ name: "prefix", label: "Prefix of mirror topics (optional)", hint: "Put before each topic's name; fixed once the link exists." }),
    textField({
      name: "more",
      label: "More link configs (optional)",
      multiline: true,
      rows: 5,
      placeholder: "availability.check.ms=60000",
      hint: "One name=value a line; the server says when it does not take one.",
    }),
  );
}

/** What is asked for: `{sourceID, configs}`. */
function linkWish(typed, source, credentials) {
  const configs = credentials.configs(typed, source);
  if (typed.start) configs["mirror.start.offset.spec"] = typed.start;
  if (typed.prefix.trim()) configs["cluster.link.prefix"] = typed.prefix.trim();
  try {
    Object.assign(configs, parseProperties(typed.more));
  } catch (problem) {
    throw new Unfit([["more", problem.message]]);
  }
  return { sourceID: source.id, configs };
}

const secret = /password|secret|jaas|\.key$/;

function overview(typed, { configs }, source) {
  const rows = Object.entries(configs).sort(([a], [b]) => a.localeCompare(b));
  return [
    typed.unchecked ? notice("warn", "The source was not asked.") : notice("good", "The source answers, and takes these credentials."),
    h(
      "dl",
      { class: "facts", dataset: { review: "" } },
      h("dt", {}, "Name"),
      h("dd", {}, typed.name.trim()),
      h("dt", {}, "Source cluster"),
      h("dd", {}, source.name ? `${source.name} (${source.id})` : (source.id ?? source.address)),
      rows.map(([name, value]) => [h("dt", { class: "mono" }, name), h("dd", {}, secret.test(name) ? "••••••••" : value)]),
    ),
  ];
}
