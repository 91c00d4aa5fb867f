"""kcat: librdkafka as Debian ships it, driven as a process."""

import json
import re
import subprocess
import threading

from ..wait import until
from .base import CODECS, FETCH_WAIT_MS, OPERATION, Client, Member, Message, Refusal, Tail, Timestamp

# Bytes that no test message holds.
RECORD, KEY = "\x1e", "\x1f"


def _message(line) -> Message:
    raw = json.loads(line)
    flat = raw.get("headers") or []
    headers = tuple((flat[i], flat[i + 1].encode()) for i in range(0, len(flat), 2))
    value, key = raw["payload"], raw["key"]
    return Message(None if value is None else value.encode(), None if key is None else key.encode(), headers,
                   raw["partition"], raw["offset"], raw["ts"])


class KcatClient(Client):
    name = "kcat"
    abilities = frozenset({"idempotence", "headers", "groups"} | {f"codec {codec}" for codec in CODECS})

    @classmethod
    def version(cls):
        said = subprocess.run(["kcat", "-V"], capture_output=True, text=True, check=True).stdout
        return "kcat {} (librdkafka {})".format(re.search(r"Version (\S+)", said)[1],
                                                re.search(r"librdkafka (\S+)", said)[1])

    def _command(self, *arguments, **settings):
        command = ["kcat", "-b", self.bootstrap, *map(str, arguments)]
        for key, value in settings.items():
            command += ["-X", f"{key.replace('_', '.')}={str(value).lower() if isinstance(value, bool) else value}"]
        return command

    def _run(self, *arguments, data=None, **settings):
        done = subprocess.run(self._command(*arguments, **settings), input=data or b"", capture_output=True,
                              timeout=OPERATION + 10)
        said = done.stderr.decode(errors="replace")
        failed = re.search(r"% (?:ERROR|FATAL|Delivery failed).*", said)
        if done.returncode != 0 or failed:
            raise Refusal(None, failed[0] if failed else said)
        return done.stdout.decode()

    def produce(self, topic, messages, *, partition=None, acks="all", codec="none", idempotent=False,
                max_request=None):
        settings = {"acks": acks, "compression_codec": codec, "enable_idempotence": idempotent,
                    "message_timeout_ms": int(OPERATION * 1000)}
        if max_request:
            settings["message_max_bytes"] = max_request
        headers = {message.headers for message in messages}
        assert len(headers) == 1, "kcat sends the same headers with every record of a run"
        options = [option for name, value in headers.pop() for option in ("-H", f"{name}={value.decode()}")]
        keyed = any(message.key is not None for message in messages)
        if keyed:
            options += ["-K", r"\x1f"]
        if partition is not None:
            options += ["-p", partition]
        lines = [(m.key.decode() + KEY if keyed else "") + m.value.decode() for m in messages]
        self._run("-P", "-t", topic, "-D", r"\x1e", *options, data=RECORD.join(lines).encode(), **settings)

    def read(self, topic, partition, start, count=None):
        offset = f"s@{start.milliseconds}" if isinstance(start, Timestamp) else start
        options = ["-e"] if count is None else ["-c", count]
        said = self._run("-C", "-t", topic, "-p", partition, "-o", offset, "-J", *options,
                         topic_auto_offset_reset="error", fetch_wait_max_ms=FETCH_WAIT_MS)
        return [_message(line) for line in said.splitlines()]

    def tail(self, topic, partition):
        return _Tail(self._command("-C", "-t", topic, "-p", partition, "-o", "end", "-J", "-u"))

    def partitions(self):
        return {topic["topic"]: len(topic["partitions"]) for topic in json.loads(self._run("-L", "-J"))["topics"]}

    def _query(self, topic, partition, time):
        return int(re.search(r"offset (-?\d+)", self._run("-Q", "-t", f"{topic}:{partition}:{time}"))[1])

    def watermarks(self, topic, partition):
        return self._query(topic, partition, -2), self._query(topic, partition, -1)

    def offset_at(self, topic, partition, milliseconds):
        found = self._query(topic, partition, milliseconds)
        return None if found == -1 else found

    def member(self, group, topic, *, instance=None):
        return _Member(self._command("-G", group, "-J", "-u", topic, auto_offset_reset="earliest",
                                     session_timeout_ms=10_000, heartbeat_interval_ms=200))


class _Process:
    """A kcat that goes on until it is closed."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.found, self.said = [], ""
        self.threads = [threading.Thread(target=reader, daemon=True) for reader in (self._out, self._err)]
        for thread in self.threads:
            thread.start()

    def _out(self):
        for line in self.process.stdout:
            self.found.append(_message(line))

    def _err(self):
        for line in self.process.stderr:
            self.said += line.decode(errors="replace")

    def end(self):
        self.process.terminate()  # kcat then commits what it has printed and leaves its group
        self.process.wait(OPERATION)
        for thread in self.threads:
            thread.join(OPERATION)
        self.process.stdout.close()
        self.process.stderr.close()


class _Tail(Tail):
    def __init__(self, command):
        self.kcat = _Process(command)
        until(lambda: "Reached end of topic" in self.kcat.said, "a position at the end", OPERATION)

    def take(self, count):
        until(lambda: len(self.kcat.found) >= count, f"{count} new records", OPERATION)
        return self.kcat.found

    def close(self):
        self.kcat.end()


class _Member(Member):
    def __init__(self, command):
        super().__init__()
        self.kcat = _Process(command)

    def step(self):
        self.received = list(self.kcat.found)
        assert self.kcat.process.poll() is None, f"kcat ended: {self.kcat.said}"

    @property
    def assignment(self):
        lines = [line for line in self.kcat.said.splitlines() if "rebalanced" in line]
        if not lines or "revoked" in lines[-1]:
            return set()
        return {int(p) for p in re.findall(r"\[(\d+)\]", lines[-1].split("assigned:")[-1])}

    def commit(self):
        """kcat commits by itself, at the latest when it ends."""

    def close(self):
        self.kcat.end()
