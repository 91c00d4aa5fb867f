"""A bare client of the Kafka protocol: enough to set up tests, and to say on the wire what no real client would say.

Only versions without flexible encoding, except where a test is about that encoding.
"""

import itertools
import socket
import struct
import uuid
from dataclasses import dataclass

from . import records
from .wait import until

PRODUCE, FETCH, LIST_OFFSETS, METADATA = 0, 1, 2, 3
API_VERSIONS, CREATE_TOPICS, DELETE_TOPICS, DELETE_RECORDS, INIT_PRODUCER_ID = 18, 19, 20, 21, 22
FIND_COORDINATOR, OFFSET_FOR_LEADER_EPOCH, ALTER_CONFIGS, CREATE_PARTITIONS = 10, 23, 33, 37

NONE, OFFSET_OUT_OF_RANGE, CORRUPT_MESSAGE, UNKNOWN_TOPIC_OR_PARTITION = 0, 1, 2, 3
MESSAGE_TOO_LARGE, INVALID_TOPIC, UNSUPPORTED_VERSION, TOPIC_ALREADY_EXISTS = 10, 17, 35, 36
INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR, INVALID_CONFIG, INVALID_REQUEST = 37, 38, 40, 42
INVALID_REQUIRED_ACKS, NON_EMPTY_GROUP, GROUP_ID_NOT_FOUND, UNKNOWN_LEADER_EPOCH = 21, 68, 69, 75
UNSUPPORTED_FOR_MESSAGE_FORMAT, OUT_OF_ORDER_SEQUENCE, INVALID_PRODUCER_EPOCH, INVALID_RECORD = 43, 45, 47, 87

CLIENT_ID = "conformance"
MAX_FRAME = 256 << 20


def string(value) -> bytes:
    return struct.pack(">h", -1) if value is None else struct.pack(">h", len(value.encode())) + value.encode()


def blob(value: bytes | None) -> bytes:
    return struct.pack(">i", -1) if value is None else struct.pack(">i", len(value)) + value


def array(items) -> bytes:
    items = list(items)
    return struct.pack(">i", len(items)) + b"".join(items)


class Reader:
    """Reads an answer from front to back."""

    def __init__(self, data: bytes):
        self.data, self.position = data, 0

    def take(self, count: int) -> bytes:
        assert 0 <= count <= len(self.data) - self.position, "the answer ends in the middle of a field"
        self.position += count
        return self.data[self.position - count:self.position]

    def number(self, kind: str) -> int:
        return struct.unpack(">" + kind, self.take(struct.calcsize(">" + kind)))[0]

    def i8(self): return self.number("b")
    def i16(self): return self.number("h")
    def i32(self): return self.number("i")
    def i64(self): return self.number("q")

    def string(self):
        length = self.i16()
        return None if length < 0 else self.take(length).decode()

    def blob(self):
        length = self.i32()
        return None if length < 0 else self.take(length)

    def array(self, item):
        return [item() for _ in range(max(0, self.i32()))]

    def unsigned_varint(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def compact_array(self, item):
        return [item() for _ in range(self.unsigned_varint() - 1)]

    def tags(self):
        for _ in range(self.unsigned_varint()):
            self.unsigned_varint()
            self.take(self.unsigned_varint())

    def done(self):
        assert self.position == len(self.data), f"{len(self.data) - self.position} bytes after the answer"


class Closed(Exception):
    """The server closed the connection instead of answering."""


class Connection:
    """One socket; requests may be pipelined."""

    def __init__(self, bootstrap: str, timeout=30.0):
        host, port = bootstrap.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.correlation = itertools.count(1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send_bytes(self, data: bytes):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Closed from error

    def send(self, key: int, version: int, body: bytes, flexible=False) -> int:
        correlation = next(self.correlation)
        header = struct.pack(">hhi", key, version, correlation) + string(CLIENT_ID) + (b"\0" if flexible else b"")
        self.send_bytes(struct.pack(">i", len(header) + len(body)) + header + body)
        return correlation

    def receive(self) -> Reader:
        size, = struct.unpack(">i", self._exactly(4))
        assert 4 <= size <= MAX_FRAME, f"an answer of {size} bytes"
        return Reader(self._exactly(size))

    def _exactly(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            try:
                piece = self.socket.recv(count - len(data))
            except ConnectionResetError:
                piece = b""
            if not piece:
                raise Closed
            data += piece
        return bytes(data)

    def is_closed_by_peer(self) -> bool:
        """Waits for the peer to close; an answer instead fails the test."""
        try:
            data = self.socket.recv(1)
        except ConnectionResetError:
            return True
        assert data == b"", "the server answered instead of closing the connection"
        return True

    def call(self, key: int, version: int, body: bytes, flexible=False, flexible_answer=False) -> Reader:
        correlation = self.send(key, version, body, flexible)
        reader = self.receive()
        assert reader.i32() == correlation
        if flexible_answer:
            reader.tags()
        return reader

    # -- requests ------------------------------------------------------------------------------------------------------

    def api_versions(self) -> dict[int, tuple[int, int]]:
        reader = self.call(API_VERSIONS, 0, b"")
        assert reader.i16() == NONE
        table = {}
        for key, low, high in reader.array(lambda: (reader.i16(), reader.i16(), reader.i16())):
            assert key not in table, f"API {key} is listed twice"
            table[key] = (low, high)
        reader.done()
        return table

    def metadata(self, topics=None, allow_auto_creation=False) -> "Metadata":
        names = struct.pack(">i", -1) if topics is None else array(map(string, topics))
        reader = self.call(METADATA, 4, names + struct.pack(">b", allow_auto_creation))
        reader.i32()
        brokers = reader.array(lambda: (reader.i32(), reader.string(), reader.i32(), reader.string()))
        cluster_id, controller = reader.string(), reader.i32()
        found, errors = {}, {}

        def partition():
            return (reader.i16(), reader.i32(), reader.i32(), reader.array(reader.i32), reader.array(reader.i32))

        def topic():
            error, name, _internal = reader.i16(), reader.string(), reader.i8()
            found[name], errors[name] = reader.array(partition), error
        reader.array(topic)
        reader.done()
        return Metadata(brokers, cluster_id, controller, found, errors)

    @staticmethod
    def create_topic_body(name, partitions=1, replication=1, configs=None, validate_only=False) -> bytes:
        settings = array(string(k) + string(str(v)) for k, v in (configs or {}).items())
        topic = string(name) + struct.pack(">ih", partitions, replication) + array([]) + settings
        return array([topic]) + struct.pack(">ib", 30_000, validate_only)

    def create_topic(self, *topic, **settings) -> int:
        reader = self.call(CREATE_TOPICS, 2, self.create_topic_body(*topic, **settings))
        reader.i32()
        (_, error, _), = reader.array(lambda: (reader.string(), reader.i16(), reader.string()))
        reader.done()
        return error

    def delete_topic(self, name) -> int:
        reader = self.call(DELETE_TOPICS, 1, array([string(name)]) + struct.pack(">i", 30_000))
        reader.i32()
        (_, error), = reader.array(lambda: (reader.string(), reader.i16()))
        reader.done()
        return error

    @staticmethod
    def produce_body(topic, partition, data: bytes | None, acks=-1, transactional_id=None) -> bytes:
        part = struct.pack(">i", partition) + blob(data)
        return string(transactional_id) + struct.pack(">hi", acks, 30_000) + array([string(topic) + array([part])])

    def produce(self, topic, partition, data: bytes, acks=-1) -> "Produced":
        return self.read_produced(self.call(PRODUCE, 8, self.produce_body(topic, partition, data, acks)))

    @staticmethod
    def read_produced(reader: Reader) -> "Produced":
        def row():
            values = reader.i32(), reader.i16(), reader.i64(), reader.i64(), reader.i64()
            reader.array(lambda: (reader.i32(), reader.string()))
            return Produced(*values, reader.string())
        (rows,) = reader.array(lambda: (reader.string(), reader.array(row))[1])
        reader.i32()
        reader.done()
        return rows[0]

    def fetch(self, topic, partition, offset, max_bytes=64 << 20, wait_ms=0, min_bytes=1, isolation=0,
              epoch=-1) -> "Fetched":
        return self.fetch_many([(topic, partition, offset)], max_bytes, wait_ms, min_bytes, isolation, epoch)[0]

    @staticmethod
    def fetch_body(wanted, max_bytes=64 << 20, wait_ms=0, min_bytes=1, isolation=0, epoch=-1) -> bytes:
        """A Fetch of version 11; `wanted` are topics with partition and offset."""
        topics = array(string(topic) + array([struct.pack(">iiqqi", partition, epoch, offset, -1, max_bytes)])
                       for topic, partition, offset in wanted)
        head = struct.pack(">iiiibii", -1, wait_ms, min_bytes, max_bytes, isolation, 0, -1)
        return head + topics + array([]) + string("")

    def fetch_many(self, wanted, *limits, **named_limits):
        reader = self.call(FETCH, 11, self.fetch_body(wanted, *limits, **named_limits))
        reader.i32()
        assert reader.i16() == NONE
        reader.i32()
        rows = []

        def row(topic):
            index, error, high, stable, start = reader.i32(), reader.i16(), reader.i64(), reader.i64(), reader.i64()
            reader.array(lambda: (reader.i64(), reader.i64()))
            reader.i32()
            rows.append(Fetched(topic, index, error, high, stable, start, reader.blob() or b""))

        def topic_rows():
            topic = reader.string()
            reader.array(lambda: row(topic))
        reader.array(topic_rows)
        reader.done()
        return rows

    def list_offset(self, topic, partition, timestamp) -> tuple[int, int, int]:
        """(error, timestamp, offset) for a time in milliseconds, or -1 for the end, -2 for the beginning."""
        body = struct.pack(">ib", -1, 0) + array([string(topic) + array([struct.pack(">iq", partition, timestamp)])])
        reader = self.call(LIST_OFFSETS, 2, body)
        reader.i32()
        def row():
            return reader.i32(), reader.i16(), reader.i64(), reader.i64()
        (rows,) = reader.array(lambda: (reader.string(), reader.array(row))[1])
        reader.done()
        return rows[0][1:]

    def list_special_offset(self, topic, partition, timestamp, version=8) -> tuple[int, int, int, int]:
        """(error, timestamp, offset, leader epoch) through the flexible encoding, for the specials that need it."""
        name = topic.encode()
        body = struct.pack(">ib", -1, 0) + b"\x02" + records.unsigned_varint(len(name) + 1) + name
        body += b"\x02" + struct.pack(">iiq", partition, -1, timestamp) + b"\0\0\0"
        reader = self.call(LIST_OFFSETS, version, body, flexible=True, flexible_answer=True)
        reader.i32()

        def row():
            values = reader.i32(), reader.i16(), reader.i64(), reader.i64(), reader.i32()
            reader.tags()
            return values[1:]

        def topic_rows():
            reader.take(reader.unsigned_varint() - 1)
            rows = reader.compact_array(row)
            reader.tags()
            return rows
        (rows,) = reader.compact_array(topic_rows)
        reader.tags()
        reader.done()
        return rows[0]

    @staticmethod
    def delete_records_body(topic, partition, offset) -> bytes:
        part = struct.pack(">iq", partition, offset)
        return array([string(topic) + array([part])]) + struct.pack(">i", 30_000)

    def delete_records(self, topic, partition, offset) -> tuple[int, int]:
        """(error, low watermark)"""
        reader = self.call(DELETE_RECORDS, 0, self.delete_records_body(topic, partition, offset))
        reader.i32()
        (rows,) = reader.array(
            lambda: (reader.string(), reader.array(lambda: (reader.i32(), reader.i64(), reader.i16())))[1])
        reader.done()
        return rows[0][2], rows[0][1]

    def alter_configs(self, topic, configs) -> int:
        """AlterConfigs as old clients use it: what is not named goes back to its default."""
        entries = array(string(key) + string(str(value)) for key, value in configs.items())
        reader = self.call(ALTER_CONFIGS, 0, array([b"\x02" + string(topic) + entries]) + b"\0")
        reader.i32()
        (row,) = reader.array(lambda: (reader.i16(), reader.string(), reader.i8(), reader.string()))
        reader.done()
        return row[0]

    def create_partitions(self, topic, count) -> int:
        body = array([string(topic) + struct.pack(">i", count) + struct.pack(">i", -1)])
        reader = self.call(CREATE_PARTITIONS, 0, body + struct.pack(">ib", 30_000, 0))
        reader.i32()
        (_, error, _), = reader.array(lambda: (reader.string(), reader.i16(), reader.string()))
        reader.done()
        return error

    def init_producer_id(self) -> tuple[int, int]:
        reader = self.call(INIT_PRODUCER_ID, 0, string(None) + struct.pack(">i", 60_000))
        reader.i32()
        assert reader.i16() == NONE
        identity = reader.i64(), reader.i16()
        reader.done()
        return identity

    def end_offset_for_epoch(self, topic, partition, epoch) -> tuple[int, int, int]:
        """(error, leader epoch, end offset)"""
        part = struct.pack(">iii", partition, -1, epoch)
        reader = self.call(OFFSET_FOR_LEADER_EPOCH, 3, struct.pack(">i", -1) + array([string(topic) + array([part])]))
        reader.i32()
        (rows,) = reader.array(lambda: (
            reader.string(), reader.array(lambda: (reader.i16(), reader.i32(), reader.i32(), reader.i64())))[1])
        reader.done()
        error, _, found, end = rows[0]
        return error, found, end


@dataclass
class Metadata:
    brokers: list
    cluster_id: str
    controller: int
    topics: dict
    errors: dict


@dataclass
class Produced:
    partition: int
    error: int
    base_offset: int
    append_time: int
    start_offset: int
    message: str | None


@dataclass
class Fetched:
    topic: str
    partition: int
    error: int
    high_watermark: int
    last_stable_offset: int
    log_start_offset: int
    data: bytes

    @property
    def batches(self):
        return records.split(self.data)


_numbers = itertools.count(1)
# So that a second run against the same cluster finds no topic of the first.
_RUN = uuid.uuid4().hex[:6]


@dataclass
class Cluster:
    """A cluster under test."""
    id: str
    bootstrap: str

    def connect(self, timeout=30.0) -> Connection:
        return Connection(self.bootstrap, timeout)

    def topic(self, partitions=1, prefix="conformance", **configs) -> str:
        """A topic that no other test uses. Config names are written with `_` for `.`."""
        name = f"{prefix}-{_RUN}-{next(_numbers)}"
        self.create(name, partitions, **configs)
        return name

    def create(self, name, partitions=1, **configs):
        with self.connect() as connection:
            error = connection.create_topic(name, partitions,
                                            configs={k.replace("_", "."): v for k, v in configs.items()})
            assert error == NONE, f"creating {name}: error {error}"
            # A real cluster answers before every broker knows the topic.
            until(lambda: len(connection.metadata([name]).topics[name]) == partitions, f"{name} in the metadata")

    def brokers(self) -> "Brokers":
        return Brokers(self)

    def ends(self, topic) -> dict[int, int]:
        """Next offset of each partition."""
        with self.brokers() as brokers:
            return {p: leader.list_offset(topic, p, -1)[2] for p, leader in enumerate(brokers.leaders(topic))}

    def batches(self, topic, partition) -> list[records.BatchHeader]:
        """Every batch of a partition, checked for contiguous coverage of the fetched range."""
        found = []
        with self.connect() as connection:
            offset = connection.list_offset(topic, partition, -2)[2]
            end = connection.list_offset(topic, partition, -1)[2]
            while offset < end:
                fetched = connection.fetch(topic, partition, offset, wait_ms=500)
                assert fetched.error == NONE, fetched.error
                assert fetched.batches, f"no batch at {offset} below the end {end}"
                found += fetched.batches
                offset = found[-1].last_offset + 1
        return found


class Brokers:
    """Connections to the brokers of a cluster, each made when it is first needed."""

    def __init__(self, cluster: Cluster):
        self.first = cluster.connect()
        self._by_address = {}

    def leaders(self, topic) -> list[Connection]:
        """A connection to the leader of each partition, in their order, as metadata has them now."""
        found = self.first.metadata([topic])
        addresses = {node: f"{host}:{port}" for node, host, port, _ in found.brokers}
        ids = {index: leader for _, index, leader, _, _ in found.topics[topic]}
        return [self._to(addresses[ids[index]]) for index in range(len(ids))]

    def coordinator(self, group) -> Connection | None:
        """A connection to the group's coordinator; None while there is none."""
        reader = self.first.call(FIND_COORDINATOR, 0, string(group))
        error, _, host, port = reader.i16(), reader.i32(), reader.string(), reader.i32()
        reader.done()
        return self._to(f"{host}:{port}") if error == NONE else None

    def _to(self, address) -> Connection:
        if address not in self._by_address:
            self._by_address[address] = Connection(address, 30.0)
        return self._by_address[address]

    def __enter__(self) -> "Brokers":
        return self

    def __exit__(self, *_):
        for connection in [self.first, *self._by_address.values()]:
            connection.socket.close()
