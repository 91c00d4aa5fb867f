"""aiokafka. Its coroutines run on one loop in a thread of their own, so that tests stay plain functions."""

import asyncio
import threading

import aiokafka
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, for_code

from ..wait import until
from .base import CODECS, FETCH_WAIT_MS, OPERATION, Client, Member, Message, Refusal, Tail, Timestamp

_loop = asyncio.new_event_loop()
threading.Thread(target=_loop.run_forever, daemon=True).start()


def run(coroutine):
    try:
        return asyncio.run_coroutine_threadsafe(coroutine, _loop).result(OPERATION + 10)
    except KafkaError as error:
        raise Refusal(getattr(error, "errno", None), str(error)) from error


def _message(raw) -> Message:
    return Message(raw.value, raw.key, tuple(raw.headers), raw.partition, raw.offset, raw.timestamp)


class AiokafkaClient(Client):
    name = "aiokafka"
    abilities = frozenset({"offsets", "idempotence", "headers", "null values", "timestamps", "groups", "static members",
                           "admin", "delete records"} | {f"codec {codec}" for codec in CODECS})

    @classmethod
    def version(cls):
        return f"aiokafka {aiokafka.__version__}"

    def produce(self, topic, messages, *, partition=None, acks="all", codec="none", idempotent=False,
                max_request=None):
        return run(self._produce(topic, messages, partition, acks, codec, idempotent, max_request or 1_048_576))

    async def _produce(self, topic, messages, partition, acks, codec, idempotent, max_request):
        producer = AIOKafkaProducer(
            bootstrap_servers=self.bootstrap, acks=acks, compression_type=None if codec == "none" else codec,
            enable_idempotence=idempotent, max_request_size=max_request, linger_ms=2)
        await producer.start()
        try:
            sent = [await producer.send(topic, m.value, m.key, partition, m.timestamp, list(m.headers))
                    for m in messages]
            answers = [await asyncio.wait_for(future, OPERATION) for future in sent]
            return None if acks == 0 else [answer.offset for answer in answers]
        finally:
            await producer.stop()

    async def _consumer(self, **more):
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, **{
            "enable_auto_commit": False, "auto_offset_reset": "none", **more})
        await consumer.start()
        return consumer

    def _with_consumer(self, work, **more):
        async def whole():
            consumer = await self._consumer(**more)
            try:
                return await work(consumer)
            finally:
                await consumer.stop()
        return run(whole())

    def read(self, topic, partition, start, count=None):
        target = TopicPartition(topic, partition)

        async def work(consumer):
            consumer.assign([target])
            end = (await consumer.end_offsets([target]))[target]
            if start == "beginning":
                await consumer.seek_to_beginning(target)
            elif isinstance(start, Timestamp):
                consumer.seek(target, (await consumer.offsets_for_times({target: start.milliseconds}))[target].offset)
            else:
                consumer.seek(target, start)
            found, give_up = [], _loop.time() + OPERATION
            while (await consumer.position(target) < end) if count is None else len(found) < count:
                assert _loop.time() < give_up, f"only {len(found)} records of {topic}-{partition}"
                for messages in (await consumer.getmany(timeout_ms=100)).values():
                    found += map(_message, messages)
            return found if count is None else found[:count]
        return self._with_consumer(work, fetch_max_wait_ms=FETCH_WAIT_MS)

    def tail(self, topic, partition):
        target = TopicPartition(topic, partition)

        async def begin():
            consumer = await self._consumer()
            consumer.assign([target])
            await consumer.seek_to_end(target)
            await consumer.position(target)
            return consumer
        return _Tail(run(begin()))

    def partitions(self):
        async def names(admin):
            return await admin.describe_topics()
        return {topic["topic"]: len(topic["partitions"]) for topic in self._admin(names)}

    def watermarks(self, topic, partition):
        target = TopicPartition(topic, partition)

        async def work(consumer):
            return ((await consumer.beginning_offsets([target]))[target],
                    (await consumer.end_offsets([target]))[target])
        return self._with_consumer(work)

    def offset_at(self, topic, partition, milliseconds):
        target = TopicPartition(topic, partition)

        async def work(consumer):
            found = (await consumer.offsets_for_times({target: milliseconds}))[target]
            return None if found is None else found.offset
        return self._with_consumer(work)

    def member(self, group, topic, *, instance=None):
        async def begin():
            consumer = AIOKafkaConsumer(
                topic, bootstrap_servers=self.bootstrap, group_id=group, group_instance_id=instance,
                auto_offset_reset="earliest", enable_auto_commit=False, session_timeout_ms=10_000,
                heartbeat_interval_ms=200)
            await consumer.start()
            return consumer
        return _Member(run(begin()))

    # -- administration ------------------------------------------------------------------------------------------------

    def _admin(self, work):
        async def whole():
            admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
            await admin.start()
            try:
                return await work(admin)
            finally:
                await admin.close()
        return run(whole())

    def _checked(self, answer, attribute):
        """aiokafka hands back some answers as they came; the error code is the second field of each row."""
        for row in getattr(answer, attribute):
            if row[1] != 0:
                error = for_code(row[1])
                raise Refusal(row[1], f"{error.__name__} {row[2:]}")

    def create_topic(self, topic, partitions=1, configs=None):
        new = NewTopic(topic, partitions, 1, topic_configs=configs or {})
        self._checked(self._admin(lambda admin: admin.create_topics([new])), "topic_errors")

    def delete_topic(self, topic):
        self._checked(self._admin(lambda admin: admin.delete_topics([topic])), "topic_error_codes")

    def create_partitions(self, topic, count):
        self._checked(self._admin(lambda admin: admin.create_partitions({topic: NewPartitions(count)})), "topic_errors")

    def topic_configs(self, topic):
        resource = ConfigResource(ConfigResourceType.TOPIC, topic)
        (answer,) = self._admin(lambda admin: admin.describe_configs([resource]))
        (row,) = answer.resources
        return {entry[0]: entry[1] for entry in row[4]}

    def delete_records(self, topic, partition, offset):
        target = TopicPartition(topic, partition)
        return self._admin(lambda admin: admin.delete_records({target: RecordsToDelete(before_offset=offset)}))[target]

    def broker_ids(self):
        return {broker["node_id"] for broker in self._admin(lambda admin: admin.describe_cluster())["brokers"]}

    def groups(self):
        return {group[0] for group in self._admin(lambda admin: admin.list_consumer_groups())}


class _Tail(Tail):
    def __init__(self, consumer):
        self.consumer, self.found = consumer, []

    def take(self, count):
        def enough():
            for messages in run(self.consumer.getmany(timeout_ms=100)).values():
                self.found += map(_message, messages)
            return len(self.found) >= count
        until(enough, f"{count} new records", OPERATION, pause=0)
        return self.found

    def close(self):
        run(self.consumer.stop())


class _Member(Member):
    def __init__(self, consumer):
        super().__init__()
        self.consumer = consumer

    def step(self):
        for messages in run(self.consumer.getmany(timeout_ms=50)).values():
            self.received += map(_message, messages)

    @property
    def assignment(self):
        return {target.partition for target in self.consumer.assignment()}

    def commit(self):
        run(self.consumer.commit())

    def close(self):
        run(self.consumer.stop())
