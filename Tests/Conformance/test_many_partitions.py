"""Thousands of partitions at once: others are served meanwhile, and all are there after a crash."""

import socket
import threading
import time
from urllib.parse import urlsplit

import pytest

from support import wire as w
from support.records import Batch
from support.wait import until

pytestmark = [pytest.mark.process]

PARTITIONS = 2_500


class Steady:
    """A client that produces one record after the other to a topic of its own, and looks at the clock."""

    def __init__(self, cluster, topic):
        self.durations = []
        self.failure = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(cluster, topic))
        self._thread.start()

    def _run(self, cluster, topic):
        try:
            with cluster.connect() as connection:
                while not self._stopping.is_set():
                    begin = time.monotonic()
                    produced = connection.produce(topic, 0, Batch([b"x"]).encode())
                    assert produced.error == w.NONE
                    self.durations.append(time.monotonic() - begin)
        except Exception as error:  # told by `stop`
            self.failure = error

    def stop(self):
        self._stopping.set()
        self._thread.join()
        if self.failure:
            raise self.failure


def test_thousands_of_partitions(own_server):
    """Thousands of partitions are made while another client produces; all of them, and its records, outlive kill -9"""
    server = own_server()
    with server.source.connect(timeout=120.0) as admin:
        assert admin.create_topic("small") == w.NONE
        steady = Steady(server.source, "small")
        until(lambda: steady.durations or steady.failure, "the other client's records")
        before = len(steady.durations)
        begin = time.monotonic()
        assert admin.create_topic("large", partitions=PARTITIONS) == w.NONE
        duration = time.monotonic() - begin
        steady.stop()
        meanwhile = steady.durations[before:]
        # Neither waits for the end of the other: the longest answer took a small part of the whole.
        assert len(meanwhile) > 20
        assert max(meanwhile) < duration / 2
    server.kill()
    server.start()
    with server.source.connect(timeout=120.0) as connection:
        found = connection.metadata(["large"]).topics["large"]
        assert sorted(index for _, index, *_ in found) == list(range(PARTITIONS))
        assert all(error == w.NONE for error, *_ in found)
        assert connection.list_offset("small", 0, -1)[2] == len(steady.durations)
        for partition in (0, PARTITIONS // 2, PARTITIONS - 1):
            assert connection.produce("large", partition, Batch([b"x"]).encode()).error == w.NONE
    assert server.stop() == 0


def test_connections_leave_descriptors_to_logs(own_server):
    """However many connections there are, topics can be made and written; who is refused has a line in the log"""
    server = own_server(descriptors=256)
    held = []
    try:
        refused = 0
        for number in range(300):
            cluster = (server.source, server.dest)[number % 2]
            connection = cluster.connect()
            try:
                connection.api_versions()
                held.append(connection)
            except w.Closed:
                connection.socket.close()
                refused += 1
        assert len(held) == 96
        assert refused == 300 - 96
        assert "file descriptors" in server.output()
        first = held[0]
        assert first.create_topic("t", partitions=100) == w.NONE
        for partition in range(100):
            assert first.produce("t", partition, Batch([b"x"]).encode()).error == w.NONE
    finally:
        for connection in held:
            connection.socket.close()

    def is_served():
        with server.source.connect() as connection:
            try:
                return connection.api_versions()
            except w.Closed:
                return None
    until(is_served, "places of connections that have left")
    assert server.stop() == 0


def test_http_keeps_to_its_share(own_server):
    """HTTP connections take a sixteenth of the descriptors: the most silent ones make room for those that come"""
    server = own_server(descriptors=256, ephemeral=True)
    address = urlsplit(server.ready.http)
    held = []
    try:
        for _ in range(60):
            # Half a request, so that the server waits for the rest.
            connection = socket.create_connection((address.hostname, address.port), timeout=30)
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            connection.setblocking(False)
            held.append(connection)

        def is_open(connection):
            try:
                return connection.recv(1) != b""
            except BlockingIOError:
                return True
            except ConnectionError:
                return False
        # Long before the server closes what is silent, however few there are.
        until(lambda: sum(map(is_open, held)) <= 256 // 16, "places of the most silent connections", within=5)
        assert is_open(held[-1])
    finally:
        for connection in held:
            connection.close()
    assert server.stop() == 0
