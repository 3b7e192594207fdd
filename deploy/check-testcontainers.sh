#!/usr/bin/env bash
# Runs the tests of the services on Testcontainers where there is neither a container engine nor a registry of images:
# on Podman, with images made of Debian packages and of the Maven artefacts that everything else runs on.
#
#   deploy/check-testcontainers.sh [SERVICE…]      without any: asset access incident backup audit
#
# It installs podman, runc, its networks and debootstrap where they are missing and leaves them; all else it makes is gone when it ends. It ends with 77 where it
# cannot be made: it needs Debian and root.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. deploy/podman.sh
can_run "Where a Docker API answers, this does the same: ./vigie test -Dvigie.test.containers=true"

services=("$@")
[ $# -gt 0 ] || services=(asset access incident backup audit)

packages podman runc containernetworking-plugins iptables iproute2 debootstrap unzip xz-utils
engine=
at_end() {
  [ -z "$engine" ] || { kill "$engine" && wait "$engine"; } 2>/dev/null || true
}
own_podman cni

step "A base of Debian packages"
prepare() { chroot "$1" useradd --create-home vigie; }
debian_image localhost/vigie-base

step "PostgreSQL and Kafka from the Maven artefacts"
stack_jars
version=$(sed 's/.*-\([0-9][0-9.]*\)\.jar$/\1/' <<<"$postgres")
mkdir -p "$work/postgres/programs" "$work/kafka/jars"
unzip -q -p "$postgres" '*.txz' | tar -xJ -C "$work/postgres/programs"
xargs cp -t "$work/kafka/jars" <<<"$jars"
javac=$(command -v javac || true)
[ -z "$javac" ] || javac=$(dirname "$(dirname "$(readlink -f "$javac")")")
copy_java "${JAVA_HOME:-${javac:?Set JAVA_HOME to a JDK of version 17 or newer.}}" "$work/kafka/java"

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
