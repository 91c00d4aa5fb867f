"""What commands do when they cannot write: to standard output, to their own file."""

import json
import signal
import subprocess

import pytest

from support.home import CLUSTER, DEADLINE, Home, cli, one_line

pytestmark = [pytest.mark.process]
# More than a pipe holds, so that a reader that goes away is noticed.
COUNT, WIDTH = 3_000, 100


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """One server with a topic of records."""
    home = Home(tmp_path_factory.mktemp("output"))
    home.serve("twinlog serve --ephemeral")
    assert cli(home, "kafka", "topic", "create", "full", *CLUSTER).returncode == 0
    subprocess.run(["twinlog", "kafka", "topic", "produce", "full", *CLUSTER], env=home.environment, cwd=home.work,
                   input="".join(f"{number:0{WIDTH}}\n" for number in range(COUNT)), text=True, check=True)
    yield home
    home.stop()
    home.close()


def shell(home, line, **environment):
    """A command line in bash, whose own standard output is read; the status is that of the first command of a pipe."""
    return subprocess.run(["bash", "-c", f"{line}; exit ${{PIPESTATUS[0]}}"], cwd=home.work, text=True,
                          env={**home.environment, **environment}, capture_output=True, timeout=DEADLINE,
                          preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))


COMMANDS = {
    "list": f"kafka topic list {' '.join(CLUSTER)}", "json": f"kafka topic describe full {' '.join(CLUSTER)} -o json",
    "create": f"kafka topic create made --if-not-exists {' '.join(CLUSTER)}", "version": "version",
    "version flag": "--version", "help": "kafka topic --help", "datagen": "datagen TRANSACTIONS --iterations 5000",
    "consume": f"kafka topic consume full -b --exit {' '.join(CLUSTER)}", "completion": "completion bash",
}


@pytest.mark.parametrize("where", ["> /dev/full", ">&-"])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_unwritable_output(servers, command, where):
    """A command whose output cannot be written says so in one line and ends with 1"""
    done = shell(servers, f"twinlog {command} {where}")
    assert done.returncode == 1, done
    one_line(done, "cannot write to standard output")


@pytest.mark.parametrize("number,where", enumerate(["> /dev/full", ">&-", "| head -n 3"]),
                         ids=["full", "closed", "pipe"])
def test_unwritten_records_are_not_committed(servers, number, where):
    """A group's offset is only committed for records that were written, and the group is left at once"""
    consume = f"twinlog kafka topic consume full --group g{number} -b --exit {' '.join(CLUSTER)}"
    done = shell(servers, f"{consume} {where}")
    assert done.returncode == 1, done
    one_line(done, "cannot write to standard output")
    assert done.stdout.split() == ([f"{n:0{WIDTH}}" for n in range(3)] if "head" in where else [])
    again = shell(servers, consume)
    assert again.returncode == 0, again
    # Whatever was taken by the pipe was written; nobody reads what comes after it twice, or never.
    first = int(again.stdout.split()[0])
    assert [int(line) for line in again.stdout.split()] == list(range(first, COUNT))
    assert first == 0 or "head" in where


def keys(home):
    done = cli(home, "api-key", "list", "-o", "json")
    assert done.returncode == 0, done
    return {row["key"] for row in json.loads(done.stdout)}


def test_secret_is_not_lost(servers):
    """A new key whose secret cannot be printed is stored, and the command says where"""
    before = keys(servers)
    done = shell(servers, "twinlog api-key create --resource lkc-source -o json > /dev/full")
    assert done.returncode == 1, done
    (key,) = keys(servers) - before
    stored = servers.home / ".twinlog" / "config.json"
    one_line(done, "cannot write to standard output", key, str(stored))
    assert key in stored.read_text()
    assert cli(servers, "api-key", "delete", key, "--force").returncode == 0


@pytest.fixture
def no_home(tmp_path):
    """A home that is not there and cannot be made."""
    return str(tmp_path / "absent" / "home")


def test_unwritable_home(servers, no_home):
    """A new key that cannot be stored is printed with its secret, and a warning; with --use that is a failure"""
    for flags, status in (([], 0), (["--use"], 1)):
        before = keys(servers)
        done = cli(servers, "api-key", "create", "--resource", "lkc-source", "-o", "json", *flags, TWINLOG_HOME=no_home)
        assert done.returncode == status, done
        made = json.loads(done.stdout)
        assert {made["api_key"]} == keys(servers) - before and len(made["api_secret"]) == 64
        assert "not stored" in done.stderr and len(done.stderr.splitlines()) == 1, done
        assert cli(servers, "api-key", "delete", made["api_key"], "--force").returncode == 0


def test_key_that_nobody_knows(servers, no_home):
    """A new key whose secret can neither be printed nor stored is deleted again"""
    before = keys(servers)
    done = shell(servers, "twinlog api-key create --resource lkc-source -o json > /dev/full", TWINLOG_HOME=no_home)
    assert done.returncode == 1, done
    one_line(done, "cannot write to standard output", "no API key was made")
    assert keys(servers) == before


@pytest.mark.parametrize("command", [
    "kafka topic create x --cluster lkc-source --config /dev/zero",
    "kafka topic update full --cluster lkc-source --config /dev/zero",
    "connect cluster create --config-file /dev/zero --cluster lkc-source"], ids=["create", "update", "connector"])
def test_endless_file(servers, command):
    """A file of configs that has no end is refused, and not read into memory"""
    done = shell(servers, f"ulimit -v 4000000; twinlog {command}")
    assert done.returncode == 1, done
    one_line(done, "/dev/zero", "too large")


def test_keys_of_an_earlier_server(tmp_path):
    """A stored key that a new server does not know is named, with the file that holds it and the way out"""
    home = Home(tmp_path)
    try:
        home.serve("twinlog serve --ephemeral")
        made = json.loads(cli(home, "api-key", "create", "--resource", "lkc-source", "-o", "json").stdout)
        stored = home.home / ".twinlog" / "config.json"
        kept = stored.read_text()
        assert cli(home, "api-key", "delete", made["api_key"], "--force").returncode == 0
        stored.write_text(kept)
        assert cli(home, "kafka", "topic", "create", "t", *CLUSTER).returncode == 0
        for command in (["consume", "t", "--exit"], ["produce", "t"]):
            done = cli(home, "kafka", "topic", *command, *CLUSTER)
            assert done.returncode == 1, done
            one_line(done, made["api_key"], str(stored), "twinlog api-key create --resource lkc-source --use")
        assert cli(home, "api-key", "create", "--resource", "lkc-source", "--use").returncode == 0
        assert cli(home, "kafka", "topic", "consume", "t", "--exit", *CLUSTER).returncode == 0
        # A key that the user names is the user's own.
        done = cli(home, "kafka", "topic", "consume", "t", "--exit", *CLUSTER, "--config", "security.protocol=SASL_SSL,"
                   "sasl.mechanism=PLAIN", "--api-key", "A", "--api-secret", "B")
        assert done.returncode == 1 and str(stored) not in done.stderr, done
    finally:
        home.close()
