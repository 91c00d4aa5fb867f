"""Kafka REST v3 between HTTP and Kafka's own clients: records in, groups out, and the streaming mode of produce."""

import json
import socket
import urllib.parse

import pytest

from support.rest import request

pytestmark = pytest.mark.process


@pytest.fixture
def topic(twinlog, name="rest-records"):
    base = f"{twinlog.http}/kafka/v3/clusters/{twinlog.source.id}"
    answer = request("POST", f"{base}/topics", {"topic_name": name, "partitions_count": 2})
    assert answer.status == 201, answer
    yield base, name
    assert request("DELETE", f"{base}/topics/{name}").status == 204


class Stream:
    """One chunked request, written and read by turns."""

    def __init__(self, url):
        self.parts = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((self.parts.hostname, self.parts.port), timeout=20)
        self.reader = self.socket.makefile("rb")
        head = (f"POST {self.parts.path} HTTP/1.1\r\nHost: {self.parts.netloc}\r\nContent-Type: application/json\r\n"
                "Transfer-Encoding: chunked\r\n\r\n")
        self.socket.sendall(head.encode())
        self.status = None

    def send(self, text):
        data = text.encode()
        self.socket.sendall(b"%x\r\n%s\r\n" % (len(data), data))

    def _head(self):
        self.status = int(self.reader.readline().split()[1])
        while self.reader.readline().strip():
            pass

    def answer(self):
        """The next chunk; None at the end."""
        if self.status is None:
            self._head()
        size = int(self.reader.readline(), 16)
        data = self.reader.read(size)
        self.reader.readline()
        return json.loads(data) if size else None


def test_streamed_records_are_answered_one_by_one(topic):
    """In streaming mode each record is answered before the next is sent, and a wrong one ends nothing."""
    base, name = topic
    stream = Stream(f"{base}/topics/{name}/records")
    for index in range(3):
        # The next record is only sent once the last one is answered: nothing may wait for the end of the request.
        stream.send(json.dumps({"partition_id": 1, "value": {"type": "STRING", "data": f"r{index}"}}))
        answer = stream.answer()
        assert (answer["error_code"], answer["partition_id"], answer["offset"]) == (200, 1, index)
    stream.send('{"partition_id":9}{"partition')
    assert stream.answer()["error_code"] == 40403
    stream.send('_id":0}')
    assert stream.answer()["offset"] == 0
    stream.socket.sendall(b"0\r\n\r\n")
    assert stream.answer() is None
    assert stream.status == 200


def test_a_stream_to_an_unknown_topic_is_refused_as_a_whole(topic):
    """Without a topic there is nothing to stream to: 404."""
    base, _ = topic
    stream = Stream(f"{base}/topics/nothing/records")
    stream.send("{}")
    stream.socket.sendall(b"0\r\n\r\n")
    stream._head()
    assert stream.status == 404


def test_what_is_produced_over_rest_is_consumed_by_kafka_clients_and_the_lag_says_so(topic, twinlog):
    """Records that came over HTTP reach a Kafka consumer as they were, and its group's lag is told."""
    from confluent_kafka import Consumer, TopicPartition
    base, name = topic
    for index in range(5):
        document = {"partition_id": 0, "key": {"type": "STRING", "data": "k"},
                    "value": {"type": "JSON", "data": {"i": index}}, "headers": [{"name": "h", "value": "AP8="}]}
        assert request("POST", f"{base}/topics/{name}/records", document).body["offset"] == index
    consumer = Consumer({"bootstrap.servers": twinlog.source.bootstrap, "group.id": "rest-lag",
                         "auto.offset.reset": "earliest", "enable.auto.commit": False})
    consumer.subscribe([name])
    try:
        messages = []
        while len(messages) < 5:
            messages += [message for message in consumer.consume(5, timeout=20) if message.error() is None]
        assert [json.loads(message.value()) for message in messages] == [{"i": index} for index in range(5)]
        assert messages[0].key() == b"k" and messages[0].headers() == [("h", b"\x00\xff")]
        consumer.commit(offsets=[TopicPartition(name, 0, 2)], asynchronous=False)
        group = f"{base}/consumer-groups/rest-lag"
        assert request("GET", group).body["state"] == "STABLE"
        lag = request("GET", f"{group}/lags/{name}/partitions/0").body
        assert (lag["current_offset"], lag["log_end_offset"], lag["lag"]) == (2, 5, 3)
        assert request("GET", f"{group}/lag-summary").body["total_lag"] == 3
        member = request("GET", f"{group}/consumers").body["data"][0]["consumer_id"]
        rows = request("GET", f"{group}/consumers/{member}/assignments").body["data"]
        assert [(row["topic_name"], row["partition_id"]) for row in rows] == [(name, 0), (name, 1)]
    finally:
        consumer.close()


@pytest.mark.parametrize("length,status", [(20, b"201"), (1 << 30, b"413")], ids=["short", "too long"])
def test_expectation(twinlog, source, length, status):
    """A client that waits to be asked for its body is asked, or refused, at once"""
    body = json.dumps({"topic_name": f"expected-{length}"}).encode()
    url = urllib.parse.urlsplit(f"{twinlog.http}/kafka/v3/clusters/{source.id}/topics")
    with socket.create_connection((url.hostname, url.port), timeout=20) as connection:
        size = len(body) if status == b"201" else length
        connection.sendall(f"POST {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Type: application/json\r\n"
                           f"Content-Length: {size}\r\nExpect: 100-continue\r\n\r\n".encode())
        reader = connection.makefile("rb")
        if status == b"201":
            assert reader.readline().split()[:2] == [b"HTTP/1.1", b"100"]
            assert reader.readline() == b"\r\n"
            connection.sendall(body)
        assert reader.readline().split()[:2] == [b"HTTP/1.1", status]
