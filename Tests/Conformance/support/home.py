"""A user with a server in one terminal and commands in another."""

import json
import os
import signal
import subprocess
from pathlib import Path

from support.server import binary
from support.wait import until

DEADLINE = 60.0
CLUSTER = ["--cluster", "lkc-source"]


class Home:
    """A user's machine: a folder to work in, a home, `twinlog` on the path, and a server in another terminal."""

    def __init__(self, directory: Path):
        self.work = directory / "work"
        self.home = directory / "home"
        self.tools = directory / "bin"
        for folder in (self.work, self.home, self.tools):
            folder.mkdir()
        (self.tools / "twinlog").symlink_to(binary())
        keep = {name: value for name, value in os.environ.items() if not name.startswith(("TWINLOG_", "CONFLUENT_"))}
        self.environment = {**keep, "HOME": str(self.home), "PATH": f"{self.tools}:{os.environ['PATH']}"}
        self.ready = directory / "ready.json"
        self.log = directory / "server.log"
        self.server = None

    def serve(self, command: str):
        """As in the document, but on ports that the system chooses."""
        words = [*command.split(), "--ports", "auto", "--ready-file", str(self.ready)]
        with open(self.log, "w") as log:
            self.server = subprocess.Popen(words, cwd=self.work, env=self.environment, stdout=log,
                                           stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        until(lambda: self.ready.exists() or self.server.poll() is not None, "the ready file")
        assert self.server.poll() is None, self.log.read_text()
        self.environment["TWINLOG_URL"] = json.loads(self.ready.read_text())["http"]

    def ports(self) -> set[int]:
        """What the server listens on."""
        inodes = set()
        for descriptor in os.listdir(f"/proc/{self.server.pid}/fd"):
            try:
                inodes.add(os.readlink(f"/proc/{self.server.pid}/fd/{descriptor}"))
            except OSError:
                pass
        ports = set()
        for table in ("tcp", "tcp6"):
            for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                fields = row.split()
                if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                    ports.add(int(fields[1].split(":")[1], 16))
        return ports

    def stop(self):
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)
            assert self.server.wait(DEADLINE) == 0, self.log.read_text()

    def close(self):
        if self.server and self.server.poll() is None:
            self.server.kill()
            self.server.wait()


def cli(home, *arguments, stdin=subprocess.DEVNULL, **environment):
    return subprocess.run(["twinlog", *arguments], cwd=home.work, env={**home.environment, **environment}, text=True,
                          capture_output=True, timeout=DEADLINE, stdin=stdin)


def one_line(done, *words):
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("Error: "), done
    for word in words:
        assert word in lines[0], lines[0]
