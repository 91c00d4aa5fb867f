"""What the console asks for beside Kafka REST: topics and connections at a glance, numbers over time, changes."""

import json
import time
import urllib.parse
import urllib.request

import pytest

from support.rest import request
from support.wait import until

pytestmark = pytest.mark.process


@pytest.fixture
def topic(twinlog):
    name = f"console-api-{time.monotonic_ns()}"
    base = f"{twinlog.http}/kafka/v3/clusters/{twinlog.source.id}"
    answer = request("POST", f"{base}/topics", {"topic_name": name, "partitions_count": 3})
    assert answer.status == 201, answer
    yield f"{twinlog.http}/twinlog/v1/clusters/{twinlog.source.id}", name
    assert request("DELETE", f"{base}/topics/{name}").status in (204, 404)


def produce(twinlog, name, count):
    for index in range(count):
        answer = request("POST", f"{twinlog.http}/kafka/v3/clusters/{twinlog.source.id}/topics/{name}/records",
                         {"partition_id": 1, "value": {"type": "STRING", "data": f"record {index}"}})
        assert answer.ok, answer


def test_a_topic_at_a_glance_has_its_numbers(twinlog, topic):
    """The list of topics and the topic itself tell of the records that were produced, as Kafka's offsets do."""
    base, name = topic
    produce(twinlog, name, 5)
    row, = [row for row in request("GET", f"{base}/topics").body["data"] if row["topic_name"] == name]
    assert (row["records_count"], row["partitions_count"], row["mirror"]) == (5, 3, None)
    detail = request("GET", f"{base}/topics/{name}").body
    assert [part["end_offset"] for part in detail["partitions"]] == [0, 5, 0]
    assert sum(part["size_bytes"] for part in detail["partitions"]) == row["size_bytes"] > 0


def test_an_open_connection_is_listed(twinlog, topic):
    """A client's connection is listed with the name that the client gives itself, and goes with the client."""
    base, _ = topic

    def mine():
        return [row for row in request("GET", f"{base}/connections").body["data"] if row["client_id"] == "glance"]

    from confluent_kafka.admin import AdminClient
    client = AdminClient({"bootstrap.servers": twinlog.source.bootstrap, "client.id": "glance"})
    client.list_topics(timeout=20)
    row, *_ = until(mine, "the connection is listed")
    assert row["client_software_name"] and row["requests"] > 0 and row["listener"] == "PLAINTEXT"
    assert abs(row["connected_ms"] - time.time() * 1000) < 60_000
    del client
    until(lambda: not mine(), "the connection is gone")


def test_traffic_shows_in_the_numbers_over_time(twinlog, topic):
    """What is produced turns up as records of some second, of the topic and of its cluster, and nowhere twice."""
    base, name = topic

    def records(place):
        series = request("GET", f"{base}{place}/time-series").body["series"]
        values, = [line["values"] for line in series if line["name"] == "records_in"]
        return sum(value or 0 for value in values)

    produce(twinlog, name, 7)
    until(lambda: records(f"/topics/{name}") > 3.5, "the records are counted")
    # Seconds are a little longer or shorter on a busy machine, and the numbers are rates.
    assert records(f"/topics/{name}") == pytest.approx(7, rel=0.5)
    assert records("") >= records(f"/topics/{name}") * 0.5


class Events:
    """Server-sent events, read one by one."""

    def __init__(self, url):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.response = opener.open(url, timeout=20)

    def next(self):
        name = data = None
        while True:
            line = self.response.readline().decode().rstrip("\n")
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                data = json.loads(line[6:])
            elif not line and name:
                return name, data


def test_changes_are_told_while_somebody_listens(twinlog):
    """A topic that is made, reconfigured and deleted is three changes."""
    base = f"{twinlog.http}/kafka/v3/clusters/{twinlog.source.id}/topics"
    events = Events(f"{twinlog.http}/twinlog/v1/events")
    name, hello = events.next()
    assert name == "hello" and abs(hello["server_started_ms"] - time.time() * 1000) < 3_600_000, hello

    def wait(change):
        while True:
            kind, data = events.next()
            assert kind == "change", data
            if data["name"] == "changing" and data["kind"] == "topic":
                assert (data["change"], data["cluster_id"]) == (change, twinlog.source.id)
                return

    assert request("POST", base, {"topic_name": "changing", "partitions_count": 1}).status == 201
    wait("created")
    assert request("PUT", f"{base}/changing/configs/retention.ms", {"value": "1000000"}).ok
    wait("changed")
    assert request("DELETE", f"{base}/changing").ok
    wait("deleted")
    events.response.close()


def test_browsers_get_the_console_and_programs_the_text(twinlog):
    """The console's page and files are there, compressed and kept; a program that asks for / sees what it saw."""
    def get(path, **headers):
        call = urllib.request.Request(twinlog.http + path, headers=headers)
        return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(call, timeout=20)

    assert get("/").headers["Content-Type"].startswith("text/plain")
    page = get(f"/environments/env-local/clusters/{twinlog.source.id}/topics", Accept="text/html")
    text = page.read().decode()
    assert page.headers["Content-Type"].startswith("text/html") and "{{hash}}" not in text
    script = next(part.split('"')[0] for part in text.split('src="')[1:] if part.startswith("/console/"))
    file = get(urllib.parse.quote(script), **{"Accept-Encoding": "gzip"})
    assert "immutable" in file.headers["Cache-Control"] and file.headers["Content-Type"].startswith("text/javascript")
