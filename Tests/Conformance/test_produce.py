"""Produce: codecs, acknowledgements, idempotence, sizes, times."""

import time

import pytest

from support import wire as w
from support.clients import Message, Refusal
from support.clients.base import CODECS
from support.records import RECENT, Batch
from support.wait import until

ACKS = [("0", False), ("1", False), ("all", False), ("all", True)]


def numbered(count, size=100):
    return [Message(f"record {i} ".encode().ljust(size, b"."), f"key {i}".encode()) for i in range(count)]


@pytest.mark.parametrize(("acks", "idempotent"), ACKS, ids=["acks 0", "acks 1", "acks all", "idempotent"])
@pytest.mark.parametrize("codec", CODECS)
def test_codec_and_acks(client, cluster, codec, acks, idempotent):
    """Records arrive complete and in order with every codec, acknowledgement level and idempotence"""
    topic = cluster.topic()
    sent = numbered(50)
    level = acks if acks == "all" else int(acks)
    offsets = client.produce(topic, sent, partition=0, acks=level, codec=codec, idempotent=idempotent)
    assert offsets in (None, list(range(50)))
    until(lambda: cluster.ends(topic)[0] == 50, "50 records in the log")
    received = client.read(topic, 0, "beginning")
    assert [m.content for m in received] == [m.content for m in sent]
    assert [m.offset for m in received] == list(range(50))
    assert {batch.codec for batch in cluster.batches(topic, 0)} == {codec}, "stored as the client compressed them"


@pytest.mark.needs("headers")
def test_headers(client, cluster):
    """Headers come back in order, repeated names included"""
    topic = cluster.topic()
    sent = Message(b"value", b"key", (("trace", b"1"), ("kind", b"test"), ("trace", b"2")))
    client.produce(topic, [sent], partition=0)
    assert [m.content for m in client.read(topic, 0, "beginning")] == [sent.content]


@pytest.mark.needs("null values")
def test_nulls_and_empties(client, cluster):
    """Null and empty keys and values stay what they are"""
    topic = cluster.topic()
    sent = [Message(None, b"k"), Message(b"", b"k"), Message(b"v", None), Message(b"v", b"")]
    client.produce(topic, sent, partition=0)
    assert [m.content for m in client.read(topic, 0, "beginning")] == [m.content for m in sent]


@pytest.mark.needs("timestamps")
def test_create_time(client, cluster):
    """The producer's timestamps are kept"""
    topic = cluster.topic()
    times = [RECENT, RECENT + 500, RECENT - 1_000_000]
    client.produce(topic, [Message(b"x", timestamp=t) for t in times], partition=0)
    assert [m.timestamp for m in client.read(topic, 0, "beginning")] == times


def test_log_append_time(client, cluster):
    """With LogAppendTime the broker's clock wins"""
    topic = cluster.topic(message_timestamp_type="LogAppendTime")
    before = int(time.time() * 1000)
    client.produce(topic, [Message(b"x"), Message(b"y")], partition=0)
    after = int(time.time() * 1000)
    for message in client.read(topic, 0, "beginning"):
        assert before - 1000 <= message.timestamp <= after + 1000


def test_keys_choose_partitions(client, cluster):
    """Records with one key stay together and in order, and all partitions together hold everything once"""
    topic = cluster.topic(4)
    sent = [Message(b"%d" % i, b"key %d" % (i % 10)) for i in range(200)]
    client.produce(topic, sent)
    received = [client.read(topic, p, "beginning") for p in range(4)]
    assert sorted(int(m.value) for part in received for m in part) == list(range(200))
    for part in received:
        for key in {m.key for m in part}:
            values = [int(m.value) for m in part if m.key == key]
            assert values == sorted(values) and len(values) == 20, "a key in one partition, in order"


def test_large_messages(client, cluster):
    """Records of several megabytes pass where the topic allows them"""
    topic = cluster.topic(max_message_bytes=16_000_000)
    sent = [Message(bytes([65 + i]) * 5_000_000) for i in range(3)]
    client.produce(topic, sent, partition=0, max_request=16_000_000)
    assert [m.value for m in client.read(topic, 0, "beginning")] == [m.value for m in sent]


def test_too_large(client, cluster):
    """A record above max.message.bytes is refused with MESSAGE_TOO_LARGE, and the topic goes on"""
    topic = cluster.topic(max_message_bytes=10_000)
    with pytest.raises(Refusal) as refusal:
        client.produce(topic, [Message(b"x" * 20_000)], partition=0)
    assert refusal.value.is_error(w.MESSAGE_TOO_LARGE, "too large")
    client.produce(topic, [Message(b"small")], partition=0)
    assert [m.value for m in client.read(topic, 0, "beginning")] == [b"small"]


def test_bytes_are_kept(wire, cluster):
    """A batch is stored as sent, apart from its offset and leader epoch"""
    topic = cluster.topic()
    sent = [Batch([b"one", b"two"]), Batch([b"three"], timestamp=RECENT + 1000)]
    for batch in sent:
        assert wire.produce(topic, 0, batch.encode()).error == w.NONE
    stored = wire.fetch(topic, 0, 0).batches
    assert [batch.body for batch in stored] == [batch.encode()[21:] for batch in sent]
    assert [batch.base_offset for batch in stored] == [0, 2]


def test_acks_zero_is_silent(wire, cluster):
    """acks=0 gets no answer: the next answer on the connection belongs to the next request"""
    topic = cluster.topic()
    wire.send(w.PRODUCE, 8, wire.produce_body(topic, 0, Batch([b"quiet"]).encode(), acks=0))
    assert wire.fetch(topic, 0, 0, wait_ms=10_000).batches[0].count == 1


def test_hang_up_after_acks_zero(cluster):
    """What was sent before the client hung up is stored, however much it is and however long it has to wait"""
    topic, count = cluster.topic(), 10_000
    with cluster.connect() as sender, cluster.connect() as reader:
        frame = sender.produce_body(topic, 0, Batch([b"x"]).encode(), acks=0)
        head = w.struct.pack(">hhi", w.PRODUCE, 8, 1) + w.string("hasty")
        sender.socket.sendall((w.struct.pack(">i", len(head) + len(frame)) + head + frame) * count)
        sender.socket.close()
        until(lambda: reader.list_offset(topic, 0, -1)[2] == count, "every record is stored")


def test_hang_up_of_one_direction(cluster):
    """A client that sends no more gets its answers all the same"""
    topic, count = cluster.topic(), 3_000
    with cluster.connect() as sender:
        body = sender.produce_body(topic, 0, Batch([b"x"]).encode(), acks=1)
        head = w.struct.pack(">hhi", w.PRODUCE, 8, 1) + w.string("hasty")
        sender.socket.sendall((w.struct.pack(">i", len(head) + len(body)) + head + body) * count)
        sender.socket.shutdown(w.socket.SHUT_WR)
        for _ in range(count):
            sender.receive()
        assert sender.socket.recv(1) == b"", "the connection ends after the last answer"


def test_hang_up_during_a_long_answer(cluster):
    """An answer that is longer than the socket takes at once is finished after the client has ended its direction"""
    topic, count = cluster.topic(), 16
    with cluster.connect() as reader:
        for _ in range(count):
            assert reader.produce(topic, 0, Batch([bytes(900_000)]).encode()).error == w.NONE
    with cluster.connect() as reader:
        reader.send(w.FETCH, 11, reader.fetch_body([(topic, 0, 0)]))
        reader.socket.shutdown(w.socket.SHUT_WR)
        assert len(reader.receive().data) > count * 900_000


def test_invalid_acks(wire, cluster):
    """An acknowledgement level that does not exist is refused with INVALID_REQUIRED_ACKS"""
    topic = cluster.topic()
    assert wire.produce(topic, 0, Batch([b"x"]).encode(), acks=7).error == w.INVALID_REQUIRED_ACKS


def test_pipelining(wire, cluster):
    """Requests sent without waiting are answered in order"""
    topic = cluster.topic()
    expected = [wire.send(w.PRODUCE, 8, wire.produce_body(topic, 0, Batch([b"%d" % i]).encode())) for i in range(100)]
    for index, correlation in enumerate(expected):
        reader = wire.receive()
        assert reader.i32() == correlation
        assert wire.read_produced(reader).base_offset == index


def test_idempotence_on_the_wire(wire, cluster):
    """A repeated batch gets its first offset again, a gap is refused, and an old epoch is fenced"""
    topic = cluster.topic()
    producer, epoch = wire.init_producer_id()

    def send(sequence, values, epoch=epoch):
        batch = Batch(values, producer_id=producer, producer_epoch=epoch, sequence=sequence)
        return wire.produce(topic, 0, batch.encode())
    assert send(0, [b"a", b"b"]).base_offset == 0
    assert send(2, [b"c"]).base_offset == 2
    repeated = send(0, [b"a", b"b"])
    assert (repeated.error, repeated.base_offset) == (w.NONE, 0)
    assert send(9, [b"gap"]).error == w.OUT_OF_ORDER_SEQUENCE
    assert send(0, [b"d"], epoch + 1).base_offset == 3, "a new epoch starts again at 0"
    assert send(3, [b"late"]).error == w.INVALID_PRODUCER_EPOCH
    assert cluster.ends(topic)[0] == 4


def test_producer_ids_are_unique(cluster):
    """Every InitProducerId hands out another producer id"""
    seen = set()
    for _ in range(20):
        with cluster.connect() as wire:
            seen.add(wire.init_producer_id())
    assert len({identity for identity, _ in seen}) == 20
