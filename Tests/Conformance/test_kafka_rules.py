"""Kafka's rules: what a broker refuses, repairs or tells about itself."""

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

INTERNAL = "__consumer_offsets"
TOPIC_AUTHORIZATION_FAILED = 29


def refusal(future):
    with pytest.raises(KafkaException) as caught:
        future.result(10)
    return caught.value.args[0].code()


@pytest.mark.process
def test_internal_topics_are_the_clusters_own(cluster):
    """A client can neither create nor enlarge nor delete an internal topic"""
    admin = AdminClient({"bootstrap.servers": cluster.bootstrap})
    created = admin.create_topics([NewTopic(INTERNAL, 1, 1)])[INTERNAL]
    assert refusal(created) == TOPIC_AUTHORIZATION_FAILED
    grown = admin.create_partitions([NewPartitions(INTERNAL, 99)])[INTERNAL]
    assert refusal(grown) == TOPIC_AUTHORIZATION_FAILED


@pytest.mark.process
def test_a_broker_describes_how_it_was_started(cluster):
    """A broker's configs tell its real id, addresses and mechanisms as static values"""
    host_and_port = cluster.bootstrap
    resource = ConfigResource(ConfigResource.Type.BROKER, "1")
    admin = AdminClient({"bootstrap.servers": host_and_port})
    configs = admin.describe_configs([resource])[resource].result(10)
    assert configs["node.id"].value == "1"
    assert f"PLAINTEXT://{host_and_port}" in configs["advertised.listeners"].value.split(",")
    assert configs["sasl.enabled.mechanisms"].value == "PLAIN"
    assert configs["process.roles"].value == "broker,controller"
    assert configs["group.initial.rebalance.delay.ms"].value == "0"
    static = 4
    assert {configs[name].source for name in ("node.id", "listeners", "log.dirs", "process.roles")} == {static}
    assert configs["node.id"].is_read_only and not configs["listeners"].is_read_only


@pytest.mark.process
def test_inert_and_pretended_configs(own_server):
    """A broker config without effect is warned about at start"""
    server = own_server("--broker-config", "num.network.threads=9", ephemeral=True)
    assert "num.network.threads has no effect here" in server.output()
