// How a link logs in to its source.

import { h } from "../../lib/dom.js";
import { parseProperties, plainLogin } from "../../lib/properties.js";
import { choice } from "../../components/choice.js";
import { selectField, textField } from "../../components/form.js";
import { keyMaker } from "../../components/key-maker.js";
import { Unfit } from "../../components/wizard.js";

/** `{element, enter(source), configs(typed, source)}`. */
export function credentialsStep() {
  let source = { id: "" };
  const maker = keyMaker(() => source.id, { description: "for a cluster link" });
  const panels = { generate: maker.element, key: keyPanel(), file: filePanel(), none: h("p", { class: "soft" }, "The link connects without a log-in, over the source's PLAINTEXT listener.") };
  let mode = null;
  const turn = (value) => {
    mode = value;
    for (const [name, panel] of Object.entries(panels)) panel.hidden = name !== value;
    panels.key.querySelectorAll("[name=source_key], [name=source_secret]").forEach((input) => (input.required = value === "key"));
    panels.file.querySelector("textarea").required = value === "file";
  };
  const modes = choice({
    name: "login",
    label: "How does the link log in to the source?",
    value: "generate",
    options: [["generate", "Generate an API key"], ["key", "Use an existing API key"], ["file", "Paste a client's configuration"], ["none", "No log-in"]],
    onchange: turn,
  });
  turn("generate");
  return {
    element: h("div", { class: "stack" }, modes, Object.values(panels)),
    enter(chosen) {
      const isHere = Boolean(chosen.bootstrap);
      source = chosen;
      maker.show();
      panels.key.querySelector("[data-elsewhere]").hidden = isHere;
      const generate = modes.querySelector("[value=generate]");
      generate.disabled = !isHere;
      generate.closest("label").hidden = !isHere;
      if (!isHere && mode === "generate") {
        modes.querySelector("[value=key]").checked = true;
        turn("key");
      }
    },
    configs: (typed, chosen) => configsOf(typed, chosen, maker),
  };
}

function keyPanel() {
  return h(
    "div",
    { class: "stack" },
    textField({ name: "source_key", label: "API key of the source cluster" }),
    textField({ name: "source_secret", label: "API secret", type: "password", autocomplete: "new-password" }),
    h(
      "div",
      { class: "stack", dataset: { elsewhere: "" } },
      selectField({ name: "protocol", label: "Security protocol", options: ["SASL_SSL", "SASL_PLAINTEXT"] }),
      textField({
        name: "certificate",
        label: "Certificate authority, PEM (optional)",
        multiline: true,
        rows: 4,
        placeholder: "-----BEGIN CERTIFICATE-----",
        hint: "For a source whose certificate is signed by none that this server trusts. A Twinlog serves its own at /twinlog/v1/ca.",
      }),
    ),
  );
}

function filePanel() {
  const text = textField({
    name: "file",
    label: "Client configuration",
    multiline: true,
    rows: 10,
    placeholder: "bootstrap.servers=…\nsecurity.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=…",
    hint: "As “Configure a client” of the source cluster shows it for Java; what is not for links is left out.",
  });
  const chooser = h("input", { type: "file", class: "visually-hidden", "aria-label": "Configuration file", tabindex: "-1" });
  chooser.addEventListener("change", async () => {
    const [file] = chooser.files;
    if (file) text.querySelector("textarea").value = await file.text();
    chooser.value = "";
  });
  const button = h("button", { class: "button small", type: "button", onclick: () => chooser.click() }, "Choose a file");
  return h("div", { class: "stack" }, text, h("div", { class: "row" }, button, chooser));
}

function configsOf(typed, source, maker) {
  const address = (listener) => source.address ?? source.bootstrap[listener] ?? "";
  if (typed.login === "none") return { "bootstrap.servers": address("PLAINTEXT") };
  if (typed.login === "file") return fromFile(typed.file, source, address);
  const key = typed.login === "generate" ? maker.key() : { id: typed.source_key.trim(), secret: typed.source_secret.trim() };
  if (!key) throw new Unfit([["key_description", "Generate a key first, or log in another way."]]);
  const protocol = source.address ? typed.protocol : "SASL_SSL";
  const configs = {
    "bootstrap.servers": address(protocol),
    "security.protocol": protocol,
    "sasl.mechanism": "PLAIN",
    "sasl.jaas.config": plainLogin(key.id, key.secret),
  };
  if (source.address && protocol === "SASL_SSL" && typed.certificate.trim()) {
    configs["ssl.truststore.type"] = "PEM";
    configs["ssl.truststore.certificates"] = typed.certificate.trim();
  }
  return configs;
}

/** A file goes as it is; its address counts unless another cluster's was typed. */
function fromFile(text, source, address) {
  let configs;
  try {
    configs = parseProperties(text);
  } catch (problem) {
    throw new Unfit([["file", problem.message]]);
  }
  if (/\{\{ CLUSTER_API_(KEY|SECRET) \}\}/.test(text)) {
    throw new Unfit([["file", "Key and secret are still placeholders: create an API key in the source cluster."]]);
  }
  if (source.address) configs["bootstrap.servers"] = source.address;
  configs["bootstrap.servers"] ??= address(configs["security.protocol"] ?? "PLAINTEXT");
  return configs;
}
