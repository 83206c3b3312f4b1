# shellcheck shell=bash
# Processes that outlive the script which started them. Sourced.
# Each has a folder of its own that names it: the folder's path with a slash behind it is in the process's arguments.

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# launch FOLDER COMMAND...: starts the command apart from this terminal and group; FOLDER/pid and FOLDER/log are its own.
launch() {
  local folder=$1
  shift
  [ ! -e "$folder/log" ] || mv "$folder/log" "$folder/log.before"
  apart "$@" >"$folder/log" 2>&1 </dev/null &
  printf '%s\n' "$!" >"$folder/pid"
  # Until it has become the command, it has the arguments of this script.
  while ! lives "$folder" && kill -0 "$!" 2>/dev/null; do sleep 0.01; done
}

# apart COMMAND...: becomes the command, which signals to this script's group do not reach.
apart() {
  if command -v setsid >/dev/null; then exec setsid "$@"; else exec nohup "$@"; fi
}

# lives FOLDER: whether its process is there, and sets `pid`. After a reboot the number may be a stranger's, and one that
# nobody has waited for is still in the table: only the arguments tell.
lives() {
  pid=
  [ -s "$1/pid" ] && pid=$(<"$1/pid") && [[ "$(ps -ww -o args= -p "$pid" 2>/dev/null)" == *"$1/"* ]]
}

# signal NAME FOLDER: where its process lives.
signal() {
  ! lives "$2" || kill "-$1" "$pid" 2>/dev/null || true
}

# ends_within SECONDS FOLDER: waits until its process is gone.
ends_within() {
  local until=$((SECONDS + $1))
  while lives "$2"; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.05
  done
}

# kill_now FOLDER: as a power cut would.
kill_now() {
  signal KILL "$1"
  ends_within 10 "$1" || die "process $pid is still there after kill -9"
}

# end FOLDER: asks it, even if it was paused; once.
end() {
  signal TERM "$1"
  signal CONT "$1"
  ends_within 10 "$1" || kill_now "$1"
}

# await SECONDS FOLDER CHECK...: until the check holds; where the process ends before or takes too long, shows its log.
await() {
  local folder=$2 until=$((SECONDS + $1))
  shift 2
  until "$@"; do
    if ! lives "$folder" || [ "$SECONDS" -ge "$until" ]; then
      tail -n 20 "$folder/log" >&2
      signal KILL "$folder"
      die "it did not start; all that it said is in $folder/log"
    fi
    sleep 0.1
  done
}

# need_port PORT: ends where something listens on it.
need_port() {
  ! (: >"/dev/tcp/127.0.0.1/$1") 2>/dev/null || die "port $1 is in use; name another with --port"
}

# guard PID DIR: leaves a process behind that wipes DIR once PID has gone, for owners that may be killed.
guard() {
  # shellcheck disable=SC2016
  apart bash -c '
    made=$(<"$2/made-by")
    while [ "$(cat "$2/made-by")" = "$made" ]; do
      case $(ps -o stat= -p "$1") in "" | Z*) exec "$3" wipe --dir "$2" ;; esac
      sleep 1
    done
  ' guard "$1" "$2" "$(resolved "$0")" >/dev/null 2>&1 </dev/null &
}

# claim DIR: makes the folder, and marks it as one that may be wiped. One with other things in it is refused.
claim() {
  mkdir -p "$1"
  [ ! -e "$1/made-by" ] || return 0
  [ -z "$(ls -A "$1")" ] || die "$1 holds other things; name another folder with --dir"
  printf '%s %s\n' "${0##*/}" "$$" >"$1/made-by"
}

# unclaim DIR: removes a folder that was claimed, and no other.
unclaim() {
  [ -e "$1/made-by" ] || die "$1 is not a folder that this script made"
  rm -rf "$1"
}

# resolved PATH: one path for it from wherever it is named, for processes are known by theirs.
resolved() {
  [ ! -d "$1" ] || { (cd "$1" && pwd -P) && return; }
  [ -d "$(dirname "$1")" ] || mkdir -p "$(dirname "$1")"
  printf '%s/%s\n' "$(cd "$(dirname "$1")" && pwd -P)" "$(basename "$1")"
}
