"""Starting, stopping and killing the server under test."""

import json
import os
import resource
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .rest import Rest
from .wire import Cluster

REPOSITORY = Path(__file__).resolve().parents[3]
# A debug build on a loaded machine, replaying a long log.
START_DEADLINE = 60.0


def binary() -> Path:
    """The server under test: TWINLOG_BIN, else what `make build` leaves, else what a debug build leaves."""
    named = os.environ.get("TWINLOG_BIN")
    candidates = [Path(named)] if named else [REPOSITORY / ".build" / kind / "twinlog" for kind in ("release", "debug")]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise FileNotFoundError(f"no server to test at {' or '.join(map(str, candidates))}: run `make build`")


def run(*arguments, timeout=60.0, env=None) -> subprocess.CompletedProcess:
    """Runs the command to its end and captures what it says."""
    return subprocess.run([binary(), *map(str, arguments)], capture_output=True, text=True, timeout=timeout,
                          env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL)


@dataclass
class Ready:
    """The ready file."""
    pid: int
    http: str
    clusters: dict[str, dict]


class Twinlog:
    """One `twinlog serve` process, on ports chosen by the system unless `ports` are options that name others."""

    def __init__(self, directory: Path, *options, ephemeral=False, descriptors=None, ports=("--ports", "auto"),
                 environment=None):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.data = self.directory / "data"
        self.options = list(options) + (["--ephemeral"] if ephemeral else ["--data-dir", str(self.data)])
        self.descriptors = descriptors  # that the process may have, if not what this one may
        self.ports = ports
        self.environment = environment or {}  # besides what this process has
        self.process = None
        self.ready = None
        self.starts = 0

    # -- life ----------------------------------------------------------------------------------------------------------

    def _launch(self) -> Path:
        """Starts the process; returns where its ready file will be."""
        self.starts += 1
        ready_file = self.directory / f"ready-{self.starts}.json"
        self.log = self.directory / f"server-{self.starts}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [binary(), "serve", *self.ports, "--ready-file", str(ready_file), *self.options],
                stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=self.directory,
                env={**os.environ, **self.environment},
                preexec_fn=self._limit if self.descriptors else None)
        return ready_file

    def _limit(self):
        resource.setrlimit(resource.RLIMIT_NOFILE, (self.descriptors, self.descriptors))

    def start(self) -> "Twinlog":
        ready_file = self._launch()
        deadline = time.monotonic() + START_DEADLINE
        while not (ready_file.exists() and self._read(ready_file)):
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.output()}")
            if time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"the server was not ready within {START_DEADLINE:g} s:\n{self.output()}")
            time.sleep(0.005)
        return self

    def _read(self, path: Path) -> bool:
        try:
            facts = json.loads(path.read_text())
        except ValueError:
            return False  # being written
        self.ready = Ready(facts["pid"], facts["http"], {c["id"]: c for c in facts["clusters"]})
        return True

    def stop(self, deadline=30.0) -> int:
        """A clean stop; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server ignored SIGTERM for {deadline:g} s:\n{self.output()}") from None

    def kill(self):
        """What a power switch does to a process."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def kill_while_starting(self, after: float):
        """Starts the server and kills it `after` seconds, whether it is ready by then or not."""
        self._launch()
        try:
            self.process.wait(after)
        except subprocess.TimeoutExpired:
            self.kill()
            return
        raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.output()}")

    def restart(self) -> "Twinlog":
        self.stop()
        return self.start()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.kill()

    # -- what it offers ------------------------------------------------------------------------------------------------

    def output(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def http(self) -> str:
        http = self.ready.http
        return http if http.startswith("http") else f"http://{http}"

    def cluster(self, cluster_id: str) -> Cluster:
        facts = self.ready.clusters[cluster_id]
        return Cluster(facts["id"], facts["bootstrap"]["PLAINTEXT"])

    @property
    def source(self) -> Cluster:
        return self.cluster("lkc-source")

    @property
    def dest(self) -> Cluster:
        return self.cluster("lkc-dest")

    def rest(self, cluster: Cluster) -> Rest:
        return Rest(self.http, cluster.id)

    def cli(self, *arguments, timeout=60.0) -> subprocess.CompletedProcess:
        return run(*arguments, "--url", self.http, timeout=timeout)

    def log_file(self, cluster: Cluster, topic: str, partition: int) -> Path:
        """The first segment of a partition, where Kafka's layout puts it."""
        return self.data / cluster.id / f"{topic}-{partition}" / f"{0:020d}.log"
