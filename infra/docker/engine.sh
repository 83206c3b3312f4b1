#!/usr/bin/env bash
# A Docker engine for tests, where none runs: dockerd by hand, as root, with a state of its own in one folder. It makes no
# firewall rules and publishes ports on the loopback alone: containers reach each other and this machine, not the world.
#
#   infra/docker/engine.sh start [--owner PID]
#   infra/docker/engine.sh status | wipe
#
# start    returns when the engine answers, and prints its DOCKER_HOST.
#          --owner  wipe everything when the process PID has gone
# status   says whether it runs; exit code 3 unless it does.
# wipe     removes its containers, ends it, and removes all that it holds and left on this machine.
#
# All take --dir D, the folder of this engine: crypto-pulse-docker among the temporary files if not named. A socket is in
# it, so its path must be short.
set -euo pipefail

infra=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$infra/lib/process.sh"

usage() {
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
  exit 2
}

answers() {
  docker version >/dev/null 2>&1
}

start() {
  [ "$(id -u)" -eq 0 ] || die 'needs root to run an engine; start Docker yourself, or use infra/kafka.sh'
  command -v dockerd >/dev/null || die 'needs Docker (Debian: apt-get install docker.io)'
  claim "$dir"
  if ! lives "$dir"; then
    # One that was killed leaves its pid file, and the bridge is ours to remove if it was not there before.
    rm -f "$dir/dockerd.pid"
    [ -e /sys/class/net/docker0 ] || : >"$dir/made-docker0"
    launch "$dir" dockerd --host "$DOCKER_HOST" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/dockerd.pid" \
      --ip 127.0.0.1 --iptables=false --ip6tables=false --ip-masq=false --ip-forward=false
    await 60 "$dir" answers
  fi
  [ -z "$owner" ] || guard "$owner" "$dir"
  printf 'DOCKER_HOST=%s\n' "$DOCKER_HOST"
}

status() {
  if lives "$dir"; then
    printf '%s  runs as process %s\n' "$DOCKER_HOST" "$pid"
  else
    printf '%s  does not run\n' "$DOCKER_HOST"
    return 3
  fi
}

wipe() {
  [ -e "$dir" ] || return 0
  if lives "$dir" && answers; then
    # One that is being removed already is no failure.
    docker ps -aq | xargs -r docker rm -fv >/dev/null || true
    docker network prune -f >/dev/null
  fi
  end "$dir"
  [ ! -e "$dir/made-docker0" ] || ip link del docker0 2>/dev/null || true
  # An engine that was killed leaves mounts, and folders that are mounts can't be removed.
  awk -v dir="$dir/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
    while read -r mount; do umount "$mount" 2>/dev/null || umount -l "$mount" 2>/dev/null || true; done
  find /sys/fs/cgroup/docker /sys/fs/cgroup/*/docker -depth -type d -exec rmdir {} \; 2>/dev/null || true
  unclaim "$dir"
}

command=${1:-}
owner='' dir=${TMPDIR:-/tmp}/crypto-pulse-docker
[ "$#" -eq 0 ] || shift
while [ "$#" -gt 0 ]; do
  [ "$#" -ge 2 ] || usage
  case $command,$1 in
    *,--dir) dir=$2 ;;
    start,--owner) owner=$2 ;;
    *) usage ;;
  esac
  shift 2
done
dir=$(resolved "$dir")
export DOCKER_HOST=unix://$dir/docker.sock
case $command in
  start | status | wipe) "$command" ;;
  *) usage ;;
esac
