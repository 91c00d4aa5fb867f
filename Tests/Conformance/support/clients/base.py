"""What every driver offers."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

CODECS = ("none", "gzip", "snappy", "lz4", "zstd")
# No single operation of a client takes this long unless something is wrong.
OPERATION = 40.0
# How long a fetch for a test that reads up to the end may wait there. Tests of long polls keep the client's default.
FETCH_WAIT_MS = 20


@dataclass(frozen=True)
class Message:
    """A record as a client sees it; the last three are the broker's answer."""
    value: bytes | None
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    partition: int | None = None
    offset: int | None = None
    timestamp: int | None = None

    @property
    def content(self):
        return self.key, self.value, self.headers


@dataclass(frozen=True)
class Timestamp:
    """A place to start reading: the first record at or after this time."""
    milliseconds: int


class Refusal(Exception):
    """The broker refused. `code` is Kafka's error code where the client reveals it."""

    def __init__(self, code, text):
        super().__init__(f"{code}: {text}")
        self.code, self.text = code, text

    def is_error(self, code: int, *words: str) -> bool:
        """Whether this is the error with that code; a client that shows none must at least show one of the words."""
        if self.code is not None:
            return self.code == code
        return any(word.lower() in self.text.lower() for word in words)


class Client(ABC):
    """A client of one cluster. `abilities` names what not every client can do."""

    name: str
    abilities: frozenset[str]

    def __init__(self, cluster):
        self.cluster = cluster
        self.bootstrap = cluster.bootstrap

    @classmethod
    @abstractmethod
    def version(cls) -> str:
        """Name and version of the library, for the table of compatibility."""

    @abstractmethod
    def produce(self, topic, messages, *, partition=None, acks="all", codec="none", idempotent=False,
                max_request=None) -> list[int] | None:
        """Sends in order and waits for every answer. Offsets where the client reveals them (and acks is not 0)."""

    @abstractmethod
    def read(self, topic, partition, start, count=None) -> list[Message]:
        """Reads from "beginning", an offset or a Timestamp: `count` records, or all there are up to the end."""

    @abstractmethod
    def tail(self, topic, partition) -> "Tail":
        """Starts reading at the end; returns once the position is fixed."""

    @abstractmethod
    def partitions(self) -> dict[str, int]:
        """Every topic that metadata lists, with its number of partitions."""

    @abstractmethod
    def watermarks(self, topic, partition) -> tuple[int, int]:
        """Offset of the first record, offset of the next."""

    @abstractmethod
    def offset_at(self, topic, partition, milliseconds) -> int | None:
        """Offset of the first record at or after a time."""

    @abstractmethod
    def member(self, group, topic, *, instance=None) -> "Member":
        """Joins a group, starting at the beginning where nothing is committed. Commits only when told."""


class Tail(ABC):
    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @abstractmethod
    def take(self, count) -> list[Message]: ...

    @abstractmethod
    def close(self): ...


class Member(ABC):
    """A member of a consumer group. It takes part in rebalances only while the test calls `step`."""

    def __init__(self):
        self.received: list[Message] = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @abstractmethod
    def step(self):
        """Polls once, briefly; what came is added to `received`."""

    @property
    @abstractmethod
    def assignment(self) -> set[int]:
        """Partitions that it owns now."""

    @abstractmethod
    def commit(self):
        """Commits the position behind everything received."""

    @abstractmethod
    def close(self):
        """Leaves the group (a static member stays in it) without committing."""
