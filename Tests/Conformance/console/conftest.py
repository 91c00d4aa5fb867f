"""One browser for all tests of the console; servers are those of each module."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from support.server import REPOSITORY, Twinlog
from support.wait import until

from .browser import Browser


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """The browser process."""
    browser = Browser(tmp_path_factory.mktemp("downloads"))
    yield browser
    browser.quit()


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory):
    """Where pictures of the pages go: TWINLOG_SCREENSHOTS, else a temporary folder."""
    named = os.environ.get("TWINLOG_SCREENSHOTS")
    return Path(named).resolve() if named else tmp_path_factory.mktemp("screenshots")


@pytest.fixture(scope="module")
def console():
    """The address of a server's console. Where TWINLOG_CONSOLE_DEV names Scripts/console-dev, the pages are those of the
    source folder, so that they can be changed without building."""
    fronts = {}

    def address(server):
        if not os.environ.get("TWINLOG_CONSOLE_DEV"):
            return server.http
        if server.http not in fronts:
            port = free_port()
            command = [sys.executable, REPOSITORY / os.environ["TWINLOG_CONSOLE_DEV"], "--server", server.http, "--port", str(port)]
            fronts[server.http] = subprocess.Popen(command, stdout=subprocess.DEVNULL), f"http://127.0.0.1:{port}"
            until(lambda: listens(port), "console-dev")
        return fronts[server.http][1]
    yield address
    for process, _ in fronts.values():
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def serve(tmp_path_factory, request):
    """Starts servers that end with the module: serve(*options)."""
    servers = []

    def make(*options, ephemeral=True, **keywords):
        name = request.module.__name__.rsplit(".", 1)[-1]
        server = Twinlog(tmp_path_factory.mktemp(name), *options, ephemeral=ephemeral, **keywords)
        servers.append(server)
        return server.start()
    yield make
    for server in servers:
        if server.alive:
            code = server.stop()
            assert code == 0, f"the server ended with {code}:\n{server.output()}"


@pytest.fixture(scope="module")
def server(serve):
    """The module's server."""
    return serve()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    setattr(item, f"report_{report.when}", report)
    return report


@pytest.fixture
def browser(chromium, screenshots, request):
    """The browser, for one test: whatever its windows complain about on the console fails the test."""
    chromium.begin()
    yield chromium
    report = getattr(request.node, "report_call", None)
    if report is not None and report.failed:
        for number, handle in enumerate(chromium.driver.window_handles[1:]):
            chromium.driver.switch_to.window(handle)
            path = screenshots / "failures" / f"{request.node.name.replace('/', '-')}-{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            chromium.driver.save_screenshot(str(path))
            print(f"\nwhat was shown: {path}")
    problems = chromium.end()
    assert not problems, "the browser's console:\n" + "\n".join(problems)


@pytest.fixture
def window(browser, server, console):
    """A window on the module's server."""
    return browser.window(console(server))
