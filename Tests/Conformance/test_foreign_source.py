"""A link whose source is not Twinlog: librdkafka's mock cluster, another program's idea of the protocol."""

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from support.wait import until

pytestmark = [pytest.mark.links]

PARTITIONS = 3


class MockCluster:
    """librdkafka's mock, which lives as long as the producer that asked for it."""

    def __init__(self):
        self._owner = Producer({"test.mock.num.brokers": 2, "bootstrap.servers": "replaced-by-the-mock", "log_level": 0})
        metadata = self._owner.list_topics(timeout=10)
        self.id = metadata.cluster_id
        self.bootstrap = ",".join(f"{b.host}:{b.port}" for b in metadata.brokers.values())

    def write(self, topic, count, codec):
        producer = Producer({
            "bootstrap.servers": self.bootstrap, "compression.codec": codec, "linger.ms": 50, "log_level": 0})
        for i in range(count):
            producer.produce(topic, key=b"k%d" % i, value=b"%s %d" % (codec.encode(), i), partition=i % PARTITIONS)
        assert producer.flush(20) == 0


def read(bootstrap, topic):
    """Everything in the topic: (partition, offset) → (key, value, timestamp)."""
    consumer = Consumer({
        "bootstrap.servers": bootstrap, "group.id": "reader", "enable.auto.commit": False, "check.crcs": True,
        "enable.partition.eof": False, "log_level": 0})
    try:
        found = {}
        parts = [TopicPartition(topic, p, 0) for p in range(PARTITIONS)]
        ends = {p.partition: consumer.get_watermark_offsets(p, timeout=10)[1] for p in parts}
        consumer.assign(parts)

        def complete():
            message = consumer.poll(1.0)
            if message is not None and message.error() is None:
                found[(message.partition(), message.offset())] = (message.key(), message.value(), message.timestamp())
            return len(found) == sum(ends.values())
        until(complete, f"{ends} of {topic}", 30)
        return found
    finally:
        consumer.close()


@pytest.fixture(scope="module")
def mock():
    return MockCluster()


def test_mirror_of_a_foreign_cluster(mock, twinlog, dest):
    """A topic of a cluster that is not ours arrives at the same offsets, and goes on arriving"""
    topic = "foreign-topic"
    for codec in ("none", "lz4"):
        mock.write(topic, 100, codec)
    rest = twinlog.rest(dest)
    answer = rest.create_link("foreign-link", mock)
    assert answer.ok, answer
    answer = rest.create_mirror("foreign-link", topic)
    assert answer.ok, answer

    def same():
        there = read(mock.bootstrap, topic)
        rest.wait_for_lag_zero("foreign-link", topic, {
            p: 1 + max(offset for partition, offset in there if partition == p) for p in range(PARTITIONS)})
        assert read(dest.bootstrap, topic) == there
        return len(there)
    assert same() == 200
    mock.write(topic, 60, "zstd")
    assert same() == 260
