"""What a new user of the commands meets: wrong listeners, missing verbs, groups, Ctrl-C, a server that goes away."""

import json
import signal
import socket
import ssl
import subprocess
import threading

import pytest

from support import tutorial
from support.home import CLUSTER, DEADLINE, Home, cli, one_line
from support.wait import until

pytestmark = [pytest.mark.process]


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """One server with a topic."""
    folder = tmp_path_factory.mktemp("new-user")
    home = Home(folder)
    home.serve("twinlog serve")
    home.files = folder
    done = cli(home, "kafka", "topic", "create", "here", *CLUSTER)
    assert done.returncode == 0, done
    yield home
    home.stop()
    home.close()


def clusters(home) -> dict:
    return {found["id"]: found["bootstrap"] for found in json.loads(home.ready.read_text())["clusters"]}


def test_wrong_listener(servers):
    """A client that speaks TLS to a plain listener, or the other way round, is told so, and so is the server's log"""
    source = clusters(servers)["lkc-source"]
    consume = ["kafka", "topic", "consume", "here", "--exit", "--bootstrap"]
    done = cli(servers, *consume, source["SASL_SSL"])
    assert done.returncode == 1
    one_line(done, "encrypted", "SASL_SSL")
    done = cli(servers, *consume, source["PLAINTEXT"], "--config", "security.protocol=SSL")
    assert done.returncode == 1
    one_line(done, "listener without TLS")
    done = cli(servers, *consume, servers.environment["TWINLOG_URL"].removeprefix("http://"))
    assert done.returncode == 1
    one_line(done, "HTTP")
    log = servers.log.read_text()
    assert "on listener SASL_SSL failed: what came is not TLS" in log
    assert "a TLS client on listener PLAINTEXT, which is not encrypted" in log
    assert "352518400" not in log


def test_missing_verbs(servers):
    """A verb of the confluent CLI that does not exist yet says so in one line, and ends with 64"""
    for line in ("kafka acl list", "iam service-account list", "kafka partition list --topic here"):
        done = cli(servers, *line.split())
        assert done.returncode == 64, done
        one_line(done, "does not exist in twinlog yet", "--help")


def test_if_not_exists(servers):
    """--if-not-exists succeeds for a topic that exists, and does not claim to have created it"""
    done = cli(servers, "kafka", "topic", "create", "here", *CLUSTER, "--if-not-exists")
    assert (done.returncode, done.stdout) == (0, 'Topic "here" already exists.\n'), done


def test_configs_and_negative_numbers(servers):
    """Configs come in several flags or one list; -1 means all partitions and the end, as librdkafka has it"""
    topic = ["kafka", "topic"]
    done = cli(servers, *topic, "create", "several", *CLUSTER, "--config", "retention.ms=1000,cleanup.policy=delete",
               "--config", "segment.bytes=1048576")
    assert done.returncode == 0, done
    rows = json.loads(cli(servers, *topic, "configuration", "list", "several", *CLUSTER, "-o", "json").stdout)
    values = {row["name"]: row["value"] for row in rows}
    assert (values["retention.ms"], values["segment.bytes"]) == ("1000", "1048576")
    subprocess.run(["twinlog", *topic, "produce", "several", *CLUSTER, "--partition", "-1"], text=True, check=True,
                   env=servers.environment, cwd=servers.work, input="one\n")
    consume = [*topic, "consume", "several", *CLUSTER, "--exit"]
    assert cli(servers, *consume, "--partition", "-1", "-b").stdout == "one\n"
    assert cli(servers, *consume, "--offset", "-2").stdout == "one\n"
    assert cli(servers, *consume, "--offset=-1").stdout == ""
    done = cli(servers, *topic, "list", *CLUSTER, *CLUSTER)
    assert done.returncode == 64
    one_line(done, "--cluster", "twice")


def test_deleting_is_confirmed(servers):
    """A topic is deleted when somebody says so: on standard input, or by --force; never because nobody answers"""
    topic = ["kafka", "topic"]
    assert cli(servers, *topic, "create", "kept", *CLUSTER).returncode == 0

    def delete(answer):
        return subprocess.run(["twinlog", *topic, "delete", "kept", *CLUSTER], cwd=servers.work, text=True,
                              env=servers.environment, input=answer, capture_output=True, timeout=DEADLINE)
    for answer, words in (("", ["nothing was deleted", "--force"]), ("n\n", ["nothing was deleted"]),
                          ("kept\n", ["nothing was deleted"])):
        done = delete(answer)
        assert done.returncode == 1 and done.stdout == "", done
        assert all(word in done.stderr for word in words), done
        assert cli(servers, *topic, "describe", "kept", *CLUSTER).returncode == 0
    assert delete("y\n").stdout == 'Deleted topic "kept".\n'
    assert cli(servers, *topic, "describe", "kept", *CLUSTER).returncode == 1


def test_twice(servers):
    """A config that one list names twice is refused before anything is made"""
    done = cli(servers, "kafka", "topic", "create", "twice", *CLUSTER, "--config", "retention.ms=1,retention.ms=2")
    assert done.returncode == 1, done
    one_line(done, "retention.ms", "given twice")
    assert cli(servers, "kafka", "topic", "describe", "twice", *CLUSTER).returncode == 1


def produce(home, topic, *values):
    done = subprocess.run(["twinlog", "kafka", "topic", "produce", topic, *CLUSTER], cwd=home.work, text=True,
                          env=home.environment, input="".join(f"{value}\n" for value in values), capture_output=True)
    assert done.returncode == 0, done


def test_consumer_groups(servers):
    """Groups are listed, described, measured, and moved once nobody reads"""
    assert cli(servers, "kafka", "topic", "create", "moved", *CLUSTER).returncode == 0
    produce(servers, "moved", *"abcdefghij")
    done = cli(servers, "kafka", "topic", "consume", "moved", *CLUSTER, "--group", "movers", "-b", "--max-messages", "4")
    assert done.returncode == 0, done

    def ask(line, status=0):
        done = cli(servers, "kafka", "consumer", *line.split(), *CLUSTER, "-o", "json")
        assert done.returncode == status, done
        return json.loads(done.stdout) if status == 0 else done
    found = [row for row in ask("group list") if row["consumer_group"] == "movers"]
    assert found == [{"cluster": "lkc-source", "consumer_group": "movers", "coordinator": "1", "is_simple": False,
                      "partition_assignor": "", "state": "EMPTY"}]
    assert ask("group describe movers") == found[0]
    assert ask("list --group movers") == []
    summary = ask("group lag summarize movers")
    assert (summary["total_lag"], summary["max_lag_topic"], summary["max_lag_partition"]) == (6, "moved", 0)
    (row,) = ask("group lag list movers")
    assert (row["lag"], row["current_offset"], row["log_end_offset"]) == (6, 4, 10)
    assert ask("group lag describe movers --topic moved --partition 0") == row

    def reset(line):
        moves = ask("group offset reset movers " + line)
        return [(move["current_offset"], move["new_offset"]) for move in moves]
    assert reset("--to-earliest") == [(4, 0)]
    assert reset("--to-latest --topic moved:0") == [(4, 10)]
    assert reset("--shift-by -3 --execute") == [(4, 1)]
    assert reset("--shift-by 9223372036854775807") == [(1, 10)]
    assert reset("--to-offset 99") == [(1, 10)]
    one_line(ask("group offset reset movers --to-offset -5", 64), "--to-offset")
    assert reset("--to-datetime 2020-01-01T00:00:00Z") == [(1, 0)]
    assert reset("--to-datetime 2999-01-01T00:00:00") == [(1, 10)]
    assert reset("--to-current") == [(1, 1)]
    (row,) = ask("group lag list movers")
    assert row["current_offset"] == 1
    one_line(ask("group describe nobody", 1), "nobody")
    one_line(ask("group offset reset movers --to-latest --topic absent", 1), "opic")
    for line in ("group offset reset movers", "group offset reset movers --to-latest --to-earliest"):
        assert cli(servers, "kafka", "consumer", *line.split(), *CLUSTER).returncode == 64


def test_group_with_members_is_not_moved(servers):
    """A group that somebody reads as is not moved; Ctrl-C commits, leaves the group and ends by the signal"""
    assert cli(servers, "kafka", "topic", "create", "read", *CLUSTER).returncode == 0
    produce(servers, "read", "a")
    reader = subprocess.Popen(
        ["twinlog", "kafka", "topic", "consume", "read", *CLUSTER, "--group", "busy", "-b"], cwd=servers.work,
        env=servers.environment, stdout=subprocess.PIPE, text=True, preexec_fn=default_signals)
    try:
        assert reader.stdout.readline() == "a\n"
        reset = ["kafka", "consumer", "group", "offset", "reset", "busy", "--to-earliest", "--topic", "read", *CLUSTER]
        done = cli(servers, *reset, "--execute")
        assert done.returncode == 1, done
        one_line(done, "busy", "members")
        reader.send_signal(signal.SIGINT)
        assert reader.wait(DEADLINE) == -signal.SIGINT
        done = cli(servers, *reset, "-o", "json")
        assert [row["current_offset"] for row in json.loads(done.stdout)] == [1], done
    finally:
        reader.kill()
        reader.wait()


def default_signals():
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


@pytest.mark.parametrize("flags", [[], ["--group", "ended"]], ids=["alone", "group"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_consume_ends_by_its_signal(servers, flags, number):
    """Ctrl-C ends consuming alike, with a group and without: by the signal, as a shell expects it"""
    cli(servers, "kafka", "topic", "create", "watched", *CLUSTER, "--if-not-exists")
    reader = subprocess.Popen(["twinlog", "kafka", "topic", "consume", "watched", *CLUSTER, *flags, "-b"],
                              cwd=servers.work, env=servers.environment, stdout=subprocess.PIPE, text=True,
                              preexec_fn=default_signals)
    try:
        produce(servers, "watched", "x")
        assert reader.stdout.readline() == "x\n"
        reader.send_signal(number)
        assert reader.wait(DEADLINE) == -number
    finally:
        reader.kill()
        reader.wait()


@pytest.mark.parametrize("flags", [[], ["--group", "ignored"]], ids=["alone", "group"])
def test_ignored_interrupts_stay_ignored(servers, flags):
    """A consumer that was started to ignore Ctrl-C (`nohup … &`) goes on after it, and ends by SIGTERM"""
    topic = "-".join(["ignoring", *flags[1:]])
    assert cli(servers, "kafka", "topic", "create", topic, *CLUSTER).returncode == 0
    produce(servers, topic, "first")
    reader = subprocess.Popen(["twinlog", "kafka", "topic", "consume", topic, *CLUSTER, *flags, "-b"],
                              cwd=servers.work, env=servers.environment, stdout=subprocess.PIPE, text=True,
                              preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    try:
        assert reader.stdout.readline() == "first\n"
        reader.send_signal(signal.SIGINT)
        produce(servers, topic, "after")
        assert reader.stdout.readline() == "after\n"
        reader.send_signal(signal.SIGTERM)
        assert reader.wait(DEADLINE) == -signal.SIGTERM
    finally:
        reader.kill()
        reader.wait()


@pytest.mark.parametrize("flags", [[], ["--group", "patient"]], ids=["alone", "group"])
def test_server_vanishes(tmp_path, flags):
    """A consumer says once that its server is gone, waits, and goes on when it is there again"""
    home = Home(tmp_path)
    try:
        home.serve("twinlog serve --data-dir data")
        assert cli(home, "kafka", "topic", "create", "t", *CLUSTER).returncode == 0
        produce(home, "t", "before")
        address = clusters(home)["lkc-source"]["PLAINTEXT"]
        errors = tmp_path / "errors"
        with open(errors, "w") as sink:
            reader = subprocess.Popen(
                ["twinlog", "kafka", "topic", "consume", "t", "--bootstrap", address, *flags, "-b"], cwd=home.work,
                env=home.environment, stdout=subprocess.PIPE, stderr=sink, text=True, preexec_fn=default_signals)
        assert reader.stdout.readline() == "before\n"
        home.server.kill()
        home.server.wait()
        until(lambda: "was lost" in errors.read_text(), "word of the outage")
        assert reader.poll() is None
        assert len(errors.read_text().splitlines()) == 1, errors.read_text()
        reader.send_signal(signal.SIGINT)
        assert reader.wait(DEADLINE) == -signal.SIGINT
    finally:
        home.close()


def test_escape_sequences(servers):
    """Control characters of records never reach a terminal, and always a pipe"""
    assert cli(servers, "kafka", "topic", "create", "hostile", *CLUSTER).returncode == 0
    produce(servers, "hostile", "\x1b]0;owned\x07\x1b[2J")
    consume = f"twinlog kafka topic consume hostile {' '.join(CLUSTER)} -b --exit"
    assert cli(servers, *consume.split()[1:]).stdout == "\x1b]0;owned\x07\x1b[2J\n"
    terminal = tutorial.Terminal(servers.work, servers.environment)
    try:
        terminal.type(consume + "\n")
        status, text = terminal.finish()
        assert status == 0 and "\\x1b]0;owned\\x07\\x1b[2J" in text and "\x1b" not in text
    finally:
        terminal.close()


def test_client_configurations(servers):
    """`kafka client-config create` prints what a client of the language can be started with"""
    key = json.loads(cli(servers, "api-key", "create", "--resource", "lkc-source", "-o", "json").stdout)
    pair = ["--api-key", key["api_key"], "--api-secret", key["api_secret"]]
    address = clusters(servers)["lkc-source"]["SASL_SSL"]
    for language in ("java", "python", "csharp", "springboot", "restapi"):
        done = cli(servers, "kafka", "client-config", "create", language, *CLUSTER, *pair)
        assert done.returncode == 0, done
        assert key["api_secret"] in done.stdout
        assert address in done.stdout or language == "restapi"
    (servers.files / "curl.config").write_text(done.stdout)
    done = subprocess.run(["curl", "-sf", "-K", servers.files / "curl.config"], capture_output=True, text=True)
    assert done.returncode == 0 and json.loads(done.stdout)["cluster_id"] == "lkc-source", done
    config = servers.files / "made.config"
    config.write_text(cli(servers, "kafka", "client-config", "create", "java", *CLUSTER, *pair).stdout)
    done = cli(servers, "kafka", "topic", "consume", "here", "--config-file", str(config), "--exit")
    assert done.returncode == 0, done
    assert cli(servers, "kafka", "client-config", "create", "cobol", *CLUSTER).returncode == 64
    assert cli(servers, "kafka", "client-config", "lkc-source", "--client", "kcat").returncode == 0
    assert cli(servers, "api-key", "delete", key["api_key"], "--force").returncode == 0


def test_prefixed_mirror(servers):
    """A mirror whose name breaks the rule of its link's prefix is refused with the name that it must have"""
    assert cli(servers, "kafka", "topic", "create", "plain", *CLUSTER).returncode == 0
    address = clusters(servers)["lkc-source"]["PLAINTEXT"]
    done = cli(servers, "kafka", "link", "create", "prefixed", "--cluster", "lkc-dest", "--source-bootstrap-server",
               address, "--config", "cluster.link.prefix=A.")
    assert done.returncode == 0, done
    done = cli(servers, "kafka", "mirror", "create", "plain", "--link", "prefixed", "--cluster", "lkc-dest")
    assert done.returncode == 1, done
    one_line(done, "kafka mirror create A.plain --source-topic plain --link prefixed")
    done = cli(servers, "kafka", "mirror", "create", "A.plain", "--source-topic", "plain", "--link", "prefixed",
               "--cluster", "lkc-dest")
    assert done.returncode == 0, done


class Front:
    """A server with TLS that hands every connection on to a plain one, as a reverse proxy does."""

    def __init__(self, certificate, key, target):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=[raw], daemon=True).start()

    def serve(self, raw):
        try:
            with self.context.wrap_socket(raw, server_side=True) as client, socket.create_connection(
                    self.target) as server:
                threading.Thread(target=self.pump, args=[client, server], daemon=True).start()
                self.pump(server, client)
        except OSError:
            pass

    @staticmethod
    def pump(source, sink):
        try:
            while part := source.recv(65536):
                sink.sendall(part)
        except OSError:
            pass

    def close(self):
        self.listener.close()


def test_https(servers):
    """The commands reach a server behind TLS whose authority they were told, and no other"""
    data = servers.work / "twinlog-data"
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    address = clusters(servers)["lkc-source"]["SASL_SSL"].split(":")
    # Certificates may be made with the first connection only.
    with trusting.wrap_socket(socket.create_connection((address[0], int(address[1])))):
        pass
    certificates = {path.name: path for path in data.rglob("*.pem")}
    host, port = servers.environment["TWINLOG_URL"].removeprefix("http://").split(":")
    front = Front(certificates["server.pem"], certificates["server-key.pem"], (host, int(port)))
    secure = {"TWINLOG_URL": f"https://127.0.0.1:{front.port}", "TWINLOG_EMAIL": "a@example.com",
              "TWINLOG_PASSWORD": "x", "TWINLOG_HOME": str(servers.files / "secure-home")}
    try:
        done = cli(servers, "kafka", "topic", "list", *CLUSTER, **secure)
        assert done.returncode == 1, done
        one_line(done, "no safe connection")
        done = cli(servers, "login", "--certificate-authority-path", str(certificates["ca.pem"]), **secure)
        assert done.returncode == 0, done
        done = cli(servers, "kafka", "topic", "list", *CLUSTER, "-o", "json", **secure)
        assert done.returncode == 0 and "here" in [row["name"] for row in json.loads(done.stdout)], done
        del secure["TWINLOG_URL"]
        assert "here" in cli(servers, "kafka", "topic", "list", *CLUSTER, TWINLOG_URL="", **secure).stdout
    finally:
        front.close()
