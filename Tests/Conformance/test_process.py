"""The process: starting, stopping, exit codes, what it says when it cannot start."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path

import pytest

from support import rest
from support import wire as w
from support.records import Batch, crc32c, split
from support.server import Twinlog, binary, run
from support.wait import until

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


def test_help_beside_a_wrong_flag():
    """Help is shown whatever else stands on the line; of two faults the one is told that the parser finds"""
    done = run("serve", "--broker-config", "no-equals-sign", "--help")
    assert done.returncode == 0, done
    assert "USAGE: twinlog serve" in done.stdout
    done = run("serve", "--broker-config", "no-equals-sign", "--no-such-flag")
    assert done.returncode == 64, done
    assert "--no-such-flag" in done.stderr and "no-equals-sign" not in done.stderr


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


def test_stop_asked_for_twice(own_server):
    """Signals that come together (Ctrl-C, which make passes on to the server) are one request: the stop is clean"""
    server = own_server()
    server.source.topic()
    begin = time.monotonic()
    while server.process.poll() is None and time.monotonic() - begin < 0.5:
        for sent in (signal.SIGTERM, signal.SIGINT):
            server.process.send_signal(sent)
    assert server.process.wait(30) == 0, server.output()
    for cluster in server.ready.clusters:
        assert (server.data / cluster / ".kafka_cleanshutdown").exists()


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


def test_empty_forgets_no_cluster(own_server):
    """One start with --empty on a data directory with clusters shows them, and takes none away for ever"""
    server = own_server()
    topic = server.source.topic()
    with server.source.connect() as wire:
        assert wire.produce(topic, 0, Batch([b"kept"]).encode()).error == w.NONE
    assert server.stop() == 0
    server.options.append("--empty")
    server.start()
    assert list(server.ready.clusters) == ["lkc-source", "lkc-dest"]
    made = rest.request("POST", f"{server.http}/cmk/v2/clusters", {
        "spec": {"display_name": "third", "availability": "SINGLE_ZONE", "cloud": "GCP", "region": "us-west4",
                 "config": {"kind": "Basic"}, "environment": {"id": "env-local"}}})
    assert made.ok, made
    server.kill()
    server.options.remove("--empty")
    server.start()
    assert list(server.ready.clusters) == ["lkc-source", "lkc-dest", made.body["id"]]
    assert len(server.source.batches(topic, 0)) == 1


@pytest.mark.parametrize("empty", [False, True], ids=["default", "empty"])
def test_killed_first_start(tmp_path, empty):
    """A first start that is killed at any moment is followed by one that has every cluster"""
    for delay in (0, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064):
        server = Twinlog(tmp_path / f"{delay}")
        process = subprocess.Popen([binary(), "serve", "--ports", "auto", "--data-dir", server.data],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            pass
        process.kill()
        process.wait()
        had = sorted(path.name for path in server.data.glob("lkc-*"))
        if empty:
            server.options.append("--empty")
        with server:
            clusters = sorted(server.ready.clusters)
            assert set(had) <= set(clusters)
            if not empty:
                assert clusters == ["lkc-dest", "lkc-source"]
            assert server.stop() == 0


def free_ports(count):
    """Where a block of ports may begin: nobody listens there now."""
    for base in range(21_000, 60_000, 500):
        try:
            for port in range(base, base + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return base
        except OSError:
            continue
    raise AssertionError("no free ports")


def test_ports_are_chosen(own_server, tmp_path):
    """Ports are where options and file say, links between the clusters follow, a taken port names the option"""
    server = own_server()
    topic = server.source.topic()
    with server.source.connect() as wire:
        assert wire.produce(topic, 0, Batch([b"one"]).encode()).error == w.NONE
    api = server.rest(server.dest)
    assert api.create_link("l", server.source).ok
    assert api.create_mirror("l", topic).ok
    assert server.stop() == 0
    base = free_ports(320)
    file = tmp_path / "ports.yaml"
    file.write_text(f"clusters:\n  lkc-dest:\n    ports: {{SASL_PLAINTEXT: {base + 150}}}\n")
    options = ["--data-dir", server.data, "--config", file]
    ready = tmp_path / "ready.json"
    process = subprocess.Popen(
        [binary(), "serve", "--port-base", str(base), "--http-port", str(base + 90), "--ready-file", ready,
         *map(str, options)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: ready.exists() or process.poll() is not None, "ready or ended")
        assert process.poll() is None, process.stderr.read()
        facts = json.loads(ready.read_text())
        assert facts["http"] == f"http://127.0.0.1:{base + 90}"
        source, dest = (cluster["bootstrap"] for cluster in facts["clusters"])
        listeners = ["PLAINTEXT", "SASL_SSL", "SASL_PLAINTEXT"]
        assert source == {name: f"127.0.0.1:{base + i}" for i, name in enumerate(listeners)}
        assert dest["PLAINTEXT"] == f"127.0.0.1:{base + 100}" and dest["SASL_PLAINTEXT"] == f"127.0.0.1:{base + 150}"
        with w.Cluster("lkc-source", source["PLAINTEXT"]).connect() as wire:
            assert wire.produce(topic, 0, Batch([b"two"]).encode()).error == w.NONE
        mirror = w.Cluster("lkc-dest", dest["PLAINTEXT"])
        until(lambda: len(mirror.batches(topic, 0)) == 2, "the link has found its source again")
        for options, listener, option in [
            (["--port-base", base, "--http-port", base + 91], f"127.0.0.1:{base}", "--port-base"),
            (["--port-base", base + 200, "--http-port", base + 90], f"127.0.0.1:{base + 90}", "--http-port"),
        ]:
            other = run("serve", "--ephemeral", *options)
            assert other.returncode == 69, other
            one_clear_line(other, "in use", listener, option)
    finally:
        process.terminate()
        assert process.wait(30) == 0


@pytest.mark.parametrize("options", [
    ["--port-base", "0"], ["--port-base", "65500"], ["--port-base", "x"], ["--http-port", "9092"],
    ["--port-base", "9000", "--ports", "auto"]], ids=" ".join)
def test_wrong_ports(options):
    """Ports out of range, or asked for twice, are refused before anything is opened"""
    done = run("serve", "--ephemeral", *options)
    assert done.returncode == 64, done
    one_clear_line(done)


def test_newer_state_file(own_server):
    """A state file of a newer version is refused with one line and 78, and left as it is"""
    server = own_server()
    assert server.stop() == 0
    file = server.data / "registry.json"
    text = file.read_text().replace('"format": 2', '"format": 3')
    file.write_text(text)
    done = run("serve", "--ports", "auto", "--data-dir", server.data)
    assert done.returncode == 78, done
    one_clear_line(done, "registry.json", "newer version")
    assert file.read_text() == text


def test_newer_feature_level(own_server):
    """A data directory that a newer version has written is refused with one line and 78, and left as it is"""
    server = own_server()
    assert server.stop() == 0
    file, = (server.data / "lkc-source" / "__cluster_metadata-0").glob("*.log")
    data = bytearray(file.read_bytes())
    batch = next(b for b in split(bytes(data)) if b"twinlog.metadata.version" in b.data)
    start = data.index(batch.data)
    # The level follows the name, as an int16.
    level = data.index(b"twinlog.metadata.version", start) + len(b"twinlog.metadata.version")
    assert data[level:level + 2] == b"\x00\x01"
    data[level:level + 2] = b"\x00\x63"
    data[start + 17:start + 21] = crc32c(bytes(data[start + 21:start + 12 + batch.length])).to_bytes(4, "big")
    file.write_bytes(data)
    done = run("serve", "--ports", "auto", "--data-dir", server.data)
    assert done.returncode == 78, done
    one_clear_line(done, "lkc-source", "newer", "99", "data directory")
    assert file.read_bytes() == bytes(data)


def test_required_login(own_server):
    """--http-auth required needs a user, and then nothing but health is shown to strangers"""
    done = run("serve", "--ports", "auto", "--ephemeral", "--http-auth", "required")
    assert done.returncode == 64, done
    one_clear_line(done, "TWINLOG_EMAIL", "TWINLOG_PASSWORD")
    os.environ.update(TWINLOG_EMAIL="a@b", TWINLOG_PASSWORD="p")
    try:
        server = own_server("--http-auth", "required", ephemeral=True)
    finally:
        del os.environ["TWINLOG_EMAIL"], os.environ["TWINLOG_PASSWORD"]
    for path in ("/", "/metrics", "/kafka/v3/clusters"):
        answer = rest.request("GET", server.http + path)
        assert answer.status == 401 and "lkc-source" not in str(answer.body), path
    assert rest.request("GET", server.http + "/readyz").status == 200
    assert rest.request("GET", server.http + "/healthz").status == 200


def open_to_others(directory):
    """What in a data directory others may touch, the directory itself included."""
    found = []
    for path in [directory, *directory.rglob("*")]:
        try:
            if stat.S_IMODE(path.lstat().st_mode) & 0o077:
                found.append(str(path.relative_to(directory)))
        except FileNotFoundError:
            # A file that took the place of another meanwhile: that one is looked at.
            continue
    return found


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077], ids=oct)
def test_nothing_is_open_to_others(tmp_path, umask):
    """Nothing below the data directory is open to other users, whatever umask the server was started with"""
    server = Twinlog(tmp_path, "--brokers", "2")
    server.data.mkdir(mode=0o755)
    before = os.umask(umask)
    try:
        server.start()
    finally:
        os.umask(before)
    try:
        assert "was open to other users" in server.output()
        made = rest.request("POST", f"{server.http}/iam/v2/api-keys", {
            "spec": {"display_name": "k", "description": "", "owner": {"id": "u-local"},
                     "resource": {"id": "lkc-source"}}})
        assert made.ok, made
        topic = server.source.topic(3)
        with server.source.connect() as wire:
            assert wire.produce(topic, 0, Batch([b"x"]).encode()).error == w.NONE
        api = server.rest(server.dest)
        assert api.create_link("l", server.source).ok and api.create_mirror("l", topic).ok
        assert open_to_others(server.data) == []
        assert server.stop() == 0
        assert open_to_others(server.data) == []
        (server.data / "registry.json").chmod(0o644)
        server.data.chmod(0o755)
        server.start()
        assert open_to_others(server.data) == []
    finally:
        server.kill()


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


def test_hang_up_of_one_direction_with_fsync(tmp_path):
    """A client that sends no more gets its answers, however long the disk takes, down to the last"""
    with Twinlog(tmp_path, "--durability", "fsync") as server:
        topic, count = server.source.topic(), 20
        with server.source.connect() as sender:
            for number in range(count):
                sender.send(w.PRODUCE, 8, sender.produce_body(topic, 0, Batch([b"%d" % number]).encode()))
            sender.socket.shutdown(w.socket.SHUT_WR)
            for _ in range(count):
                sender.receive()
            assert sender.socket.recv(1) == b"", "the connection ends after the last answer"


@pytest.mark.parametrize("what", ["a topic in slices", "deleted records", "many names"])
def test_hang_up_of_one_direction_while_we_work(own_server, what):
    """So does one that asked for what takes us some time, and needs nobody else"""
    server = own_server("--durability", "fsync")
    topic = server.source.topic()
    with server.source.connect() as sender:
        for number in range(3):
            assert sender.produce(topic, 0, Batch([b"%d" % number]).encode()).error == w.NONE
        if what == "a topic in slices":
            sender.send(w.CREATE_TOPICS, 2, sender.create_topic_body("sliced", 500))
        elif what == "deleted records":
            sender.send(w.DELETE_RECORDS, 0, sender.delete_records_body(topic, 0, 2))
        else:
            names = [w.string(f"missing-{number}") for number in range(3_000)]
            sender.send(w.METADATA, 4, w.array(names) + b"\0")
        sender.socket.shutdown(w.socket.SHUT_WR)
        sender.receive()
        assert sender.socket.recv(1) == b"", "the connection ends after the answer"


@pytest.mark.parametrize("kind", ["pipe", "link", "directory"])
def test_ready_file_takes_no_place(tmp_path, kind):
    """What is no regular file is refused as a ready file, and stays: /dev/null would be lost for the whole machine"""
    place, target = tmp_path / "ready", tmp_path / "target"
    target.write_text("kept")
    {"pipe": os.mkfifo, "link": lambda path: path.symlink_to(target), "directory": os.mkdir}[kind](place)
    before = place.lstat()
    done = run("serve", "--ports", "auto", "--ephemeral", "--ready-file", place)
    assert done.returncode == 73, done
    one_clear_line(done, str(place), "no regular file")
    assert (place.lstat().st_ino, place.lstat().st_mode) == (before.st_ino, before.st_mode)
    assert target.read_text() == "kept"


def test_ipv6_addresses(own_server):
    """An IPv6 address stands in brackets wherever it is told with a port"""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.skip(f"no IPv6: {error}")
    server = own_server("--listen", "::1", ephemeral=True)
    for facts in server.ready.clusters.values():
        for address in facts["bootstrap"].values():
            assert address.startswith("[::1]:") and address.removeprefix("[::1]:").isdigit(), address
    done = server.cli("kafka", "topic", "create", "t", "--cluster", "lkc-source")
    assert done.returncode == 0, done
    done = server.cli("kafka", "topic", "consume", "t", "--cluster", "lkc-source", "--exit")
    assert done.returncode == 0, done


@pytest.mark.parametrize("option", [
    ["--advertise", "h" * 254], ["--advertise", "a b"], ["--broker-config", "offsets.topic.num.partitions=10001"],
    ["--broker-config", "offsets.topic.segment.bytes=1"], ["--broker-config", "num.partitions=1000000"],
], ids=lambda option: option[1][:40])
def test_what_can_never_work(option):
    """What no client could ever use is refused at the start"""
    done = run("serve", "--ports", "auto", "--ephemeral", *option)
    assert done.returncode == 64, done
    one_clear_line(done, option[0])


def test_the_demo_runs_under_another_name(tmp_path):
    """The program's file may be called anything, and no `twinlog` need be on the search path."""
    program = tmp_path / "another-name"
    try:
        os.link(binary(), program)
    except OSError:
        shutil.copy2(binary(), program)
    environment = {**os.environ, "PATH": "/usr/local/bin:/usr/bin:/bin", "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [program, "demo", "--records", "30"], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "twinlog kafka topic create" in done.stdout
    assert [entry.name for entry in tmp_path.iterdir()] == ["another-name"]
