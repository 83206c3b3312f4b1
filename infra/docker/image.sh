#!/usr/bin/env bash
# Builds an image of Kafka that testcontainers' KafkaContainer runs, without pulling any: this machine's Java and the
# libraries that it needs, busybox, and the jars of ../kafka.sh. Linux only.
#
#   [DOCKER_HOST=...] infra/docker/image.sh
#
# Prints the image's name. KafkaContainer takes the version in it for one of Confluent's, whose 8.4 has Kafka 4.4; a label
# tells Kafka's own. An image of the same Kafka is left as it is.
set -euo pipefail

infra=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$infra/lib/process.sh"
. "$infra/lib/maven.sh"

name=crypto-pulse/kafka:8.4.0
kafka=$(version kafka kafka.version)
if [ "$(docker image inspect -f '{{.Config.Labels.kafka}}' "$name" 2>/dev/null)" = "$kafka" ]; then
  printf '%s\n' "$name"
  exit
fi

[ "$(uname)" = Linux ] || die 'needs Linux: the image holds programs of this machine'
busybox=$(command -v busybox) || die 'needs a static busybox (Debian: apt-get install busybox-static)'
libs=$("$infra/kafka.sh" fetch)
java_home=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# with_libraries PROGRAM...: copies the shared libraries that the programs load to the same places.
with_libraries() {
  local library
  ldd "$@" 2>/dev/null | grep -oE '/[^ ]+\.so[^ ]*' | grep -v "^$java_home" | sort -u | while read -r library; do
    [ ! -e "$library" ] || install -D -m 755 "$(readlink -f "$library")" "$root$library"
  done
}

mkdir -p "$root"/{bin,usr/bin,dev,proc,sys,root,etc/confluent/docker,etc/kafka,var/lib/kafka/data,opt/java,opt/kafka}
mkdir -m 1777 "$root/tmp"

# Java as it is, less what only compilers need. Debian's has links into /etc, and some to packages that are not here.
tar -C "$java_home" -ch --exclude=./jmods --exclude=./man --exclude=./include --exclude='*.zip' \
  --exclude-from=<(cd "$java_home" && find . -xtype l) . | tar -C "$root/opt/java" -x
ln -s /opt/java/bin/java "$root/bin/java"
# Without a display, what draws on one is never loaded.
find "$java_home/bin/java" "$java_home/lib" -type f \( -name java -o -name '*.so' \) ! -name 'lib*awt_xawt.so' \
  ! -name libjawt.so ! -name libsplashscreen.so >"$root/tmp/programs"
mapfile -t programs <"$root/tmp/programs"
rm "$root/tmp/programs"
# Kafka's jars bring codecs of their own, built for older systems: they ask for the C++ library, and the C library in parts.
mapfile -t runtime < <(PATH=$PATH:/sbin ldconfig -p |
  sed -n 's/.*\(libstdc++\.so\.6\|lib\(gcc_s\|rt\)\.so\.1\|lib\(c\|m\)\.so\.6\|libdl\.so\.2\|libpthread\.so\.0\) .*=> //p')
with_libraries "${programs[@]}" "${runtime[@]}" /bin/bash
for library in "${runtime[@]}"; do install -D -m 755 "$(readlink -f "$library")" "$root$library"; done

install -m 755 "$busybox" "$root/bin/busybox"
# KafkaContainer's starter asks for bash by name; busybox has none.
install -m 755 /bin/bash "$root/bin/bash"
for applet in sh env grep sed tr cat echo mkdir sleep ls nc awk ps kill rm head tail timeout; do
  ln -s busybox "$root/bin/$applet"
done
ln -s /bin/env "$root/usr/bin/env"
printf 'root:x:0:0:root:/root:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\n' >"$root/etc/group"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"

cp -r "$libs" "$root/opt/kafka/libs"
install -m 755 "$infra"/docker/image/{run,configure} "$root/etc/confluent/docker/"
install -m 755 "$infra/docker/image/kafka-storage" "$root/bin/"

tar -C "$root" -c . | docker import --change "LABEL kafka=$kafka" --change 'ENV PATH=/bin:/usr/bin' \
  --change 'EXPOSE 9092 9093' --change 'CMD ["/etc/confluent/docker/run"]' - "$name" >/dev/null
printf '%s\n' "$name"
