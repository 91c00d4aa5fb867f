"""The process: starting, stopping, exit codes, what it says when it cannot start."""

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from support import rest
from support import wire as w
from support.records import Batch
from support.server import binary, run

pytestmark = [pytest.mark.process]


def one_clear_line(done, *words):
    """One line on standard error that holds all the words, and no stack trace, signal or silence."""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    for word in words:
        assert word in lines[0], lines[0]


@pytest.mark.parametrize("arguments", [
    ["serve", "--no-such-flag"], ["serve", "--durability", "hope"], ["serve", "--brokers", "many"],
    ["serve", "--brokers", "0"], ["serve", "--broker-config", "no-equals-sign"],
    ["serve", "--as-version", "0.1"], ["no-such-command"], ["kafka", "mirror", "verify"],
], ids=" ".join)
def test_wrong_usage(arguments):
    """Wrong flags end with 64 and name what is wrong"""
    done = run(*arguments)
    assert done.returncode == 64, done
    assert done.stderr.strip() and "Fatal error" not in done.stderr


@pytest.mark.parametrize("broken", [
    "clusters: [", "no-such-setting: 1", "brokers: many", "just text"])
def test_wrong_configuration(tmp_path, broken):
    """A wrong configuration file ends with 78 and names the file"""
    path = tmp_path / "twinlog.yaml"
    path.write_text(broken + "\n")
    done = run("serve", "--ports", "auto", "--ephemeral", "--config", path)
    assert done.returncode == 78, done
    one_clear_line(done, "twinlog.yaml")


def test_missing_configuration(tmp_path):
    """A configuration file that is not there ends with 78 and its name"""
    done = run("serve", "--ports", "auto", "--ephemeral", "--config", tmp_path / "absent.yaml")
    assert done.returncode == 78, done
    one_clear_line(done, "absent.yaml")


def test_unknown_broker_config():
    """A broker config that Kafka does not know is refused by name"""
    done = run("serve", "--ports", "auto", "--ephemeral", "--broker-config", "no.such.config=1")
    assert done.returncode in (64, 78), done
    one_clear_line(done, "no.such.config")


def test_data_directory_is_a_file(tmp_path):
    """A data directory that cannot be one is refused by name"""
    path = tmp_path / "file"
    path.write_text("not a directory")
    for directory in (path, path / "below"):
        done = run("serve", "--ports", "auto", "--data-dir", directory)
        assert 0 < done.returncode < 128, done
        one_clear_line(done, str(path))


def test_unwritable_data_directory(tmp_path):
    """A data directory where nothing may be written is refused by name"""
    path = tmp_path / "sealed"
    path.mkdir(mode=0o500)
    if os.geteuid() == 0:
        path = Path("/proc/twinlog-data")  # permissions don't stop root, but the kernel makes no folders there
    done = run("serve", "--ports", "auto", "--data-dir", path)
    assert 0 < done.returncode < 128, done
    one_clear_line(done, str(path))


def test_data_directory_in_use(own_server):
    """A second server on the same data directory is refused, and the first goes on"""
    server = own_server()
    done = run("serve", "--ports", "auto", "--data-dir", server.data)
    assert 0 < done.returncode < 128, done
    one_clear_line(done, str(server.data))
    with server.source.connect() as wire:
        assert wire.api_versions()


def test_port_in_use(tmp_path):
    """A port that another process holds is named"""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            holder.bind(("127.0.0.1", 9192))
            holder.listen()
        except OSError:
            pass  # held by somebody else: as good
        done = run("serve", "--data-dir", tmp_path / "data")
    assert 0 < done.returncode < 128, done
    one_clear_line(done, "in use")
    assert "9092" in done.stderr or "9192" in done.stderr or "8090" in done.stderr


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT], ids=lambda s: s.name)
def test_clean_stop(own_server, sent):
    """SIGTERM and SIGINT end the server with 0, connections open or not"""
    server = own_server()
    with server.source.connect() as wire:
        wire.send(w.FETCH, 11, b"")  # malformed on purpose: closed by the server
    with server.dest.connect() as wire:
        wire.api_versions()
        server.process.send_signal(sent)
        assert server.process.wait(30) == 0, server.output()


def test_ready_file(own_server):
    """The ready file holds the process, the HTTP address and the bootstrap addresses of both clusters"""
    server = own_server(ephemeral=True)
    assert server.ready.pid == server.process.pid
    assert list(server.ready.clusters) == ["lkc-source", "lkc-dest"]
    assert [c["name"] for c in server.ready.clusters.values()] == ["source-cluster", "dest-cluster"]
    for target in (server.source, server.dest):
        host, port = target.bootstrap.split(":")
        assert host == "127.0.0.1" and int(port) > 0
        with target.connect() as wire:
            assert wire.metadata([]).cluster_id == target.id


def test_listens_on_loopback_only(own_server):
    """Nothing listens beyond 127.0.0.1 unless asked for"""
    server = own_server(ephemeral=True)
    inodes = {os.readlink(f"/proc/{server.process.pid}/fd/{fd}")
              for fd in os.listdir(f"/proc/{server.process.pid}/fd")}
    addresses = set()
    for table in ("tcp", "tcp6"):
        with open(f"/proc/net/{table}") as file:
            for row in list(file)[1:]:
                fields = row.split()
                if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                    addresses.add(fields[1].split(":")[0])
    assert addresses == {"0100007F"}


def test_health(own_server):
    """/healthz and /readyz answer 200 once the ready file is there"""
    server = own_server(ephemeral=True)
    for path in ("/healthz", "/readyz"):
        assert rest.request("GET", server.http + path).status == 200


def test_ephemeral(own_server, tmp_path):
    """--ephemeral leaves nothing on disk"""
    server = own_server(ephemeral=True)
    topic = server.source.topic()
    with server.source.connect() as wire:
        assert wire.produce(topic, 0, Batch([b"x"]).encode()).error == w.NONE
    assert server.stop() == 0
    assert not server.data.exists()
    left = [path.name for path in server.directory.iterdir()]
    assert all(name.startswith(("ready-", "server-")) for name in left), left


def test_restart(own_server):
    """Topics, settings and records are there after a clean restart"""
    server = own_server()
    topic = server.source.topic(3, retention_ms=1_000_000)
    with server.source.connect() as wire:
        for i in range(30):
            assert wire.produce(topic, i % 3, Batch([b"%d" % i]).encode()).error == w.NONE
        gone = server.source.topic()
        assert wire.delete_topic(gone) == w.NONE
    before = [server.source.batches(topic, p) for p in range(3)]
    server.restart()
    assert [server.source.batches(topic, p) for p in range(3)] == before
    with server.source.connect() as wire:
        assert gone not in wire.metadata().topics
        assert wire.produce(topic, 0, Batch([b"next"]).encode()).base_offset == 10
    from support.clients.kafka_python_client import KafkaPythonClient
    assert KafkaPythonClient(server.source).topic_configs(topic)["retention.ms"] == "1000000"


def test_empty(own_server):
    """--empty starts an environment without clusters"""
    server = own_server("--empty", ephemeral=True)
    assert server.ready.clusters == {}
    assert rest.request("GET", server.http + "/readyz").status == 200


def test_help_and_version():
    """--help and --version answer on standard output"""
    for arguments in (["--help"], ["serve", "--help"], ["kafka", "link", "--help"]):
        done = run(*arguments)
        assert done.returncode == 0 and "USAGE" in done.stdout.upper()
    assert run("--version").stdout.strip()


def test_ready_file_is_whole(tmp_path):
    """The ready file appears complete: a reader never sees half of it"""
    path = tmp_path / "ready.json"
    process = subprocess.Popen([binary(), "serve", "--ports", "auto", "--ephemeral", "--ready-file", path],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            if path.exists():
                assert json.loads(path.read_text())["pid"] == process.pid
                break
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()
