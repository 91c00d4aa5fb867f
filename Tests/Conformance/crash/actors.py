"""Clients that load a cluster until it dies, and write down what they were promised."""

import random
import struct
import threading

from confluent_kafka import Producer

from support import wire as w
from support.records import Batch

from .history import History, TopicHistory

GONE = (OSError, w.Closed, AssertionError)
OFFSET_COMMIT = 8
# COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR
RETRIABLE = (14, 15, 16)


class Actor(threading.Thread):
    """A thread that works until it is told to stop or its server is gone."""

    def __init__(self, history: History, cluster, random_source: random.Random):
        super().__init__(daemon=True)
        self.history, self.cluster, self.random = history, cluster, random_source
        self.stopping = threading.Event()
        self.failure = None

    def run(self):
        try:
            self.work()
        except GONE as error:
            self.failure = error if isinstance(error, AssertionError) and self.cluster_is_there() else None

    def cluster_is_there(self):
        try:
            self.cluster.connect(1).socket.close()
            return True
        except OSError:
            return False

    def stop(self):
        self.stopping.set()
        self.join()
        if self.failure is not None:
            raise self.failure


class IdempotentPump(Actor):
    """librdkafka's idempotent producer: each value must be found once, and in order within its partition."""

    codecs = ["none", "lz4", "zstd", "gzip", "snappy"]

    def __init__(self, history, cluster, random_source, topic: TopicHistory, label: str):
        super().__init__(history, cluster, random_source)
        self.topic, self.label = topic, label

    def work(self):
        producer = Producer({
            "bootstrap.servers": self.cluster.bootstrap, "enable.idempotence": True, "acks": "all", "linger.ms": 1,
            "batch.num.messages": self.random.choice([1, 20, 500]), "message.timeout.ms": 60_000, "log_level": 0,
            "compression.type": self.random.choice(self.codecs)})
        number = 0
        while not self.stopping.is_set():
            partition = number % self.topic.partitions
            value = b"%s:%d" % (self.label.encode(), number)
            try:
                producer.produce(self.topic.name, value, partition=partition, on_delivery=self._delivered(value))
                number += 1
            except BufferError:
                pass
            # A bound on what one cycle writes, so that hundreds of cycles fit on a disk.
            producer.poll(0.002 if number % 20 == 0 else 0)
        producer.purge()
        producer.flush(0.5)

    def _delivered(self, value):
        def report(error, message):
            if error is None:
                self.history.acknowledge(self.topic, message.partition(), message.offset(), value)
        return report


class PlainPump(Actor):
    """Whole batches with acks=all and no producer id, one after the other."""

    def __init__(self, history, cluster, random_source, topic: TopicHistory, label: str):
        super().__init__(history, cluster, random_source)
        self.topic, self.label = topic, label

    def work(self):
        number = 0
        with self.cluster.brokers() as brokers:
            leaders = brokers.leaders(self.topic.name)
            while not self.stopping.is_set():
                count = self.random.randint(1, 40)
                values = [b"%s:%d" % (self.label.encode(), number + i) for i in range(count)]
                partition = self.random.randrange(self.topic.partitions)
                answer = leaders[partition].produce(self.topic.name, partition, Batch(values).encode())
                assert answer.error == w.NONE, f"produce: error {answer.error}"
                for index, value in enumerate(values):
                    self.history.acknowledge(self.topic, partition, answer.base_offset + index, value)
                number += count
                self.stopping.wait(0.001)


class Committer(Actor):
    """Commits growing offsets of a group without members."""

    def __init__(self, history, cluster, random_source, topic: TopicHistory, group: str):
        super().__init__(history, cluster, random_source)
        self.topic, self.group = topic, group

    def work(self):
        with self.cluster.brokers() as brokers:
            while not self.stopping.is_set():
                connection = brokers.coordinator(self.group)
                if connection is None:
                    self.stopping.wait(0.01)
                    continue
                partition = self.random.randrange(self.topic.partitions)
                low, high = self.topic.committed.get(partition, (-1, -1))
                self.topic.committed[partition] = (low, high + 1)
                error = self._commit(connection, partition, high + 1)
                # The group's topic is being made; every client asks again.
                assert error in (w.NONE, *RETRIABLE), f"commit: error {error}"
                if error == w.NONE:
                    self.topic.committed[partition] = (high + 1, high + 1)
                self.stopping.wait(0.002)

    def _commit(self, connection, partition, offset) -> int:
        part = struct.pack(">iq", partition, offset) + w.string("")
        body = (w.string(self.group) + struct.pack(">i", -1) + w.string("") + struct.pack(">q", -1)
                + w.array([w.string(self.topic.name) + w.array([part])]))
        reader = connection.call(OFFSET_COMMIT, 2, body)
        (rows,) = reader.array(lambda: (reader.string(), reader.array(lambda: (reader.i32(), reader.i16())))[1])
        return rows[0][1]


class Trimmer(Actor):
    """DeleteRecords now and then, up to something that was acknowledged."""

    def __init__(self, history, cluster, random_source, topic: TopicHistory):
        super().__init__(history, cluster, random_source)
        self.topic = topic

    def work(self):
        with self.cluster.brokers() as brokers:
            leaders = brokers.leaders(self.topic.name)
            while not self.stopping.wait(self.random.uniform(0.02, 0.3)):
                partition = self.random.randrange(self.topic.partitions)
                connection = leaders[partition]
                end = connection.list_offset(self.topic.name, partition, -1)[2]
                start = self.topic.cut.get(partition, 0)
                if end <= start:
                    continue
                offset = self.random.randint(start, end - 1)
                self.topic.cut_attempted[partition] = max(offset, self.topic.cut_attempted.get(partition, 0))
                error, low = connection.delete_records(self.topic.name, partition, offset)
                assert error == w.NONE, f"delete records: error {error}"
                self.topic.cut[partition] = max(low, self.topic.cut.get(partition, 0))


class Recreator(Actor):
    """Deletes topics and creates them again under the same name, with a few records in each life."""

    def __init__(self, history, cluster, random_source, prefix: str):
        super().__init__(history, cluster, random_source)
        self.prefix = prefix
        self.life = 0

    def work(self):
        with self.cluster.brokers() as brokers:
            while not self.stopping.wait(self.random.uniform(0, 0.02)):
                self._live(brokers, f"{self.prefix}-{self.random.randrange(4)}")

    def _live(self, brokers, name):
        connection = brokers.first
        old = self.history.topics.get(name)
        if old is not None and not old.is_deleted:
            old.is_uncertain = True
            error = connection.delete_topic(name)
            # After an uncertain creation it may not be there.
            assert error in (w.NONE, w.UNKNOWN_TOPIC_OR_PARTITION), f"delete {name}: error {error}"
            old.is_deleted = True
        topic = TopicHistory(name, self.random.randint(1, 3), is_uncertain=True)
        self.history.add(topic)
        error = connection.create_topic(name, topic.partitions)
        assert error == w.NONE, f"create {name}: error {error}"
        topic.is_uncertain = False
        leaders = brokers.leaders(name)
        for _ in range(self.random.randrange(4)):
            self.life += 1
            partition = self.random.randrange(topic.partitions)
            value = b"life-%d-%d" % (self.life, self.random.getrandbits(60))
            answer = leaders[partition].produce(name, partition, Batch([value]).encode())
            assert answer.error == w.NONE, f"produce to {name}: error {answer.error}"
            self.history.acknowledge(topic, partition, answer.base_offset, value)
            if self.random.random() < 0.3:
                topic.cut_attempted[partition] = answer.base_offset + 1
                error, low = leaders[partition].delete_records(name, partition, answer.base_offset + 1)
                assert error == w.NONE, f"delete records of {name}: error {error}"
                topic.cut[partition] = low
