#!/usr/bin/env bash
# Runs a command where a Docker engine answers, for suites that use testcontainers.
#
#   infra/docker/with-engine.sh COMMAND...
#
# An engine that answers is used as it is. Where none does, one is started for the time of the command (Linux, as root),
# with an image of Kafka that is built here, and the command's environment says where: DOCKER_HOST, PULSE_TEST_KAFKA_IMAGE,
# and what testcontainers needs to know. With CI=true missing packages are installed first.
set -euo pipefail

infra=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

[ "$#" -gt 0 ] || { sed -n '2,/^set /s/^# \{0,1\}//p' "$0" && exit 2; }
! docker version >/dev/null 2>&1 || exec "$@"

if [ "${CI:-}" = true ] && ! { command -v dockerd && command -v busybox; } >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  { apt-get -qq update && apt-get -qq install -y --no-install-recommends docker.io busybox-static; } >"$log" 2>&1 ||
    { tail -n 20 "$log" >&2 && exit 1; }
  rm "$log"
fi

child=
# shellcheck disable=SC2317
leave() {
  [ -z "$child" ] || kill "$child" 2>/dev/null || true
  "$infra/docker/engine.sh" wipe || true
}
trap leave EXIT
trap 'exit 143' HUP INT TERM

started=$("$infra/docker/engine.sh" start --owner "$$")
export "${started?}"
PULSE_TEST_KAFKA_IMAGE=$("$infra/docker/image.sh")
export PULSE_TEST_KAFKA_IMAGE
# Its reaper is an image that can't be pulled here; and it may take this machine for a container.
export TESTCONTAINERS_RYUK_DISABLED=true
export TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1

# Beside this script, so that a signal to it alone is acted on at once.
"$@" <&0 &
child=$!
status=0
wait "$child" || status=$?
child=
exit "$status"
