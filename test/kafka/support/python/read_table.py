"""Prints the latest row of every key of a topic in Avro, as JSON, a line a key: {"key": ..., "value": {...}}.

read_table.py BROKERS REGISTRY_URL TOPIC

Reads what is committed, from the start to the present end, with Confluent's client and nothing of this project.
"""

import datetime
import json
import sys

from confluent_kafka import Consumer, KafkaError, TopicPartition, OFFSET_BEGINNING
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

brokers, registry, topic = sys.argv[1:]


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (value.microsecond // 1000)
    return value


consumer = Consumer(
    {
        "bootstrap.servers": brokers,
        "group.id": "read-table",
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
    }
)
decode = AvroDeserializer(SchemaRegistryClient({"url": registry}))
partitions = list(consumer.list_topics(topic, timeout=20).topics[topic].partitions)
consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in partitions])
at_end = set()
rows = {}
while len(at_end) < len(partitions):
    message = consumer.poll(30)
    if message is None:
        sys.exit("no record and no end within 30 s")
    if message.error() is not None:
        if message.error().code() != KafkaError._PARTITION_EOF:
            sys.exit(str(message.error()))
        at_end.add(message.partition())
        continue
    key = message.key().decode()
    if message.value() is None:
        rows.pop(key, None)
    else:
        rows[key] = decode(message.value(), SerializationContext(topic, MessageField.VALUE))
consumer.close()
for key, row in rows.items():
    print(json.dumps({"key": key, "value": {name: plain(value) for name, value in row.items()}}))
