"""Records that could vanish, or seem to, between two runs of the server."""

import pytest

from support import wire as w
from support.records import Batch

pytestmark = [pytest.mark.process]
KAFKA_STORAGE_ERROR = 56


def produce(cluster, topic, *values):
    with cluster.connect() as wire:
        for value in values:
            assert wire.produce(topic, 0, Batch([value]).encode()).error == w.NONE


def test_topic_made_again(own_server):
    """A topic deleted and made again under its name keeps its records through kill -9"""
    server = own_server("--durability", "fsync")
    topic = server.source.topic()
    produce(server.source, topic, *[b"old"] * 20)
    with server.source.connect() as wire:
        assert wire.delete_records(topic, 0, 15) == (w.NONE, 15)
        assert wire.delete_topic(topic) == w.NONE
        assert wire.create_topic(topic, 1) == w.NONE
    produce(server.source, topic, b"a", b"b")
    server.kill()
    server.start()
    assert server.source.ends(topic) == {0: 2}
    with server.source.connect() as wire:
        assert wire.list_offset(topic, 0, -2)[2] == 0
    assert len(server.source.batches(topic, 0)) == 2


def test_epochs_rise(own_server):
    """After kill -9 records have a new leader epoch, and a cut log is spoken of"""
    server = own_server()
    topic = server.source.topic()
    produce(server.source, topic, b"a", b"b", b"c")
    server.kill()
    path = server.data / server.source.id / f"{topic}-0" / "00000000000000000000.log"
    path.write_bytes(path.read_bytes()[:-1])
    server.start()
    produce(server.source, topic, b"d")
    assert [(b.base_offset, b.leader_epoch) for b in server.source.batches(topic, 0)] == [(0, 0), (1, 0), (2, 1)]
    assert f"{topic}-0" in server.log.read_text() and "ends at offset 2" in server.log.read_text()


def test_emptied_file(own_server):
    """An emptied file keeps its partition offline until the loss is accepted"""
    server = own_server()
    topic = server.source.topic()
    produce(server.source, topic, b"a")
    server.kill()
    path = server.data / server.source.id / f"{topic}-0" / "00000000000000000000.log"
    path.write_bytes(b"")
    server.start()
    with server.source.connect() as wire:
        assert wire.produce(topic, 0, Batch([b"b"]).encode()).error == KAFKA_STORAGE_ERROR
    name = f"{server.source.id}/{topic}-0"
    assert f"--accept-data-loss {name}" in server.log.read_text()
    server.kill()
    server.options += ["--accept-data-loss", name]
    server.start()
    produce(server.source, topic, b"b")
