"""Delete records: the beginning of a log moves up."""

import pytest

from support import wire as w
from support.clients import Message


@pytest.mark.needs("delete records")
def test_delete(client, cluster):
    """Records below an offset disappear, the others keep theirs"""
    topic = cluster.topic()
    client.produce(topic, [Message(b"%d" % i) for i in range(10)], partition=0)
    assert client.delete_records(topic, 0, 4) == 4
    found = client.read(topic, 0, "beginning")
    assert [(m.offset, m.value) for m in found] == [(i, b"%d" % i) for i in range(4, 10)]


def test_below_the_beginning(wire, cluster):
    """A fetch below the new beginning is out of range"""
    topic = cluster.topic()
    for i in range(5):
        wire.produce(topic, 0, w.records.Batch([b"%d" % i]).encode())
    assert wire.delete_records(topic, 0, 3) == (w.NONE, 3)
    assert wire.fetch(topic, 0, 2).error == w.OFFSET_OUT_OF_RANGE
    fetched = wire.fetch(topic, 0, 3)
    assert (fetched.error, fetched.log_start_offset, fetched.batches[0].base_offset) == (w.NONE, 3, 3)


def test_everything(wire, cluster):
    """-1 deletes up to the end, and the next record follows the old numbering"""
    topic = cluster.topic()
    wire.produce(topic, 0, w.records.Batch([b"a", b"b"]).encode())
    assert wire.delete_records(topic, 0, -1) == (w.NONE, 2)
    assert wire.produce(topic, 0, w.records.Batch([b"c"]).encode()).base_offset == 2


def test_beyond_the_end(wire, cluster):
    """Deleting beyond the end is out of range and deletes nothing"""
    topic = cluster.topic()
    wire.produce(topic, 0, w.records.Batch([b"a"]).encode())
    assert wire.delete_records(topic, 0, 5)[0] == w.OFFSET_OUT_OF_RANGE
    assert wire.list_offset(topic, 0, -2)[2] == 0


def test_unknown(wire):
    """Deleting from an unknown topic is refused"""
    assert wire.delete_records("not-there", 0, 0)[0] == w.UNKNOWN_TOPIC_OR_PARTITION
