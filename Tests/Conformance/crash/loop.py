"""The loop: load, kill, start, judge."""

import random
import threading
import time
from dataclasses import dataclass

from support.secure import jaas, make_key
from support.server import Twinlog

from . import checks
from .actors import Committer, IdempotentPump, PlainPump, Recreator, Trimmer
from .history import History, TopicHistory

LINK = "crash-link"
# After so many cycles work goes on in new topics, so that reading everything back stays quick.
GENERATION = 12


@dataclass(frozen=True)
class World:
    """What is crashed: both clusters in one process, or the source in one and the mirror in another."""
    processes: int
    durability: str
    brokers: int = 1
    # Whether the link logs in over TLS.
    secure: bool = False

    def __str__(self):
        link = "SASL_SSL" if self.secure else "PLAINTEXT"
        return f"{self.processes} process(es), durability {self.durability}, {self.brokers} broker(s), link over {link}"


WORLDS = [World(1, "os"), World(2, "os"), World(1, "fsync"), World(2, "fsync"), World(1, "fsync", 3, secure=True),
          World(2, "os", 3, secure=True)]


class CrashLoop:
    """The clusters of a world, and what they have promised so far."""

    def __init__(self, directory, world: World, seed: int):
        self.random = random.Random(seed)
        self.world = world
        options = ["--durability", world.durability, "--brokers", str(world.brokers)]
        self.servers = [Twinlog(directory / f"process-{n}", *options) for n in range(world.processes)]
        self.history = History()
        self.cycle = 0
        self.current: list[TopicHistory] = []
        self.linked = False

    # -- the parties ---------------------------------------------------------------------------------------------------

    @property
    def source(self):
        return self.servers[0].source

    @property
    def dest(self):
        return self.servers[-1].dest

    @property
    def rest(self):
        return self.servers[-1].rest(self.dest)

    # -- life ----------------------------------------------------------------------------------------------------------

    def start(self):
        for server in self.servers:
            if not server.alive:
                server.start()
        if not self.linked:
            answer = self.rest.create_link(LINK, self.source, **self._login(), **self._address())
            assert answer.ok, answer
            self.linked = True
        else:
            # Ports come from the system, and another process has other ones after each start.
            answer = self.rest.alter_link(LINK, **self._address())
            assert answer.ok, answer

    def _address(self) -> dict[str, str]:
        protocol = "SASL_SSL" if self.world.secure else "PLAINTEXT"
        return {"bootstrap.servers": self.servers[0].ready.clusters[self.source.id]["bootstrap"][protocol]}

    def _login(self) -> dict[str, str]:
        if not self.world.secure:
            return {}
        login = {"security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN",
                 "sasl.jaas.config": jaas(*make_key(self.servers[0], self.source.id))}
        authority = (self.servers[0].data / "pki" / "ca.pem").read_text()
        return {**login, "ssl.truststore.type": "PEM", "ssl.truststore.certificates": authority}

    def end(self):
        for server in self.servers:
            server.kill()

    def run(self, cycles: int, report=print):
        self.start()
        for _ in range(cycles):
            began, before = time.monotonic(), self.history.records
            how = self._cycle()
            report(f"cycle {self.cycle}: {how}; {self.history.records - before} records acknowledged, "
                   f"{time.monotonic() - began:.1f} s")

    def _cycle(self) -> str:
        if self.cycle % GENERATION == 0:
            self._next_generation()
        self.cycle += 1
        actors = self._actors()
        for actor in actors:
            actor.start()
        # How long the load runs is drawn, not waited for: the crash has to come at any moment.
        threading.Event().wait(self.random.uniform(0.05, 1.5))
        how = self._break()
        for actor in actors:
            actor.stop()
        self.start()
        self._judge()
        return how

    def _actors(self):
        made = []

        def add(kind, *rest):
            made.append(kind(self.history, self.source, random.Random(self.random.getrandbits(64)), *rest))
        first, second = self.current
        add(IdempotentPump, first, f"idempotent-{self.cycle}a")
        add(IdempotentPump, second, f"idempotent-{self.cycle}b")
        add(PlainPump, first, f"plain-{self.cycle}")
        add(Committer, first, self._group)
        add(Trimmer, second)
        add(Recreator, "again")
        return made

    @property
    def _group(self):
        return f"committers-of-{self.current[0].name}"

    def _next_generation(self):
        """New topics, each with a mirror; the old ones stay and are judged once more at the end."""
        self.current = []
        for name in ("kept", "trimmed"):
            topic = TopicHistory(f"{name}-{self.cycle}", self.random.randint(1, 4))
            self.source.create(topic.name, topic.partitions, segment_bytes=1 << 20)
            self.history.add(topic)
            answer = self.rest.create_mirror(LINK, topic.name)
            assert answer.ok, answer
            self.current.append(topic)

    def _break(self) -> str:
        """What a crash may hit: one process, all of them, the recovery after a crash. Now and then a clean stop."""
        victims = self.random.choice([[server] for server in self.servers] + [self.servers])
        names = " and ".join(str(self.servers.index(server)) for server in victims)
        if self.random.random() < 0.1:
            for server in victims:
                code = server.stop()
                assert code == 0, f"a clean stop ended with {code}:\n{server.output()}"
            return f"stopped {names}"
        for server in victims:
            server.kill()
        self.history.kills += len(victims)
        how = f"killed {names}"
        for _ in range(self.random.choice([0, 0, 0, 1, 2])):
            for server in victims:
                server.kill_while_starting(self.random.uniform(0, 0.2))
            self.history.kills += len(victims)
            how += ", again while starting"
        return how

    # -- judging -------------------------------------------------------------------------------------------------------

    def _judge(self):
        checks.check_topics(self.history, self.source)
        checks.check_records(
            [topic for topic in self.history.living() if topic in self.current or topic.name.startswith("again")],
            self.source)
        checks.check_commits(self.current[0], self.source, self._group)
        checks.check_mirrors(self.current, self.source, self.dest)

    def judge_everything(self):
        """Also what earlier generations wrote, and every mirror byte by byte."""
        checks.check_records(self.history.living(), self.source)
        mirrored = [topic.name for topic in self.history.living() if not topic.name.startswith("again")]
        for name in mirrored:
            verified = self.servers[-1].cli("kafka", "mirror", "verify", name, "--link", LINK, "--cluster", self.dest.id)
            assert verified.returncode == 0, verified.stdout + verified.stderr
        return len(mirrored)
