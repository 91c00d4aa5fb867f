"""One driver per real client, all with the same verbs, so that a test is written once."""

from .aiokafka_client import AiokafkaClient
from .base import Client, Message, Refusal, Timestamp
from .confluent_client import ConfluentClient
from .kafka_python_client import KafkaPythonClient
from .kcat_client import KcatClient

ALL = [KcatClient, ConfluentClient, KafkaPythonClient, AiokafkaClient]

__all__ = ["ALL", "Client", "Message", "Refusal", "Timestamp"]
