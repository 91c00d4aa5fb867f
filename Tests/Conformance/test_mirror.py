"""Mirror topics: the same bytes at the same offsets, read-only, wherever the link is created."""

import itertools
import json

import pytest

from support import wire as w
from support.clients import Message, Refusal, Timestamp
from support.clients.base import CODECS
from support.records import RECENT, Batch
from support.wait import until

pytestmark = [pytest.mark.links]

_names = itertools.count(1)


@pytest.fixture(scope="module")
def rest(twinlog):
    return twinlog.rest(twinlog.dest)


@pytest.fixture(scope="module")
def link(rest, source):
    """A link from source to dest that looks for new partitions every second."""
    answer = rest.create_link("shared-link", source, **{"metadata.max.age.ms": 1000})
    assert answer.ok, answer
    return "shared-link"


@pytest.fixture
def mirror(rest, link, source, dest):
    """Mirrors a topic of the source and waits until the mirror is complete."""
    def make(topic):
        answer = rest.create_mirror(link, topic)
        assert answer.ok, answer
        catch_up(topic)

    def catch_up(topic):
        ends = source.ends(topic)
        until(lambda: dest.ends(topic) == ends, f"the mirror of {topic} at {ends}")
        rest.wait_for_lag_zero(link, topic, ends)
    make.catch_up = catch_up
    return make


def same_bytes(source, dest, topic):
    """Batch for batch: offsets, leader epochs, checksums, records."""
    ends = source.ends(topic)
    assert dest.ends(topic) == ends
    for partition in ends:
        there, here = source.batches(topic, partition), dest.batches(topic, partition)
        assert [b.data for b in here] == [b.data for b in there], f"partition {partition}"


def test_same_offsets(client_class, source, dest, mirror):
    """What a client wrote to the source, it reads from the mirror at the same offsets with the same times"""
    topic = source.topic(3)
    writer = client_class(source)
    for partition in range(3):
        for codec in CODECS:
            messages = [Message(f"{codec} {partition} {i}".encode(), b"key") for i in range(10)]
            writer.produce(topic, messages, partition=partition, codec=codec)
    mirror(topic)
    same_bytes(source, dest, topic)
    reader = client_class(dest)
    for partition in range(3):
        assert reader.read(topic, partition, "beginning") == writer.read(topic, partition, "beginning")
        assert reader.read(topic, partition, 25) == writer.read(topic, partition, 25)


def test_reading_by_time(client_class, source, dest, mirror):
    """Times lead to the same records on both sides"""
    topic = source.topic()
    base = RECENT
    with source.connect() as wire:
        for i in range(10):
            wire.produce(topic, 0, Batch([b"%d" % i], timestamp=base + 1000 * i).encode())
    mirror(topic)
    found = client_class(dest).read(topic, 0, Timestamp(base + 3500))
    assert [m.offset for m in found] == list(range(4, 10))


def test_produce_is_refused(client_class, source, dest, mirror):
    """Producing to a mirror is refused with INVALID_REQUEST"""
    topic = source.topic()
    client_class(source).produce(topic, [Message(b"original")], partition=0)
    mirror(topic)
    with pytest.raises(Refusal) as refusal:
        client_class(dest).produce(topic, [Message(b"intruder")], partition=0, acks="all")
    assert refusal.value.is_error(w.INVALID_REQUEST, "invalid request")
    assert dest.ends(topic) == {0: 1}


def test_refusal_says_why(source, dest, mirror):
    """The refusal names the mirror topic"""
    topic = source.topic()
    mirror(topic)
    with dest.connect() as wire:
        refused = wire.produce(topic, 0, Batch([b"intruder"]).encode())
        assert (refused.error, refused.message) == (
            w.INVALID_REQUEST, f"Cannot append records to read-only mirror topic '{topic}'")


def test_it_follows(client_class, source, dest, mirror):
    """Records produced after the mirror was created arrive too, and a reader of the mirror waits for them"""
    topic = source.topic()
    mirror(topic)
    writer = client_class(source)
    with client_class(dest).tail(topic, 0) as tail:
        for i in range(5):
            writer.produce(topic, [Message(b"%d" % i)], partition=0)
            assert [m.offset for m in tail.take(i + 1)] == list(range(i + 1))
    same_bytes(source, dest, topic)


def test_idempotent_source(client_class, source, dest, mirror):
    """Producer ids and sequences are mirrored as they are"""
    topic = source.topic()
    client_class(source).produce(topic, [Message(b"%d" % i) for i in range(100)], partition=0, idempotent=True)
    mirror(topic)
    same_bytes(source, dest, topic)
    assert all(b.data[43:51] != b"\xff" * 8 for b in dest.batches(topic, 0)), "a producer id in every batch"


def test_start_of_a_trimmed_log(source, dest, mirror):
    """Where the source begins above 0, so does the mirror, at the source's offsets"""
    topic = source.topic()
    with source.connect() as wire:
        for i in range(10):
            wire.produce(topic, 0, Batch([b"%d" % i]).encode())
        assert wire.delete_records(topic, 0, 6) == (w.NONE, 6)
    mirror(topic)
    same_bytes(source, dest, topic)
    with dest.connect() as wire:
        assert wire.list_offset(topic, 0, -2)[2] == 6


def test_large_batches(source, dest, mirror):
    """Batches larger than the link's fetch size come through whole"""
    topic = source.topic(max_message_bytes=20_000_000)
    with source.connect() as wire:
        for i in range(3):
            assert wire.produce(topic, 0, Batch([bytes([65 + i]) * 12_000_000]).encode()).error == w.NONE
    mirror(topic)
    same_bytes(source, dest, topic)


def test_many_partitions(source, dest, mirror):
    """A hundred partitions are mirrored together"""
    topic = source.topic(100)
    with source.connect() as wire:
        for partition in range(100):
            for i in range(3):
                wire.produce(topic, partition, Batch([b"%d" % i]).encode())
    mirror(topic)
    same_bytes(source, dest, topic)


def test_new_partitions_follow(source, dest, mirror):
    """Partitions added to the source appear on the mirror with their records"""
    topic = source.topic(1)
    mirror(topic)
    with source.connect() as wire:
        assert wire.create_partitions(topic, 3) == w.NONE
        assert wire.produce(topic, 2, Batch([b"in the third"]).encode()).error == w.NONE
    until(lambda: dest.ends(topic).keys() == {0, 1, 2}, "three partitions on the mirror")
    mirror.catch_up(topic)
    same_bytes(source, dest, topic)


def test_max_message_bytes_follows(source, dest, mirror):
    """The mirror takes over the source's limits, so that it can hold what the source holds"""
    topic = source.topic(max_message_bytes=5_000_000)
    mirror(topic)
    from support.clients.kafka_python_client import KafkaPythonClient
    assert KafkaPythonClient(dest).topic_configs(topic)["max.message.bytes"] == "5000000"


def test_link_is_described(rest, link, source):
    """A link is listed and described with its source, topics and configs"""
    assert link in [row["link_name"] for row in rest.get("/links").body["data"]]
    described = rest.get(f"/links/{link}").body
    assert (described["link_name"], described["source_cluster_id"]) == (link, source.id)
    assert len(described["cluster_link_id"]) == 22
    configs = {row["name"]: row["value"] for row in rest.get(f"/links/{link}/configs").body["data"]}
    assert configs["bootstrap.servers"] == source.bootstrap
    assert configs["metadata.max.age.ms"] == "1000"
    assert configs["link.mode"] == "DESTINATION"


def test_mirror_is_described(rest, link, source, mirror):
    """A mirror is listed and described with its status and the lag of every partition"""
    topic = source.topic(2)
    mirror(topic)
    assert topic in [row["mirror_topic_name"] for row in rest.get(f"/links/{link}/mirrors").body["data"]]
    assert topic in [row["mirror_topic_name"] for row in rest.get("/links/-/mirrors").body["data"]]
    described = rest.mirror(link, topic).body
    assert (described["link_name"], described["source_topic_name"], described["mirror_status"],
            described["num_partitions"]) == (link, topic, "ACTIVE", 2)
    assert sorted(row["partition"] for row in described["mirror_lags"]) == [0, 1]
    assert topic in rest.get(f"/links/{link}").body["topic_names"]


def test_mistakes(rest, link, source, dest):
    """Links and mirrors that cannot be are refused with a message"""
    topic = source.topic()
    dest.create(f"{topic}-taken")
    source.create(f"{topic}-taken")
    for answer, status in (
        (rest.get("/links/no-such-link"), 404),
        (rest.create_mirror("no-such-link", topic), 404),
        (rest.mirror(link, "no-such-mirror"), 404),
        (rest.create_mirror(link, f"{topic}-taken"), 400),
        (rest.create_mirror(link, topic, mirror="another-name"), 400),
        (rest.call("POST", "/links", {"source_cluster_id": source.id, "configs": []}, link_name="no-bootstrap"), 400),
        (rest.call("DELETE", "/links/no-such-link"), 404),
    ):
        assert answer.status == status and answer.body["message"], answer
        assert answer.body["error_code"] // 10 ** (len(str(answer.body["error_code"])) - 3) == status, answer
    assert rest.create_link(link, source).status in (400, 404, 409), "the name is taken"
    assert not rest.create_mirror(link, "not-on-the-source").ok


def test_delete(rest, source, dest):
    """A link with mirrors is not deleted; without them it is, and its former topics stay"""
    topic = source.topic()
    assert rest.create_link("short-lived", source).ok
    assert rest.create_mirror("short-lived", topic).ok
    assert rest.call("DELETE", "/links/short-lived").status == 403
    with dest.connect() as wire:
        assert wire.delete_topic(topic) == w.NONE
    until(lambda: not rest.get("/links/short-lived/mirrors").body["data"], "no mirrors left")
    assert rest.call("DELETE", "/links/short-lived").ok
    assert rest.get("/links/short-lived").status == 404
    assert "short-lived" not in [row["link_name"] for row in rest.get("/links").body["data"]]


def test_configs_alter(rest, link):
    """A link's configuration can be changed while it runs"""
    assert rest.alter_link(link, **{"request.timeout.ms": 15000}).ok
    configs = {row["name"]: row["value"] for row in rest.get(f"/links/{link}/configs").body["data"]}
    assert configs["request.timeout.ms"] == "15000"
    inert = rest.alter_link(link, **{"consumer.offset.sync.ms": 15000})
    assert inert.status == 400 and "not served yet" in inert.body["message"]
    assert rest.alter_link(link, **{"no.such.config": 1}).status == 400


def test_command_line(twinlog, source, dest):
    """The course's commands create a link and a mirror, describe them and verify the copy"""
    topic, link = source.topic(3), f"link-by-hand-{next(_names)}"
    with source.connect() as wire:
        for i in range(30):
            wire.produce(topic, i % 3, Batch([b"%d" % i]).encode())

    def cli(*arguments):
        done = twinlog.cli("kafka", *arguments, "--cluster", dest.id)
        assert done.returncode == 0, done.stderr
        return done.stdout
    created = cli("link", "create", link, "--source-cluster", source.id, "--source-bootstrap-server", source.bootstrap)
    assert f'Created cluster link "{link}"' in created
    assert link in [row["link_name"] for row in json.loads(cli("link", "list", "-o", "json"))]
    assert f'Created mirror topic "{topic}".' in cli("mirror", "create", topic, "--link", link)
    until(lambda: dest.ends(topic) == source.ends(topic), "a complete mirror")
    rows = json.loads(cli("mirror", "list", "--link", link, "-o", "json"))
    assert [(row["mirror_topic_name"], row["mirror_status"]) for row in rows] == [(topic, "ACTIVE")]
    until(lambda: [int(row["partition_mirror_lag"]) for row in json.loads(
        cli("mirror", "describe", topic, "--link", link, "-o", "json"))] == [0, 0, 0], "lag 0 in three rows")
    assert cli("mirror", "verify", topic, "--link", link)
    same_bytes(source, dest, topic)


def test_command_line_mistakes(twinlog, dest):
    """A command that fails says why in one line and exits with a code"""
    done = twinlog.cli("kafka", "link", "describe", "no-such-link", "--cluster", dest.id)
    assert done.returncode not in (0, None) and 0 < done.returncode < 128
    assert len(done.stderr.strip().splitlines()) == 1 and "no-such-link" in done.stderr


def test_it_resumes(own_server):
    """After a restart on other ports, and the source's new address, a mirror goes on exactly where it was"""
    server = own_server()
    topic = server.source.topic(2)

    def produce(label):
        with server.source.connect() as wire:
            for partition in range(2):
                assert wire.produce(topic, partition, Batch([label])
                                    .encode()).error == w.NONE

    def caught_up():
        until(lambda: server.dest.ends(topic) == server.source.ends(topic), "a complete mirror")
        same_bytes(server.source, server.dest, topic)
    produce(b"before")
    rest = server.rest(server.dest)
    assert rest.create_link("lasting", server.source).ok and rest.create_mirror("lasting", topic).ok
    caught_up()
    for stop in (server.stop, server.kill):
        produce(b"unseen")
        stop()
        server.start()
        rest = server.rest(server.dest)
        assert rest.mirror("lasting", topic).body["mirror_status"] == "ACTIVE"
        assert rest.alter_link("lasting", **{"bootstrap.servers": server.source.bootstrap}).ok
        produce(b"after")
        caught_up()
    with server.dest.connect() as wire:
        assert wire.produce(topic, 0, Batch([b"x"]).encode()).error == w.INVALID_REQUEST, "still read-only"
    assert server.dest.ends(topic) == {0: 5, 1: 5}


def test_deleting_source_fills_no_log(own_server):
    """A source that deletes its oldest records again and again is followed, with few lines and no warning"""
    server = own_server(ephemeral=True)
    source, dest, rest = server.source, server.dest, server.rest(server.dest)
    topic = source.topic()
    assert rest.create_link("l", source).ok and rest.create_mirror("l", topic).ok
    with source.connect() as there, dest.connect() as here:
        for _ in range(40):
            base = there.produce(topic, 0, Batch([b"x" * 100]).encode()).base_offset
            assert there.delete_records(topic, 0, base) == (w.NONE, base)
            until(lambda: here.list_offset(topic, 0, -2)[2] == base, f"the mirror begins at {base}")
    log = server.log.read_text()
    lines = [line for line in log.splitlines() if "are removed" in line]
    assert 0 < len(lines) <= 10 and " WARNING " not in log, log
