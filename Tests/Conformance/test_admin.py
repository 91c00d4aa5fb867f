"""Administration: cluster description and configurations."""

import pytest

from support import wire as w
from support.clients import Refusal
from support.clients.kafka_python_client import KafkaPythonClient

# Kafka's documented defaults of topic configurations.
DEFAULTS = {
    "cleanup.policy": "delete", "compression.type": "producer", "retention.ms": "604800000", "retention.bytes": "-1",
    "segment.bytes": "1073741824", "segment.ms": "604800000", "max.message.bytes": "1048588",
    "message.timestamp.type": "CreateTime", "min.insync.replicas": "1", "index.interval.bytes": "4096",
    "delete.retention.ms": "86400000", "min.cleanable.dirty.ratio": "0.5", "unclean.leader.election.enable": "false",
    "flush.messages": "9223372036854775807", "flush.ms": "9223372036854775807", "preallocate": "false",
}


@pytest.mark.needs("admin")
def test_describe_cluster(client, cluster):
    """A client sees the brokers that metadata names"""
    with cluster.connect() as wire:
        assert client.broker_ids() == {node for node, *_ in wire.metadata([]).brokers}


@pytest.mark.needs("admin")
def test_default_configs(client, cluster):
    """A new topic has Kafka's defaults"""
    found = client.topic_configs(cluster.topic())
    assert {key: found.get(key) for key in DEFAULTS} == DEFAULTS


@pytest.mark.needs("incremental configs")
def test_incremental_alter(client, cluster):
    """Setting one config leaves the others"""
    topic = cluster.topic(max_message_bytes=20_000)
    client.set_topic_config(topic, "retention.ms", "1000000")
    found = client.topic_configs(topic)
    assert (found["retention.ms"], found["max.message.bytes"]) == ("1000000", "20000")


@pytest.mark.needs("incremental configs")
@pytest.mark.parametrize(("key", "value"), [("no.such.config", "1"), ("retention.ms", "soon")])
def test_bad_config(client, cluster, key, value):
    """An unknown config or an impossible value is refused and changes nothing"""
    topic = cluster.topic()
    before = client.topic_configs(topic)
    with pytest.raises(Refusal) as refusal:
        client.set_topic_config(topic, key, value)
    assert refusal.value.code == w.INVALID_CONFIG
    assert client.topic_configs(topic) == before


def test_old_alter_configs(wire, cluster):
    """AlterConfigs replaces everything that was set"""
    topic = cluster.topic(max_message_bytes=20_000)
    assert wire.alter_configs(topic, {"retention.ms": 1000000}) == w.NONE
    found = KafkaPythonClient(cluster).topic_configs(topic)
    assert (found["retention.ms"], found["max.message.bytes"]) == ("1000000", DEFAULTS["max.message.bytes"])


def test_configs_take_effect(wire, cluster):
    """max.message.bytes holds from the moment it is set"""
    topic = cluster.topic()
    batch = w.records.Batch([b"x" * 5000]).encode()
    assert wire.produce(topic, 0, batch).error == w.NONE
    assert wire.alter_configs(topic, {"max.message.bytes": 1000}) == w.NONE
    assert wire.produce(topic, 0, batch).error == w.MESSAGE_TOO_LARGE


def test_describe_topic_partitions(cluster):
    """DescribeTopicPartitions describes every partition, in as many pages as the limit makes"""
    topic = cluster.topic(5)
    found, cursor = [], None
    for _ in range(3):
        page = KafkaPythonClient(cluster)._admin(lambda admin: admin.describe_topic_partitions(
            [topic], response_partition_limit=2, cursor=cursor))
        (described,) = page["topics"]
        found += [(row["partition_index"], row["leader_id"] in row["isr_nodes"]) for row in described["partitions"]]
        cursor = page["next_cursor"]
    assert found == [(i, True) for i in range(5)] and cursor is None
