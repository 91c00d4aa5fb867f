"""One round trip with every real client over a listener that asks for an API key, with or without TLS."""

import asyncio
import functools
import logging
import ssl
import subprocess
import uuid
from dataclasses import dataclass, replace

import aiokafka
import aiokafka.errors
import confluent_kafka
import kafka
import kafka.errors

from . import rest

PATIENCE = 15.0


@dataclass(frozen=True)
class Login:
    """How a client connects."""
    bootstrap: str
    protocol: str                        # SASL_SSL or SASL_PLAINTEXT
    key: str
    secret: str
    ca: str | None = None                # PEM file; None trusts what the system trusts
    tls: str | None = None               # "TLSv1.2" or "TLSv1.3"

    def but(self, **changes) -> "Login":
        return replace(self, **changes)

    @property
    def encrypted(self) -> bool:
        return self.protocol == "SASL_SSL"

    def context(self) -> ssl.SSLContext | None:
        if not self.encrypted:
            return None
        context = ssl.create_default_context(cafile=self.ca)
        if self.tls:
            version = ssl.TLSVersion.TLSv1_2 if self.tls == "TLSv1.2" else ssl.TLSVersion.TLSv1_3
            context.minimum_version = context.maximum_version = version
        return context

    def librdkafka(self) -> dict[str, str]:
        settings = {"bootstrap.servers": self.bootstrap, "security.protocol": self.protocol, "sasl.mechanisms": "PLAIN",
                    "sasl.username": self.key, "sasl.password": self.secret,
                    "ssl.endpoint.identification.algorithm": "https"}
        if self.ca:
            settings["ssl.ca.location"] = self.ca
        if not self.encrypted:
            settings = {name: value for name, value in settings.items() if not name.startswith("ssl.")}
        return settings


class Refused(Exception):
    """What the client said about why it was not let in."""


class _Log(logging.Handler):
    """What a library had to say."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def _with_log(library):
    """kafka-python and aiokafka try again until their time is over, and say in their log only why they had to."""
    def wrap(round_trip):
        @functools.wraps(round_trip)
        def work(*arguments):
            said = _Log()
            logging.getLogger(library).addHandler(said)
            try:
                return round_trip(*arguments)
            except Refused as error:
                raise Refused("\n".join([str(error), *said.lines])) from error
            finally:
                logging.getLogger(library).removeHandler(said)
        return work
    return wrap


def kcat(login: Login, topic: str, value: bytes) -> bytes:
    options = [option for name, text in login.librdkafka().items() for option in ("-X", f"{name}={text}")]
    options += ["-X", "message.timeout.ms=5000", "-X", "api.version.request=true"]
    run = subprocess.run(["kcat", "-P", "-t", topic, "-p", "0", *options], input=value, capture_output=True,
                         timeout=PATIENCE + 15)
    said = run.stderr.decode(errors="replace")
    if run.returncode != 0 or "ERROR" in said or "FAIL" in said:
        raise Refused(said)
    read = subprocess.run(["kcat", "-C", "-t", topic, "-p", "0", "-o", "-1", "-c", "1", "-e", *options],
                          capture_output=True, timeout=PATIENCE + 15)
    return read.stdout.rstrip(b"\n")


def confluent(login: Login, topic: str, value: bytes) -> bytes:
    errors, outcome = [], []
    settings = {**login.librdkafka(), "error_cb": lambda error: errors.append(str(error))}
    producer = confluent_kafka.Producer({**settings, "message.timeout.ms": 5000})
    producer.produce(topic, value, partition=0, on_delivery=lambda error, message: outcome.append((error, message)))
    producer.flush(PATIENCE)
    if not outcome or outcome[0][0]:
        raise Refused("\n".join(errors) or str(outcome))
    offset = outcome[0][1].offset()
    consumer = confluent_kafka.Consumer({**settings, "group.id": f"g-{uuid.uuid4()}"})
    consumer.assign([confluent_kafka.TopicPartition(topic, 0, offset)])
    try:
        message = consumer.poll(PATIENCE)
        assert message is not None and not message.error(), message and message.error()
        return message.value()
    finally:
        consumer.close()


@_with_log("kafka")
def kafka_python(login: Login, topic: str, value: bytes) -> bytes:
    settings = dict(bootstrap_servers=login.bootstrap, security_protocol=login.protocol, sasl_mechanism="PLAIN",
                    sasl_plain_username=login.key, sasl_plain_password=login.secret, ssl_context=login.context())
    try:
        producer = kafka.KafkaProducer(**settings, max_block_ms=5000, bootstrap_timeout_ms=3000)
        try:
            offset = producer.send(topic, value, partition=0).get(PATIENCE).offset
        finally:
            producer.close(timeout=1)
        consumer = kafka.KafkaConsumer(**settings, consumer_timeout_ms=int(PATIENCE * 1000))
        try:
            partition = kafka.TopicPartition(topic, 0)
            consumer.assign([partition])
            consumer.seek(partition, offset)
            return next(consumer).value
        finally:
            consumer.close()
    except kafka.errors.KafkaError as error:
        raise Refused(f"{type(error).__name__}: {error}") from error


@_with_log("aiokafka")
def aiokafka_client(login: Login, topic: str, value: bytes) -> bytes:
    settings = dict(bootstrap_servers=login.bootstrap, security_protocol=login.protocol, sasl_mechanism="PLAIN",
                    sasl_plain_username=login.key, sasl_plain_password=login.secret, ssl_context=login.context())

    async def work():
        producer = aiokafka.AIOKafkaProducer(**settings)
        try:
            await producer.start()
            offset = (await producer.send_and_wait(topic, value, partition=0)).offset
        finally:
            await producer.stop()
        consumer = aiokafka.AIOKafkaConsumer(**settings)
        await consumer.start()
        try:
            partition = aiokafka.TopicPartition(topic, 0)
            consumer.assign([partition])
            consumer.seek(partition, offset)
            return (await asyncio.wait_for(consumer.getone(), PATIENCE)).value
        finally:
            await consumer.stop()
    try:
        return asyncio.run(work())
    except aiokafka.errors.KafkaError as error:
        raise Refused(f"{type(error).__name__}: {error}") from error


CLIENTS = {"kcat": kcat, "confluent-kafka": confluent, "kafka-python": kafka_python, "aiokafka": aiokafka_client}


def make_key(server, cluster="lkc-source") -> tuple[str, str]:
    """An API key and its secret."""
    answer = rest.request("POST", f"{server.http}/iam/v2/api-keys", {
        "spec": {"display_name": "conformance", "description": "a test's",
                 "owner": {"id": "u-local"}, "resource": {"id": cluster}}})
    assert answer.ok, answer
    return answer.body["id"], answer.body["spec"]["secret"]


def jaas(key, secret) -> str:
    """The log-in as a Java client's configuration has it."""
    return f"org.apache.kafka.common.security.plain.PlainLoginModule required username='{key}' password='{secret}';"
