"""The front page's button runs the exercise"""

import pytest

from .world import ENVIRONMENT, Api

pytestmark = [pytest.mark.process, pytest.mark.links]


def test_run_the_exercise(window, server, console):
    """One click makes topic, connector, link and mirror, and proves that every byte is the same"""
    window.open("/")
    window.click("button", "Run the exercise")
    window.until(lambda: any("byte by byte" in text for text in window.texts("[data-step=good]")), "the proof", within=120)
    assert not window.all("[data-step=bad]")
    api = Api(console(server))
    ends = [[row["end_offset"] for row in api.topic(cluster.id, "link-topic")["partitions"]]
            for cluster in (server.source, server.dest)]
    assert ends[0] == ends[1] and min(ends[0]) > 0
    found = []
    for name, cluster in (("in the source", server.source), ("in the mirror", server.dest)):
        target = window.find("link", name).get_attribute("href")
        other = window.browser.window(window.base)
        other.open(target.removeprefix(window.base))
        assert other.address == f"{ENVIRONMENT}/{cluster.id}/topics/link-topic/message-viewer?partition=1&offset=-1"
        row = other.css(".list-rows .list-row")
        found.append((int(row.get_attribute("data-offset")), row.find_element("css selector", ".cell.value").text))
    assert found[0] == found[1] and found[0][0] == ends[0][1] - 1 and "transaction_id" in found[0][1]
