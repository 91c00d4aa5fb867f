#!/usr/bin/env python3
"""Measures the web console in a headless Chromium, with the browser's own performance API, and prints a table.

    make bench-console BENCH_ARGS="--seconds 20"

Needs what the conformance suite needs (`make setup`, .venv). The server is TWINLOG_BIN, else the release build.
"""
import argparse
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY / "Tests/Conformance"))

from confluent_kafka import Producer  # noqa: E402

from console.browser import Browser  # noqa: E402
from console.world import World  # noqa: E402
from support.server import Twinlog  # noqa: E402

PAGES = ["home", "environment", "cluster", "topics", "topic", "mirror", "messages", "configuration", "diff", "connectors",
         "connector", "links", "link", "clients", "group", "api-keys"]
RATE, TICK = 10_000, 0.02

# Before any script of the page: what the browser has to tell, and when everything is read that the page shows.
WATCH = r"""
window.bench = { shift: 0, long: [], complete: null };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) bench.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => bench.long.push(...list.getEntries().map((entry) => entry.duration)))
  .observe({ type: "longtask", buffered: true });
const look = () => {
  const main = document.querySelector("main");
  const isReady = main?.querySelector("h1, .state") && !main.querySelector('[aria-busy="true"]');
  if (!isReady) bench.complete = null;
  else bench.complete ??= performance.now();
  if (performance.now() < 10_000) requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""

FIGURES = r"""
const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
const files = entries.filter((entry) => entry.entryType === "navigation" || entry.name.includes("/console/"));
return {
  paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null,
  complete: bench.complete,
  bytes: entries.reduce((sum, entry) => sum + entry.transferSize, 0),
  files: files.reduce((sum, entry) => sum + entry.transferSize, 0),
  shift: bench.shift,
  long: Math.max(0, ...bench.long),
};
"""


def watched(browser, base):
    window = browser.window(base)
    window.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    return window


def load(browser, base, path, cold):
    """Opens a page in a new window; its figures once nothing has changed for a while."""
    window = watched(browser, base)
    if cold:
        window.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    window.open(path)
    window.until(lambda: window.js("return bench.complete !== null && performance.now() - bench.complete > 1000"), "a page at rest")
    figures = window.js(FIGURES)
    window.close()
    return figures


def pages(browser, server, rounds):
    world = World(server, server.http)
    print("| page | first paint, ms | complete, ms | transferred, KB | layout shift | longest task, ms |")
    print("|---|--:|--:|--:|--:|--:|")
    worst = {"paint": 0, "complete": 0, "shift": 0}
    for name in ["home (nothing cached)", *PAGES]:
        cold = name.endswith(")")
        found = [load(browser, server.http, world.pages()[name.split()[0]], cold) for _ in range(rounds)]
        middle = {key: statistics.median(row[key] or 0 for row in found) for key in found[0]}
        print(f"| {name} | {middle['paint']:.0f} | {middle['complete']:.0f} | {middle['bytes'] / 1000:.1f} | "
              f"{middle['shift']:.3f} | {middle['long']:.0f} |", flush=True)
        if cold:
            first = middle["files"] / 1000
        worst = {key: max(worst[key], middle[key]) for key in worst}
    return [("first contentful paint, slowest page", worst["paint"], 200, "ms"),
            ("page complete, slowest page", worst["complete"], 400, "ms"),
            ("first load of the console", first, 150, "KB"),
            ("layout shift, worst page", worst["shift"], 0.001, "")]


class Writer:
    """Writes RATE records a second until it is stopped."""

    def __init__(self, cluster, topic):
        self.producer = Producer({"bootstrap.servers": cluster.bootstrap, "linger.ms": 20})
        self.topic, self.written, self.stopping = topic, 0, threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        begin = time.monotonic()
        while not self.stopping.wait(TICK):
            due = int((time.monotonic() - begin) * RATE)
            for number in range(self.written, due):
                self.producer.produce(self.topic, f'{{"transaction_id":{number},"user_id":"User_{number % 9}"}}', str(number % 100))
            self.written = due
            self.producer.poll(0)
        self.seconds = time.monotonic() - begin
        self.producer.flush(30)

    def stop(self):
        self.stopping.set()
        self.thread.join()


def heap(window) -> float:
    """Megabytes that the tab's scripts hold once nothing can be collected any more."""
    window.driver.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
    return window.js("return performance.memory.usedJSHeapSize") / 1e6


def tail(browser, server, seconds):
    world_topic = "firehose"
    server.rest(server.source).call("POST", "/topics", {"topic_name": world_topic, "partitions_count": 3})
    window = watched(browser, server.http)
    writer = Writer(server.source, world_topic)
    window.open(f"/environments/env-local/clusters/{server.source.id}/topics/{world_topic}/message-viewer?live=1")
    window.until(lambda: "Live" in window.text(".status") and window.all(".list-rows .list-row"), "a live tail")
    window.js("bench.long = []; bench.shift = 0")
    sizes, before, began = [], writer.written, time.monotonic()
    for step in range(1, 7):
        time.sleep(max(0, began + seconds * step / 6 - time.monotonic()))
        sizes.append(heap(window))
    figures = window.js("return { long: bench.long, shift: bench.shift, text: document.querySelector('.status-text').textContent }")
    rate = (writer.written - before) / (time.monotonic() - began)
    writer.stop()
    print(f"\nTail of {rate:,.0f} records/s for {seconds} s; the page: {figures['text']}")
    print("Script memory after collecting, MB: " + ", ".join(f"{size:.1f}" for size in sizes))
    print(f"Tasks above 50 ms: {len(figures['long'])}")
    return [("longest task while tailing", max(figures["long"], default=0), 50, "ms"),
            ("script memory, growth after the first sixth", max(0, sizes[-1] - sizes[0]), 5, "MB"),
            ("layout shift while tailing", figures["shift"], 0.001, "")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="how long to tail (default 60)")
    parser.add_argument("--rounds", type=int, default=3, help="loads of each page, of which the median counts (default 3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Twinlog(Path(folder) / "server", ephemeral=True) as server:
        browser = Browser(Path(folder))
        try:
            rows = pages(browser, server, options.rounds) + tail(browser, server, options.seconds)
        finally:
            browser.quit()
    print("\n| figure | measured | limit | |\n|---|--:|--:|---|")
    for name, value, limit, unit in rows:
        print(f"| {name} | {value:.3g} {unit} | {limit:g} {unit} | {'ok' if value <= limit else 'over'} |")


if __name__ == "__main__":
    main()
