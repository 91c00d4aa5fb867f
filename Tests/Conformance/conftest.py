"""Fixtures of the conformance suite: the server under test and its clusters, and every client in turn."""

import os

import pytest

from support import compatibility
from support.clients import ALL
from support.server import Twinlog
from support.wire import Cluster

FOREIGN = os.environ.get("TWINLOG_CONFORMANCE_BOOTSTRAP")


def pytest_addoption(parser):
    parser.addoption("--compatibility", metavar="FILE", help="write the table of clients and scenarios to FILE")


def pytest_configure(config):
    path = config.getoption("--compatibility")
    if path:
        config.pluginmanager.register(compatibility.Report(path, FOREIGN), "compatibility")


def pytest_report_header(config):
    return f"server under test: {FOREIGN or 'twinlog serve'}; clients: " + ", ".join(c.version() for c in ALL)


def pytest_generate_tests(metafunc):
    """A test that takes `client_class` runs once for each client that has the abilities it names."""
    if "client_class" in metafunc.fixturenames:
        needs = {need for mark in metafunc.definition.iter_markers("needs") for need in mark.args}
        able = [client for client in ALL if needs <= client.abilities]
        assert able, f"no client has {needs}"
        metafunc.parametrize("client_class", able, ids=[client.name for client in able])


def pytest_collection_modifyitems(config, items):
    """A foreign Kafka has no links, and its process is not ours to stop."""
    if not FOREIGN:
        return
    ours = [item for item in items if item.get_closest_marker("links") or item.get_closest_marker("process")]
    if ours:
        config.hook.pytest_deselected(items=ours)
        items[:] = [item for item in items if item not in ours]


_shared = None


@pytest.fixture(scope="session")
def twinlog(tmp_path_factory):
    """The server that all tests share which don't stop it."""
    global _shared
    server = _shared = Twinlog(tmp_path_factory.mktemp("twinlog")).start()
    yield server
    _shared = None
    code = server.stop()
    assert code == 0, f"the server ended with {code}:\n{server.output()}"


@pytest.fixture(scope="session")
def cluster(request):
    """The cluster under test: source-cluster, or the foreign one."""
    if FOREIGN:
        target = Cluster("", FOREIGN)
        with target.connect() as connection:
            target.id = connection.metadata([]).cluster_id
        return target
    return request.getfixturevalue("twinlog").source


@pytest.fixture(scope="session")
def source(twinlog):
    return twinlog.source


@pytest.fixture(scope="session")
def dest(twinlog):
    return twinlog.dest


@pytest.fixture
def client(client_class, cluster):
    return client_class(cluster)


@pytest.fixture
def wire(cluster):
    """A bare connection to the cluster under test."""
    with cluster.connect() as connection:
        yield connection


@pytest.fixture
def own_server(tmp_path):
    """Makes servers that the test may stop and kill: own_server(*options)."""
    servers = []

    def make(*options, **keywords):
        server = Twinlog(tmp_path / f"own-{len(servers)}", *options, **keywords)
        servers.append(server)
        return server.start()
    yield make
    for server in servers:
        server.kill()


@pytest.fixture(autouse=True)
def still_up():
    """Whatever a test sends, the shared server survives it."""
    yield
    if _shared is not None:
        assert _shared.alive, f"the server ended with {_shared.process.returncode}:\n{_shared.output()}"
