"""Crashes: kill -9 while producing loses nothing that was acknowledged."""

import threading

import pytest
from confluent_kafka import Producer

from support import wire as w
from support.records import Batch, split
from support.wait import until

pytestmark = [pytest.mark.process]


class Pump:
    """An idempotent producer that writes numbered records to one partition until the server is gone."""

    def __init__(self, cluster, topic):
        self.acknowledged = {}  # number → offset
        self.stopping = threading.Event()
        self.producer = Producer({
            "bootstrap.servers": cluster.bootstrap, "enable.idempotence": True, "acks": "all", "linger.ms": 1,
            "batch.num.messages": 50, "compression.type": "lz4", "message.timeout.ms": 60_000})
        self.topic = topic
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        number = 0
        while not self.stopping.is_set():
            try:
                self.producer.produce(self.topic, b"%d" % number, partition=0, on_delivery=self._delivered(number))
                number += 1
            except BufferError:
                pass
            self.producer.poll(0.001 if number % 50 == 0 else 0)
        self.producer.purge()
        self.producer.flush(5)

    def _delivered(self, number):
        def report(error, message):
            if error is None:
                self.acknowledged[number] = message.offset()
        return report

    def stop(self):
        self.stopping.set()
        self.thread.join()


def numbers(cluster, topic):
    """Every record of partition 0 in order, as a client reads them."""
    from support.clients.confluent_client import ConfluentClient
    return [(m.offset, int(m.value)) for m in ConfluentClient(cluster).read(topic, 0, "beginning")]


@pytest.mark.links
@pytest.mark.parametrize("round_number", range(3))
def test_kill_while_producing(own_server, round_number):
    """kill -9 under an idempotent producer: every acknowledged record is there once and in order; the mirror goes on"""
    server = own_server()
    topic = server.source.topic()
    rest = server.rest(server.dest)
    assert rest.create_link("safety", server.source).ok
    assert rest.create_mirror("safety", topic).ok
    pump = Pump(server.source, topic)
    until(lambda: len(pump.acknowledged) >= 500 * (1 + round_number), "acknowledged records")
    server.kill()
    pump.stop()
    server.start()

    found = numbers(server.source, topic)
    assert [offset for offset, _ in found] == list(range(len(found))), "offsets without gaps"
    assert [number for _, number in found] == list(range(len(found))), "each record once, in order"
    lost = {n: o for n, o in pump.acknowledged.items() if o >= len(found) or found[o] != (o, n)}
    assert not lost

    rest = server.rest(server.dest)
    assert rest.alter_link("safety", **{"bootstrap.servers": server.source.bootstrap}).ok
    with server.source.connect() as wire:
        assert wire.produce(topic, 0, Batch([b"%d" % len(found)]).encode()).base_offset == len(found)
    until(lambda: server.dest.ends(topic) == server.source.ends(topic), "a complete mirror")
    assert numbers(server.dest, topic) == numbers(server.source, topic)
    verified = server.cli("kafka", "mirror", "verify", topic, "--link", "safety", "--cluster", server.dest.id)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_duplicates_across_a_crash(own_server):
    """After kill -9 a batch that is sent again gets its first offset, and the sequence goes on"""
    server = own_server()
    topic = server.source.topic()
    with server.source.connect() as wire:
        producer, epoch = wire.init_producer_id()

    def send(sequence, values):
        batch = Batch(values, producer_id=producer, producer_epoch=epoch, sequence=sequence)
        with server.source.connect() as wire:
            return wire.produce(topic, 0, batch.encode())
    assert send(0, [b"a", b"b"]).base_offset == 0
    assert send(2, [b"c"]).base_offset == 2
    server.kill()
    server.start()
    for _ in range(2):
        assert (send(2, [b"c"]).error, send(2, [b"c"]).base_offset) == (w.NONE, 2)
    assert send(0, [b"a", b"b"]).base_offset == 0
    assert send(5, [b"gap"]).error == w.OUT_OF_ORDER_SEQUENCE
    assert send(3, [b"d"]).base_offset == 3
    with server.source.connect() as wire:
        assert wire.init_producer_id()[0] != producer, "producer ids are never handed out again"


def test_topics_across_a_crash(own_server):
    """Created and deleted topics, partitions and settings are there after kill -9"""
    server = own_server()
    kept, deleted = server.source.topic(2, max_message_bytes=5000), server.source.topic()
    with server.source.connect() as wire:
        assert wire.create_partitions(kept, 3) == w.NONE
        assert wire.produce(kept, 2, Batch([b"x"]).encode()).error == w.NONE
        assert wire.delete_records(kept, 2, 1) == (w.NONE, 1)
        assert wire.delete_topic(deleted) == w.NONE
    server.kill()
    server.start()
    with server.source.connect() as wire:
        topics = wire.metadata().topics
        assert len(topics[kept]) == 3 and deleted not in topics
        assert wire.produce(kept, 0, Batch([b"x" * 6000]).encode()).error == w.MESSAGE_TOO_LARGE
        assert wire.list_offset(kept, 2, -2)[2] == wire.list_offset(kept, 2, -1)[2] == 1


def test_repeated_crashes(own_server):
    """Ten crashes in a row, each after an acknowledged record: ten records"""
    server = own_server()
    topic = server.source.topic()
    for i in range(10):
        with server.source.connect() as wire:
            assert wire.produce(topic, 0, Batch([b"%d" % i]).encode()).base_offset == i
        server.kill()
        server.start()
    assert [b.base_offset for b in server.source.batches(topic, 0)] == list(range(10))


def test_fsync_durability(own_server):
    """With --durability fsync records are acknowledged, readable, and there after kill -9"""
    server = own_server("--durability", "fsync")
    topic = server.source.topic()
    with server.source.connect() as wire:
        sent = [wire.send(w.PRODUCE, 8, wire.produce_body(topic, 0, Batch([b"%d" % i]).encode())) for i in range(50)]
        for index, correlation in enumerate(sent):
            reader = wire.receive()
            assert reader.i32() == correlation and wire.read_produced(reader).base_offset == index
        assert len(split(wire.fetch(topic, 0, 0).data)) == 50
    server.kill()
    server.start()
    assert server.source.ends(topic) == {0: 50}
