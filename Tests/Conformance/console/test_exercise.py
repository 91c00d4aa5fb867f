"""The course's exercise in the console, click by click"""

import json

import pytest

from .world import ENVIRONMENT, Api, last_offset, read_at

pytestmark = [pytest.mark.process, pytest.mark.links]

TOPIC, LINK, CONNECTOR = "link-topic", "my-cluster-link", "transactions"


@pytest.fixture(scope="module")
def server(serve):
    return serve("--empty")


def create_cluster(window, name, kind):
    """Returns the new cluster's id."""
    window.open(ENVIRONMENT)
    window.click("button", "Create cluster")
    window.type("Cluster name", name)
    window.choose("Cluster type", kind)
    window.click("button", "Launch cluster")
    window.until(lambda: window.address.endswith("/overview") and window.text("h1") == name, "the new cluster's page")
    return window.address.split("/")[4]


def create_topic(window):
    window.click("link", "Topics")
    window.click("button", "Add topic")
    window.type("Topic name", TOPIC)
    window.type("Partitions", "3")
    window.click("button", "Create with defaults")
    window.until(lambda: window.text("h1") == TOPIC, "the new topic's page")


def create_key(window):
    """Makes a key where a client is configured; returns the file that was downloaded there."""
    window.click("link", "Clients")
    window.until(lambda: "{{ CLUSTER_API_KEY }}" in window.text("[data-client-file]"), "a file with a place for the key")
    window.click("button", "Create Kafka cluster API key")
    window.type("Description", "the link's")
    window.click("button", "Create")
    key = window.css("[data-new-key] code").text
    secret = window.css("[data-new-secret] code").text
    assert len(key) == 16 and len(secret) == 64
    window.click("button", "Done")
    window.until(lambda: f"username='{key}' password='{secret}'" in window.text("[data-client-file]"), "the key in the file")
    window.click("button", "Download")
    file = window.browser.download("java*.config").read_text()
    assert file.strip() == window.js("return document.querySelector('[data-client-file]').textContent").strip()
    return file


def create_connector(window, api, source):
    window.click("link", "Connectors")
    window.click_css("[data-plugin=DatagenSource]")
    window.type("Connector name", CONNECTOR)
    window.click("button", "Continue")
    window.type("API key description", "the connector's")
    window.click("button", "Generate another API key and download")
    window.says("(the connector's)")
    described = {key["spec"]["description"] for key in api.get(f"/iam/v2/api-keys?spec.resource={source}")["data"]}
    assert described == {"the link's", "the connector's"}
    window.click("button", "Continue")
    window.choose("Topic", f"{TOPIC} (3 partitions)")
    window.click("button", "Continue")
    window.select("JSON")
    window.select("TRANSACTIONS")
    window.click("button", "Continue")
    window.type("Tasks", "1")
    window.type("Max interval between messages (ms)", "20")
    window.click("button", "Continue")
    window.says("The configuration is valid.")
    window.click("button", "Launch")
    window.at(f"{ENVIRONMENT}/{source}/connectors/{CONNECTOR}")
    window.until(lambda: window.text("[data-connector-state]") == "Running", "a running connector")


def messages(window) -> int:
    return int(window.js("return document.querySelector('[data-messages]').dataset.messages || 0"))


def create_link(window, source, file):
    window.click("link", "Cluster links")
    window.click("link", "Create cluster link")
    window.type("Cluster link name", LINK)
    window.choose("Source cluster", f"source-cluster ({source})")
    window.click("button", "Continue")
    window.select("Paste a client's configuration")
    window.type("Client configuration", file)
    window.click("button", "Continue")
    window.find("field", "Prefix of mirror topics (optional)")
    window.click("button", "Continue")
    window.says("The source answers, and takes these credentials.")
    window.click("button", "Create cluster link")
    window.until(lambda: window.text("h1") == LINK and window.text("[data-state]") == "Active", "an active link")


def create_mirror(window):
    window.click("button", "Create mirror topic")
    window.select(TOPIC)
    window.click("button", "Create")
    window.click("link", TOPIC)
    window.until(lambda: window.pick("region", "Mirroring"), "“Mirroring” in place of production")
    assert not window.has("heading", "Production")
    window.until(lambda: "Active" in window.text("section[aria-label=Mirroring]"), "an active mirror")


def last_of_partition_1(window) -> tuple[int, int]:
    """Types −1, chooses partition 1; offset and transaction id of the one record that is shown then."""
    window.click("link", "Messages")
    window.ready()
    window.type("Offset", "-1")
    window.choose("Partition", "-1 / Partition: 1")
    window.until(lambda: "partition=1" in window.address and "offset=-1" in window.address, "it in the address")
    row = window.until(lambda: (rows := window.all(".list-rows .list-row")) and len(rows) == 1
                       and rows[0].get_attribute("data-partition") == "1" and rows[0], "one record of partition 1")
    offset = int(row.get_attribute("data-offset"))
    return offset, json.loads(row.find_element("css selector", ".cell.value").text)["transaction_id"]


def test_exercise(browser, server, console):
    """Topic, key, connector, link and mirror are made by hand; two windows then show the same last event of partition 1"""
    api = Api(console(server))
    left, right = browser.window(console(server)), browser.window(console(server))
    source = create_cluster(left, "source-cluster", "Basic")
    dest = create_cluster(right, "dest-cluster", "Dedicated")
    create_topic(left)
    file = create_key(left)
    create_connector(left, api, source)
    before = left.until(lambda: messages(left), "messages")
    left.until(lambda: messages(left) > before, "a count that moves by itself")
    create_link(right, source, file)
    create_mirror(right)

    def ends(cluster):
        return [row["end_offset"] for row in api.topic(cluster, TOPIC)["partitions"]]
    left.until(lambda: min(ends(source)) >= 5, "some events in every partition")
    left.click("button", "Pause")
    left.until(lambda: left.text("[data-connector-state]") == "Paused", "a paused connector")
    right.until(lambda: ends(source) == ends(dest) and right.all("[data-lag='0']"), "a mirror without lag")

    left.click("link", TOPIC)
    there, here = last_of_partition_1(left), last_of_partition_1(right)
    assert there == here
    server.ready.clusters.update({row["cluster_id"]: {"id": row["cluster_id"], "bootstrap": row["bootstrap"]}
                                  for row in api.get("/twinlog/v1/clusters")["data"]})
    for cluster in (server.cluster(source), server.cluster(dest)):
        record = read_at(cluster, TOPIC, 1, there[0])
        assert there == (last_offset(cluster, TOPIC, 1), json.loads(record.value())["transaction_id"])
