// Configure a client: a file that works as it stands, with the cluster's address and, where it is needed, an API key.

import { api, path } from "../lib/api.js";
import { fill, h, stylesheet } from "../lib/dom.js";
import { createKey, keyFile, madeKey } from "../lib/keys.js";
import { choice } from "./choice.js";
import { clients, placeholders } from "./client-files.js";
import { copyable, copyButton, download } from "./copy.js";
import { openDialog } from "./dialog.js";
import { selectField, textField } from "./form.js";
import { failed, notice, toast } from "./states.js";

// Whoever uses this need not wait for its styles: the module does.
await stylesheet(import.meta.url, "./client-config.css");

const hasLogin = (protocol) => protocol.startsWith("SASL");
const hasTLS = (protocol) => protocol.endsWith("SSL");
const onThisMachine = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

const titles = {
  SASL_SSL: "SASL_SSL: API key, encrypted",
  SASL_PLAINTEXT: "SASL_PLAINTEXT: API key, not encrypted",
  SSL: "SSL: encrypted, no log-in",
  PLAINTEXT: "PLAINTEXT: no log-in, not encrypted",
};

/** The section for a cluster; it fills itself. The context is a page's: `params.cluster` and `signal` are looked at. */
export function clientConfig(context) {
  const body = h("div", { class: "client-config-body" });
  const element = h(
    "section",
    { class: "card client-config", id: "configure-a-client", "aria-label": "Configure a client", dataset: { clientConfig: "" } },
    h("h2", {}, "Configure a client"),
    body,
  );
  const read = async () => {
    try {
      const id = context.params.cluster;
      const [cluster, tls] = await Promise.all([
        api.get(path`/twinlog/v1/clusters/${id}`, { signal: context.signal }),
        api.get("/twinlog/v1/tls", { signal: context.signal }).catch(() => null),
      ]);
      fill(body, sheet(cluster, tls));
    } catch (error) {
      if (!context.signal?.aborted) fill(body, failed(error, read));
    }
  };
  read();
  return element;
}

function sheet(cluster, tls) {
  const id = cluster.cluster_id;
  const listeners = Object.keys(titles).filter((name) => cluster.bootstrap[name] && (tls || !hasTLS(name)));
  const state = { client: clients[0], protocol: listeners[0], key: madeKey(id) };
  const file = h("pre", { class: "code client-file", tabindex: "0", dataset: { clientFile: "" } });
  const keyPlace = h("div", { class: "client-key" });

  const facts = () => ({
    bootstrap: cluster.bootstrap[state.protocol],
    protocol: state.protocol,
    key: state.key?.id ?? placeholders.key,
    secret: state.key?.secret ?? placeholders.secret,
    caFile: onThisMachine ? (tls?.ca_file ?? null) : null,
    caPEM: tls?.ca_pem ?? "",
    caAddress: `${location.origin}/twinlog/v1/ca`,
  });
  const write = () => {
    file.textContent = state.client.write(facts());
    file.setAttribute("aria-label", `${state.client.title}: ${state.client.file}`);
    fill(keyPlace, keyLine(state, cluster, write));
  };
  write();
  return [
    choice({
      name: "client",
      label: "Client",
      value: state.client.id,
      options: clients.map((client) => [client.id, client.title]),
      onchange: (value) => {
        state.client = clients.find((client) => client.id === value);
        write();
      },
    }),
    selectField({
      name: "listener",
      label: "Listener",
      value: state.protocol,
      options: listeners.map((name) => [name, titles[name]]),
      onchange: (event) => {
        state.protocol = event.target.value;
        write();
      },
    }),
    keyPlace,
    file,
    h(
      "div",
      { class: "row" },
      copyButton(() => file.textContent),
      h("button", { class: "button small", type: "button", onclick: () => download(state.client.file, file.textContent) }, "Download"),
      tls && onThisMachine && tls.ca_file
        ? null
        : h("button", { class: "button small", type: "button", onclick: () => download("twinlog-ca.pem", tls?.ca_pem ?? "", "application/x-pem-file") }, "Download certificate"),
    ),
  ];
}

/** The way to a key, and once there is one, what it is. */
function keyLine(state, cluster, written) {
  if (!hasLogin(state.protocol)) return h("p", { class: "soft" }, "This listener asks for no API key.");
  const button = h(
    "button",
    {
      class: `button ${state.key ? "" : "primary"}`,
      type: "button",
      dataset: { createKey: "" },
      onclick: () =>
        createKeyDialog(cluster.cluster_id, (key) => {
          state.key = key;
          written();
        }),
    },
    state.key ? "Create another API key" : "Create Kafka cluster API key",
  );
  if (!state.key) return [button, h("span", { class: "soft" }, "It fills key and secret into the file below.")];
  return [
    h("span", { dataset: { apiKey: state.key.id } }, "API key ", h("code", {}, state.key.id), " is in the file."),
    button,
  ];
}

/** Asks for a description and makes a key; `done(key)` gets it. The dialog then shows it, for the only time. */
export function createKeyDialog(cluster, done, { description = "" } = {}) {
  openDialog(
    {
      title: "Create Kafka cluster API key",
      label: "Create",
      submit: async (typed, close) => {
        const key = await createKey(cluster, typed.description);
        done?.(key);
        close();
        showKey(key, cluster);
        return false;
      },
    },
    textField({ name: "description", label: "Description", value: description, hint: "So that you know later what it is for." }),
  );
}

/** Shows a key and its secret, which is never served again. */
export function showKey(key, cluster) {
  openDialog(
    {
      title: "Your API key",
      label: "Done",
      cancel: false,
      extra: [
        h("button", { class: "button", type: "button", onclick: () => download(`api-key-${key.id}.txt`, keyFile(key, cluster)) }, "Download"),
      ],
      submit: () => toast(`API key ${key.id} is created.`),
    },
    notice("warn", "The secret is shown only now. Save it: it cannot be read again later."),
    keyFacts(key),
  );
}

/** A key and its secret, each with its copy button. */
export function keyFacts(key) {
  return h(
    "div",
    { class: "key-facts" },
    h("h3", {}, "Key"),
    h("div", { dataset: { newKey: "" } }, copyable(key.id, "API key")),
    h("h3", {}, "Secret"),
    h("div", { dataset: { newSecret: "" } }, copyable(key.secret, "API secret")),
  );
}
