#!/usr/bin/env bash
# A schema registry on the loopback of this machine, for development and tests: Apicurio Registry, which speaks Confluent's
# API. It keeps schemas in memory: they are gone when it ends. Needs Java 17; and Maven, once.
#
#   infra/registry.sh start [--port P] [--owner PID]
#   infra/registry.sh stop | status | wipe
#   infra/registry.sh pause | resume
#
# start    fetches it where needed, and returns when it answers on P (8081). One that runs is left alone.
#          --owner  wipe everything when the process PID has gone
# stop     ends it in good order.
# status   says whether it runs; exit code 3 unless it does.
# wipe     ends it at once, and removes its log.
# pause, resume  SIGSTOP and SIGCONT: it takes connections, and does not answer.
#
# All take --dir D, the folder of this registry: infra/.data/registry if not named. The environment may set
#   CRYPTO_PULSE_CACHE  where the jars are kept: infra/.cache
set -euo pipefail

infra=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$infra/lib/process.sh"
. "$infra/lib/maven.sh"

apicurio=apicurio-$(version registry apicurio.version)

usage() {
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
  exit 2
}

url() {
  printf 'http://127.0.0.1:%s/apis/ccompat/v7' "$port"
}

answers() {
  curl -fs -o "$dir/answer" --max-time 5 "$(url)/subjects"
}

start() {
  local given=$port
  cached "$apicurio" registry dependency:unpack
  need java
  need curl
  claim "$dir"
  if lives "$dir"; then
    load
    [ "${given:-$port}" = "$port" ] || die "it runs on port $port; stop it first"
  else
    port=${given:-8081}
    need_port "$port"
    printf 'port=%s\n' "$port" >"$dir/registry"
    launch "$dir" java -Xms64m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "-Djava.io.tmpdir=$dir/" \
      -Dquarkus.http.host=127.0.0.1 "-Dquarkus.http.port=$port" -jar "$cache/$apicurio"/*-runner.jar
    await 90 "$dir" answers
  fi
  [ -z "$owner" ] || guard "$owner" "$dir"
  printf 'SCHEMA_REGISTRY_URL=%s\n' "$(url)"
}

load() {
  [ -e "$dir/registry" ] || die "there is no registry in $dir"
  # shellcheck source=/dev/null
  . "$dir/registry"
}

status() {
  load
  if lives "$dir"; then
    printf '%s  runs as process %s\n' "$(url)" "$pid"
  else
    printf '%s  does not run\n' "$(url)"
    return 3
  fi
}

wipe() {
  [ -e "$dir" ] || return 0
  kill_now "$dir"
  unclaim "$dir"
}

command=${1:-}
port='' owner='' dir=$infra/.data/registry
[ "$#" -eq 0 ] || shift
while [ "$#" -gt 0 ]; do
  [ "$#" -ge 2 ] || usage
  case $command,$1 in
    *,--dir) dir=$2 ;;
    start,--port) port=$2 ;;
    start,--owner) owner=$2 ;;
    *) usage ;;
  esac
  shift 2
done
[[ $port =~ ^[0-9]*$ && $owner =~ ^[0-9]*$ ]] || usage
dir=$(resolved "$dir")
need ps
case $command in
  start | status | wipe) "$command" ;;
  stop) load && end "$dir" ;;
  pause) load && signal STOP "$dir" ;;
  resume) load && signal CONT "$dir" ;;
  *) usage ;;
esac
