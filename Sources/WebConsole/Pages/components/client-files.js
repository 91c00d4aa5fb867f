// Configuration files of Kafka clients, each as its client takes it.

/** What stands where a key has to be filled in. */
export const placeholders = { key: "{{ CLUSTER_API_KEY }}", secret: "{{ CLUSTER_API_SECRET }}" };

/**
 * Clients by name: what they are called, their file, and `write(facts)`, which makes its text. Facts:
 * `{bootstrap, protocol, key, secret, caFile, caPEM, caAddress}`; `caFile` is null when no file on the client's machine
 * holds the certificate to trust.
 */
export const clients = [
  { id: "java", title: "Java", file: "java.config", write: java },
  { id: "librdkafka", title: "librdkafka", file: "librdkafka.config", write: librdkafka },
  { id: "python", title: "Python", file: "client_config.py", write: python },
  { id: "go", title: "Go", file: "client_config.go", write: go },
  { id: "dotnet", title: ".NET", file: "ClientConfiguration.cs", write: dotnet },
  { id: "kcat", title: "kcat", file: "kcat.conf", write: kcat },
];

const hasLogin = ({ protocol }) => protocol.startsWith("SASL");
const hasTLS = ({ protocol }) => protocol.endsWith("SSL");

const jaas = (text) => text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
const property = (text) => text.replaceAll("\\", "\\\\");
const quoted = (text) => JSON.stringify(text);

/** PEM in one line: white space is white space to those who read it. */
const inOneLine = (pem) => pem.trim().replaceAll("\n", " ");

function java(facts) {
  const lines = [
    "# Kafka clients in Java, and cluster links",
    `bootstrap.servers=${facts.bootstrap}`,
    `security.protocol=${facts.protocol}`,
  ];
  if (hasLogin(facts)) {
    const login = "org.apache.kafka.common.security.plain.PlainLoginModule required ";
    const pair = `username='${jaas(facts.key)}' password='${jaas(facts.secret)}';`;
    lines.push("sasl.mechanism=PLAIN", `sasl.jaas.config=${property(login + pair)}`);
  }
  if (hasTLS(facts)) {
    lines.push("# The certificate authority of this server", "ssl.truststore.type=PEM");
    lines.push(
      facts.caFile
        ? `ssl.truststore.location=${property(facts.caFile)}`
        : `ssl.truststore.certificates=${inOneLine(facts.caPEM)}`,
    );
  }
  lines.push("client.dns.lookup=use_all_dns_ips", "session.timeout.ms=45000", "acks=all");
  return `${lines.join("\n")}\n`;
}

/** The configs of librdkafka, which most other clients are made of. */
function configs(facts, { inline }) {
  const found = [
    ["bootstrap.servers", facts.bootstrap],
    ["security.protocol", facts.protocol],
  ];
  if (hasLogin(facts)) {
    found.push(["sasl.mechanisms", "PLAIN"], ["sasl.username", facts.key], ["sasl.password", facts.secret]);
  }
  if (hasTLS(facts)) {
    if (facts.caFile || !inline) found.push(["ssl.ca.location", facts.caFile ?? "twinlog-ca.pem"]);
    else found.push(["ssl.ca.pem", facts.caPEM]);
  }
  found.push(["session.timeout.ms", "45000"]);
  return found;
}

/** Files of lines cannot hold a certificate: how to get it into a file. */
function fetching(facts) {
  return hasTLS(facts) && !facts.caFile ? [`# The certificate to trust: curl -so twinlog-ca.pem ${facts.caAddress}`] : [];
}

function properties(facts, comment) {
  const lines = configs(facts, { inline: false }).map(([name, value]) => `${name}=${value}`);
  return `${[comment, ...fetching(facts), ...lines].join("\n")}\n`;
}

function librdkafka(facts) {
  return properties(facts, "# librdkafka: confluent-kafka, rdkafka, and others");
}

function kcat(facts) {
  return properties(facts, "# kcat -F kcat.conf -L");
}

function python(facts) {
  const lines = configs(facts, { inline: true }).map(([name, value]) => {
    if (name === "ssl.ca.pem") return `    "${name}": """${value.trim()}\n""",`;
    return `    "${name}": ${/^\d+$/.test(value) ? value : quoted(value)},`;
  });
  return `# pip install confluent-kafka
# from confluent_kafka import Producer, Consumer
# Producer(config), Consumer({**config, "group.id": "my-group"})
config = {
${lines.join("\n")}
}
`;
}

function go(facts) {
  const lines = configs(facts, { inline: true }).map(([name, value]) => {
    if (name === "ssl.ca.pem") return `\t"${name}": \`${value.trim()}\n\`,`;
    return `\t"${name}": ${/^\d+$/.test(value) ? value : quoted(value)},`;
  });
  return `package main

import "github.com/confluentinc/confluent-kafka-go/v2/kafka"

// kafka.NewProducer(&clientConfig); a consumer needs "group.id" too.
var clientConfig = kafka.ConfigMap{
${lines.join("\n")}
}
`;
}

const enumNames = { PLAINTEXT: "Plaintext", SSL: "Ssl", SASL_PLAINTEXT: "SaslPlaintext", SASL_SSL: "SaslSsl" };

function dotnet(facts) {
  const lines = [
    `BootstrapServers = ${quoted(facts.bootstrap)}`,
    `SecurityProtocol = SecurityProtocol.${enumNames[facts.protocol] ?? facts.protocol}`,
  ];
  if (hasLogin(facts)) {
    lines.push("SaslMechanism = SaslMechanism.Plain");
    lines.push(`SaslUsername = ${quoted(facts.key)}`, `SaslPassword = ${quoted(facts.secret)}`);
  }
  if (hasTLS(facts)) {
    lines.push(facts.caFile ? `SslCaLocation = ${quoted(facts.caFile)}` : `SslCaPem = ${quoted(facts.caPEM)}`);
  }
  return `// dotnet add package Confluent.Kafka
using Confluent.Kafka;

// new ProducerBuilder<string, string>(ClientConfiguration.Value).Build()
static class ClientConfiguration
{
    public static readonly ClientConfig Value = new ClientConfig
    {
${lines.map((line) => `        ${line},`).join("\n")}
    };
}
`;
}
