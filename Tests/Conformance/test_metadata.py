"""Metadata and topics: brokers, creation, deletion, unknown names, many partitions."""

import pytest

from support import wire as w
from support.clients import Message, Refusal
from support.wait import until


def test_brokers(wire, cluster):
    """Metadata names the broker behind the bootstrap address and the cluster's id"""
    found = wire.metadata([])
    assert cluster.bootstrap in {f"{host}:{port}" for _, host, port, _ in found.brokers}
    assert found.controller in {node for node, *_ in found.brokers}
    assert found.cluster_id


def test_partition_leaders(wire, cluster):
    """Every partition has a live leader that is in sync and in its replica list"""
    topic = cluster.topic(3)
    nodes = {node for node, *_ in wire.metadata([]).brokers}
    partitions = wire.metadata([topic]).topics[topic]
    assert [index for _, index, *_ in partitions] == [0, 1, 2]
    for error, _, leader, replicas, in_sync in partitions:
        assert error == w.NONE and leader in nodes and leader in replicas and leader in in_sync


def test_clients_list_topics(client, cluster):
    """A client sees a new topic with its partitions"""
    topic = cluster.topic(3)
    assert until(lambda: client.partitions().get(topic), f"{topic} in the list") == 3


@pytest.mark.needs("admin")
def test_create_and_delete(client, cluster):
    """A client creates a topic with settings, sees it, deletes it, and it is gone"""
    topic = cluster.topic() + "-by-client"
    client.create_topic(topic, 2, {"retention.ms": "86400000"})
    until(lambda: client.partitions().get(topic) == 2, "the new topic")
    assert client.topic_configs(topic)["retention.ms"] == "86400000"
    client.delete_topic(topic)
    until(lambda: topic not in client.partitions(), "the topic's end")


@pytest.mark.needs("admin")
def test_create_existing(client, cluster):
    """Creating a topic that exists is refused with TOPIC_ALREADY_EXISTS"""
    topic = cluster.topic()
    with pytest.raises(Refusal) as refusal:
        client.create_topic(topic)
    assert refusal.value.code == w.TOPIC_ALREADY_EXISTS


@pytest.mark.needs("admin")
def test_delete_unknown(client):
    """Deleting a topic that does not exist is refused with UNKNOWN_TOPIC_OR_PARTITION"""
    with pytest.raises(Refusal) as refusal:
        client.delete_topic("never-created")
    assert refusal.value.code == w.UNKNOWN_TOPIC_OR_PARTITION


@pytest.mark.needs("admin")
def test_add_partitions(client, cluster):
    """Partitions can be added, take records at once, and cannot be taken away"""
    topic = cluster.topic(1)
    client.create_partitions(topic, 4)
    until(lambda: client.partitions()[topic] == 4, "four partitions")
    client.produce(topic, [Message(b"in the new one")], partition=3)
    assert [m.value for m in client.read(topic, 3, "beginning")] == [b"in the new one"]
    with pytest.raises(Refusal) as refusal:
        client.create_partitions(topic, 2)
    assert refusal.value.code == w.INVALID_PARTITIONS


@pytest.mark.parametrize("name", ["", ".", "..", "a b", "a/b", "ä", "x" * 250])
def test_invalid_names(wire, name):
    """Names that Kafka does not allow are refused with INVALID_TOPIC_EXCEPTION"""
    assert wire.create_topic(name) == w.INVALID_TOPIC


def test_longest_name(wire, cluster):
    """A name of 249 characters, dots and underscores included, is a good name"""
    name = cluster.topic()
    name += "._-" + "x" * (246 - len(name))
    assert len(name) == 249 and wire.create_topic(name) == w.NONE
    assert wire.delete_topic(name) == w.NONE


@pytest.mark.parametrize(("partitions", "replication", "configs", "error"), [
    (0, 1, {}, w.INVALID_PARTITIONS),
    (-7, 1, {}, w.INVALID_PARTITIONS),
    (1, 0, {}, w.INVALID_REPLICATION_FACTOR),
    (1, 100, {}, w.INVALID_REPLICATION_FACTOR),
    (1, 1, {"no.such.config": "1"}, w.INVALID_CONFIG),
    (1, 1, {"retention.ms": "soon"}, w.INVALID_CONFIG),
])
def test_invalid_settings(wire, partitions, replication, configs, error):
    """A topic with impossible settings is refused with the matching error and not created"""
    assert wire.create_topic("impossible", partitions, replication, configs) == error
    assert "impossible" not in wire.metadata().topics


def test_validate_only(wire):
    """Validation creates nothing"""
    assert wire.create_topic("only-validated", validate_only=True) == w.NONE
    assert "only-validated" not in wire.metadata().topics


def test_unknown_topic_in_metadata(wire):
    """Metadata of an unknown topic, without auto-creation, is UNKNOWN_TOPIC_OR_PARTITION and creates nothing"""
    assert wire.metadata(["not-there"]).errors["not-there"] == w.UNKNOWN_TOPIC_OR_PARTITION
    assert "not-there" not in wire.metadata().topics


def test_unknown_topic_on_the_data_path(wire, cluster):
    """Produce, fetch and list offsets of an unknown topic or partition are refused one by one"""
    topic = cluster.topic()
    batch = w.records.Batch([b"x"]).encode()
    for name, partition in (("not-there", 0), (topic, 7), (topic, -1)):
        assert wire.produce(name, partition, batch).error == w.UNKNOWN_TOPIC_OR_PARTITION
        assert wire.fetch(name, partition, 0).error == w.UNKNOWN_TOPIC_OR_PARTITION
        assert wire.list_offset(name, partition, -1)[0] == w.UNKNOWN_TOPIC_OR_PARTITION
    assert wire.produce(topic, 0, batch).error == w.NONE


@pytest.mark.process
def test_auto_creation(client_class, twinlog, cluster):
    """Producing to an unknown topic creates it"""
    topic = cluster.topic() + "-automatic"
    client = client_class(cluster)
    client.produce(topic, [Message(b"first")])
    assert until(lambda: client.partitions().get(topic), "the new topic") == 1
    assert [m.value for m in client.read(topic, 0, "beginning")] == [b"first"]


@pytest.mark.process
def test_no_auto_creation(own_server):
    """With auto.create.topics.enable=false an unknown topic stays unknown, and num.partitions sets the default"""
    server = own_server("--broker-config", "auto.create.topics.enable=false", "--broker-config", "num.partitions=3",
                        ephemeral=True)
    with server.source.connect() as wire:
        assert wire.metadata(["wanted"], allow_auto_creation=True).errors["wanted"] == w.UNKNOWN_TOPIC_OR_PARTITION
        assert "wanted" not in wire.metadata().topics
        assert wire.create_topic("wanted", partitions=-1, replication=-1) == w.NONE
        assert len(wire.metadata(["wanted"]).topics["wanted"]) == 3


def test_thousand_partitions(cluster):
    """A topic of 1,000 partitions takes a record in each, and every one is read back"""
    topic = cluster.topic(1000)
    with cluster.connect() as wire:
        for partition in range(1000):
            body = wire.produce_body(topic, partition, w.records.Batch([b"in %d" % partition]).encode())
            wire.send(w.PRODUCE, 8, body)
        for partition in range(1000):
            reader = wire.receive()
            reader.i32()
            produced = wire.read_produced(reader)
            assert (produced.partition, produced.error, produced.base_offset) == (partition, w.NONE, 0)
        rows = wire.fetch_many([(topic, partition, 0) for partition in range(1000)])
        assert len(rows) == 1000
        for row in rows:
            assert row.error == w.NONE and row.batches[0].data.endswith(b"in %d\0" % row.partition)
        assert wire.delete_topic(topic) == w.NONE


@pytest.mark.parametrize("partitions", [1000])
def test_clients_see_a_thousand_partitions(client, cluster, partitions):
    """A client lists 1,000 partitions and reads one of the last"""
    topic = cluster.topic(partitions)
    assert until(lambda: client.partitions().get(topic), "the topic") == partitions
    client.produce(topic, [Message(b"far out")], partition=partitions - 1)
    assert [m.value for m in client.read(topic, partitions - 1, "beginning")] == [b"far out"]
    with cluster.connect() as wire:
        assert wire.delete_topic(topic) == w.NONE
