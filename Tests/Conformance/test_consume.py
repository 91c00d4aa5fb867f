"""Consume: from any place, by any client, while records arrive."""

import pytest

from support import wire as w
from support.clients import ALL, Message, Refusal, Timestamp
from support.records import RECENT, Batch

BASE = RECENT


@pytest.fixture(scope="module")
def log(cluster):
    """A partition of 100 records, one second apart, in batches of ten."""
    topic = cluster.topic(prefix="log")
    with cluster.connect() as wire:
        for first in range(0, 100, 10):
            batch = Batch(timestamp=BASE + first * 1000, payload=b"".join(
                w.records.record(i, b"%d" % (first + i), timestamp_delta=i * 1000) for i in range(10)),
                count=10, last_offset_delta=9).encode()
            # The header's maximal timestamp is the last record's.
            head, tail = batch[:21], bytearray(batch[21:])
            tail[14:22] = (BASE + (first + 9) * 1000).to_bytes(8, "big")
            head = head[:17] + w.records.crc32c(bytes(tail)).to_bytes(4, "big")
            assert wire.produce(topic, 0, head + bytes(tail)).error == w.NONE
    return topic


def values(messages):
    return [int(m.value) for m in messages]


def test_beginning(client, log):
    """Reading from the beginning gives every record with its offset"""
    found = client.read(log, 0, "beginning")
    assert values(found) == list(range(100))
    assert [m.offset for m in found] == list(range(100))
    assert [m.timestamp for m in found] == [BASE + i * 1000 for i in range(100)]


@pytest.mark.parametrize("offset", [0, 37, 40, 99])
def test_offset(client, log, offset):
    """Reading from an offset starts exactly there, inside a batch too"""
    assert values(client.read(log, 0, offset)) == list(range(offset, 100))


@pytest.mark.parametrize(("time", "first"), [(BASE, 0), (BASE + 42_000, 42), (BASE + 42_001, 43), (BASE - 5, 0)])
def test_timestamp(client, log, time, first):
    """Reading from a time starts at the first record at or after it"""
    assert values(client.read(log, 0, Timestamp(time))) == list(range(first, 100))


def test_count(client, log):
    """A reader may stop anywhere"""
    assert values(client.read(log, 0, 15, count=20)) == list(range(15, 35))


def test_end(client, cluster):
    """Reading from the end gives only what is produced afterwards, as it is produced"""
    topic = cluster.topic()
    client.produce(topic, [Message(b"old")], partition=0)
    with client.tail(topic, 0) as tail:
        for i in range(5):
            client.produce(topic, [Message(b"new %d" % i)], partition=0)
            assert [m.value for m in tail.take(i + 1)] == [b"new %d" % n for n in range(i + 1)]


def test_out_of_range(client, log):
    """An offset that does not exist is reported, not skipped over"""
    with pytest.raises(Refusal):
        client.read(log, 0, 1000, count=1)


@pytest.mark.parametrize("reader_class", ALL, ids=[c.name for c in ALL])
def test_every_pair(client, reader_class, cluster):
    """What any client writes, every client reads, compressed or not"""
    topic = cluster.topic()
    sent = [Message(b"value %d" % i, b"key %d" % i) for i in range(20)]
    for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
        client.produce(topic, sent, partition=0, codec=codec)
    received = reader_class(cluster).read(topic, 0, "beginning")
    assert [m.content for m in received] == [m.content for m in sent] * 5


def test_long_poll(wire, cluster):
    """A fetch at the end waits, and a produce on another connection wakes it at once"""
    topic = cluster.topic()
    wire.send(w.FETCH, 11, _fetch_body(topic, wait_ms=30_000))
    with cluster.connect() as other:
        assert other.produce(topic, 0, Batch([b"awake"]).encode()).error == w.NONE
    reader = wire.receive()  # far before the 30 s are over, or the socket's own limit fails the test
    assert b"awake" in reader.data


def test_long_poll_gives_up(wire, cluster):
    """A fetch at the end answers empty when its time is over"""
    topic = cluster.topic()
    fetched = wire.fetch(topic, 0, 0, wait_ms=200)
    assert (fetched.error, fetched.data, fetched.high_watermark) == (w.NONE, b"", 0)


def test_min_bytes(wire, cluster):
    """A fetch waits until min.bytes are there"""
    topic = cluster.topic()
    wire.send(w.FETCH, 11, _fetch_body(topic, wait_ms=30_000, min_bytes=1000))
    with cluster.connect() as other:
        for _ in range(3):
            assert other.produce(topic, 0, Batch([b"x" * 400]).encode()).error == w.NONE
    assert wire.receive().data.count(b"x" * 400) >= 2


def test_whole_batch_at_least(wire, cluster):
    """The first batch comes whole even if it is larger than every limit, so that a reader always moves on"""
    topic = cluster.topic()
    wire.produce(topic, 0, Batch([b"x" * 50_000]).encode())
    wire.produce(topic, 0, Batch([b"y" * 50_000]).encode())
    fetched = wire.fetch(topic, 0, 0, max_bytes=1000)
    assert [batch.base_offset for batch in fetched.batches] == [0]


def test_batch_around_an_offset(wire, log):
    """A fetch inside a batch returns the whole batch"""
    assert wire.fetch(log, 0, 37).batches[0].base_offset == 30


def test_errors_are_per_partition(wire, log):
    """One bad partition of a fetch does not spoil the others"""
    rows = wire.fetch_many([(log, 0, 500), (log, 5, 0), (log, 0, 99)])
    errors = {(row.partition, row.error) for row in rows}
    assert (5, w.UNKNOWN_TOPIC_OR_PARTITION) in errors
    assert errors & {(0, w.OFFSET_OUT_OF_RANGE), (0, w.NONE)}


def test_leader_epochs(wire, log):
    """A fetch with the current leader epoch is served, with one of the future refused; the epoch's end is the log's"""
    epoch = wire.fetch(log, 0, 0).batches[0].leader_epoch
    assert wire.end_offset_for_epoch(log, 0, epoch) == (w.NONE, epoch, 100)
    assert wire.fetch(log, 0, 0, epoch=epoch).error == w.NONE
    assert wire.fetch(log, 0, 0, epoch=epoch + 1000).error == w.UNKNOWN_LEADER_EPOCH


def _fetch_body(topic, wait_ms, min_bytes=1):
    head = w.struct.pack(">iiiibii", -1, wait_ms, min_bytes, 1 << 20, 0, 0, -1)
    part = w.struct.pack(">iiqqi", 0, -1, 0, -1, 1 << 20)
    return head + w.array([w.string(topic) + w.array([part])]) + w.array([]) + w.string("")
