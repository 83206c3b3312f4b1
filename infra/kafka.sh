#!/usr/bin/env bash
# Apache Kafka (KRaft) on the loopback of this machine, for development and tests. Needs Java 17; and Maven, once.
#
#   infra/kafka.sh start [--nodes 1|3] [--port P] [--config KEY=VALUE]... [--owner PID]
#   infra/kafka.sh stop | status | wipe
#   infra/kafka.sh kill N | restart N | pause N | resume N
#   infra/kafka.sh fetch
#
# start    fetches the jars where needed, and returns when every node takes requests. The first node listens on P (9092),
#          the others on the ports above, their controllers above those. Nodes that run are left alone. Three nodes keep
#          three replicas, of which two must have a record before it counts as written.
#          --config  a broker setting, instead of or beside those below; it lasts until the next start of that node
#          --owner   wipe everything when the process PID has gone
# stop     ends the nodes in good order. What they hold is kept.
# status   a line for each node; exit code 3 unless all run.
# wipe     ends the nodes at once, and removes all that they hold.
# kill     kill -9 of one node. restart: starts it again, ending it first if it runs. pause, resume: SIGSTOP and SIGCONT.
# fetch    brings the jars alone, and prints their folder.
#
# All but fetch take --dir D, the folder of this cluster: infra/.data/kafka if not named. The environment may set
#   CRYPTO_PULSE_CACHE  where the jars are kept: infra/.cache
#   KAFKA_OPTS          options of Java, after those below: -XX:TieredStopAtLevel=4 for a broker that runs for long
set -euo pipefail

infra=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$infra/lib/process.sh"
. "$infra/lib/maven.sh"

kafka=kafka-$(version kafka kafka.version)
libs=$cache/$kafka
classes=$cache/$kafka.jsa
# Short-lived brokers on few cores: the quick compiler alone, one collector thread.
java=(java -Xms64m -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1)

usage() {
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
  exit 2
}

fetch() {
  cached "$kafka" kafka dependency:copy-dependencies -DincludeScope=runtime
  [ -e "$classes" ] || train
}

# Leaves the classes that a broker loads in an archive, which saves each later start a second of CPU time. Java passes over
# one that does not fit, so there is no harm in a failure here.
train() {
  local folder
  folder=$(mktemp -d "$cache/train.XXXXXX")
  printf 'Preparing faster starts of %s ...\n' "$kafka" >&2
  if (run_once "$folder" "-XX:ArchiveClassesAtExit=$folder/classes.jsa") >/dev/null 2>&1; then
    mv -f "$folder/classes.jsa" "$classes"
  else
    printf 'It did not work; starts take a second longer.\n' >&2
  fi
  rm -rf "$folder"
}

# run_once DIR OPTION: a broker of its own, that starts with that option of Java and ends in good order.
run_once() {
  local dir=$1 nodes=1 port=$((20000 + RANDOM % 10000)) id config=()
  id=$(new_id)
  configure 1
  start_node 1 "$2"
  await_node 1
  signal TERM "$dir/1"
  ends_within 60 "$dir/1"
}

# A cluster's id: 16 bytes in URL-safe base64. The first is fixed, for an id must not begin with a minus.
new_id() {
  { printf k && head -c 15 /dev/urandom; } | base64 | tr '+/' '-_' | cut -c1-22
}

# configure N: the node's settings. Later lines win, so --config may set anything.
configure() {
  local voters='' n
  for ((n = 1; n <= nodes; n++)); do voters+=${voters:+,}$n@127.0.0.1:$((port + nodes + n - 1)); done
  mkdir -p "$dir/$1"
  {
    cat <<EOF
process.roles=broker,controller
node.id=$1
controller.quorum.voters=$voters
listeners=PLAINTEXT://$(address "$1"),CONTROLLER://127.0.0.1:$((port + nodes + $1 - 1))
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$dir/$1/logs

# Topics are made on purpose.
auto.create.topics.enable=false
default.replication.factor=$nodes
min.insync.replicas=$((nodes / 2 + 1))
offsets.topic.replication.factor=$nodes
transaction.state.log.replication.factor=$nodes
transaction.state.log.min.isr=$((nodes / 2 + 1))
share.coordinator.state.topic.replication.factor=$nodes
share.coordinator.state.topic.min.isr=$((nodes / 2 + 1))

# Few partitions and threads: a laptop's worth.
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=4
share.coordinator.state.topic.num.partitions=1
num.network.threads=2
num.io.threads=4
background.threads=4
log.cleaner.dedupe.buffer.size=16777216

# What happens in minutes in production is seen in seconds: a member joins, old records go, a dead node's partitions move.
# Transactions are given up at Kafka's own pace: a single broker that does so in its first second does not know its
# partitions yet, and Kafka 4.4.0 then calls a transaction aborted without a marker in them, so it hangs for ever.
group.initial.rebalance.delay.ms=0
log.initial.task.delay.ms=500
log.retention.check.interval.ms=1000
log.segment.delete.delay.ms=1000
log.cleaner.backoff.ms=500
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=4000
EOF
    [ "${#config[@]}" -eq 0 ] || printf '%s\n' "${config[@]}"
  } >"$dir/$1/server.properties"
}

address() {
  printf '127.0.0.1:%s' $((port + $1 - 1))
}

addresses() {
  local n all=''
  for ((n = 1; n <= nodes; n++)); do all+=${all:+,}$(address "$n"); done
  printf '%s' "$all"
}

# start_node N [OPTION]: with a further option of Java.
start_node() {
  local home=$dir/$1 java=("${java[@]}")
  [ ! -e "$classes" ] || java+=("-XX:SharedArchiveFile=$classes")
  if [ ! -e "$home/logs/meta.properties" ]; then
    "${java[@]}" -cp "$libs/*" kafka.tools.StorageTool format -t "$id" -c "$home/server.properties" >"$home/format.log" 2>&1 ||
      { cat "$home/format.log" >&2 && die "the storage of node $1 could not be made"; }
  fi
  # shellcheck disable=SC2086 # KAFKA_OPTS are words.
  launch "$home" "${java[@]}" -Dorg.slf4j.simpleLogger.showDateTime=true \
    -Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS "${@:2}" ${KAFKA_OPTS:-} -cp "$libs/*" \
    kafka.Kafka "$home/server.properties"
}

# Its port opens before a broker is let into its cluster; this line comes after both.
await_node() {
  await 90 "$dir/$1" grep -q 'Kafka Server started' "$dir/$1/log"
}

start() {
  local n given_nodes=$nodes given_port=$port fresh=() starting=() failed=
  fetch
  if [ -e "$dir/cluster" ]; then
    load
    [ "${given_nodes:-$nodes}" = "$nodes" ] ||
      die "$dir holds a cluster of $nodes; stop and wipe it, or name another folder with --dir"
  fi
  nodes=${nodes:-1}
  for ((n = 1; n <= nodes; n++)); do lives "$dir/$n" || fresh+=("$n"); done
  if [ -n "$given_port" ] && [ "$given_port" != "${port:-}" ]; then
    [ "${#fresh[@]}" -eq "$nodes" ] || die "it runs on $(addresses); stop it first"
    port=$given_port
  fi
  port=${port:-9092}
  claim "$dir"
  printf 'nodes=%s\nport=%s\nid=%s\n' "$nodes" "$port" "${id:-$(new_id)}" >"$dir/cluster"
  load
  for n in "${fresh[@]+"${fresh[@]}"}"; do
    need_port $((port + n - 1))
    need_port $((port + nodes + n - 1))
    configure "$n"
    start_node "$n" &
    starting+=("$!")
  done
  for n in "${starting[@]+"${starting[@]}"}"; do wait "$n" || failed=yes; done
  [ -z "$failed" ] || exit 1
  for n in "${fresh[@]+"${fresh[@]}"}"; do await_node "$n"; done
  [ -z "$owner" ] || guard "$owner" "$dir"
  printf 'KAFKA_BROKERS=%s\n' "$(addresses)"
}

load() {
  [ -e "$dir/cluster" ] || die "there is no cluster in $dir"
  # shellcheck source=/dev/null
  . "$dir/cluster"
}

# A broker signs off with the majority of the controllers: one by one, and the last of three has nobody left to ask.
stop() {
  local n
  load
  for ((n = 1; n <= nodes; n++)); do
    if [ "$n" -eq 1 ] || [ "$n" -lt "$nodes" ]; then end "$dir/$n"; else kill_now "$dir/$n"; fi
  done
}

status() {
  local n all=0
  load
  for ((n = 1; n <= nodes; n++)); do
    if lives "$dir/$n"; then
      printf 'node %s  %s  runs as process %s\n' "$n" "$(address "$n")" "$pid"
    else
      printf 'node %s  %s  does not run\n' "$n" "$(address "$n")"
      all=3
    fi
  done
  return "$all"
}

wipe() {
  local home
  [ -e "$dir" ] || return 0
  for home in "$dir"/[1-9]; do kill_now "$home"; done
  unclaim "$dir"
}

check_node() {
  load
  [[ $node =~ ^[1-9]$ && $node -le $nodes ]] || die "there is no node '$node': the cluster has $nodes"
}

restart() {
  end "$dir/$node"
  start_node "$node"
  await_node "$node"
}

command=${1:-}
node='' nodes='' port='' owner='' id='' config=() dir=$infra/.data/kafka
[ "$#" -eq 0 ] || shift
case $command in
  kill | restart | pause | resume)
    node=${1:-}
    [ -n "$node" ] || usage
    shift
    ;;
esac
while [ "$#" -gt 0 ]; do
  [ "$#" -ge 2 ] || usage
  case $command,$1 in
    *,--dir) dir=$2 ;;
    start,--nodes) nodes=$2 ;;
    start,--port) port=$2 ;;
    start,--config) config+=("$2") ;;
    start,--owner) owner=$2 ;;
    *) usage ;;
  esac
  shift 2
done
[[ $nodes =~ ^(1|3|)$ && $port =~ ^[0-9]*$ && $owner =~ ^[0-9]*$ ]] || usage
dir=$(resolved "$dir")
need ps
case $command in
  start | stop | status | wipe) "$command" ;;
  kill) check_node && kill_now "$dir/$node" ;;
  restart) need java && check_node && restart ;;
  pause) check_node && signal STOP "$dir/$node" ;;
  resume) check_node && signal CONT "$dir/$node" ;;
  fetch) fetch && printf '%s\n' "$libs" ;;
  *) usage ;;
esac
