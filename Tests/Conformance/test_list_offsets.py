"""List offsets: beginnings, ends and times."""

from support import wire as w
from support.clients import Message
from support.records import RECENT, Batch

BASE = RECENT


def test_watermarks(client, cluster):
    """A client sees where a partition begins and ends"""
    topic = cluster.topic()
    assert client.watermarks(topic, 0) == (0, 0)
    client.produce(topic, [Message(b"x")] * 7, partition=0)
    assert client.watermarks(topic, 0) == (0, 7)
    with cluster.connect() as wire:
        assert wire.delete_records(topic, 0, 3) == (w.NONE, 3)
    assert client.watermarks(topic, 0) == (3, 7)


def test_times(client, cluster):
    """A client finds the first record at or after a time, or nothing"""
    topic = cluster.topic()
    with cluster.connect() as wire:
        for i in range(10):
            wire.produce(topic, 0, Batch([b"x"], timestamp=BASE + i * 1000).encode())
    assert client.offset_at(topic, 0, BASE) == 0
    assert client.offset_at(topic, 0, BASE + 2_500) == 3
    assert client.offset_at(topic, 0, BASE + 9_000) == 9
    assert client.offset_at(topic, 0, BASE + 9_001) in (None, 10)


def test_times_out_of_order(wire, cluster):
    """Times need not grow: the first offset whose time is reached counts"""
    topic = cluster.topic()
    for time in (5000, 1000, 9000, 3000):
        wire.produce(topic, 0, Batch([b"x"], timestamp=BASE + time).encode())
    assert wire.list_offset(topic, 0, BASE + 4000) == (w.NONE, BASE + 5000, 0)
    assert wire.list_offset(topic, 0, BASE + 6000) == (w.NONE, BASE + 9000, 2)
    assert wire.list_offset(topic, 0, BASE + 9500) == (w.NONE, -1, -1)


def test_specials(wire, cluster):
    """Latest, earliest, the largest time and the earliest local offset have numbers of their own"""
    topic = cluster.topic()
    for time in (5000, 9000, 1000):
        wire.produce(topic, 0, Batch([b"x"], timestamp=BASE + time).encode())
    wire.delete_records(topic, 0, 1)
    assert wire.list_special_offset(topic, 0, -1)[2] == 3
    assert wire.list_special_offset(topic, 0, -2)[2] == 1
    error, time, offset, _ = wire.list_special_offset(topic, 0, -3)
    assert (error, time, offset) == (w.NONE, BASE + 9000, 1)
    assert wire.list_special_offset(topic, 0, -4)[2] == 1
