// Adding a Datagen source, step by step.

import { api, path } from "../../lib/api.js";
import { fill, h, stylesheet } from "../../lib/dom.js";
import { to } from "../../lib/fleet.js";
import { plural } from "../../lib/format.js";
import { selectField, textField } from "../../components/form.js";
import { choice } from "../../components/choice.js";
import { notice, toast } from "../../components/states.js";
import { clusterWatch } from "../../components/cluster-watch.js";
import { Unfit, wizard } from "../../components/wizard.js";
import { keyStep } from "./key-step.js";
import { templates } from "./templates.js";

const plugin = "DatagenSource";
const ownSchema = "OWN";

/** Names of the configuration, and the fields that they come from. */
const fieldNames = {
  name: "name",
  "kafka.api.key": "api_key",
  "kafka.api.secret": "api_secret",
  "kafka.topic": "topic",
  "output.data.format": "format",
  quickstart: "quickstart",
  "schema.string": "schema",
  "schema.keyfield": "keyfield",
  "max.interval": "interval",
  iterations: "iterations",
  "tasks.max": "tasks",
};

export async function datagenWizard(context, base) {
  const { params, signal, navigate } = context;
  const styled = stylesheet(import.meta.url, "./connectors.css");
  const [topics, names] = await Promise.all([
    api.get(path`/twinlog/v1/clusters/${params.cluster}/topics`, { signal }),
    api.get(`${base}/connectors`, { signal }),
  ]);
  const key = keyStep(params.cluster);
  const topic = topicStep(params.cluster, topics.data.filter((item) => !item.is_internal && !item.mirror));
  const config = (typed) => configuration(typed, key.value(typed), topic.name(typed));
  const validate = async (typed, fields) => {
    const answer = await api.put(`${base}${path`/connector-plugins/${plugin}/config/validate`}`, config(typed), { signal });
    const problems = answer.configs.flatMap((item) => item.value.errors.map((text) => [item.value.name, text]));
    const ours = problems.filter(([name]) => !fields || fields.includes(name));
    if (ours.length) throw new Unfit(ours.map(([name, text]) => [fieldNames[name] ?? name, sentence(text)]));
  };
  const review = h("div", { class: "stack" });
  const made = wizard({
    label: "Add a Datagen source",
    cancel: to.cluster(params.env, params.cluster, "connectors"),
    finishLabel: "Launch",
    steps: [
      nameStep(names),
      { name: "key", title: "API key", body: key.element, leave: (typed) => key.leave(typed) },
      { name: "topic", title: "Topic", body: topic.element, leave: async (typed) => { await topic.leave(typed); await validate(typed, ["kafka.topic"]); } },
      recordsStep((typed) => validate(typed, ["quickstart", "schema.string", "schema.keyfield", "output.data.format"])),
      { ...sizingStep(), leave: (typed) => validate(typed, ["max.interval", "iterations", "tasks.max"]) },
      { name: "review", title: "Review and launch", body: review, enter: (typed) => fill(review, overview(config(typed), topic.remark(typed))) },
    ],
    finish: async (typed) => {
      await validate(typed);
      await topic.make(typed);
      const launched = await api.post(`${base}/connectors`, { name: typed.name.trim(), config: config(typed) }, { signal });
      toast(`${launched.name} is launched.`);
      navigate(to.connector(params.env, params.cluster, launched.name));
    },
  });
  await Promise.all([styled, made.styled]);
  return h("div", { class: "page", dataset: { wizard: plugin } }, h("div", { class: "page-head" }, h("h1", {}, "Add Datagen Source connector")), clusterWatch(context), made.element);
}

/** As a sentence; a path of a schema keeps its case. */
const sentence = (text) => text.replace(/^[a-z](?=[a-z]*\s)/, (first) => first.toUpperCase()) + (/[.!?]$/.test(text) ? "" : ".");

function configuration(typed, key, topic) {
  const entries = {
    "connector.class": plugin,
    name: typed.name.trim(),
    "kafka.auth.mode": "KAFKA_API_KEY",
    "kafka.api.key": key.id,
    "kafka.api.secret": key.secret,
    "kafka.topic": topic,
    "output.data.format": typed.format,
    "max.interval": typed.interval.trim(),
    iterations: typed.iterations.trim(),
    "tasks.max": typed.tasks.trim(),
  };
  if (typed.quickstart === ownSchema) {
    entries["schema.string"] = typed.schema;
    entries["schema.keyfield"] = typed.keyfield.trim();
  } else {
    entries.quickstart = typed.quickstart;
  }
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== "" && value !== undefined));
}

function nameStep(names) {
  let number = 0;
  while (names.includes(`DatagenSourceConnector_${number}`)) number += 1;
  const field = textField({ name: "name", label: "Connector name", required: true, value: `DatagenSourceConnector_${number}` });
  return {
    name: "name",
    title: "Name",
    body: field,
    leave: ({ name }) => {
      if (names.includes(name.trim())) throw new Unfit([["name", "There is a connector of that name already."]]);
    },
  };
}

function topicStep(cluster, topics) {
  const hasTopics = topics.length > 0;
  let made = null;
  const existing = h(
    "div",
    { class: "stack" },
    selectField({ name: "topic", label: "Topic", options: topics.map((topic) => [topic.topic_name, `${topic.topic_name} (${plural(topic.partitions_count, "partition")})`]) }),
  );
  const fresh = h(
    "div",
    { class: "stack" },
    textField({ name: "new_topic", label: "Topic name", hint: "Letters, digits, dots, dashes and underscores." }),
    textField({ name: "partitions", label: "Partitions", type: "number", value: "6", min: 1, max: 10_000 }),
  );
  const turn = (mode) => {
    existing.hidden = mode !== "existing";
    fresh.hidden = mode === "existing";
    fresh.querySelectorAll("input").forEach((input) => (input.required = mode !== "existing"));
  };
  turn(hasTopics ? "existing" : "new");
  const mode = choice({
    name: "topic_mode",
    label: "Where should the records go?",
    value: hasTopics ? "existing" : "new",
    options: [["existing", "An existing topic", { disabled: !hasTopics }], ["new", "A new topic"]],
    onchange: turn,
  });
  const name = (typed) => (typed.topic_mode === "existing" ? typed.topic : typed.new_topic.trim());
  const ask = (typed, isDry) =>
    api.post(path`/kafka/v3/clusters/${cluster}/topics`, { topic_name: name(typed), partitions_count: Number(typed.partitions), validate_only: isDry });
  const isNew = (typed) => typed.topic_mode === "new" && made !== name(typed);
  return {
    element: h("div", { class: "stack" }, mode, existing, fresh),
    name,
    remark: (typed) => (isNew(typed) ? `is created with ${plural(Number(typed.partitions), "partition")}` : ""),
    async leave(typed) {
      if (isNew(typed)) await ask(typed, true).catch((error) => { throw new Unfit([["new_topic", error.message]]); });
    },
    async make(typed) {
      if (!isNew(typed)) return;
      await ask(typed, false);
      made = name(typed);
    },
  };
}

function recordsStep(leave) {
  const schema = h(
    "div",
    { class: "stack", hidden: true },
    textField({ name: "schema", label: "Avro schema", multiline: true, rows: 8, hint: "A record; arg.properties say what its fields are made of." }),
    textField({ name: "keyfield", label: "Field that becomes the key", hint: "Without one, records have no key." }),
  );
  const registry = { hint: "needs a schema registry", disabled: true };
  const body = h(
    "div",
    { class: "stack" },
    choice({
      name: "format",
      label: "Output record value format",
      value: "JSON",
      options: [["JSON", "JSON"], ["AVRO", "AVRO", registry], ["JSON_SR", "JSON_SR", registry], ["PROTOBUF", "PROTOBUF", registry]],
    }),
    choice({
      name: "quickstart",
      label: "Template",
      kind: "cards",
      value: "TRANSACTIONS",
      options: [...templates.map(([value, hint]) => [value, value, { hint }]), [ownSchema, "Own schema", { hint: "Described in Avro" }]],
      onchange: (value) => {
        schema.hidden = value !== ownSchema;
        schema.querySelector("textarea").required = value === ownSchema;
      },
    }),
    schema,
  );
  return { name: "records", title: "Format and template", body, leave };
}

function sizingStep() {
  return {
    name: "sizing",
    title: "Tasks",
    body: h(
      "div",
      { class: "stack" },
      textField({ name: "tasks", label: "Tasks", type: "number", value: "1", min: 1, max: 64, required: true, hint: "Each task writes records of its own, all into the topic." }),
      textField({ name: "interval", label: "Max interval between messages (ms)", type: "number", value: "1000", min: 0, required: true, hint: "A task waits a random time up to this before each record." }),
      textField({ name: "iterations", label: "Messages per task", type: "number", min: 1, hint: "Empty: without end. A task that is done stands as failed, and says so." }),
    ),
  };
}

function overview(config, remark) {
  const shown = Object.entries(config).map(([name, value]) => [
    h("dt", { class: "mono" }, name),
    h("dd", {}, name === "kafka.api.secret" ? "••••••••" : value, name === "kafka.topic" && remark ? h("span", { class: "soft" }, ` ${remark}`) : null),
  ]);
  return [notice("good", "The configuration is valid."), h("dl", { class: "facts", dataset: { review: "" } }, shown)];
}
