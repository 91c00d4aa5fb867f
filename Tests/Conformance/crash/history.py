"""What the server promised: every acknowledgement of a run, as the clients saw it."""

import threading
from dataclasses import dataclass, field


@dataclass
class TopicHistory:
    """One topic, from its creation to its deletion. A topic created again is another one."""
    name: str
    partitions: int
    # (partition, offset) → value, for every acknowledged record
    acknowledged: dict = field(default_factory=dict)
    # partition → the highest acknowledged and the highest attempted low watermark of DeleteRecords
    cut: dict = field(default_factory=dict)
    cut_attempted: dict = field(default_factory=dict)
    # partition → (smallest, largest) committed offset that may be found: acknowledged, last attempted
    committed: dict = field(default_factory=dict)
    # partition → offset → value: what a reader has seen once must never change
    seen: dict = field(default_factory=dict)
    # a deletion or creation whose answer never came: the topic may be there or not
    is_uncertain: bool = False
    is_deleted: bool = False


class History:
    """Thread-safe by one lock: actors write while the server runs, checks read when it is down."""

    def __init__(self):
        self.lock = threading.Lock()
        self.topics: dict[str, TopicHistory] = {}
        self.records = 0
        self.kills = 0

    def acknowledge(self, topic: TopicHistory, partition: int, offset: int, value: bytes):
        with self.lock:
            known = topic.acknowledged.setdefault((partition, offset), value)
            assert known == value, (
                f"{topic.name}-{partition}: offset {offset} was acknowledged for {known!r} and for {value!r}")
            self.records += 1

    def add(self, topic: TopicHistory):
        with self.lock:
            self.topics[topic.name] = topic

    def living(self) -> list[TopicHistory]:
        with self.lock:
            return [topic for topic in self.topics.values() if not topic.is_deleted and not topic.is_uncertain]
