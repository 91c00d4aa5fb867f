"""What happens to mirrors when something is lost, deleted or given up: seen by clients on both sides."""

import pytest

from support import wire as w
from support.clients import Message
from support.records import Batch
from support.wait import until

pytestmark = [pytest.mark.links, pytest.mark.process]


def mirrored(server, topic, link="faults", **configs):
    """A link from source to dest and a complete mirror of the topic."""
    rest = server.rest(server.dest)
    assert rest.create_link(link, server.source, **{"metadata.max.age.ms": 1000, **configs}).ok
    assert rest.create_mirror(link, topic).ok
    ends = server.source.ends(topic)
    until(lambda: server.dest.ends(topic) == ends, f"the mirror of {topic} at {ends}")
    return rest


def everything(client_class, cluster, topic):
    return client_class(cluster).read(topic, 0, "beginning")


def test_writable_mirror_knows_no_source_producers(own_server):
    """After a mirror became writable a producer with an id of the source's is a new one, also after kill -9"""
    server = own_server()
    topic = server.source.topic()

    def send(cluster, producer, sequence, value):
        batch = Batch([value], producer_id=producer, producer_epoch=0, sequence=sequence)
        with cluster.connect() as wire:
            return wire.produce(topic, 0, batch.encode())
    for producer in (0, 1):
        assert send(server.source, producer, 0, b"theirs").error == w.NONE
    rest = mirrored(server, topic)
    assert rest.call("DELETE", "/links/faults", force=True).ok
    server.kill()
    server.start()
    assert (send(server.dest, 0, 0, b"ours").error, server.dest.ends(topic)) == (w.NONE, {0: 3})
    assert (send(server.dest, 1, 0, b"ours").error, server.dest.ends(topic)) == (w.NONE, {0: 4})
    server.kill()
    server.start()
    assert send(server.dest, 0, 0, b"ours").base_offset == 2, "its own repetition is known"
    assert send(server.dest, 0, 1, b"next").base_offset == 4
    assert server.dest.ends(topic) == {0: 5}


def test_deleted_records_reach_the_mirror(own_server, client_class):
    """DeleteRecords at the source moves the mirror's beginning, and it stays there after kill -9"""
    server = own_server()
    topic = server.source.topic()
    client_class(server.source).produce(topic, [Message(b"%d" % i) for i in range(10)], partition=0)
    mirrored(server, topic)
    with server.source.connect() as wire:
        assert wire.delete_records(topic, 0, 6) == (w.NONE, 6)

    def start(cluster):
        with cluster.connect() as wire:
            return wire.list_offset(topic, 0, -2)[2]
    until(lambda: start(server.dest) == 6, "the mirror's beginning at 6")
    there = everything(client_class, server.source, topic)
    assert [m.offset for m in there] == [6, 7, 8, 9]
    assert everything(client_class, server.dest, topic) == there
    with server.dest.connect() as wire:
        assert wire.fetch(topic, 0, 5).error == w.OFFSET_OUT_OF_RANGE
    server.kill()
    server.start()
    assert start(server.dest) == 6
    assert everything(client_class, server.dest, topic) == there


def test_verify_counts_partitions(own_server):
    """verify is red while the source has more partitions, and says that two empty topics prove nothing"""
    server = own_server(ephemeral=True)
    topic = server.source.topic()
    rest = mirrored(server, topic)

    def verify():
        return server.cli("kafka", "mirror", "verify", topic, "--link", "faults", "--cluster", server.dest.id)
    empty = verify()
    assert empty.returncode == 0 and "Nothing to compare" in empty.stdout
    # A link that pauses does not follow its source's partitions.
    assert rest.alter_link("faults", **{"cluster.link.paused": True}).ok
    with server.source.connect() as wire:
        assert wire.create_partitions(topic, 2) == w.NONE
    red = verify()
    assert red.returncode == 1
    assert "the source has 2 partitions, the mirror 1" in red.stderr


def test_a_gone_source_topic_shows(own_server):
    """A mirror whose source topic is deleted is not ACTIVE any more, and verify says why it cannot compare"""
    server = own_server(ephemeral=True)
    topic = server.source.topic()
    rest = mirrored(server, topic)
    with server.source.connect() as wire:
        assert wire.delete_topic(topic) == w.NONE
    until(lambda: rest.get(f"/links/faults/mirrors/{topic}").body["mirror_status"] == "SOURCE_UNAVAILABLE",
          "SOURCE_UNAVAILABLE")
    red = server.cli("kafka", "mirror", "verify", topic, "--link", "faults", "--cluster", server.dest.id)
    assert red.returncode == 1 and f"no topic '{topic}'" in red.stderr


def test_inert_configs_are_refused(own_server):
    """Link configs that do nothing yet are refused by name"""
    server = own_server(ephemeral=True)
    rest = server.rest(server.dest)
    refused = rest.create_link("inert", server.source, **{"consumer.offset.sync.enable": "true"})
    assert not refused.ok and "consumer.offset.sync.enable" in refused.body["message"]
    assert rest.create_link("inert", server.source, **{"consumer.offset.sync.enable": "false"}).ok
