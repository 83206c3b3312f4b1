#!/usr/bin/env bash
# Creates the topics of the settings on a Kafka cluster, and checks those that are there.
#
#   [KAFKA_BROKERS=HOST:PORT,...] infra/topics.sh
#
# Without KAFKA_BROKERS: the broker of infra/kafka.sh and infra/docker-compose.yml, 127.0.0.1:9092.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
KAFKA_BROKERS=${KAFKA_BROKERS:-127.0.0.1:9092} exec npx pulse topics create
