"""The judge: reads a cluster that has come back and compares it with what was promised. Every check raises."""

import struct

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition

from support import wire as w
from support.wait import until

from .history import History, TopicHistory

OFFSET_FETCH = 9


def read_all(cluster, topics: list[TopicHistory]) -> dict[tuple[str, int], dict[int, bytes]]:
    """Every record of the topics from beginning to end, by partition and offset, as librdkafka reads them."""
    consumer = Consumer({"bootstrap.servers": cluster.bootstrap, "group.id": "judge", "enable.auto.commit": False,
                         "enable.partition.eof": True, "auto.offset.reset": "error", "check.crcs": True,
                         "log_level": 0, "fetch.wait.max.ms": 50})
    found = {(topic.name, partition): {} for topic in topics for partition in range(topic.partitions)}
    consumer.assign([TopicPartition(*key, OFFSET_BEGINNING) for key in found])
    ended = set()

    def finished():
        for raw in consumer.consume(1000, 0.1):
            key = (raw.topic(), raw.partition())
            if raw.error() is None:
                assert raw.offset() not in found[key], f"{key}: offset {raw.offset()} came twice"
                found[key][raw.offset()] = raw.value()
            elif raw.error().code() == KafkaError._PARTITION_EOF:
                ended.add(key)
            else:
                raise AssertionError(f"{key}: {raw.error()}")
        return len(ended) == len(found)
    try:
        until(finished, f"every record of {sorted(set(found) - ended)}", pause=0)
    finally:
        consumer.close()
    return found


def check_topics(history: History, cluster):
    """Topics that were created are there, deleted ones are not."""
    with cluster.connect() as connection:
        present = connection.metadata().topics
    for topic in list(history.topics.values()):
        if topic.is_uncertain:
            continue
        if topic.is_deleted:
            assert topic.name not in present, f"{topic.name} was deleted and is there"
        else:
            assert topic.name in present, f"{topic.name} was created and is gone"
            count = len(present[topic.name])
            assert count == topic.partitions, f"{topic.name} has {count} partitions instead of {topic.partitions}"


def check_records(topics: list[TopicHistory], cluster):
    """Each acknowledged record is at its offset; offsets have no gaps; what was read before is read again."""
    everything = read_all(cluster, topics)
    for topic in topics:
        for partition in range(topic.partitions):
            check_partition(topic, partition, everything[topic.name, partition], cluster)


def check_partition(topic: TopicHistory, partition: int, found: dict[int, bytes], cluster):
    name = f"{topic.name}-{partition}"
    offsets = sorted(found)
    start = offsets[0] if offsets else end_offset(cluster, topic.name, partition)
    assert offsets == list(range(start, start + len(offsets))), f"{name}: gaps between its offsets"
    low, attempted = topic.cut.get(partition, 0), topic.cut_attempted.get(partition, 0)
    assert low <= start <= max(low, attempted), f"{name} begins at {start}, not within {low}…{max(low, attempted)}"
    for (where, offset), value in topic.acknowledged.items():
        if where == partition and offset >= start:
            assert found.get(offset) == value, (
                f"{name}: offset {offset} holds {found.get(offset)!r}, acknowledged was {value!r}")
    for offset, value in topic.seen.get(partition, {}).items():
        if offset >= start:
            assert found.get(offset) == value, f"{name}: offset {offset} was {value!r}, is {found.get(offset)!r}"
    topic.seen[partition] = found
    check_order(name, found)


def check_order(name: str, found: dict[int, bytes]):
    """Of each idempotent producer every value is there at most once, and they follow each other."""
    last: dict[bytes, int] = {}
    for offset in sorted(found):
        label, _, number = found[offset].partition(b":")
        if not label.startswith(b"idempotent"):
            continue
        assert int(number) > last.get(label, -1), f"{name}: {found[offset]!r} at offset {offset} is there twice or late"
        last[label] = int(number)


def check_commits(topic: TopicHistory, cluster, group: str):
    """A committed offset is the last that was acknowledged, or one that was on its way."""
    with cluster.brokers() as brokers:
        def fetched():
            connection = brokers.coordinator(group)
            if connection is None:
                return None
            parts = w.array(struct.pack(">i", p) for p in range(topic.partitions))
            reader = connection.call(OFFSET_FETCH, 1, w.string(group) + w.array([w.string(topic.name) + parts]))
            (rows,) = reader.array(lambda: (reader.string(), reader.array(
                lambda: (reader.i32(), reader.i64(), reader.string(), reader.i16())))[1])
            # A coordinator that is still loading answers with an error.
            return rows if all(row[3] == w.NONE for row in rows) else None
        rows = until(fetched, f"offsets of {group}")
    for partition, offset, _, _ in rows:
        low, high = topic.committed.get(partition, (-1, -1))
        assert low <= offset <= high, f"{group} on {topic.name}-{partition}: {offset}, not within {low}…{high}"


def check_mirrors(topics: list[TopicHistory], source, dest):
    """The mirrors hold the same records at the same offsets, once they have caught up."""
    for topic in topics:
        until(lambda: dest.ends(topic.name) == source.ends(topic.name), f"{topic.name} whole on the mirror")
    for (name, partition), ours in read_all(dest, topics).items():
        theirs = next(topic for topic in topics if topic.name == name).seen[partition]
        start = min(theirs, default=0)
        differing = [offset for offset in theirs if ours.get(offset) != theirs[offset]]
        extra = [offset for offset in ours if offset >= start and offset not in theirs]
        assert not differing and not extra, (
            f"mirror of {name}-{partition} differs at offsets {differing[:5]}, has {extra[:5]} in excess")


def end_offset(cluster, topic: str, partition: int) -> int:
    return cluster.ends(topic)[partition]
