"""Bad input: whatever arrives, the process stays up and acknowledged records stay."""

import random
import struct
from pathlib import Path

import pytest

from support import wire as w
from support.records import RECENT, Batch, crc32c
from support.wait import until


@pytest.fixture
def keeper(cluster):
    """A topic with one acknowledged record, which must be there and writable afterwards."""
    topic = cluster.topic()
    with cluster.connect() as wire:
        assert wire.produce(topic, 0, Batch([b"acknowledged"]).encode()).error == w.NONE
        yield topic
        assert [b.count for b in wire.fetch(topic, 0, 0).batches] == [1], "the record stays, nothing bad is added"
        assert wire.produce(topic, 0, Batch([b"and another"]).encode()).base_offset == 1


def header(key, version, correlation=1, client=b"\0\1x"):
    return struct.pack(">hhi", key, version, correlation) + client


def framed(data: bytes) -> bytes:
    return struct.pack(">i", len(data)) + data


def is_dropped(cluster, data: bytes):
    with cluster.connect() as connection:
        connection.send_bytes(data)
        return connection.is_closed_by_peer()


HOPELESS = {
    "an HTTP request": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a TLS hello": bytes.fromhex("16030100c8010000c40303") + b"\x55" * 200,
    "a negative length": struct.pack(">i", -1),
    "the most negative length": struct.pack(">i", -2**31),
    "the largest length": struct.pack(">i", 2**31 - 1),
    "an empty frame": struct.pack(">i", 0),
    "a frame of one byte": framed(b"\0"),
    "half a header": framed(struct.pack(">hh", 3, 4)),
    "an unknown API key": framed(header(9999, 0)),
    "a negative API key": framed(header(-1, 0)),
    "a negative version": framed(header(3, -1) + struct.pack(">i", 0)),
    "a client id beyond the frame": framed(struct.pack(">hhih", 3, 4, 1, 1000) + b"x"),
    "a client id of negative length": framed(struct.pack(">hhih", 3, 4, 1, -2)),
    "a client id that is not UTF-8": framed(header(3, 4, client=b"\0\2\xff\xfe") + b"\xff" * 6),
    "a count beyond the frame": framed(header(w.METADATA, 4) + struct.pack(">i", 2**31 - 1)),
    "a negative count": framed(header(w.CREATE_TOPICS, 2) + struct.pack(">iib", -5, 1000, 0)),
    "a string beyond the frame": framed(header(w.METADATA, 4) + struct.pack(">ih", 1, 30_000) + b"x"),
    "a varint without end": framed(header(w.API_VERSIONS, 3) + b"\0" + b"\xff" * 20),
    "a compact count beyond the frame": framed(header(w.METADATA, 9) + b"\0" + b"\xff\xff\xff\xff\x0f"),
    "records beyond the frame": framed(header(w.PRODUCE, 8) + w.string(None) + struct.pack(">hi", -1, 1000)
                                       + struct.pack(">i", 1) + w.string("t") + struct.pack(">iii", 1, 0, 1 << 30)),
}


@pytest.mark.parametrize("data", HOPELESS.values(), ids=HOPELESS.keys())
def test_hopeless_bytes(cluster, keeper, data):
    """What is not a request closes its own connection and no other"""
    with cluster.connect() as bystander:
        bystander.api_versions()
        assert is_dropped(cluster, data)
        assert bystander.api_versions()


def valid_requests(topic):
    batch = Batch([b"not to be stored"]).encode()
    fetch = struct.pack(">iiiibii", -1, 0, 1, 1000, 0, 0, -1) + w.array(
        [w.string(topic) + w.array([struct.pack(">iiqqi", 0, -1, 0, -1, 1000)])]) + w.array([]) + w.string("")
    return {
        "Produce": (w.PRODUCE, 8, w.Connection.produce_body(topic, 0, batch)),
        "Fetch": (w.FETCH, 11, fetch),
        "Metadata": (w.METADATA, 4, w.array([w.string(topic)]) + b"\0"),
        "ListOffsets": (w.LIST_OFFSETS, 2, struct.pack(">ib", -1, 0) + w.array(
            [w.string(topic) + w.array([struct.pack(">iq", 0, -1)])])),
        "JoinGroup": (11, 2, w.string("g") + struct.pack(">ii", 10_000, 10_000) + w.string("") + w.string("consumer")
                      + w.array([w.string("range") + w.blob(b"meta")])),
        "CreateTopics": (w.CREATE_TOPICS, 2, w.array([w.string("cut") + struct.pack(">ih", 1, 1) + w.array([])
                                                     + w.array([])]) + struct.pack(">ib", 1000, 0)),
    }


@pytest.mark.parametrize("name", ["Produce", "Fetch", "Metadata", "ListOffsets", "JoinGroup", "CreateTopics"])
def test_cut_at_every_byte(cluster, keeper, name):
    """A request that ends early, wherever it ends, closes its connection and does nothing"""
    key, version, body = valid_requests(keeper)[name]
    whole = header(key, version) + body
    for length in range(1, len(whole)):
        assert is_dropped(cluster, framed(whole[:length])), f"cut after {length} of {len(whole)} bytes"
    with cluster.connect() as wire:
        assert "cut" not in wire.metadata().topics


def test_half_a_frame(cluster, keeper):
    """A peer that goes away in the middle of a frame leaves nothing behind"""
    key, version, body = valid_requests(keeper)["Produce"]
    whole = framed(header(key, version) + body)
    for length in range(0, len(whole), 7):
        with cluster.connect() as connection:
            connection.send_bytes(whole[:length])


def test_byte_by_byte(cluster, keeper):
    """A request that arrives one byte at a time is served"""
    with cluster.connect() as connection:
        for byte in framed(header(w.METADATA, 4, correlation=77) + w.array([w.string(keeper)]) + b"\0"):
            connection.send_bytes(bytes([byte]))
        assert connection.receive().i32() == 77


@pytest.mark.parametrize("seed", range(8))
def test_mutations(cluster, keeper, seed):
    """Requests with random bytes changed never harm anything but their connection"""
    random_source = random.Random(seed)
    requests = valid_requests("no-such-topic")
    for _ in range(60):
        key, version, body = random_source.choice(list(requests.values()))
        data = bytearray(header(key, version) + body)
        for _ in range(random_source.randint(1, 4)):
            data[random_source.randrange(8, len(data))] = random_source.randrange(256)
        with cluster.connect() as connection:
            connection.send_bytes(framed(bytes(data)))
    with cluster.connect() as connection:
        assert connection.api_versions()


BAD_BATCHES = {
    "a wrong checksum": (Batch([b"x"], crc=1), {w.CORRUPT_MESSAGE}),
    "a count above the offsets": (Batch([b"a", b"b"], count=5), {w.CORRUPT_MESSAGE, w.INVALID_RECORD}),
    "a count below the offsets": (Batch([b"a", b"b"], count=1), {w.CORRUPT_MESSAGE, w.INVALID_RECORD}),
    "a count of zero": (Batch([b"a"], count=0, last_offset_delta=-1), {w.CORRUPT_MESSAGE, w.INVALID_RECORD}),
    "a negative count": (Batch([b"a"], count=-3), {w.CORRUPT_MESSAGE, w.INVALID_RECORD}),
    "more records than bytes": (Batch([b"a"], count=1_000_000, last_offset_delta=999_999),
                                {w.CORRUPT_MESSAGE, w.INVALID_RECORD}),
    "a length beyond the bytes": (Batch([b"a"], length=10_000), {w.CORRUPT_MESSAGE, w.INVALID_RECORD}),
    "a length below the header": (Batch([b"a"], length=20), {w.CORRUPT_MESSAGE, w.INVALID_RECORD}),
    "a negative length": (Batch([b"a"], length=-5), {w.CORRUPT_MESSAGE, w.INVALID_RECORD}),
    "an unknown magic": (Batch([b"a"], magic=9), {w.CORRUPT_MESSAGE, w.INVALID_RECORD}),
    "an old magic": (Batch([b"a"], magic=1),
                     {w.CORRUPT_MESSAGE, w.INVALID_RECORD, w.UNSUPPORTED_FOR_MESSAGE_FORMAT}),
    "an unknown codec": (Batch([b"a"], attributes=7), {w.CORRUPT_MESSAGE, w.INVALID_RECORD, 76}),
    "a control batch": (Batch([b"a"], attributes=32), {w.INVALID_RECORD}),
}


@pytest.mark.parametrize(("batch", "errors"), BAD_BATCHES.values(), ids=BAD_BATCHES.keys())
def test_bad_batches(cluster, keeper, batch, errors):
    """A batch that contradicts itself is refused, and the connection goes on"""
    with cluster.connect() as wire:
        assert wire.produce(keeper, 0, batch.encode()).error in errors
        assert wire.api_versions()


@pytest.mark.parametrize(("data", "what"), [
    (None, "null"), (b"", "empty"), (b"\0" * 61, "zeroes"), (b"garbage" * 20, "garbage"),
    (Batch([b"a"]).encode()[:-1], "a cut batch"), (Batch([b"a"]).encode() + b"tail", "bytes behind the batch"),
    (Batch([b"a"]).encode() * 2, "two batches"),
])
def test_bad_records(cluster, keeper, data, what):
    """Records that are not exactly one batch are refused"""
    with cluster.connect() as wire:
        assert wire.produce(keeper, 0, data).error in (w.CORRUPT_MESSAGE, w.INVALID_RECORD), what


def test_checksum_of_a_flipped_bit(cluster, keeper):
    """Every single flipped bit behind the checksum is noticed"""
    good = Batch([b"watch this"]).encode()
    with cluster.connect() as wire:
        for position in range(21, len(good)):
            bad = bytearray(good)
            bad[position] ^= 1 << position % 8
            assert crc32c(bytes(bad[21:])) != struct.unpack_from(">I", good, 17)[0]
            assert wire.produce(keeper, 0, bytes(bad)).error in (w.CORRUPT_MESSAGE, w.INVALID_RECORD)


def test_same_partition_twice(cluster, keeper):
    """A fetch that names a partition twice is answered and does no harm"""
    with cluster.connect() as wire:
        rows = wire.fetch_many([(keeper, 0, 0), (keeper, 0, 0)])
        assert rows and all(row.error in (w.NONE, w.INVALID_REQUEST) for row in rows)


@pytest.mark.process
def test_slow_reader(twinlog, cluster):
    """A peer that asks for much and reads nothing cannot make the server grow, and others are served meanwhile"""
    topic = cluster.topic(max_message_bytes=2_000_000)
    with cluster.connect() as wire, cluster.connect() as slow:
        for _ in range(8):
            assert wire.produce(topic, 0, Batch([b"x" * 1_000_000]).encode()).error == w.NONE
        before = _resident(twinlog)
        body = struct.pack(">iiiibii", -1, 0, 1, 8 << 20, 0, 0, -1) + w.array(
            [w.string(topic) + w.array([struct.pack(">iiqqi", 0, -1, 0, -1, 8 << 20)])]) + w.array([]) + w.string("")
        for _ in range(100):  # 800 MB of answers
            slow.send(w.FETCH, 11, body)
        for _ in range(50):
            assert wire.fetch(topic, 0, 7).batches[0].count == 1
        assert _resident(twinlog) - before < 200 << 20
        for _ in range(100):  # and the slow one gets every answer in the end
            assert len(slow.receive().data) > 8_000_000


def _resident(server) -> int:
    for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) << 10
    raise AssertionError("no VmRSS")


@pytest.mark.process
def test_frame_limit(own_server):
    """A frame above socket.request.max.bytes closes the connection before it is received"""
    server = own_server("--broker-config", "socket.request.max.bytes=100000", ephemeral=True)
    assert is_dropped(server.source, struct.pack(">i", 100_001))
    topic = server.source.topic()
    with server.source.connect() as wire:
        assert wire.produce(topic, 0, Batch([b"x" * 90_000]).encode()).error == w.NONE


@pytest.mark.process
def test_idle_connections(own_server):
    """A connection that says nothing for connections.max.idle.ms is closed"""
    server = own_server("--broker-config", "connections.max.idle.ms=300", ephemeral=True)
    with server.source.connect() as wire:
        wire.api_versions()
        assert wire.is_closed_by_peer()


@pytest.mark.process
@pytest.mark.parametrize("damage", ["garbage", "torn batch", "flipped byte", "zeroes"])
def test_damaged_tail(own_server, damage):
    """After a crash, a damaged end of a segment is cut off, and everything before it stays"""
    server = own_server()
    topic = server.source.topic()
    with server.source.connect() as wire:
        for i in range(20):
            assert wire.produce(topic, 0, Batch([b"%d" % i]).encode()).base_offset == i
    log = server.log_file(server.source, topic, 0)
    server.kill()
    data, kept = log.read_bytes(), 20
    if damage == "garbage":
        data += b"\x01garbage " * 10
    elif damage == "torn batch":
        data += Batch([b"x" * 100], base_offset=20, leader_epoch=0).encode()[:-30]
    elif damage == "flipped byte":
        data, kept = data[:-2] + bytes([data[-2] ^ 1]) + data[-1:], 19
    else:
        data += b"\0" * 4096
    log.write_bytes(data)
    server.start()
    with server.source.connect() as wire:
        assert wire.produce(topic, 0, Batch([b"next"]).encode()).base_offset == kept
    assert [b.base_offset for b in server.source.batches(topic, 0)] == list(range(kept + 1))


@pytest.mark.process
def test_damaged_indexes(own_server):
    """Lost or damaged indexes are built again"""
    server = own_server("--broker-config", "log.index.interval.bytes=200")
    topic = server.source.topic()
    with server.source.connect() as wire:
        for i in range(100):
            assert wire.produce(topic, 0, Batch([b"%d" % i], timestamp=RECENT + i).encode()).error == w.NONE
    server.kill()
    folder = server.log_file(server.source, topic, 0).parent
    for name in ("index", "timeindex"):
        (folder / f"{0:020d}.{name}").write_bytes(b"nonsense" * 7)
    for snapshot in folder.glob("*.snapshot"):
        snapshot.write_bytes(b"nonsense")
    server.start()
    with server.source.connect() as wire:
        assert wire.fetch(topic, 0, 73).batches[0].base_offset <= 73
        assert wire.list_offset(topic, 0, RECENT + 42)[2] == 42
        assert wire.produce(topic, 0, Batch([b"next"]).encode()).base_offset == 100
    until(lambda: server.alive, "a live server")
