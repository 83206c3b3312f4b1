"""produce.py BROKERS TOPIC: sends a record for each line of its input, a key and a value in hex, with kafka-python."""

import sys

from kafka import KafkaProducer

producer = KafkaProducer(bootstrap_servers=sys.argv[1].split(","), compression_type="gzip")
sent = []
for line in sys.stdin:
    key, value = line.rstrip("\n").split(" ")
    sent.append(producer.send(sys.argv[2], key=bytes.fromhex(key), value=bytes.fromhex(value)))
for each in sent:
    each.get(timeout=60)
producer.close()
