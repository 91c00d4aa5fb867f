"""confluent-kafka: librdkafka in its current version."""

import confluent_kafka
from confluent_kafka import OFFSET_BEGINNING, OFFSET_END, Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    ResourceType,
)

from ..wait import until
from .base import CODECS, FETCH_WAIT_MS, OPERATION, Client, Member, Message, Refusal, Tail, Timestamp


def _refusal(error) -> Refusal:
    error = error.args[0] if isinstance(error, KafkaException) else error
    return Refusal(error.code(), error.str())


def _message(raw) -> Message:
    return Message(raw.value(), raw.key(), tuple(raw.headers() or ()), raw.partition(), raw.offset(),
                   raw.timestamp()[1])


class ConfluentClient(Client):
    name = "confluent-kafka"
    abilities = frozenset({"offsets", "idempotence", "headers", "null values", "timestamps", "groups", "static members",
                           "admin", "incremental configs", "delete records", "group admin"}
                          | {f"codec {codec}" for codec in CODECS})

    @classmethod
    def version(cls):
        return f"confluent-kafka {confluent_kafka.__version__} (librdkafka {confluent_kafka.libversion()[0]})"

    def _settings(self, **more):
        return {"bootstrap.servers": self.bootstrap, "client.id": "conformance",
                **{key.replace("_", "."): value for key, value in more.items()}}

    def produce(self, topic, messages, *, partition=None, acks="all", codec="none", idempotent=False,
                max_request=None):
        settings = self._settings(acks=acks, compression_type=codec, enable_idempotence=idempotent,
                                  message_timeout_ms=int(OPERATION * 1000), linger_ms=2)
        if max_request:
            settings["message.max.bytes"] = max_request
        producer = Producer(settings)
        offsets, errors = {}, []

        def delivered(index):
            def report(error, raw):
                if error is not None:
                    errors.append(error)
                else:
                    offsets[index] = raw.offset()
            return report

        for index, message in enumerate(messages):
            options = {} if message.timestamp is None else {"timestamp": message.timestamp}
            if partition is not None:
                options["partition"] = partition
            try:
                producer.produce(topic, message.value, message.key, headers=list(message.headers),
                                 on_delivery=delivered(index), **options)
            except KafkaException as error:
                raise _refusal(error) from error
            producer.poll(0)
        assert producer.flush(OPERATION) == 0, "librdkafka still holds records"
        if errors:
            raise _refusal(errors[0])
        return None if str(acks) == "0" else [offsets[i] for i in range(len(messages))]

    def _consumer(self, **more):
        return Consumer(self._settings(**{"group_id": "conformance-reader", "enable_auto_commit": False,
                                          "enable_partition_eof": True, "auto_offset_reset": "error", **more}))

    def read(self, topic, partition, start, count=None):
        consumer = self._consumer(fetch_wait_max_ms=FETCH_WAIT_MS)
        try:
            return self._read(consumer, topic, partition, start, count)
        except KafkaException as error:
            raise _refusal(error) from error
        finally:
            consumer.close()

    def _read(self, consumer, topic, partition, start, count):
        if isinstance(start, Timestamp):
            offset = consumer.offsets_for_times([TopicPartition(topic, partition, start.milliseconds)], OPERATION)
            start = offset[0].offset
        offset = OFFSET_BEGINNING if start == "beginning" else start
        consumer.assign([TopicPartition(topic, partition, offset)])
        found, ended = [], False

        def finished():
            nonlocal ended
            for raw in consumer.consume(500, 0.1):
                if raw.error() is None:
                    found.append(_message(raw))
                elif raw.error().code() == KafkaError._PARTITION_EOF:
                    ended = True
                else:
                    raise _refusal(raw.error())
            return ended if count is None else len(found) >= count
        until(finished, f"the records of {topic}-{partition}", OPERATION, pause=0)
        return found if count is None else found[:count]

    def tail(self, topic, partition):
        return _Tail(self._consumer(), topic, partition)

    def partitions(self):
        topics = AdminClient(self._settings()).list_topics(timeout=OPERATION).topics
        return {name: len(topic.partitions) for name, topic in topics.items()}

    def watermarks(self, topic, partition):
        consumer = self._consumer()
        try:
            return consumer.get_watermark_offsets(TopicPartition(topic, partition), OPERATION)
        finally:
            consumer.close()

    def offset_at(self, topic, partition, milliseconds):
        consumer = self._consumer()
        try:
            found = consumer.offsets_for_times([TopicPartition(topic, partition, milliseconds)], OPERATION)[0].offset
            return None if found == OFFSET_END else found
        finally:
            consumer.close()

    def member(self, group, topic, *, instance=None):
        more = {"group_instance_id": instance} if instance else {}
        return _Member(self._consumer(group_id=group, auto_offset_reset="earliest", session_timeout_ms=10_000,
                                      heartbeat_interval_ms=200, enable_partition_eof=False, **more), topic)

    # -- administration ------------------------------------------------------------------------------------------------

    def _admin(self, future_of):
        """Calls an AdminClient method that returns one future per subject, and returns the only result."""
        admin = AdminClient(self._settings())  # the futures fail if it goes away before they are done
        try:
            futures = future_of(admin)
            (future,) = futures.values() if isinstance(futures, dict) else [futures]
            return future.result(OPERATION)
        except KafkaException as error:
            raise _refusal(error) from error

    def create_topic(self, topic, partitions=1, configs=None):
        new = NewTopic(topic, partitions, 1, config=configs or {})
        self._admin(lambda admin: admin.create_topics([new]))

    def delete_topic(self, topic):
        self._admin(lambda admin: admin.delete_topics([topic]))

    def create_partitions(self, topic, count):
        self._admin(lambda admin: admin.create_partitions([NewPartitions(topic, count)]))

    def topic_configs(self, topic):
        resource = ConfigResource(ResourceType.TOPIC, topic)
        return {key: entry.value for key, entry in
                self._admin(lambda admin: admin.describe_configs([resource])).items()}

    def set_topic_config(self, topic, key, value):
        entry = ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
        self._admin(lambda admin: admin.incremental_alter_configs([resource]))

    def delete_records(self, topic, partition, offset):
        target = TopicPartition(topic, partition, offset)
        return self._admin(lambda admin: admin.delete_records([target])).low_watermark

    def broker_ids(self):
        return {node.id for node in self._admin(lambda admin: admin.describe_cluster()).nodes}

    def groups(self):
        return {group.group_id for group in self._admin(lambda admin: admin.list_consumer_groups()).valid}

    def group_state(self, group):
        """(state, number of members)"""
        found = self._admin(lambda admin: admin.describe_consumer_groups([group]))
        return found.state.name.lower(), len(found.members)

    def delete_group(self, group):
        self._admin(lambda admin: admin.delete_consumer_groups([group]))


class _Tail(Tail):
    def __init__(self, consumer, topic, partition):
        self.consumer, self.found = consumer, []
        consumer.assign([TopicPartition(topic, partition, OFFSET_END)])

        def at_end():
            raw = consumer.poll(0.1)
            return raw is not None and raw.error() is not None and raw.error().code() == KafkaError._PARTITION_EOF
        until(at_end, "a position at the end", OPERATION, pause=0)

    def take(self, count):
        def enough():
            raw = self.consumer.poll(0.1)
            if raw is not None and raw.error() is None:
                self.found.append(_message(raw))
            return len(self.found) >= count
        until(enough, f"{count} new records", OPERATION, pause=0)
        return self.found

    def close(self):
        self.consumer.close()


class _Member(Member):
    def __init__(self, consumer, topic):
        super().__init__()
        self.consumer = consumer
        consumer.subscribe([topic])

    def step(self):
        for raw in self.consumer.consume(500, 0.05):
            if raw.error() is not None:
                raise _refusal(raw.error())
            self.received.append(_message(raw))

    @property
    def assignment(self):
        return {p.partition for p in self.consumer.assignment()}

    def commit(self):
        self.consumer.commit(asynchronous=False)

    def close(self):
        self.consumer.close()
