"""Reads Docs/tutorial.md and does what it says, in a pseudo-terminal, as a reader would."""

import os
import pty
import re
import select
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

# What differs from run to run, by how it looks. The first group that matches decides; a value of the document stands
# for the value on the screen from then on.
KINDS = [re.compile(pattern) for pattern in (
    r"lkc-[a-z0-9]{6}", r"lcc-[a-z0-9]{6}", r"(?:[A-Z_]+://)?127\.0\.0\.1:\d+", r"http://127\.0\.0\.1:\d+",
    r"[A-Z0-9]{16}", r"[A-Za-z0-9+/]{64}", r"[A-Za-z0-9_-]{22}", r"1[0-9]{12}")]
# Columns whose numbers depend on when one looks.
COUNTED = {"Last Source Fetch Offset"}


@dataclass
class Step:
    """One code block with commands, and what the document says they print."""
    line: int
    commands: str
    marks: set
    output: list = field(default_factory=list)


def read(path: Path) -> list[Step]:
    steps = []
    lines = path.read_text().splitlines()
    index = 0
    while index < len(lines):
        fence = re.fullmatch(r"```(sh|text)(.*)", lines[index])
        index += 1
        if not fence:
            continue
        start, body = index, []
        while lines[index] != "```":
            body.append(lines[index])
            index += 1
        index += 1
        if fence[1] == "sh":
            steps.append(Step(start, "\n".join(body), set(fence[2].split())))
        else:
            assert not steps[-1].output, f"line {start}: output without a command"
            steps[-1].output = body
    return steps


class Terminal:
    """A shell in a pseudo-terminal."""
    PROMPT = re.compile(r"<<(\d+)>>\$ $")

    def __init__(self, directory: Path, environment: dict, deadline=60.0):
        self.deadline = deadline
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            # Whoever runs the tests in the background may ignore the terminal's signals; a terminal does not.
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            os.chdir(directory)
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "--noediting"],
                       {**environment, "HISTFILE": "", "PS1": "<<$?>>$ ", "PS2": "", "TERM": "dumb"})
        self.pending = ""
        self.until(self.PROMPT)
        self.type("stty -echo cols 400; set +m; PS1='<<$?>>$ '\n")
        self.until(self.PROMPT)

    def type(self, text: str):
        os.write(self.descriptor, text.encode())

    def until(self, *patterns, deadline=None) -> tuple[int, str]:
        """Waits until what was printed holds one of the patterns; gives its number and all up to its end."""
        limit = time.monotonic() + (deadline or self.deadline)
        while True:
            for number, pattern in enumerate(patterns):
                found = pattern.search(self.pending)
                if found:
                    text, self.pending = self.pending[:found.end()], self.pending[found.end():]
                    return number, text.replace("\r\n", "\n")
            left = limit - time.monotonic()
            ready, _, _ = select.select([self.descriptor], [], [], max(0, left))
            assert ready, f"nothing more came after {self.pending!r}"
            try:
                more = os.read(self.descriptor, 65536)
            except OSError:
                more = b""
            assert more, f"the terminal closed after {self.pending!r}"
            self.pending += more.decode(errors="replace")

    def finish(self) -> tuple[int, str]:
        """The exit status and the output of what runs."""
        _, text = self.until(self.PROMPT)
        found = self.PROMPT.search(text)
        return int(found[1]), text[:found.start()]

    def close(self):
        try:
            os.kill(self.pid, signal.SIGHUP)
        except ProcessLookupError:
            pass
        os.close(self.descriptor)
        os.waitpid(self.pid, 0)


PROMPTS = re.compile(r"^(Email: |Password: |.*\(y/n\): |To confirm, type .* press Ctrl-C: )(.*)$")


class Reader:
    """Somebody who types what the document says and compares what it shows."""

    def __init__(self, terminal: Terminal):
        self.terminal = terminal
        self.names = {}

    def mine(self, text: str) -> str:
        """The document's text with the IDs, keys and ports of this run."""
        for theirs, ours in sorted(self.names.items(), key=lambda pair: -len(pair[0])):
            text = text.replace(theirs, ours)
        return text

    def run(self, step: Step) -> tuple[int, list[str]]:
        """Types the commands, answers the questions; gives status and lines of output without the answers."""
        # One group, so that there is one prompt at its end.
        self.terminal.type("{\n" + self.mine(step.commands) + "\n}\n")
        if "until-interrupted" in step.marks:
            # Long enough for every partition to get some.
            _, text = self.terminal.until(re.compile(r"(?:\{[^\r\n]*\}\r\n){40}"))
            self.terminal.type("\x03")
            status, rest = self.terminal.finish()
            assert status == 130
            return 0, (text + rest).splitlines()
        answers = [found.groups() for found in map(PROMPTS.match, step.output) if found]
        text = ""
        for question, answer in answers:
            _, part = self.terminal.until(re.compile(re.escape(self.mine(question))))
            text += part + "\n"
            self.terminal.type(self.mine(answer) + "\n")
        if "topic produce" in step.commands and "|" not in step.commands:
            _, part = self.terminal.until(re.compile(r"to exit\.\r\n"))
            text += part
            for line in step.output[1:]:
                self.terminal.type(line + "\n")
            self.terminal.type("\x04")
        status, rest = self.terminal.finish()
        return status, (text + rest).splitlines()

    # -- comparing -----------------------------------------------------------------------------------------------------

    def compare(self, step: Step, lines: list[str]):
        expected = [PROMPTS.sub(lambda found: found[1], line) for line in step.output]
        if "topic produce" in step.commands and "|" not in step.commands:
            expected = expected[:1]
        if "until-interrupted" in step.marks:
            return self.records(expected, lines)
        expected = [line.rstrip() for line in expected if line.strip()]
        lines = [line.rstrip() for line in lines if line.strip()]
        if "cat source.config" in step.commands:
            lines = lines[:len(expected)]
        assert len(lines) == len(expected), "\n".join(lines)
        title = []
        for theirs, ours in zip(expected, lines):
            if re.fullmatch(r"[-+ ]+", theirs):
                assert re.fullmatch(r"[-+ ]+", ours), ours
                continue
            cells = [cell.strip() for cell in theirs.split("|")]
            found = [cell.strip() for cell in ours.split("|")]
            assert len(cells) == len(found), f"{theirs!r} reads {ours!r}"
            for index, (cell, other) in enumerate(zip(cells, found)):
                column = title[index] if index < len(title) else ""
                if column in COUNTED:
                    assert other.isdigit(), ours
                else:
                    self.same(cell, other)
            title = cells if len(cells) > 1 and not theirs.startswith("|") and len(title) != len(cells) else title

    def same(self, theirs: str, ours: str):
        """Equal but for what differs from run to run, which is remembered."""
        if self.mine(theirs) == ours:
            return
        rest = theirs
        pattern, names = "", []
        while rest:
            found = min((match for match in (kind.search(rest) for kind in KINDS) if match),
                        key=lambda match: (match.start(), -len(match[0])), default=None)
            if not found:
                break
            pattern += re.escape(rest[:found.start()])
            known = self.names.get(found[0])
            kind = next(kind for kind in KINDS if kind.fullmatch(found[0]))
            pattern += re.escape(known) if known else f"({kind.pattern})"
            names += [] if known else [found[0]]
            rest = rest[found.end():]
        match = re.fullmatch(pattern + re.escape(rest), ours)
        assert match, f"{self.mine(theirs)!r} reads {ours!r}"
        for name, value in zip(names, match.groups()):
            if not re.fullmatch(r"1[0-9]{12}", name):
                self.names[name] = value

    @staticmethod
    def records(expected: list[str], lines: list[str]):
        """A stream of records: the same first line, then records with the same fields."""
        assert lines[0] == expected[0]
        import json
        fields = list(json.loads(expected[1]))
        found = [json.loads(line) for line in lines[1:] if line.startswith("{")]
        assert found and all(list(record) == fields for record in found), found[:3]


def words(text: str) -> re.Pattern:
    return re.compile(re.escape(text))
