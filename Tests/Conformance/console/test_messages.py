"""The message viewer: jumps, searches, live tail, large and binary records, export"""

import json
import os

import pytest
from selenium.webdriver.common.keys import Keys

from .world import ENVIRONMENT, Api, order, produce

pytestmark = [pytest.mark.process]

BINARY = bytes(range(256))
LARGE = "x" * (1 << 20)


@pytest.fixture(scope="module")
def api(server, console):
    """The module's topics: plain ones, binary keys, one large record, none at all."""
    api = Api(console(server))
    source = server.source
    for name, partitions in (("orders", 3), ("binary", 1), ("large", 1), ("empty", 2), ("tail", 2)):
        api.create_topic(source.id, name, partitions, max_message_bytes=3_000_000)
    produce(source, "orders", [order(number) for number in range(300)])
    produce(source, "binary", [{"key": BINARY, "value": b"\xff\xfe\x00", "headers": [("h", b"\x80")]}, {"key": b"k", "value": None}])
    produce(source, "large", [{"key": "small", "value": "before"}, {"key": "large", "value": LARGE}, {"key": "small", "value": "after"}])
    return api


@pytest.fixture
def view(window, server, api):
    """Opens a topic's viewer."""
    return lambda topic, query="": window.open(viewer(server, topic) + query)


def viewer(server, topic):
    return f"{ENVIRONMENT}/{server.source.id}/topics/{topic}/message-viewer"


def rows(window) -> list[tuple[int, int]]:
    """Partition and offset of the rows that are drawn, from top to bottom."""
    found = window.js("""return [...document.querySelectorAll('.list-rows .list-row')]
        .sort((a, b) => a.ariaRowIndex - b.ariaRowIndex).map((row) => [+row.dataset.partition, +row.dataset.offset])""")
    return [tuple(row) for row in found]


def phase(window, *names):
    window.until(lambda: window.js("return document.querySelector('.status')?.dataset.phase") in names, f"the phase {names}")


def open_row(window, partition, offset):
    window.click_css(f".list-row[data-partition='{partition}'][data-offset='{offset}']")
    window.css(f".detail[data-partition='{partition}'][data-offset='{offset}'] [data-part=value]")


def test_jumps(view, window):
    """Jumps by offset, by time, to the beginning and the end, of one partition or all, stay in the address"""
    view("orders")
    phase(window, "done")
    window.type("Offset", "-1")
    window.choose("Partition", "-1 / All partitions")
    window.until(lambda: rows(window) == [(0, 99), (1, 99), (2, 99)], "the last record of each partition")
    window.choose("Partition", "-1 / Partition: 1")
    window.until(lambda: rows(window) == [(1, 99)], "the last record of partition 1")
    window.reload()
    window.until(lambda: rows(window) == [(1, 99)], "the same after a reload")
    assert window.value("Offset") == "-1" and "partition=1" in window.address and "offset=-1" in window.address
    window.type("Offset", "42")
    window.click("button", "Jump")
    window.until(lambda: rows(window)[:1] == [(1, 42)], "offset 42")
    window.choose("Start at", "Beginning")
    window.until(lambda: rows(window)[:1] == [(1, 0)], "the beginning")
    window.click("button", "Newer")
    window.until(lambda: "100 records" in window.text(".status"), "the next ones too")
    window.choose("Start at", "Time")
    phase(window, "waiting")
    assert "Nothing is read before" in window.text(".status")
    window.open(window.address.split("?")[0] + "?partition=1&offset=5000")
    window.until(lambda: "5000" in window.text("main .list-empty"), "why nothing is shown")


def test_search(view, window):
    """A search on the server finds in key, value, headers; its words are in the address; a wrong expression says where"""
    view("orders")
    phase(window, "done")
    window.type("Search", "City_3")
    window.press(Keys.ENTER)
    phase(window, "stopped")
    assert "50 found" in window.text(".status") and "filter=City_3" in window.address
    window.click("button", "Continue")
    phase(window, "done")
    assert "60 found, 300 examined" in window.text(".status")
    window.reload()
    phase(window, "stopped")
    assert window.value("Search") == "City_3" and rows(window)
    window.type("Search", '$.address.zipcode == 10007')
    window.choose("As", "JSON path")
    window.click("button", "Search")
    window.until(lambda: rows(window) == [(1, 2)], "one record by JSON path")
    window.choose("As", "Text")
    window.type("Search", "Zürich")
    window.select("Key")
    window.select("Value")
    window.click("button", "Search")
    window.until(lambda: "found" in window.text(".status") and "filter_in=headers" in window.address and rows(window), "headers")
    window.browser.allow("status of 400")
    window.choose("As", "Regular expression")
    window.type("Search", "User_[0-9")
    window.click("button", "Search")
    phase(window, "failed")
    assert window.text(".status-text")


def test_live_tail(view, window, server):
    """A live tail shows what comes; pausing keeps what is shown, and resuming says what came meanwhile"""
    view("tail", "?live=1")
    phase(window, "live")
    produce(server.source, "tail", [{"value": f"first {n}", "partition": 0} for n in range(10)])
    window.until(lambda: (0, 9) in rows(window), "what was written")
    window.click("button", "Pause")
    phase(window, "paused")
    before = rows(window)
    produce(server.source, "tail", [{"value": f"second {n}", "partition": 1} for n in range(5)])
    window.until(lambda: "5 new records" in window.text(".status"), "how many wait")
    assert rows(window) == before
    window.click("button", "Resume")
    window.until(lambda: "5 new records shown, 0 skipped" in window.text(".status") and (1, 4) in rows(window), "all of it")
    window.click("button", "Stop live tail")
    phase(window, "done")
    assert (1, 4) in rows(window) and "live" not in window.address


def test_binary(view, window):
    """Bytes that are no text are shown as such, null as null, and every byte can be read"""
    view("binary", "?from=beginning")
    window.until(lambda: rows(window) == [(0, 0), (0, 1)], "both records")
    open_row(window, 0, 0)
    key = window.text(".detail [data-part=key]")
    assert "00 01 02 03" in key and "256 B" in key
    open_row(window, 0, 1)
    window.says("Tombstone")


def test_large(view, window):
    """A record of 1 MB is shown in part, is there as a whole on demand, and does not hold the page up"""
    view("large", "?from=beginning")
    window.until(lambda: len(rows(window)) == 3, "three records")
    window.js("window.stalls = []; new PerformanceObserver((list) => "
              "stalls.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' })")
    open_row(window, 0, 1)
    window.until(lambda: "1 MiB" in window.text(".detail [data-part=value]"), "its size")
    window.says("The first 64 KiB of 1 MiB.")
    window.click_css(".detail [data-part=value] [data-action=load-all]")
    window.until(lambda: "The first" not in window.text(".detail [data-part=value]"), "all of it")
    window.click_css(".detail [data-part=value] .part-head > .button:last-child")
    assert window.browser.download("0-1-value*.txt").read_text() == LARGE
    assert max(window.js("return stalls"), default=0) < 1_000


def test_empty(view, window):
    """An empty topic says so, and waits for nothing"""
    view("empty")
    phase(window, "done")
    assert "No records here" in window.text(".list-empty") and "0 records" in window.text(".status")


def test_export_and_import(view, window, server, api):
    """What is exported can be imported again, byte for byte"""
    view("binary", "?from=beginning")
    window.until(lambda: len(rows(window)) == 2, "both records")
    window.click("button", "Export JSON")
    file = window.browser.download("binary*.json")
    assert len(json.loads(file.read_text())["records"]) == 2
    api.create_topic(server.source.id, "copied", 1)
    view("copied")
    window.js("document.querySelector('input[type=file]').hidden = false")
    window.css("input[type=file]").send_keys(os.fspath(file))
    window.click("button", "Produce them")
    window.until(lambda: window.js("return document.querySelector('.import-result')?.dataset.written") == "2", "both written")
    same = ("key", "value", "headers", "timestamp_ms")
    assert [{name: row[name] for name in same} for row in api.records(server.source.id, "copied", "from=beginning")["data"]] == [
        {name: row[name] for name in same} for row in api.records(server.source.id, "binary", "from=beginning")["data"]]
