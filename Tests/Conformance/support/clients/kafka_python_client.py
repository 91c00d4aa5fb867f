"""kafka-python 3."""

import queue
import re
import threading

import kafka
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic
from kafka.errors import KafkaError

from ..wait import until
from .base import CODECS, FETCH_WAIT_MS, OPERATION, Client, Member, Message, Refusal, Tail, Timestamp


def _refusal(error) -> Refusal:
    return Refusal(getattr(error, "errno", None), str(error))


def _message(raw) -> Message:
    return Message(raw.value, raw.key, tuple(raw.headers), raw.partition, raw.offset, raw.timestamp)


class KafkaPythonClient(Client):
    name = "kafka-python"
    abilities = frozenset({"offsets", "idempotence", "headers", "null values", "timestamps", "groups", "static members",
                           "admin", "incremental configs", "delete records", "group admin"}
                          | {f"codec {codec}" for codec in CODECS})

    @classmethod
    def version(cls):
        return f"kafka-python {kafka.__version__}"

    def produce(self, topic, messages, *, partition=None, acks="all", codec="none", idempotent=False,
                max_request=None):
        producer = KafkaProducer(
            bootstrap_servers=self.bootstrap, acks=acks, compression_type=None if codec == "none" else codec,
            enable_idempotence=idempotent, max_request_size=max_request or 1_048_576, linger_ms=2,
            max_block_ms=OPERATION * 1000, delivery_timeout_ms=OPERATION * 1000, retries=5)
        try:
            futures = [producer.send(topic, m.value, m.key, list(m.headers), partition, m.timestamp) for m in messages]
            producer.flush(OPERATION)
            answers = [future.get(OPERATION) for future in futures]
            return None if acks == 0 else [answer.offset for answer in answers]
        except KafkaError as error:
            raise _refusal(error) from error
        finally:
            producer.close(OPERATION)

    def _consumer(self, **more):
        return KafkaConsumer(bootstrap_servers=self.bootstrap, **{
            "enable_auto_commit": False, "auto_offset_reset": "none", "fetch_max_bytes": 256 << 20, **more})

    def read(self, topic, partition, start, count=None):
        target = TopicPartition(topic, partition)
        consumer = self._consumer(fetch_max_wait_ms=FETCH_WAIT_MS)
        try:
            consumer.assign([target])
            end = consumer.end_offsets([target])[target]
            if start == "beginning":
                consumer.seek_to_beginning(target)
            elif isinstance(start, Timestamp):
                consumer.seek(target, consumer.offsets_for_times({target: start.milliseconds})[target].offset)
            else:
                consumer.seek(target, start)
            found = []

            def finished():
                for raw in consumer.poll(100).get(target, []):
                    found.append(_message(raw))
                return consumer.position(target) >= end if count is None else len(found) >= count
            until(finished, f"the records of {topic}-{partition}", OPERATION, pause=0)
            return found if count is None else found[:count]
        except KafkaError as error:
            raise _refusal(error) from error
        finally:
            consumer.close()

    def tail(self, topic, partition):
        return _Tail(self._consumer(), TopicPartition(topic, partition))

    def partitions(self):
        with _closing(KafkaAdminClient(bootstrap_servers=self.bootstrap)) as admin:
            return {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics()}

    def watermarks(self, topic, partition):
        target = TopicPartition(topic, partition)
        with _closing(self._consumer()) as consumer:
            return consumer.beginning_offsets([target])[target], consumer.end_offsets([target])[target]

    def offset_at(self, topic, partition, milliseconds):
        target = TopicPartition(topic, partition)
        with _closing(self._consumer()) as consumer:
            found = consumer.offsets_for_times({target: milliseconds})[target]
            return None if found is None else found.offset

    def member(self, group, topic, *, instance=None):
        return _Member(self._consumer(group_id=group, group_instance_id=instance, auto_offset_reset="earliest",
                                      session_timeout_ms=10_000, heartbeat_interval_ms=200), topic)

    # -- administration ------------------------------------------------------------------------------------------------

    def _admin(self, call):
        try:
            with _closing(KafkaAdminClient(bootstrap_servers=self.bootstrap)) as admin:
                return call(admin)
        except KafkaError as error:
            raise _refusal(error) from error

    def create_topic(self, topic, partitions=1, configs=None):
        new = NewTopic(topic, partitions, 1, topic_configs=configs or {})
        self._admin(lambda admin: admin.create_topics([new]))

    def delete_topic(self, topic):
        self._admin(lambda admin: admin.delete_topics([topic]))

    def create_partitions(self, topic, count):
        self._admin(lambda admin: admin.create_partitions({topic: count}))

    def topic_configs(self, topic):
        resource = ConfigResource(ConfigResourceType.TOPIC, topic)
        found = self._admin(lambda admin: admin.describe_configs([resource], config_filter="all"))
        return _config_values(found, topic)

    def set_topic_config(self, topic, key, value):
        resource = ConfigResource(ConfigResourceType.TOPIC, topic, configs={key: value})
        # Without the client's own check of names: the broker is under test.
        answer = self._admin(lambda admin: admin.alter_configs([resource], raise_on_unknown=False))
        _check_row(answer["topic"][topic])

    def delete_records(self, topic, partition, offset):
        target = TopicPartition(topic, partition)
        found = self._admin(lambda admin: admin.delete_records({target: offset}))[target]
        return found["low_watermark"]

    def broker_ids(self):
        return {broker["broker_id"] for broker in self._admin(lambda admin: admin.describe_cluster())["brokers"]}

    def groups(self):
        return {group["group_id"] for group in self._admin(lambda admin: admin.list_groups())}

    def group_state(self, group):
        found = self._admin(lambda admin: admin.describe_groups([group]))[group]
        return found["group_state"].lower(), len(found["members"])

    def delete_group(self, group):
        _check_row(self._admin(lambda admin: admin.delete_groups([group]))[group])


def _check_row(text):
    """Some answers are dictionaries of texts: "OK", or an error's name, with its number where it has one."""
    if text not in ("OK", "NoError"):
        number = re.search(r"\[Error (\d+)\]", text)
        raise Refusal(int(number[1]) if number else None, text)


def _config_values(found, topic):
    """The values of one resource, wherever the library nests them."""
    for resources in found.values():
        if topic in resources:
            return {key: entry["value"] if isinstance(entry, dict) else entry
                    for key, entry in resources[topic].items()}
    raise AssertionError(f"no configuration of {topic} in {found}")


class _closing:
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *_):
        self.thing.close()


class _Tail(Tail):
    def __init__(self, consumer, target):
        self.consumer, self.found = consumer, []
        consumer.assign([target])
        consumer.seek_to_end(target)
        consumer.position(target)

    def take(self, count):
        def enough():
            for messages in self.consumer.poll(100).values():
                self.found += map(_message, messages)
            return len(self.found) >= count
        until(enough, f"{count} new records", OPERATION, pause=0)
        return self.found

    def close(self):
        self.consumer.close()


class _Member(Member):
    """Polls in a thread of its own: a rebalance that does not end within one call of poll() leaves kafka-python 3.0
    without an assignment, so the calls must be long, and a test that steps several members must not wait for them."""

    POLL_MS = 1000

    def __init__(self, consumer, topic):
        super().__init__()
        self.consumer, self.arrived, self.error = consumer, [], None
        self.requests = queue.SimpleQueue()
        consumer.subscribe([topic])
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        try:
            while True:
                for messages in self.consumer.poll(self.POLL_MS).values():
                    self.arrived += map(_message, messages)
                while not self.requests.empty():
                    done, work = self.requests.get()
                    work()
                    done.set()
                    if work == self._close:
                        return
        except Exception as error:  # for the test's thread to raise
            self.error = error

    def _close(self):
        self.consumer.close(autocommit=False)

    def _ask(self, work):
        done = threading.Event()
        self.requests.put((done, work))
        until(lambda: done.is_set() or self.error, "the member's thread", OPERATION)
        self._check()

    def _check(self):
        if self.error is not None:
            raise _refusal(self.error) from self.error

    def step(self):
        self._check()
        self.received = list(self.arrived)

    @property
    def assignment(self):
        return {target.partition for target in self.consumer.assignment()}

    def commit(self):
        self._ask(self.consumer.commit)

    def close(self):
        self._ask(self._close)
