# shellcheck shell=bash
# Jars from Maven Central in a cache folder. Sourced; `infra` is the folder of the scripts.

cache=$(resolved "${CRYPTO_PULSE_CACHE:-$infra/.cache}")

# need COMMAND: ends with what to install where it is missing.
need() {
  command -v "$1" >/dev/null && return
  case $1 in
    java) die 'needs Java 17 or newer on the PATH (Debian: apt-get install openjdk-17-jre-headless)' ;;
    mvn) die 'needs Maven on the PATH to fetch the jars, once (Debian: apt-get install maven)' ;;
    ps) die 'needs ps on the PATH (Debian: apt-get install procps)' ;;
    *) die "needs $1 on the PATH" ;;
  esac
}

need_java_17() {
  local major
  need java
  major=$(java --version 2>/dev/null | sed -n '1s/^[^0-9]*\([0-9]*\).*/\1/p' || true)
  [ "${major:-0}" -ge 17 ] || die "needs Java 17 or newer; $(command -v java) is older"
}

# version POM PROPERTY: what the pom sets it to, so that there is one place to change it.
version() {
  sed -n "s:.*<$2>\(.*\)</$2>.*:\1:p" "$infra/$1/pom.xml"
}

# cached NAME POM GOAL...: fills the folder NAME of the cache with what Maven brings, unless it is there. Two at once each
# bring their own, and one is kept; one that breaks off leaves nothing that looks complete.
cached() {
  local folder=$cache/$1 pom=$infra/$2/pom.xml part
  [ -d "$folder" ] && return
  shift 2
  need_java_17
  need mvn
  mkdir -p "$cache"
  part=$(mktemp -d "$cache/part.XXXXXX")
  printf 'Fetching %s into %s ...\n' "${folder##*/}" "$cache" >&2
  if ! mvn -q -B -ntp -f "$pom" "$@" "-DoutputDirectory=$part" >"$part.log" 2>&1; then
    grep -m 3 ERROR "$part.log" >&2 || true
    rm -rf "$part" "$part.log"
    die 'Maven could not fetch the jars; is Maven Central within reach?'
  fi
  rm "$part.log"
  chmod 755 "$part"
  [ -d "$folder" ] || mv "$part" "$folder"
  rm -rf "$part"
}
