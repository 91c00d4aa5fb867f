"""The HTTP API, through nothing but the standard library."""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

from .wait import until


@dataclass
class Answer:
    status: int
    body: object

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def request(method: str, url: str, body=None, timeout=30.0) -> Answer:
    data = None if body is None else json.dumps(body).encode()
    call = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the server is on this machine
    try:
        with opener.open(call, timeout=timeout) as response:
            return Answer(response.status, _decode(response.read()))
    except urllib.error.HTTPError as error:
        return Answer(error.code, _decode(error.read()))


def _decode(data: bytes):
    try:
        return json.loads(data) if data else None
    except ValueError:
        return data.decode(errors="replace")


class Rest:
    """REST v3 of one cluster, as far as links go."""

    def __init__(self, http: str, cluster_id: str):
        self.base = f"{http}/kafka/v3/clusters/{cluster_id}"

    def call(self, method: str, path: str, body=None, **query) -> Answer:
        text = urllib.parse.urlencode({k: str(v).lower() if isinstance(v, bool) else v for k, v in query.items()})
        return request(method, self.base + path + (f"?{text}" if text else ""), body)

    def get(self, path, **query):
        return self.call("GET", path, **query)

    def create_link(self, name, source, **configs) -> Answer:
        settings = {"bootstrap.servers": source.bootstrap, **configs}
        return self.call("POST", "/links", {
            "source_cluster_id": source.id,
            "configs": [{"name": key, "value": str(value)} for key, value in settings.items()],
        }, link_name=name)

    def alter_link(self, name, **configs) -> Answer:
        return self.call("PUT", f"/links/{name}/configs:alter", {
            "data": [{"name": key, "value": str(value), "operation": "SET"} for key, value in configs.items()],
        })

    def create_mirror(self, link, topic, mirror=None) -> Answer:
        body = {"source_topic_name": topic}
        if mirror is not None:
            body["mirror_topic_name"] = mirror
        return self.call("POST", f"/links/{link}/mirrors", body)

    def mirror(self, link, topic) -> Answer:
        return self.get(f"/links/{link}/mirrors/{topic}")

    def wait_for_lag_zero(self, link, topic, ends: dict[int, int]) -> dict:
        """Waits until the mirror says that it holds the source up to `ends` (partition → next offset)."""
        def caught_up():
            answer = self.mirror(link, topic)
            assert answer.status == 200, answer
            lags = {row["partition"]: row for row in answer.body["mirror_lags"]}
            return lags.keys() >= ends.keys() and all(
                lags[p]["lag"] == 0 and (end == 0 or lags[p]["last_source_fetch_offset"] >= 0)
                for p, end in ends.items()) and answer.body
        return until(caught_up, f"lag 0 of {topic} over {link}")
