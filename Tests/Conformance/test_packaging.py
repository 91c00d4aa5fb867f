"""Packaging: the container files fit the program and the contract."""

import re
import shutil
import subprocess

import pytest
import yaml

from support.server import REPOSITORY, run

pytestmark = [pytest.mark.process]


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())


def test_compose_is_valid():
    """docker-compose accepts the file"""
    tool = shutil.which("docker-compose")
    assert tool, "docker-compose is missing: Scripts/setup test installs it"
    done = subprocess.run([tool, "-f", REPOSITORY / "docker-compose.yml", "config"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_compose_publishes_on_loopback(compose):
    """Both clusters and HTTP are published, on this machine only"""
    ports = compose["services"]["twinlog"]["ports"]
    assert [p.split(":")[2] for p in ports] == ["9092", "9192", "8090"]
    assert {p.split(":")[0] for p in ports} == {"127.0.0.1"}


def test_flags_exist(compose):
    """Every flag that the container files give is one of `twinlog serve`"""
    dockerfile = (REPOSITORY / "Dockerfile").read_text()
    used = set(re.findall(r'"(--[a-z-]+)"', dockerfile)) | {
        a for a in compose["services"]["twinlog"]["command"] if a.startswith("--")}
    assert used and used <= set(re.findall(r"--[a-z-]+", run("serve", "--help").stdout))


def test_image_is_not_root():
    """The image runs as a user of its own and says how to tell that it is well"""
    dockerfile = (REPOSITORY / "Dockerfile").read_text()
    assert re.search(r"^USER (?!root|0)\w+", dockerfile, re.M) and "HEALTHCHECK" in dockerfile
