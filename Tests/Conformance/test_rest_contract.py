"""What the server answers over HTTP has the shapes that it promises, whatever it is asked.

Requests are made up from the descriptions: our own, and, where that folder lies beside the repository, those that the
vendor publishes for the interfaces that we follow. Known ids are put in the place of made-up ones about every second
time, so that answers with something in them are seen too.
"""

import hashlib
import json
from pathlib import Path

import hypothesis
import pytest
import schemathesis
import yaml
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (content_type_conformance, response_schema_conformance,
                                               status_code_conformance)

from support.rest import request
from support.server import Twinlog

REPOSITORY = Path(__file__).resolve().parents[2]
OURS = REPOSITORY / "Protocol/rest/openapi.yaml"
VENDOR = REPOSITORY.parent / "shared/reference/openapi"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

# Operations of the vendor's descriptions that are not served, by what their paths hold.
NOT_SERVED = ["/acls", "share-groups", "streams-groups", "mirrors:", "/offsets", "custom-connector-plugins",
              "custom-connector-runtimes", "connect-plugin", "/artifact/", "/presigned", "?expand"]
# The vendor describes these differently from what its own clients send and expect.
DIFFERENT = {
    "PATCH /org/v2/organizations/{id}": "there is one organization, and its name is fixed",
}
# What no made-up request may do to the clusters that all of them share.
DESTRUCTIVE = {"deleteCmkV2Cluster", "deleteOrgV2Environment", "deleteKafkaTopic", "deleteKafkaLink",
               "createCmkV2Cluster"}

# Streams have no end to wait for.
ENDLESS = {"getEvents"}

quick = hypothesis.settings(
    max_examples=6, deadline=None, database=None, derandomize=True,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A server with a topic, a link, a mirror, a group, a key and a connector, and their ids by parameter name."""
    server = Twinlog(tmp_path_factory.mktemp("contract"), ephemeral=True).start()
    source = server.source

    def post(path, body):
        answer = request("POST", server.http + path, body)
        assert answer.ok, answer
        return answer.body

    post(f"/kafka/v3/clusters/{source.id}/topics", {"topic_name": "t", "partitions_count": 2})
    key = post("/iam/v2/api-keys", {"spec": {"resource": {"id": source.id}}})
    config = {"connector.class": "DatagenSource", "kafka.topic": "t", "quickstart": "ORDERS", "max.interval": "1000",
              "output.data.format": "JSON", "kafka.api.key": key["id"], "kafka.api.secret": key["spec"]["secret"]}
    post(f"/connect/v1/environments/env-local/clusters/{source.id}/connectors", {"name": "gen", "config": config})
    yield server.http, {
        "cluster_id": source.id, "kafka_cluster_id": source.id, "environment_id": "env-local", "topic_name": "t",
        "partition_id": 0, "broker_id": 1, "connector_name": "gen", "plugin_name": "DatagenSource",
        "environment": "env-local", "link_name": "nothing",
    }
    code = server.stop()
    assert code == 0, f"the server ended with {code}:\n{server.output()}"


def description(path):
    # By way of JSON: YAML's own dates are nothing that a description can hold.
    document = yaml.load(path.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return json.loads(json.dumps(document, default=str))


def schema(document):
    made = schemathesis.openapi.from_dict(document)
    made.config.phases.coverage.enabled = False  # hundreds of requests an operation, to find what Swift tests look at
    return made


def served(document):
    """The vendor's description without what is not served, and with the refusals that it leaves out here and there."""
    ours = {template(path) for path in description(OURS)["paths"]}
    document["paths"] = {
        path: item for path, item in document["paths"].items()
        if template(path) in ours and not any(part in path for part in NOT_SERVED)
    }
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].setdefault("400", {"description": "Bad request"})
                operation["responses"].setdefault("404", {"description": "Not found"})
    return document


def template(path):
    """A path whose parameters have lost their names."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def try_out(case, world):
    base, known = world
    operation = case.operation.definition.raw.get("operationId", "")
    if f"{case.method} {case.path}" in DIFFERENT or operation in ENDLESS:
        return
    digest = hashlib.sha256(f"{operation} {case.path_parameters} {case.query} {case.body}".encode()).digest()
    if digest[0] % 2 and operation not in DESTRUCTIVE:
        for place in (case.path_parameters or {}, case.query or {}):
            for name in place:
                if name in known:
                    place[name] = known[name]
        if "/org/v2/environments" in case.path and "id" in (case.path_parameters or {}) and case.method == "GET":
            case.path_parameters["id"] = known["environment_id"]
        if "/cmk/v2/clusters" in case.path and "id" in (case.path_parameters or {}) and case.method == "GET":
            case.path_parameters["id"] = known["cluster_id"]
    if operation == "streamRecords":
        (case.query or {}).pop("follow", None)  # which would go on for ever
    response = case.call(base_url=base, timeout=30)
    case.validate_response(response, checks=CHECKS)


ours = schema(description(OURS))


@ours.parametrize()
@quick
@pytest.mark.process
def test_our_description_holds(case, world):
    """Every answer has a status, a type and a shape that our own description tells."""
    try_out(case, world)


VENDOR_FILES = sorted(VENDOR.glob("*.yaml"))


def vendor_schema(name):
    return schema(served(description(VENDOR / name)))


if any(path.name == "ccloud-kafkarest-v3.openapi.yaml" for path in VENDOR_FILES):
    control = {name: vendor_schema(f"ccloud-{name}.openapi.yaml")
               for name in ("cmk-v2", "org-v2", "apikeys-v2", "connect-v1", "kafkarest-v3")}

    @control["cmk-v2"].parametrize()
    @quick
    @pytest.mark.process
    def test_clusters_as_the_vendor_describes_them(case, world):
        """Clusters answer in the vendor's shapes."""
        try_out(case, world)

    @control["org-v2"].parametrize()
    @quick
    @pytest.mark.process
    def test_environments_as_the_vendor_describes_them(case, world):
        """Environments answer in the vendor's shapes."""
        try_out(case, world)

    @control["apikeys-v2"].parametrize()
    @quick
    @pytest.mark.process
    def test_keys_as_the_vendor_describes_them(case, world):
        """API keys answer in the vendor's shapes."""
        try_out(case, world)

    @control["connect-v1"].parametrize()
    @quick
    @pytest.mark.process
    def test_connectors_as_the_vendor_describes_them(case, world):
        """Connectors answer in the vendor's shapes."""
        try_out(case, world)

    @control["kafkarest-v3"].parametrize()
    @quick
    @pytest.mark.process
    def test_kafka_rest_as_the_vendor_describes_it(case, world):
        """Kafka REST v3 answers in the vendor's shapes."""
        try_out(case, world)
