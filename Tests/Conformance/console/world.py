"""Something of everything, for pages to show."""

import json

from confluent_kafka import Consumer, Producer, TopicPartition

from support.rest import request
from support.wait import until

ENVIRONMENT = "/environments/env-local/clusters"
HEADERS = [("trace", b"7f3a"), ("origin", "Zürich".encode()), ("empty", None)]


class Api:
    """The HTTP API of a server, which is what pages are compared with."""

    def __init__(self, base: str):
        self.base = base

    def call(self, method: str, path: str, body=None):
        answer = request(method, self.base + path, body)
        assert answer.ok, (method, path, answer)
        return answer.body

    def get(self, path):
        return self.call("GET", path)

    def topics(self, cluster: str) -> dict[str, dict]:
        """Topics at a glance, by name."""
        return {row["topic_name"]: row for row in self.get(f"/twinlog/v1/clusters/{cluster}/topics")["data"]}

    def topic(self, cluster: str, name: str) -> dict:
        return self.get(f"/twinlog/v1/clusters/{cluster}/topics/{name}")

    def records(self, cluster: str, topic: str, query: str = "") -> dict:
        return self.get(f"/twinlog/v1/clusters/{cluster}/topics/{topic}/records?{query}")

    def create_topic(self, cluster: str, name: str, partitions=1, **configs):
        self.call("POST", f"/kafka/v3/clusters/{cluster}/topics", {
            "topic_name": name, "partitions_count": partitions,
            "configs": [{"name": key.replace("_", "."), "value": str(value)} for key, value in configs.items()]})

    def create_key(self, cluster: str) -> tuple[str, str]:
        made = self.call("POST", "/iam/v2/api-keys", {
            "spec": {"display_name": "", "description": "made by a test", "resource": {"id": cluster}}})
        return made["id"], made["spec"]["secret"]

    def create_connector(self, cluster: str, name: str, topic: str, **config):
        key, secret = self.create_key(cluster)
        self.call("POST", f"/connect/v1/environments/env-local/clusters/{cluster}/connectors", {
            "name": name, "config": {
                "connector.class": "DatagenSource", "kafka.auth.mode": "KAFKA_API_KEY", "kafka.topic": topic,
                "kafka.api.key": key, "kafka.api.secret": secret, "output.data.format": "JSON", "tasks.max": "1",
                **{part.replace("_", "."): str(value) for part, value in config.items()}}})

    def mirror(self, cluster: str, link: str, topic: str) -> dict:
        return self.get(f"/kafka/v3/clusters/{cluster}/links/{link}/mirrors/{topic}")


def produce(cluster, topic: str, records, **settings):
    """Writes records, each a dictionary of what librdkafka's producer takes."""
    problems = []
    producer = Producer({"bootstrap.servers": cluster.bootstrap, "message.max.bytes": 4_000_000, **settings})
    for record in records:
        producer.produce(topic, on_delivery=lambda error, _: error and problems.append(str(error)), **record)
        producer.poll(0)
    assert producer.flush(60) == 0 and not problems, problems


def read_at(cluster, topic: str, partition: int, offset: int):
    """The record at an offset, as librdkafka reads it."""
    consumer = Consumer({"bootstrap.servers": cluster.bootstrap, "group.id": "nobody", "enable.auto.commit": False})
    try:
        consumer.assign([TopicPartition(topic, partition, offset)])
        return until(lambda: consumer.poll(1.0), f"{topic}-{partition} at {offset}")
    finally:
        consumer.close()


def last_offset(cluster, topic: str, partition: int) -> int:
    consumer = Consumer({"bootstrap.servers": cluster.bootstrap, "group.id": "nobody"})
    try:
        return consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=30)[1] - 1
    finally:
        consumer.close()


def commit(cluster, group: str, topic: str, offsets: dict[int, int]):
    consumer = Consumer({"bootstrap.servers": cluster.bootstrap, "group.id": group})
    consumer.commit(offsets=[TopicPartition(topic, *pair) for pair in offsets.items()], asynchronous=False)
    consumer.close()


def order(number: int) -> dict:
    value = {"orderid": number, "itemid": f"Item_{number % 7}", "address": {"city": f"City_{number % 5}", "zipcode": 10_000 + number}}
    return {"key": f"{number}", "value": json.dumps(value), "partition": number % 3,
            "headers": HEADERS if number % 4 == 0 else None}


class World:
    """A source with records, a connector and a group; a destination with a link and a mirror; keys."""

    TOPIC, MIRROR, LINK, GROUP, CONNECTOR = "orders", "orders", "from-source", "billing", "pageviews"

    def __init__(self, server, base: str):
        self.server, self.api = server, Api(base)
        source, dest, api = server.source, server.dest, self.api
        api.create_topic(source.id, self.TOPIC, 3)
        api.create_topic(source.id, "nothing-yet", 2)
        api.create_topic(source.id, "views", 2)
        produce(source, self.TOPIC, [order(number) for number in range(60)])
        commit(source, self.GROUP, self.TOPIC, {0: 5, 1: 20, 2: 0})
        api.create_key(dest.id)
        answer = server.rest(dest).create_link(self.LINK, source)
        assert answer.ok, answer
        answer = server.rest(dest).create_mirror(self.LINK, self.TOPIC)
        assert answer.ok, answer
        server.rest(dest).wait_for_lag_zero(self.LINK, self.MIRROR, {0: 20, 1: 20, 2: 20})
        api.create_connector(source.id, self.CONNECTOR, "views", quickstart="PAGEVIEWS", max_interval=200)

    def pages(self) -> dict[str, str]:
        """The address of every page, by a name for it."""
        source, dest = f"{ENVIRONMENT}/{self.server.source.id}", f"{ENVIRONMENT}/{self.server.dest.id}"
        topic, mirror = f"{source}/topics/{self.TOPIC}", f"{dest}/topics/{self.MIRROR}"
        return {
            "home": "/",
            "environments": "/environments",
            "environment": ENVIRONMENT,
            "cluster": f"{source}/overview",
            "topics": f"{source}/topics",
            "topic": f"{topic}/overview",
            "mirror": f"{mirror}/overview",
            "messages": f"{topic}/message-viewer?partition=1&offset=-1",
            "messages-all": f"{topic}/message-viewer?from=beginning&record=0-3",
            "messages-cards": f"{topic}/message-viewer?from=beginning&view=cards",
            "messages-search": f"{topic}/message-viewer?filter=Item_3",
            "messages-empty": f"{source}/topics/nothing-yet/message-viewer",
            "configuration": f"{topic}/configuration",
            "diff": f"{mirror}/diff",
            "connectors": f"{source}/connectors",
            "add-connector": f"{source}/connectors?add=DatagenSource",
            "connector": f"{source}/connectors/{self.CONNECTOR}",
            "links": f"{dest}/cluster-links",
            "link": f"{dest}/cluster-links/{self.LINK}",
            "clients": f"{source}/clients",
            "group": f"{source}/clients/groups/{self.GROUP}",
            "api-keys": f"{dest}/api-keys",
            "login": "/login",
            "unknown": "/environments/env-local/nonsense",
        }
