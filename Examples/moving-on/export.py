#!/usr/bin/env python3
"""Prints a cluster's definitions as `confluent` commands or as Terraform for Confluent's provider.

Topics with the configs set on them, committed offsets, links with their configs, mirror topics. Needs nothing but Python
and a running `twinlog serve`. Secrets are never printed: a variable stands where one is needed.

    export.py --cluster lkc-dest --as commands
    export.py --cluster lkc-dest --as terraform > twinlog.tf
"""

import argparse
import json
import os
import re
import shlex
import sys
import urllib.error
import urllib.parse
import urllib.request


class Cluster:
    def __init__(self, url, cluster):
        self.base = f"{url}/kafka/v3/clusters/{urllib.parse.quote(cluster, safe='')}"

    def list(self, *path, **query):
        """`data` of all pages."""
        path = "".join("/" + urllib.parse.quote(part, safe="-") for part in path)
        url = self.base + path + ("?" + urllib.parse.urlencode(query) if query else "")
        rows = []
        while url:
            request = urllib.request.Request(url)
            if os.environ.get("TWINLOG_TOKEN"):
                request.add_header("Authorization", "Bearer " + os.environ["TWINLOG_TOKEN"])
            with urllib.request.urlopen(request, timeout=30) as answer:
                page = json.load(answer)
            rows += page["data"]
            url = (page.get("metadata") or {}).get("next")
        return rows

    def read(self):
        mirrors = self.list("links", "-", "mirrors")
        mirrored = {mirror["mirror_topic_name"] for mirror in mirrors if mirror["mirror_status"] != "STOPPED"}
        topics = []
        for topic in self.list("topics"):
            name = topic["topic_name"]
            if topic["is_internal"] or name in mirrored:
                continue
            configs = {row["name"]: row["value"] for row in self.list("topics", name, "configs")
                       if row["source"] == "DYNAMIC_TOPIC_CONFIG" and not row["is_sensitive"]}
            topics.append({"name": name, "partitions": topic["partitions_count"], "configs": configs})
        links = []
        for link in self.list("links"):
            name = link["link_name"]
            configs = {row["name"]: row["value"] for row in self.list("links", name, "configs")
                       if row["source"] == "DYNAMIC_CLUSTER_LINK_CONFIG" and not row["is_sensitive"]}
            links.append({"name": name, "configs": configs})
        groups = []
        for group in self.list("consumer-groups"):
            name = group["consumer_group_id"]
            offsets = [(row["topic_name"], row["partition_id"], row["current_offset"])
                       for row in self.list("consumer-groups", name, "lags")]
            groups.append({"name": name, "offsets": sorted(offsets)})
        return {"topics": topics, "links": links, "mirrors": mirrors, "groups": groups}


def pairs(configs):
    return ",".join(f"{name}={value}" for name, value in sorted(configs.items()))


def commands(found):
    yield "# KAFKA_CLUSTER is the new cluster's ID; for links also SOURCE_CLUSTER, SOURCE_BOOTSTRAP, SOURCE_KEY, SOURCE_SECRET"
    for topic in found["topics"]:
        configs = f" --config {shlex.quote(pairs(topic['configs']))}" if topic["configs"] else ""
        yield (f"confluent kafka topic create {shlex.quote(topic['name'])} --partitions {topic['partitions']}{configs}"
               ' --cluster "$KAFKA_CLUSTER"')
    for link in found["links"]:
        configs = {name: value for name, value in link["configs"].items()
                   if name.split(".")[0] not in ("sasl", "security", "ssl") and name != "bootstrap.servers"}
        yield (f"confluent kafka link create {shlex.quote(link['name'])}"
               ' --source-cluster "$SOURCE_CLUSTER" --source-bootstrap-server "$SOURCE_BOOTSTRAP"'
               ' --source-api-key "$SOURCE_KEY" --source-api-secret "$SOURCE_SECRET"'
               + (f" --config {shlex.quote(pairs(configs))}" if configs else "") + ' --cluster "$KAFKA_CLUSTER"')
    for mirror in found["mirrors"]:
        source = mirror["source_topic_name"]
        other = f" --source-topic {shlex.quote(source)}" if source != mirror["mirror_topic_name"] else ""
        yield (f"confluent kafka mirror create {shlex.quote(mirror['mirror_topic_name'])}"
               f" --link {shlex.quote(mirror['link_name'])}{other}" ' --cluster "$KAFKA_CLUSTER"')
    if any(group["offsets"] for group in found["groups"]):
        yield "# committed offsets: only where the topics hold the same records at the same offsets"
    for group in found["groups"]:
        for topic, partition, offset in group["offsets"]:
            yield ('kafka-consumer-groups --bootstrap-server "$BOOTSTRAP" --command-config client.config'
                   f" --group {shlex.quote(group['name'])} --topic {shlex.quote(f'{topic}:{partition}')}"
                   f" --reset-offsets --to-offset {offset} --execute")


def text(value):
    """A string of Terraform's language."""
    return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def label(*names):
    name = re.sub(r"[^A-Za-z0-9_-]", "_", "_".join(names))
    return name if name[:1].isalpha() or name[:1] == "_" else "_" + name


def block(configs):
    lines = [f"    {text(name)} = {text(value)}" for name, value in sorted(configs.items())]
    return ["  config = {", *lines, "  }"] if lines else []


CLUSTER_FIELDS = ["  kafka_cluster {", "    id = var.kafka_cluster_id", "  }", "  rest_endpoint = var.rest_endpoint",
                  "  credentials {", "    key    = var.kafka_api_key", "    secret = var.kafka_api_secret", "  }"]


def terraform(found):
    yield 'terraform {\n  required_providers {\n    confluent = { source = "confluentinc/confluent" }\n  }\n}'
    variables = ["kafka_cluster_id", "rest_endpoint", "kafka_api_key", "kafka_api_secret"]
    if found["links"]:
        variables += ["source_cluster_id", "source_bootstrap_endpoint", "source_api_key", "source_api_secret"]
    for name in variables:
        yield f'variable "{name}" {{\n  type = string' + ("\n  sensitive = true" if "secret" in name else "") + "\n}"
    for topic in found["topics"]:
        yield "\n".join([f'resource "confluent_kafka_topic" "{label(topic["name"])}" {{', *CLUSTER_FIELDS,
                         f"  topic_name       = {text(topic['name'])}",
                         f"  partitions_count = {topic['partitions']}", *block(topic["configs"]), "}"])
    for link in found["links"]:
        configs = {name: value for name, value in link["configs"].items()
                   if name.split(".")[0] not in ("sasl", "security", "ssl") and name != "bootstrap.servers"}
        yield "\n".join([
            f'resource "confluent_cluster_link" "{label(link["name"])}" {{', f"  link_name = {text(link['name'])}",
            "  source_kafka_cluster {", "    id                 = var.source_cluster_id",
            "    bootstrap_endpoint = var.source_bootstrap_endpoint", "    credentials {",
            "      key    = var.source_api_key", "      secret = var.source_api_secret", "    }", "  }",
            "  destination_kafka_cluster {", "    id            = var.kafka_cluster_id",
            "    rest_endpoint = var.rest_endpoint", "    credentials {", "      key    = var.kafka_api_key",
            "      secret = var.kafka_api_secret", "    }", "  }", *block(configs), "}"])
    for mirror in found["mirrors"]:
        yield "\n".join([
            f'resource "confluent_kafka_mirror_topic" "{label(mirror["link_name"], mirror["mirror_topic_name"])}" {{',
            "  source_kafka_topic {", f"    topic_name = {text(mirror['source_topic_name'])}", "  }",
            f"  mirror_topic_name = {text(mirror['mirror_topic_name'])}", "  cluster_link {",
            f"    link_name = confluent_cluster_link.{label(mirror['link_name'])}.link_name", "  }", *CLUSTER_FIELDS,
            "}"])
    for group in found["groups"]:
        for topic, partition, offset in group["offsets"]:
            yield f"# group {group['name']} has read {topic}-{partition} up to offset {offset}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cluster", required=True, help="Kafka cluster ID")
    parser.add_argument("--as", dest="form", choices=["commands", "terraform"], default="commands")
    parser.add_argument("--url", default=os.environ.get("TWINLOG_URL", "http://127.0.0.1:8090"))
    arguments = parser.parse_args()
    try:
        found = Cluster(arguments.url.rstrip("/"), arguments.cluster).read()
    except urllib.error.HTTPError as error:
        sys.exit(f"Error: {json.load(error).get('message', error)}")
    except OSError as error:
        sys.exit(f"Error: cannot reach twinlog at {arguments.url}: {getattr(error, 'reason', error)}")
    separator = "\n\n" if arguments.form == "terraform" else "\n"
    print(separator.join((terraform if arguments.form == "terraform" else commands)(found)))


if __name__ == "__main__":
    main()
