"""Consumer groups: sharing, rebalancing, static members, committing and resuming."""

import contextlib
import itertools

import pytest

from support import wire as w
from support.clients import Message, Refusal
from support.wait import until

_names = itertools.count(1)


@pytest.fixture
def group(cluster):
    return f"group-{next(_names)}-{w._RUN}"


@pytest.fixture
def members(client):
    """Joins members that are closed again whatever happens."""
    with contextlib.ExitStack() as stack:
        def join(group, topic, **options):
            return stack.enter_context(_once(client.member(group, topic, **options)))
        yield join


class _once:
    """Closes a member at the end unless the test did it."""

    def __init__(self, member):
        self.member = member
        close = member.close

        def close_once():
            member.close = lambda: None
            close()
        member.close = close_once

    def __enter__(self):
        return self.member

    def __exit__(self, *_):
        self.member.close()


def together(condition, what, *members):
    """Steps all members until the condition holds."""
    def step():
        for member in members:
            member.step()
        return condition()
    return until(step, what, pause=0.01)


def fill(client, topic, partitions, label, each=5):
    for partition in range(partitions):
        client.produce(topic, [Message(f"{label} {partition} {i}".encode()) for i in range(each)], partition=partition)
    return {f"{label} {p} {i}".encode() for p in range(partitions) for i in range(each)}


def labelled(member, label):
    return [m.value for m in member.received if m.value.startswith(label.encode())]


def test_single_member(client, cluster, group, members):
    """One member gets every partition and every record"""
    topic = cluster.topic(3)
    expected = fill(client, topic, 3, "all")
    member = members(group, topic)
    together(lambda: len(member.received) >= len(expected), "all records", member)
    assert {m.value for m in member.received} == expected and len(member.received) == len(expected)
    assert member.assignment == {0, 1, 2}


def test_two_members(client, cluster, group, members):
    """Two members share the partitions; each record goes to exactly one of them; who stays takes over from who leaves"""
    topic = cluster.topic(4)
    first = members(group, topic)
    together(lambda: first.assignment == {0, 1, 2, 3}, "everything with the first", first)
    second = members(group, topic)
    together(lambda: len(first.assignment) == len(second.assignment) == 2
             and first.assignment | second.assignment == {0, 1, 2, 3}, "two partitions each", first, second)

    expected = fill(client, topic, 4, "shared")
    together(lambda: len(labelled(first, "shared")) + len(labelled(second, "shared")) >= len(expected),
             "the shared records", first, second)
    assert sorted(labelled(first, "shared") + labelled(second, "shared")) == sorted(expected)
    assert labelled(first, "shared") and labelled(second, "shared")

    first.commit()
    second.commit()
    second.close()
    together(lambda: first.assignment == {0, 1, 2, 3}, "everything with the first again", first)
    expected = fill(client, topic, 4, "after")
    together(lambda: len(labelled(first, "after")) >= len(expected), "the later records", first)
    assert sorted(labelled(first, "after")) == sorted(expected)


def test_commit_and_resume(client, cluster, group, members):
    """A group goes on where it committed"""
    topic = cluster.topic()
    client.produce(topic, [Message(b"%d" % i) for i in range(10)], partition=0)
    before = members(group, topic)
    together(lambda: len(before.received) == 10, "ten records", before)
    before.commit()
    before.close()
    client.produce(topic, [Message(b"%d" % i) for i in range(10, 15)], partition=0)
    after = members(group, topic)
    together(lambda: len(after.received) >= 5, "five more records", after)
    assert [m.offset for m in after.received] == [10, 11, 12, 13, 14]


def test_groups_are_independent(client, cluster, group, members):
    """Each group gets every record"""
    topic = cluster.topic()
    client.produce(topic, [Message(b"%d" % i) for i in range(10)], partition=0)
    one, other = members(group, topic), members(group + "-other", topic)
    together(lambda: len(one.received) >= 10 and len(other.received) >= 10, "ten records each", one, other)
    assert [m.offset for m in one.received] == [m.offset for m in other.received] == list(range(10))


@pytest.mark.needs("static members")
def test_static_member_returns(client, cluster, group, members):
    """A static member that comes back within its session gets its partitions again, and nobody else is disturbed"""
    topic = cluster.topic(4)
    staying = members(group, topic, instance="staying")
    leaving = members(group, topic, instance="leaving")
    together(lambda: len(staying.assignment) == len(leaving.assignment) == 2
             and not staying.assignment & leaving.assignment, "two partitions each", staying, leaving)
    kept, given_up = staying.assignment, leaving.assignment
    leaving.close()
    back = members(group, topic, instance="leaving")
    together(lambda: len(back.assignment) == 2, "the old assignment", staying, back)
    assert back.assignment == given_up and staying.assignment == kept


@pytest.mark.needs("group admin")
def test_administration(client, cluster, group, members):
    """A group is listed and described, cannot be deleted while in use, and is gone once deleted"""
    topic = cluster.topic()
    member = members(group, topic)
    together(lambda: member.assignment == {0}, "an assignment", member)
    assert group in client.groups()
    assert client.group_state(group) == ("stable", 1)
    with pytest.raises(Refusal) as refusal:
        client.delete_group(group)
    assert refusal.value.is_error(w.NON_EMPTY_GROUP, "NonEmptyGroup")
    client.produce(topic, [Message(b"x")], partition=0)
    together(lambda: member.received, "a record", member)
    member.commit()
    member.close()
    until(lambda: client.group_state(group) == ("empty", 0), "an empty group")
    client.delete_group(group)
    assert group not in client.groups()


@pytest.mark.process
def test_groups_survive_a_crash(client_class, own_server):
    """Committed offsets are there after kill -9"""
    server = own_server()
    topic = server.source.topic()
    client = client_class(server.source)
    client.produce(topic, [Message(b"%d" % i) for i in range(10)], partition=0)
    with client.member("survivor", topic) as member:
        together(lambda: len(member.received) == 10, "ten records", member)
        member.commit()
    server.kill()
    server.start()
    client = client_class(server.source)
    client.produce(topic, [Message(b"later")], partition=0)
    with client.member("survivor", topic) as member:
        together(lambda: member.received, "the later record", member)
        assert [m.offset for m in member.received] == [10]


@pytest.mark.process
def test_consumer_protocol_is_refused(cluster, group):
    """A consumer of the new group protocol is told that it is not served, instead of waiting for ever"""
    from confluent_kafka import Consumer, KafkaError

    errors = []
    consumer = Consumer({
        "bootstrap.servers": cluster.bootstrap, "group.id": group, "group.protocol": "consumer",
        "auto.offset.reset": "earliest", "error_cb": errors.append,
    })
    try:
        consumer.subscribe([cluster.topic()])

        def refused():
            message = consumer.poll(0.1)
            if message is not None and message.error():
                errors.append(message.error())
            return any(error.code() == KafkaError._FATAL and "API version not supported" in error.str()
                       for error in errors)
        until(refused, "the consumer says that the protocol is not supported")
    finally:
        consumer.close()
