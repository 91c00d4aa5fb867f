"""Records over HTTP: what clients wrote is what is read, and a stream of them tells how far it is."""

import base64
import json
import socket
import urllib.parse

import pytest

from support import wire as w
from support.clients import Message
from support.clients.base import CODECS
from support.records import RECENT, Batch
from support.rest import request
from support.wait import until

pytestmark = pytest.mark.process


def read(twinlog, cluster, topic, **query):
    text = urllib.parse.urlencode(query)
    answer = request("GET", f"{twinlog.http}/twinlog/v1/clusters/{cluster.id}/topics/{topic}/records?{text}")
    assert answer.ok, answer
    return answer.body


def part(value):
    """The bytes of a key, a value or a header."""
    return None if value is None else base64.b64decode(value["base64"])


def contents(body):
    return [(part(r["key"]), part(r["value"]), tuple((h["name"], part(h["value"])) for h in r["headers"]))
            for r in body["data"]]


class Events:
    """A stream of server-sent events, read as they come."""

    def __init__(self, twinlog, path, receive_bytes=None, **query):
        parts = urllib.parse.urlsplit(twinlog.http)
        self.socket = socket.socket()
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.settimeout(30)
        self.socket.connect((parts.hostname, parts.port))
        target = f"{path}?{urllib.parse.urlencode(query)}"
        self.socket.sendall(f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        self.reader = self.socket.makefile("rb")
        self.status = int(self.reader.readline().split()[1])
        headers = {}
        while line := self.reader.readline().strip():
            name, value = line.decode().split(":", 1)
            headers[name.lower()] = value.strip()
        self.type = headers.get("content-type")
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.reader.close()
        self.socket.close()

    def __iter__(self):
        while True:
            while b"\n\n" not in self.rest:
                size = int(self.reader.readline(), 16)
                if size == 0:
                    return
                self.rest += self.reader.read(size)
                self.reader.readline()
            block, self.rest = self.rest.split(b"\n\n", 1)
            fields = dict(line.split(b": ", 1) for line in block.split(b"\n") if not line.startswith(b":"))
            if fields:
                yield fields[b"event"].decode(), json.loads(fields[b"data"])


def stream(twinlog, cluster, topic, **query):
    return Events(twinlog, f"/twinlog/v1/clusters/{cluster.id}/topics/{topic}/records:stream", **query)


MESSAGES = [
    Message(b'{"n": 1}', b"k1"),
    Message(b"\x00\xff\x80", bytes(range(256)), (("trace", b"abc"), ("trace", b""), ("bytes", b"\xfe"))),
    Message(None, b"tombstone"),
    Message("ä € 😀".encode(), None),
    Message(b"", b""),
    Message(b"x" * 70_000, b"long"),
]


@pytest.mark.needs("null values", "headers", "offsets")
@pytest.mark.parametrize("codec", CODECS)
def test_what_a_client_wrote_is_read(client_class, twinlog, source, codec):
    """Keys, values and headers come over HTTP byte for byte, with the codec and the places that the client used"""
    topic = source.topic()
    writer = client_class(source)
    writer.produce(topic, MESSAGES, partition=0, codec=codec)
    written = writer.read(topic, 0, "beginning")
    body = read(twinlog, source, topic, partition=0, **{"from": "beginning"}, raw="true", max_value_bytes=100_000)
    assert contents(body) == [m.content for m in written]
    assert [(r["offset"], r["timestamp_ms"]) for r in body["data"]] == [(m.offset, m.timestamp) for m in written]
    headers = {batch.base_offset: batch for batch in source.batches(topic, 0)}
    for record in body["data"]:
        batch = headers[record["batch_base_offset"]]
        assert (record["codec"], record["batch_bytes"]) == (batch.codec, len(batch.data))
    cut = read(twinlog, source, topic, offset=-1, partition=0)["data"]
    assert [len(r["value"]["text"]) for r in cut] == [65_536]
    assert (cut[0]["value"]["size"], cut[0]["value"]["is_truncated"]) == (70_000, True)


@pytest.mark.needs("offsets")
def test_the_exercises_last_event(client_class, twinlog, source):
    """Offset -1 of partition 1 is the last event that a consumer finds there"""
    topic = source.topic(3)
    writer = client_class(source)
    for partition in range(3):
        writer.produce(topic, [Message(b"%d-%d" % (partition, i)) for i in range(7)], partition=partition)
    body = read(twinlog, source, topic, partition=1, offset=-1)
    assert [(r["partition_id"], r["offset"], r["value"]["text"]) for r in body["data"]] == [(1, 6, "1-6")]
    assert writer.read(topic, 1, 6)[0].value == b"1-6"
    everywhere = read(twinlog, source, topic, offset=-1)
    assert {r["value"]["text"] for r in everywhere["data"]} == {"0-6", "1-6", "2-6"}


@pytest.mark.needs("idempotence")
def test_idempotent_producers_are_seen(client_class, twinlog, source):
    """Producer id, epoch and sequence are those in the batch"""
    topic = source.topic()
    client_class(source).produce(topic, [Message(b"%d" % i) for i in range(20)], partition=0, idempotent=True)
    records = read(twinlog, source, topic, **{"from": "beginning"})["data"]
    assert [r["sequence"] for r in records] == list(range(20))
    assert {r["producer_id"] for r in records} != {-1}
    assert {r["producer_epoch"] for r in records} == {0}


def test_what_was_deleted_is_said(twinlog, source):
    """DeleteRecords moves the beginning, and whoever asks for what was before is told"""
    topic = source.topic()
    with source.connect() as wire:
        for i in range(5):
            wire.produce(topic, 0, Batch([b"%d" % i], timestamp=RECENT + i).encode())
        wire.delete_records(topic, 0, 3)
    body = read(twinlog, source, topic, partition=0, offset=1)
    assert [r["offset"] for r in body["data"]] == [3, 4]
    assert "begins at 3" in body["partitions"][0]["notice"]
    with source.connect() as wire:
        wire.delete_records(topic, 0, 5)
    body = read(twinlog, source, topic, partition=0, offset=-1)
    assert body["data"] == []
    assert "were deleted" in body["partitions"][0]["notice"]


@pytest.mark.needs("groups")
def test_internal_topics_are_read(client_class, twinlog, source):
    """What a group committed stands in __consumer_offsets, which is read like any other topic"""
    topic, group = source.topic(), f"reading-{client_class.name}"
    client = client_class(source)
    client.produce(topic, [Message(b"one")], partition=0)
    with client.member(group, topic) as member:
        until(lambda: member.step() or member.received, "the record")
        member.commit()
    records = read(twinlog, source, "__consumer_offsets", limit=1000, raw="true")["data"]
    assert any(group.encode() in part(r["key"]) and topic.encode() in part(r["key"]) for r in records)


def test_a_search_tells_how_far_it_is(twinlog, source):
    """Progress, what was found, and why it ended; it goes on from there"""
    topic = source.topic(2)
    with source.connect() as wire:
        for batch in range(20):
            values = [b"value %d-%d" % (batch, i) for i in range(100)]
            wire.produce(topic, batch % 2, Batch(values, timestamp=RECENT + batch).encode())
    query = {"from": "beginning", "filter": "value 1[0-9]-5$", "filter_type": "regex", "limit": 4}
    with stream(twinlog, source, topic, **query) as events:
        assert (events.status, events.type) == (200, "text/event-stream")
        seen = list(events)
    found = [r for name, data in seen if name == "records" for r in data["data"]]
    assert [r["value"]["text"] for r in found] == [f"value {n}-5" for n in range(10, 14)]
    progress = [data for name, data in seen if name == "progress"]
    assert progress[-1]["found"] == 4
    assert progress[-1]["examined_records"] >= 1_300
    name, end = seen[-1]
    assert (name, end["reason"]) == ("end", "limit")
    positions = ",".join(f"{p['partition_id']}:{p['next_offset']}" for p in end["partitions"])
    with stream(twinlog, source, topic, **{**query, "positions": positions, "limit": 100}) as events:
        seen = list(events)
    found = [r for name, data in seen if name == "records" for r in data["data"]]
    assert [r["value"]["text"] for r in found] == [f"value {n}-5" for n in range(14, 20)]
    assert seen[-1][1]["reason"] == "end"


def test_a_tail_shows_what_comes_until_the_topic_goes(twinlog, source):
    """Following shows new records at once, and ends with an error that says why"""
    topic = source.topic(2)
    with source.connect() as wire:
        wire.produce(topic, 0, Batch([b"old"], timestamp=RECENT).encode())
        with stream(twinlog, source, topic, follow="true", limit=1) as events:
            seen = iter(events)

            def records():
                return [r["value"]["text"] for name, data in seen if name == "records" for r in data["data"]][:1]

            def next_record():
                for name, data in seen:
                    if name == "records":
                        return [(r["partition_id"], r["value"]["text"]) for r in data["data"]]
                return None
            assert next_record() == [(0, "old")]
            for i in range(3):
                wire.produce(topic, 1, Batch([b"new %d" % i], timestamp=RECENT).encode())
                assert next_record() == [(1, f"new {i}")]
            assert wire.delete_topic(topic) == w.NONE
            errors = [data for name, data in seen if name == "error"]
            assert [e["error_code"] for e in errors] == [40403]
            assert "deleted" in errors[0]["message"]


def test_a_tail_outlives_no_cluster(twinlog):
    """A cluster that is deleted while its records are followed ends the stream with a text that says so"""
    spec = {"display_name": "short-lived", "environment": {"id": "env-local"}, "availability": "SINGLE_ZONE",
            "cloud": "AWS", "region": "us-east-1", "config": {"kind": "Basic"}}
    cluster = request("POST", f"{twinlog.http}/cmk/v2/clusters", {"spec": spec}).body["id"]
    topics = f"{twinlog.http}/kafka/v3/clusters/{cluster}/topics"
    assert request("POST", topics, {"topic_name": "t", "partitions_count": 1}).status == 201
    path = f"/twinlog/v1/clusters/{cluster}/topics/t/records:stream"
    with Events(twinlog, path, follow="true") as events:
        seen = iter(events)
        assert next(seen)[0] == "progress"
        url = f"{twinlog.http}/cmk/v2/clusters/{cluster}?environment=env-local"
        assert request("DELETE", url).status == 204
        errors = [data for name, data in seen if name == "error"]
    assert [error["error_code"] for error in errors] == [404]
    assert cluster in errors[0]["message"]


def test_a_slow_tail_is_told_what_it_missed(twinlog, source):
    """A client that reads slowly gets the newest and a count; shown and skipped together are all"""
    topic = source.topic()
    total = 60_000
    with stream(twinlog, source, topic, follow="true", receive_bytes=4096) as events:
        with source.connect() as wire:
            for batch in range(total // 1000):
                values = [b"%d" % (batch * 1000 + i) for i in range(1000)]
                wire.produce(topic, 0, Batch(values, timestamp=RECENT).encode())
        shown, skipped, last = 0, 0, None
        for name, data in events:
            if name == "records":
                shown += len(data["data"])
                skipped += data["skipped"]
                last = data["data"][-1]["value"]["text"] if data["data"] else last
                if last == str(total - 1):
                    break
    assert shown + skipped == total
    assert skipped > 0
    assert shown < total


def test_streams_end_with_their_clients(twinlog, source):
    """Streams whose clients went away make room for others"""
    topic = source.topic()
    for _ in range(3):
        streams = [stream(twinlog, source, topic, follow="true") for _ in range(40)]
        assert {s.status for s in streams} == {200}
        for s in streams:
            s.__exit__()

        def has_room():
            with stream(twinlog, source, topic, follow="true") as one:
                return one.status == 200
        until(has_room, "room for a stream")


@pytest.fixture
def mirror(twinlog, source, dest):
    """A topic of two partitions with some megabytes, and its mirror, complete."""
    topic = source.topic(2)
    with source.connect() as wire:
        for batch in range(40):
            values = [b"%d-%d " % (batch, i) + b"x" * 1000 for i in range(100)]
            wire.produce(topic, batch % 2, Batch(values, timestamp=RECENT).encode())
    rest = twinlog.rest(dest)
    link = f"{topic}-link"
    assert rest.create_link(link, source).ok
    assert rest.create_mirror(link, topic).ok
    rest.wait_for_lag_zero(link, topic, source.ends(topic))
    yield link, topic


@pytest.mark.links
def test_the_byte_proof_tells_how_far_it_is(twinlog, source, dest, mirror):
    """Every partition's progress ends at all its bytes, and the end is the report that verify gives"""
    link, topic = mirror
    path = f"/twinlog/v1/clusters/{dest.id}/links/{link}/mirrors/{topic}"
    with Events(twinlog, f"{path}/verification:stream") as events:
        seen = list(events)
    sizes = {p: sum(len(batch.data) for batch in source.batches(topic, p)) for p in (0, 1)}
    last = {data["partition_id"]: data for name, data in seen if name == "progress"}
    assert {p: (d["compared_bytes"], d["total_bytes"], d["compared_records"]) for p, d in last.items()} == {
        p: (size, size, 2000) for p, size in sizes.items()}
    name, report = seen[-1]
    assert name == "end"
    assert report["matches"] is True
    again = request("GET", f"{twinlog.http}{path}/verify").body
    assert report["partitions"] == again["partitions"]


@pytest.mark.links
def test_a_mirror_is_read_as_its_source_is(twinlog, source, dest, mirror):
    """The same records at the same offsets, leader epochs and batches included"""
    _, topic = mirror
    query = {"offset": 100, "limit": 300, "partition": 1}
    assert read(twinlog, dest, topic, **query)["data"] == read(twinlog, source, topic, **query)["data"]


@pytest.mark.needs("offsets")
@pytest.mark.parametrize("codec", CODECS)
def test_what_is_produced_over_http_is_compressed(client_class, twinlog, source, codec):
    """A record with a codec is one compressed batch, which clients read"""
    topic = source.topic()
    url = f"{twinlog.http}/twinlog/v1/clusters/{source.id}/topics/{topic}/records"
    answer = request("POST", url, {
        "partition_id": 0, "compression": codec, "key": {"type": "STRING", "data": "k"},
        "value": {"type": "STRING", "data": "a" * 1000}, "headers": [{"name": "h", "value": "aGk="}]})
    assert (answer.status, answer.body["offset"]) == (200, 0)
    assert [batch.codec for batch in source.batches(topic, 0)] == [codec]
    message, = client_class(source).read(topic, 0, "beginning")
    assert message.content == (b"k", b"a" * 1000, (("h", b"hi"),))
