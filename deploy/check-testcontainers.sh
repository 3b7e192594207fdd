#!/usr/bin/env bash
# Runs the tests of the services on Testcontainers where there is neither a container engine nor a registry of images:
# on Podman, with images made of Debian packages and of the Maven artefacts that everything else runs on.
#
#   deploy/check-testcontainers.sh [SERVICE…]      without any: asset access incident backup audit
#
# It installs podman, runc and debootstrap where they are missing and leaves them; all else it makes is gone when it ends.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

skip() {
  printf '%s\n' "Skipped: $1" "Where a Docker API answers, this does the same: ./vigie test -Dvigie.test.containers=true" >&2
  exit 0
}
[ "$(id -u)" = 0 ] || skip "it installs packages, makes a root file system and runs containers, so it needs root."
[ -e /etc/debian_version ] && command -v apt-get >/dev/null ||
  skip "it makes its images of Debian packages, so it needs Debian."

step() { printf '%s %s\n' "$(date +%T)" "$1"; }

services=("$@")
[ $# -gt 0 ] || services=(asset access incident backup audit)

missing=()
for package in podman runc debootstrap unzip xz-utils; do
  dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  step "Installing ${missing[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
fi

# Podman with a storage, a state and settings of its own: that of the machine, if there is one, is not touched.
work=$(mktemp -d /var/tmp/vigie-containers.XXXXXX)
engine=
bridge=/sys/class/net/cni-podman0
[ ! -e "$bridge" ] || bridge=
cleanup() {
  podman rm --all --force --time 0 >/dev/null 2>&1 || true
  [ -z "$engine" ] || { kill "$engine" && wait "$engine"; } 2>/dev/null || true
  # The storage mounts itself, so that nothing else holds on to its layers.
  umount --quiet "$work/storage/overlay" 2>/dev/null || true
  [ -z "$bridge" ] || [ ! -e "$bridge" ] || ip link delete "$(basename "$bridge")"
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

mkdir "$work/state"
cat >"$work/containers.conf" <<END
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
lock_type = "file"
tmp_dir = "$work/state/libpod"
[network]
network_config_dir = "$work/state/networks"
END
cat >"$work/storage.conf" <<END
[storage]
driver = "overlay"
graphroot = "$work/storage"
runroot = "$work/state/storage"
END
export CONTAINERS_CONF="$work/containers.conf" CONTAINERS_STORAGE_CONF="$work/storage.conf"

step "A base of Debian packages"
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
  sed -n "s/^$suite //p" | head -n 1)
[ -n "$mirror" ] || { echo "apt knows no source of $suite: see /etc/apt/sources.list" >&2; exit 1; }
debootstrap --variant=minbase "$suite" "$work/base" "$mirror" >"$work/debootstrap.log" ||
  { tail -n 5 "$work/debootstrap.log" >&2; exit 1; }
chroot "$work/base" useradd --create-home vigie
tar -C "$work/base" --one-file-system -c . | podman import --quiet - localhost/vigie-base >/dev/null
rm -rf --one-file-system "$work/base"

step "PostgreSQL and Kafka from the Maven artefacts"
./vigie --help >/dev/null
jars=$(tr : '\n' <stack/target/classpath | grep '\.jar$')
postgres=$(grep '/embedded-postgres-binaries-' <<<"$jars")
version=$(sed 's/.*-\([0-9][0-9.]*\)\.jar$/\1/' <<<"$postgres")
mkdir -p "$work/postgres/programs" "$work/kafka/jars" "$work/kafka/java"
unzip -q -p "$postgres" '*.txz' | tar -xJ -C "$work/postgres/programs"
grep -v '/embedded-postgres-binaries-' <<<"$jars" | xargs cp -t "$work/kafka/jars"
javac=$(command -v javac || true)
[ -z "$javac" ] || javac=$(dirname "$(dirname "$(readlink -f "$javac")")")
java=${JAVA_HOME:-${javac:?Set JAVA_HOME to a JDK of version 17 or newer.}}
# Its files alone: Debian's are links to elsewhere, some of them to nowhere.
(cd "$java" && find -L . -type f -not -path './jmods/*' -print0 | tar --null -T - -ch) | tar -x -C "$work/kafka/java"

# Says twice that it is ready, as the image that Testcontainers knows does: before it is set up, and after.
cat >"$work/postgres/entrypoint" <<'END'
#!/bin/sh
set -eu
export PATH=/opt/postgresql/bin:$PATH PGDATA=/home/vigie/data
printf %s "$POSTGRES_PASSWORD" >/tmp/password
initdb --username="$POSTGRES_USER" --pwfile=/tmp/password --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 >/dev/null
rm /tmp/password
echo "host all all all scram-sha-256" >>$PGDATA/pg_hba.conf
pg_ctl --wait --options="-c listen_addresses= -c unix_socket_directories=/tmp" start
pg_ctl --wait stop
echo "create database \"$POSTGRES_DB\"" | postgres --single -D $PGDATA postgres >/dev/null
exec "$@" -c "listen_addresses=*" -c unix_socket_directories=/tmp
END
cat >"$work/postgres/Containerfile" <<'END'
FROM localhost/vigie-base
COPY programs /opt/postgresql
COPY --chmod=0755 entrypoint /usr/local/bin/
USER vigie
ENTRYPOINT ["/usr/local/bin/entrypoint"]
CMD ["postgres"]
END

# What the image that Testcontainers knows has at this place: KAFKA_A_B=c becomes the setting a.b=c.
cat >"$work/kafka/run" <<'END'
#!/bin/sh
set -eu
settings=/home/vigie/server.properties
env | sed -n 's/^KAFKA_//p' | while IFS='=' read -r name value; do
  printf '%s=%s\n' "$(printf %s "$name" | tr 'A-Z_' 'a-z.')" "$value"
done >$settings
printf '%s\n' log.dirs=/home/vigie/log log.cleaner.dedupe.buffer.size=4194304 >>$settings
export CLASSPATH='/opt/kafka/*'
java="/opt/java/bin/java -XX:+UseSerialGC -Xmx512m"
$java kafka.tools.StorageTool format --ignore-formatted -t "$CLUSTER_ID" -c $settings
exec $java -Dlog4j2.level=INFO kafka.Kafka $settings
END
cat >"$work/kafka/Containerfile" <<'END'
FROM localhost/vigie-base
COPY java /opt/java
COPY jars /opt/kafka
COPY --chmod=0755 run /etc/kafka/docker/run
USER vigie
END
podman build --quiet --tag "localhost/vigie-postgres:$version" "$work/postgres" >/dev/null
podman build --quiet --tag localhost/vigie-kafka "$work/kafka" >/dev/null
rm -rf "$work/postgres" "$work/kafka"

step "The Docker API of Podman"
socket="$work/state/podman.sock"
podman system service --time=0 "unix://$socket" 2>"$work/service.log" &
engine=$!
until [ -S "$socket" ]; do
  kill -0 "$engine" 2>/dev/null || { cat "$work/service.log" >&2; exit 1; }
  sleep 0.2
done
export DOCKER_HOST="unix://$socket" TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1

step "The tests of ${services[*]}"
modules=$(printf ',%s-service' "${services[@]}")
tests=$(printf ',io.vigie.%s.**' "${services[@]}")
./vigie test --fail-at-end -pl "${modules#,}" -am -Dquarkus.build.skip=true -Dsurefire.failIfNoSpecifiedTests=false "-Dtest=${tests#,}" \
  -Dvigie.test.containers=true "-Dvigie.test.image.postgres=localhost/vigie-postgres:$version" \
  -Dvigie.test.image.kafka=localhost/vigie-kafka
step "All of them pass on containers"
