"""Writes the table of what works with which client."""

import inspect
from collections import defaultdict
from pathlib import Path

from .clients import ALL

MARKS = {"passed": "✓", "failed": "✗", "skipped": "–"}


class Report:
    """A pytest plug-in: one row per test function, one column per client; a row fails if any of its cases fails."""

    def __init__(self, path, foreign):
        self.path, self.foreign = Path(path), foreign
        self.rows = {}                   # (theme, scenario) in order of running → {client or None: [outcomes]}
        self.facts = {}                  # node id → (theme, scenario, client)

    def pytest_collection_finish(self, session):
        for item in session.items:
            theme = (inspect.getdoc(item.module) or item.module.__name__).splitlines()[0].rstrip(".")
            scenario = (inspect.getdoc(item.function) or item.function.__name__).splitlines()[0].rstrip(".")
            client = getattr(item, "callspec", None) and item.callspec.params.get("client_class")
            self.facts[item.nodeid] = (theme, scenario, client.name if client else None)

    def pytest_runtest_logreport(self, report):
        if report.when != "call" and report.outcome == "passed":
            return
        theme, scenario, client = self.facts[report.nodeid]
        row = self.rows.setdefault((theme, scenario), defaultdict(list))
        row[client].append(report.outcome)

    def pytest_sessionfinish(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text("\n".join(self.lines()) + "\n")

    def lines(self):
        yield "# Compatibility"
        yield ""
        yield "Written by `make compatibility` from a run of `Tests/Conformance`; do not edit."
        yield ""
        yield "Server: " + ("a Kafka elsewhere" if self.foreign else "Twinlog, both clusters on loopback") + "."
        yield "Clients: " + ", ".join(client.version() for client in ALL) + "."
        yield ""
        yield "✓ every case passes · ✗ a case fails · blank: the client has no such feature, or the scenario none of the clients."
        names = [client.name for client in ALL]
        theme = None
        for (row_theme, scenario), outcomes in self.rows.items():
            if row_theme != theme:
                theme = row_theme
                yield from ("", f"## {theme}", "", f"| scenario | protocol | {' | '.join(names)} |",
                            "|---|" + "---|" * (len(names) + 1))
            yield f"| {scenario} | " + " | ".join(_cell(outcomes.get(name)) for name in [None, *names]) + " |"


def _cell(outcomes):
    if not outcomes:
        return ""
    worst = "failed" if "failed" in outcomes else "passed" if "passed" in outcomes else "skipped"
    cases = f" {outcomes.count('passed')}/{len(outcomes)}" if len(outcomes) > 1 else ""
    return MARKS[worst] + cases
