"""The exercise of Docs/tutorial.md, line by line, as a new user types it."""

import json
import socket
import subprocess
import time
from pathlib import Path

import pytest

from support import tutorial
from support.home import CLUSTER, DEADLINE, Home, cli, one_line
from support.server import REPOSITORY, run
from support.wait import until

pytestmark = [pytest.mark.process]


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path)
    yield home
    home.close()


def test_tutorial(home):
    """Every command of the tutorial prints what the tutorial says, and nothing is left at the end"""
    steps = tutorial.read(REPOSITORY / "Docs" / "tutorial.md")
    assert len(steps) > 20 and "server" in steps[0].marks
    home.serve(steps[0].commands)
    first_ports = home.ports()
    terminal = tutorial.Terminal(home.work, home.environment)
    reader = tutorial.Reader(terminal)
    try:
        for step in steps[1:]:
            if "after-server" in step.marks:
                assert home.ports() == first_ports, "a deleted cluster still listens"
                assert not list((home.work / "twinlog-data").glob("lkc-*")), "a deleted cluster left data"
                home.stop()
            limit = time.monotonic() + DEADLINE
            while True:
                status, lines = reader.run(step)
                try:
                    assert (status != 0) == ("fails" in step.marks), f"status {status}: {lines}"
                    reader.compare(step, lines)
                    break
                except AssertionError as problem:
                    if "eventually" not in step.marks or time.monotonic() > limit:
                        where = f"Docs/tutorial.md:{step.line}: {step.commands}"
                        raise AssertionError(f"{where}\n{problem}\n{home.log.read_text()[-2000:]}") from None
    finally:
        terminal.close()
    assert list(home.work.iterdir()) == []
    assert list(home.home.iterdir()) == []
    for port in first_ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0, f"port {port} is still open"


def test_password_is_hidden(home):
    """The terminal does not show a password, and shows what is typed after it"""
    home.serve("twinlog serve --empty --ephemeral")
    terminal = tutorial.Terminal(home.work, home.environment)
    try:
        terminal.type("stty echo; twinlog login\n")
        terminal.until(tutorial.words("Email: "))
        terminal.type("you@example.com\n")
        terminal.until(tutorial.words("Password: "))
        terminal.type("hush-hush\n")
        _, text = terminal.until(tutorial.words('Logged in as "you@example.com".'))
        assert "hush" not in text
        terminal.finish()
        terminal.type("echo seen\n")
        assert "echo seen" in terminal.finish()[1]
    finally:
        terminal.close()


def test_questions_can_be_left(home):
    """Ctrl-C at a question, or another answer than the one asked for, leaves everything as it was"""
    home.serve("twinlog serve --ephemeral")
    terminal = tutorial.Terminal(home.work, home.environment)
    try:
        terminal.type("stty echo; twinlog login\n")
        terminal.until(tutorial.words("Email: "))
        terminal.type("you@example.com\n")
        terminal.until(tutorial.words("Password: "))
        terminal.type("\x03")
        assert terminal.finish()[0] == 130
        terminal.type("echo seen\n")
        assert "echo seen" in terminal.finish()[1], "the terminal was left without echo"
        terminal.type("twinlog kafka cluster delete lkc-source\n")
        terminal.until(tutorial.words("press Ctrl-C: "))
        terminal.type("\x03")
        assert terminal.finish()[0] == 130
        terminal.type("twinlog kafka cluster delete lkc-source\n")
        terminal.until(tutorial.words("press Ctrl-C: "))
        terminal.type("dest-cluster\n")
        status, text = terminal.finish()
        assert status == 1 and 'input does not match "source-cluster"' in text
    finally:
        terminal.close()
    assert cli(home, "kafka", "cluster", "describe", "lkc-source").returncode == 0


# -- refusals ----------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """One server with a topic, and a folder of files that commands are given."""
    folder = tmp_path_factory.mktemp("refusals")
    (folder / "home").mkdir()
    home = Home(folder / "home")
    home.serve("twinlog serve")
    (folder / "broken.json").write_text('{"name": "x", "config": {')
    (folder / "list.json").write_text("[]")
    (folder / "nameless.json").write_text('{"config": {"connector.class": "DatagenSource"}}')
    (folder / "classless.json").write_text('{"name": "x", "config": {}}')
    (folder / "nested.json").write_text('{"name": "x", "config": {"connector.class": "DatagenSource", "a": {}}}')
    (folder / "broken.config").write_text("no separator here\n")
    (folder / "wrong.config").write_text(
        "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=org.apache.kafka.common.security.plain."
        "PlainLoginModule required username='NOBODY' password='knows';\n")
    home.files = folder
    done = cli(home, "kafka", "topic", "create", "here", "--cluster", "lkc-source")
    assert done.returncode == 0, done
    yield home
    home.stop()
    home.close()


REFUSED = [
    # what is not there
    ("environment describe env-none", "env-none"), ("environment use env-none", "env-none"),
    ("environment delete env-none --force", "env-none"),
    ("kafka cluster list --environment env-none", "env-none"), ("kafka cluster describe lkc-none", "lkc-none"),
    ("kafka cluster use lkc-none", "lkc-none"), ("kafka cluster delete lkc-none --force", "lkc-none"),
    ("kafka cluster update lkc-none --name x", "lkc-none"),
    ("kafka cluster client-config lkc-none --client java", "lkc-none"),
    ("kafka topic list --cluster lkc-none", "lkc-none"), ("kafka topic describe none --cluster lkc-source", "none"),
    ("kafka topic delete none --force --cluster lkc-source", "none"),
    ("kafka topic update none --config retention.ms=1 --cluster lkc-source", "none"),
    ("kafka topic configuration list none --cluster lkc-source", "none"),
    ("kafka topic consume none --exit --cluster lkc-source", "none"),
    ("kafka topic consume none --group g --exit --cluster lkc-source", "none"),
    ("kafka topic produce none --cluster lkc-source", "none"),
    ("kafka topic consume here --partition 7 --exit --cluster lkc-source", "7"),
    ("kafka topic consume here --offset 99 --exit --cluster lkc-source", "99"),
    ("kafka link describe none --cluster lkc-dest", "none"),
    ("kafka link delete none --force --cluster lkc-dest", "none"),
    ("kafka link configuration list none --cluster lkc-dest", "none"),
    ("kafka link configuration update none --config a=b --cluster lkc-dest", "none"),
    ("kafka link task list none --cluster lkc-dest", "none"),
    ("kafka mirror create here --link none --cluster lkc-dest", "none"),
    ("kafka mirror list --link none --cluster lkc-dest", "none"),
    ("kafka mirror describe here --link none --cluster lkc-dest", "none"),
    ("kafka mirror verify here --link none --cluster lkc-dest", "none"),
    ("api-key create --resource lkc-none", "lkc-none"), ("api-key list --resource lkc-none", "lkc-none"),
    ("api-key describe NONE", "NONE"), ("api-key delete NONE --force", "NONE"), ("api-key use NONE", "NONE"),
    ("api-key store NONE secret", "NONE"),
    ("connect cluster describe lcc-none --cluster lkc-source", "lcc-none"),
    ("connect cluster pause lcc-none --cluster lkc-source", "lcc-none"),
    ("connect cluster resume lcc-none --cluster lkc-source", "lcc-none"),
    ("connect cluster delete lcc-none --force --cluster lkc-source", "lcc-none"),
    ("connect cluster update lcc-none --config a=b --cluster lkc-source", "lcc-none"),
    # what is there already, or not allowed
    ("kafka topic create here --cluster lkc-source", "already exists"),
    ("kafka topic update here --config num.partitions=x --cluster lkc-source", "num.partitions"),
    ("kafka topic update here --config no.such.config=1 --cluster lkc-source", "no.such.config"),
    ("kafka link create l --source-bootstrap-server 127.0.0.1:1 --cluster lkc-source", "edicated"),
    ("kafka link create l --cluster lkc-dest", "bootstrap"),
    ("kafka cluster update lkc-source --cku 2", "size"),
    # nobody to ask
    ("login", "TWINLOG_EMAIL"), ("kafka cluster delete lkc-source", "--force"), ("api-key store", "KEY"),
    # files
    ("connect cluster create --config-file {files}/none.json --cluster lkc-source", "none.json"),
    ("connect cluster create --config-file {files}/broken.json --cluster lkc-source", "broken.json"),
    ("connect cluster create --config-file {files}/list.json --cluster lkc-source", "object"),
    ("connect cluster create --config-file {files}/nameless.json --cluster lkc-source", "name"),
    ("connect cluster create --config-file {files}/classless.json --cluster lkc-source", "connector.class"),
    ("connect cluster create --config-file {files}/nested.json --cluster lkc-source", "string"),
    ("kafka link create l --config-file {files}/broken.config --cluster lkc-dest", "line 1"),
    ("kafka topic create other --config-file {files}/broken.config --cluster lkc-source", "line 1"),
    ("kafka topic consume here --exit --config-file {files}/none.config --cluster lkc-source", "none.config"),
    # wrong keys
    ("kafka topic consume here --exit --config-file {files}/wrong.config --cluster lkc-source", "uthentication"),
    ("kafka topic consume here --exit --api-key NOBODY --api-secret knows --cluster lkc-source", "uthentication"),
    ("kafka topic produce here --api-key NOBODY --api-secret knows --cluster lkc-source", "uthentication"),
    ("datagen NO_SUCH_QUICKSTART", "NO_SUCH_QUICKSTART"),
]


@pytest.mark.parametrize("line, word", REFUSED, ids=[line for line, _ in REFUSED])
def test_refusals(servers, line, word):
    """What cannot be done is one line that names it, and status 1"""
    done = cli(servers, *line.format(files=servers.files).split())
    assert done.returncode == 1, done
    one_line(done, word)


WRONG = [
    "no-such-command", "kafka", "kafka cluster create", "kafka cluster create x --type tiny --cloud gcp --region r",
    "kafka cluster create x --type basic --cloud gcp --region r --cku 1",
    "kafka cluster create x --type dedicated --cloud gcp --region r --cku 0",
    "kafka cluster create x --type basic --region r", "kafka cluster update lkc-dest", "kafka cluster delete",
    "kafka cluster use", "kafka topic create", "kafka topic create t --partitions many",
    "kafka topic create t --partitions 0", "kafka topic describe",
    "kafka topic update t", "kafka topic delete", "kafka topic consume", "kafka topic consume t --partition -2",
    "kafka topic consume t --offset 1 --from-beginning", "kafka topic consume t --group g --offset 1",
    "kafka topic consume t --api-key k", "kafka topic produce t --delimiter= --parse-key",
    "kafka topic produce t --headers nonsense", "kafka topic configuration list", "kafka link create",
    "kafka link create l --source-api-key k", "kafka link create l --source-cluster a --remote-cluster b",
    "kafka link describe", "kafka link delete", "kafka link configuration update l", "kafka link task list",
    "kafka mirror create t", "kafka mirror describe t", "kafka mirror verify t", "api-key create", "api-key describe",
    "api-key use", "api-key delete", "connect cluster create", "connect cluster describe", "connect cluster delete",
    "connect cluster update c", "connect cluster update c --config a=b --config-file f", "environment use",
    "environment create", "environment delete", "completion", "completion tcsh", "kafka topic list -o xml",
    "kafka topic list --no-such-flag",
]


@pytest.mark.parametrize("line", WRONG)
def test_wrong_command_lines(servers, line):
    """A wrong command line is one line that says where to read more, and status 64"""
    done = cli(servers, *line.split())
    if done.returncode == 0:
        assert line == "kafka" and "SUBCOMMANDS" in done.stdout
        return
    assert done.returncode == 64, done
    one_line(done, "--help")


@pytest.mark.parametrize("line", [
    "environment list", "kafka cluster list", "kafka topic list --cluster lkc-source", "api-key list",
    "connect cluster list --cluster lkc-source", "kafka link list",
    "kafka topic consume here --exit --bootstrap 127.0.0.1:1", "kafka topic produce here --bootstrap 127.0.0.1:1",
])
def test_server_down(servers, line):
    """A server that is not there is named, with what to do, and status 1"""
    done = cli(servers, *line.split(), TWINLOG_URL="http://127.0.0.1:1")
    assert done.returncode == 1, done
    one_line(done, "127.0.0.1:1")


def test_log_in_of_the_environment(servers):
    """Log-in needs no terminal when the environment answers, under our names and the cloud's"""
    for prefix in ("TWINLOG_", "CONFLUENT_CLOUD_"):
        done = cli(servers, "login", **{prefix + "EMAIL": "a@example.com", prefix + "PASSWORD": "x"})
        assert (done.returncode, done.stdout) == (0, 'Logged in as "a@example.com".\n'), done
    config = Path(servers.environment["HOME"]) / ".twinlog" / "config.json"
    assert config.stat().st_mode & 0o777 == 0o600 and config.parent.stat().st_mode & 0o777 == 0o700
    assert cli(servers, "logout").stdout == "You are now logged out.\n"
    assert "a@example.com" not in config.read_text()


def test_contexts(servers):
    """An environment and a cluster in use need not be named again"""
    made = json.loads(cli(servers, "environment", "create", "staging", "-o", "json").stdout)
    assert cli(servers, "environment", "use", made["id"]).stdout == f'Using environment "{made["id"]}".\n'
    assert cli(servers, "kafka", "cluster", "list").stdout == "None found.\n"
    assert cli(servers, "environment", "use", "env-local").returncode == 0
    assert cli(servers, "kafka", "cluster", "use", "source-cluster").stdout == (
        'Set Kafka cluster "lkc-source" as the active cluster for environment "env-local".\n')
    assert cli(servers, "kafka", "topic", "describe", "here", "-o", "json").returncode == 0
    assert cli(servers, "environment", "delete", made["id"], "--force").returncode == 0
    assert made["id"] not in cli(servers, "environment", "list").stdout


def test_group(servers):
    """A consumer group goes on where it stopped"""
    topic = ["kafka", "topic"]
    assert cli(servers, *topic, "create", "grouped", *CLUSTER, "--partitions", "2").returncode == 0

    def produce(*values):
        done = subprocess.run(["twinlog", *topic, "produce", "grouped", *CLUSTER], cwd=servers.work, text=True,
                              env=servers.environment, input="".join(f"{value}\n" for value in values))
        assert done.returncode == 0

    def consume():
        done = cli(servers, *topic, "consume", "grouped", *CLUSTER, "--group", "g", "-b", "--exit")
        assert done.returncode == 0, done
        return sorted(done.stdout.splitlines())
    produce("a", "b", "c")
    assert consume() == ["a", "b", "c"]
    produce("d")
    assert consume() == ["d"]
    assert consume() == []
    assert run("kafka", "topic", "delete", "grouped", *CLUSTER, "--force", "--url",
               servers.environment["TWINLOG_URL"]).returncode == 0


def test_headers_and_keys(servers):
    """Keys and headers arrive as they were written, over SASL_SSL with a key"""
    assert cli(servers, "kafka", "topic", "create", "headed", *CLUSTER).returncode == 0
    key = json.loads(cli(servers, "api-key", "create", "--resource", "lkc-source", "-o", "json").stdout)
    pair = ["--api-key", key["api_key"], "--api-secret", key["api_secret"]]
    done = subprocess.run(
        ["twinlog", "kafka", "topic", "produce", "headed", *CLUSTER, *pair, "--parse-key", "--headers", "a:1,b:2"],
        cwd=servers.work, env=servers.environment, text=True, input="k:v\n", capture_output=True)
    assert done.returncode == 0, done
    done = cli(servers, "kafka", "topic", "consume", "headed", *CLUSTER, *pair, "-b", "--exit", "--print-key",
               "--full-header", "--delimiter", "=")
    assert done.stdout == 'k=v\n% Headers: [a="1" b="2"]\n', done
    assert cli(servers, "api-key", "delete", key["api_key"], "--force").returncode == 0
    done = cli(servers, "kafka", "topic", "consume", "headed", *CLUSTER, *pair, "-b", "--exit")
    assert done.returncode == 1
    one_line(done, "uthentication")


def test_connector(servers):
    """A connector is paused, goes on, is changed and deleted, by name or ID"""
    config = {"connector.class": "DatagenSource", "quickstart": "ORDERS", "kafka.topic": "ordered",
              "output.data.format": "JSON", "kafka.auth.mode": "KAFKA_API_KEY", "max.interval": "10"}
    key = json.loads(cli(servers, "api-key", "create", "--resource", "lkc-source", "-o", "json").stdout)
    config |= {"kafka.api.key": key["api_key"], "kafka.api.secret": key["api_secret"]}
    (servers.files / "orders.json").write_text(json.dumps({"name": "orders", "config": config}))
    assert cli(servers, "kafka", "topic", "create", "ordered", *CLUSTER).returncode == 0

    def connect(*words):
        done = cli(servers, "connect", "cluster", *words, *CLUSTER)
        assert done.returncode == 0, done
        return done.stdout

    def state():
        found = json.loads(connect("describe", "orders", "-o", "json"))
        assert key["api_secret"] not in str(found)
        return found["connector"]["status"]
    made = json.loads(connect("create", "--config-file", str(servers.files / "orders.json"), "-o", "json"))
    until(lambda: state() == "RUNNING", "a running connector")
    assert connect("pause", made["id"]) == f'Paused connector "{made["id"]}".\n'
    until(lambda: state() == "PAUSED", "a paused connector")
    assert connect("resume", "orders") == f'Resumed connector "{made["id"]}".\n'
    until(lambda: state() == "RUNNING", "a running connector")
    assert connect("update", "orders", "--config", "max.interval=20") == f'Updated connector "{made["id"]}".\n'
    found = json.loads(connect("describe", "orders", "-o", "json"))
    assert {"config": "max.interval", "value": "20"} in found["configs"]
    until(lambda: state() == "RUNNING", "a running connector")
    assert connect("delete", "orders", "--force") == f'Deleted connector "{made["id"]}".\n'
    assert connect("list") == "None found.\n"


def test_help_has_examples(servers):
    """--help of every command shows an example that begins with the command's own words"""
    def visit(words):
        text = cli(servers, *words, "--help").stdout
        if "SUBCOMMANDS:" not in text:
            own = f"twinlog {' '.join(words)}"
            assert words in (["serve"], ["demo"]) or own in text.split("USAGE:")[0], words
            return 1
        rows = [line for line in text.split("SUBCOMMANDS:")[1].splitlines() if line[:2] == "  " and line[2:3].strip()]
        names = [line.split()[0].rstrip(",") for line in rows if not line.strip().startswith("See")]
        return sum(visit([*words, name]) for name in names)
    assert visit([]) > 40


def test_completion(servers):
    """Completion scripts for three shells"""
    for shell, word in (("bash", "complete"), ("zsh", "#compdef twinlog"), ("fish", "complete -c 'twinlog'")):
        done = cli(servers, "completion", shell)
        assert done.returncode == 0 and word in done.stdout


def test_export(servers):
    """A cluster's definitions come out as commands and as Terraform, without secrets"""
    def export(cluster, form):
        return subprocess.run([REPOSITORY / "Examples" / "moving-on" / "export.py", "--cluster", cluster, "--as", form],
                              env=servers.environment, text=True, capture_output=True, timeout=DEADLINE)
    bootstrap = json.loads(servers.ready.read_text())["clusters"][0]["bootstrap"]["PLAINTEXT"]
    for line in ("topic create exported --cluster lkc-source --partitions 2 --config retention.ms=1000",
                 f"link create out --cluster lkc-dest --source-bootstrap-server {bootstrap}"
                 " --config cluster.link.prefix=p.",
                 "mirror create p.exported --source-topic exported --link out --cluster lkc-dest"):
        assert cli(servers, "kafka", *line.split()).returncode == 0, line
    commands = export("lkc-source", "commands").stdout.splitlines()
    assert ('confluent kafka topic create exported --partitions 2 --config retention.ms=1000 '
            '--cluster "$KAFKA_CLUSTER"') in commands
    commands = export("lkc-dest", "commands").stdout
    assert "link create out" in commands and "--config cluster.link.prefix=p." in commands
    assert "mirror create p.exported --link out --source-topic exported" in commands
    plan = export("lkc-dest", "terraform").stdout
    assert plan.count("{") == plan.count("}")
    assert 'resource "confluent_cluster_link" "out"' in plan and '"p.exported"' in plan
    assert export("lkc-none", "commands").returncode == 1
