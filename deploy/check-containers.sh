#!/usr/bin/env bash
# Runs deploy/compose.yaml where there is neither a container engine nor a registry of images: on Podman, with the images of the services, the
# console and Keycloak as deploy/images.sh builds them, and stand-ins for those of others (PostgreSQL and Kafka of the Maven artefacts, HAProxy,
# Prometheus and Alertmanager of Debian). Then it looks from outside and from each container at what is open, and runs the system tests and the demo
# through the proxy. Before all that it runs the tests of the services on Testcontainers (deploy/check-testcontainers.sh).
#
#   deploy/check-containers.sh
#
# VIGIE_OSV, where it is set, is a folder with an export of OSV (docs/security.md, Dependencies and releases): what is known of what is in the images ends it.
# 0: all of it was shown; the last lines say what was not tried. 77: it cannot be made here, as it needs Debian and root. It installs the packages that
# are missing and leaves them; all else it makes is gone when it ends. It takes 10 GiB of memory and 8 of /var/tmp.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. deploy/podman.sh
can_run "Where Docker or Podman and a registry are, docs/operations.md (Containers) says how to run it."
[ ! -e deploy/.env ] || { echo "deploy/.env is there: this machine may have a platform of its own." >&2; exit 1; }

# With an engine of its own, before there is one here.
step "The tests of the services, on Testcontainers"
deploy/check-testcontainers.sh

packages podman runc podman-compose netavark aardvark-dns iptables debootstrap unzip xz-utils openssl jq curl chromium fonts-liberation restic
own_podman netavark
domain=vigie.localhost
export VIGIE_SECRETS="$work/secrets" VIGIE_ADDRESS=127.47.0.1 VIGIE_IMAGES=localhost/vigie VIGIE_ENGINE=podman BUILDAH_FORMAT=docker
others=(proxy mail prometheus alertmanager kafka kafka-access keycloak {asset,access,incident,backup,audit,console,keycloak}-db)
applications=({asset,access,incident,backup,audit}-service console)
compose() { podman-compose --project-name vigie --file "$work/compose.yaml" "$@"; }
container() { podman ps --all --quiet --filter "label=com.docker.compose.service=$1"; }
fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

step "Bases: Java, and what Debian has of the others"
debian_image localhost/vigie-java openjdk-17-jre-headless
debian_image localhost/vigie-programs haproxy,prometheus,prometheus-alertmanager,postgresql-client-15

step "Stand-ins for the images of others"
stack_jars
image() { podman build --quiet --tag "localhost/vigie-stand-in/$1" "$work/$1" >/dev/null; rm -rf "${work:?}/$1"; }
export VIGIE_POSTGRES_IMAGE=localhost/vigie-stand-in/postgres VIGIE_KAFKA_IMAGE=localhost/vigie-stand-in/kafka \
  VIGIE_PROXY_IMAGE=localhost/vigie-stand-in/proxy VIGIE_PROMETHEUS_IMAGE=localhost/vigie-stand-in/prometheus \
  VIGIE_ALERTMANAGER_IMAGE=localhost/vigie-stand-in/alertmanager

mkdir -p "$work/postgres/programs"
unzip -q -p "$postgres" '*.txz' | tar -xJ -C "$work/postgres/programs"
cat >"$work/postgres/docker-entrypoint.sh" <<'END'
#!/bin/sh
set -eu
export PATH=/opt/postgresql/bin:$PATH PGDATA=/var/lib/postgresql/18/docker
if [ ! -e $PGDATA/PG_VERSION ]; then
  mkdir -p $PGDATA
  initdb --username=postgres --pwfile="$POSTGRES_PASSWORD_FILE" $POSTGRES_INITDB_ARGS
  echo "host all all all scram-sha-256" >>$PGDATA/pg_hba.conf
  (shift && pg_ctl --wait --options="$* -c listen_addresses= -c unix_socket_directories=/tmp" start)
  for script in /docker-entrypoint-initdb.d/*.sql; do
    PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE") psql --quiet --no-psqlrc --host=/tmp --username=postgres --set=ON_ERROR_STOP=1 --file="$script"
  done
  pg_ctl --wait stop
fi
exec "$@" -c "listen_addresses=*" -c unix_socket_directories=/var/run/postgresql
END
cat >"$work/postgres/Containerfile" <<'END'
FROM localhost/vigie-programs
COPY programs /opt/postgresql
COPY --chmod=0755 docker-entrypoint.sh /usr/local/bin/
RUN useradd --uid 999 server && install -d -o 999 -g 999 -m 1777 /var/lib/postgresql
USER 999
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
END
image postgres

mkdir -p "$work/kafka/jars"
xargs cp -t "$work/kafka/jars" <<<"$jars"
mvn -B -q dependency:copy "-Dartifact=org.apache.kafka:kafka-tools:$(sed -n 's|.*/kafka-server-\([0-9.]*\)\.jar$|\1|p' <<<"$jars")" "-DoutputDirectory=$work/kafka/jars"
cat >"$work/kafka/run" <<'END'
#!/bin/sh
set -eu
settings=/tmp/server.properties
env | sed -n 's/^KAFKA_//p' | while IFS='=' read -r name value; do
  printf '%s=%s\n' "$(printf %s "$name" | sed 's/___/-/g' | tr 'A-Z_' 'a-z.')" "$value"
done >$settings
echo log.cleaner.dedupe.buffer.size=4194304 >>$settings
export CLASSPATH='/opt/kafka/jars/*'
java="java -XX:+UseSerialGC -Xmx512m"
$java kafka.tools.StorageTool format --ignore-formatted -t "$CLUSTER_ID" -c $settings
exec $java kafka.Kafka $settings
END
cat >"$work/kafka/Containerfile" <<'END'
FROM localhost/vigie-java
COPY jars /opt/kafka/jars
COPY --chmod=0755 run /etc/kafka/docker/run
RUN install -d -o 1000 -g 1000 /var/lib/kafka/data
USER 1000
ENTRYPOINT ["/etc/kafka/docker/run"]
END
image kafka

mkdir "$work/keycloak"
unzip -q "$(ls stack/target/dist/keycloak-quarkus-dist-*.zip | tail -n 1)" -d "$work/keycloak"
mv "$work/keycloak"/keycloak-* "$work/keycloak/server"
cat >"$work/keycloak/Containerfile" <<'END'
FROM localhost/vigie-java
COPY --chown=1000:0 server /opt/keycloak
USER 1000
ENTRYPOINT ["/opt/keycloak/bin/kc.sh"]
END
image keycloak

for program in proxy:/bin:99 prometheus:/prometheus:65534 alertmanager:/alertmanager:65534; do
  IFS=: read -r name state user <<<"$program"
  mkdir "$work/$name"
  {
    echo "FROM localhost/vigie-programs"
    case $name in
      proxy) ;;
      prometheus) echo 'ENTRYPOINT ["/usr/bin/prometheus"]' ;;
      alertmanager) echo 'ENTRYPOINT ["/usr/bin/prometheus-alertmanager"]' ;;
    esac
    [ "$name" = proxy ] || echo "RUN install -d -o $user -g $user $state"
    echo "USER $user"
  } >"$work/$name/Containerfile"
  image "$name"
done

# What the Containerfile names is newer than Debian's. A JDK of the machine's may be, too.
newest= version=17
for java in /usr/lib/jvm/*; do
  other=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java/release" 2>/dev/null || true)
  [ "${other:-0}" -le "$version" ] || { newest=$java && version=$other; }
done
base=localhost/vigie-java
if [ -n "$newest" ]; then
  copy_java "$newest" "$work/java/home"
  printf '%s\n' "FROM $base" 'COPY home /opt/java' 'RUN ln -s /opt/java/bin/java /usr/local/bin/java' >"$work/java/Containerfile"
  image java
  base=localhost/vigie-stand-in/java
fi

step "The images of Vigie, on Java $version"
VIGIE_BASE=$base VIGIE_KEYCLOAK_BASE=localhost/vigie-stand-in/keycloak deploy/images.sh
mkdir "$work/sbom"
for name in asset access incident backup audit console keycloak; do
  podman create --quiet --name "$name-look" "localhost/vigie/$name" >/dev/null
  podman cp "$name-look:/opt/vigie/sbom.json" - | tar -xO >"$work/sbom/$name.json"
  jq -e '.bomFormat == "CycloneDX" and (.components | length > 50)' "$work/sbom/$name.json" >/dev/null ||
    fail "The image of $name does not say what is in it."
  podman cp "$name-look:/opt/vigie/licences.txt" - | tar -xO | grep 'Apache' >/dev/null || fail "The image of $name does not say under which licences."
  podman rm "$name-look" >/dev/null
done

if [ -n "${VIGIE_OSV:-}" ]; then
  step "What is known of what is in them"
  ./vigie vulnerabilities --osv "$VIGIE_OSV" "$work"/sbom/{asset,access,incident,backup,audit,console}.json || fail "See what was found, or could not be read, above."
fi

step "The same images, from jars that are built again"
# But the archive of classes, which comes last, and what Quarkus generates: the same classes, in which orders and invented names differ from build to build.
layers() { podman inspect "localhost/vigie/$1" | jq -c '.[0].RootFS.Layers | del(.[-1, -5])'; }
generated() {
  local jar
  for jar in {asset,access,incident,backup,audit}-service/target/quarkus-app/quarkus/*.jar console/target/quarkus-app/quarkus/*.jar; do
    [ -e "$jar" ] || fail "There is no $jar."
    echo "$jar"
    unzip -Z1 "$jar" | LC_ALL=C sort
  done
}
before=$(generated)
rm -rf {asset,access,incident,backup,audit}-service/target/quarkus-app console/target/quarkus-app
VIGIE_BASE=$base VIGIE_KEYCLOAK_BASE=localhost/vigie-stand-in/keycloak VIGIE_VERSION=again deploy/images.sh --no-cache
[ "$(generated)" = "$before" ] || fail "Other classes are generated:" "$(diff <(echo "$before") <(generated))"
for name in asset access incident backup audit console; do
  [ "$(layers "$name:latest")" = "$(layers "$name:again")" ] || fail "Layers of $name are others:" "$(layers "$name:latest")" "$(layers "$name:again")"
  podman rmi "localhost/vigie/$name:again" >/dev/null
done

step "Secrets, and the start"
deploy/secrets.sh --demo
# Debian's podman-compose knows neither the addresses of a network nor other names in it. The proxy gets both here, before anybody asks for them.
# How soon services and the console give up is not looked at here, where all of it shares a machine that may be slow.
sed -e '/^    networks:$/,/^$/c\    networks: [outside, graphs, front]\n' \
  -e '/^x-settings:/a\  VIGIE_REQUEST_DEADLINE: 60s\n  QUARKUS_REST_CLIENT_READ_TIMEOUT: "65000"' deploy/compose.yaml >"$work/compose.yaml"
ln -s "$PWD/deploy/proxy" "$PWD/deploy/postgres" "$PWD/deploy/monitoring" "$PWD/deploy/kubernetes" "$work"
at_end() { compose down --volumes >/dev/null 2>&1 || true; }
# It ends with 0 whatever became of them.
start() {
  local name
  compose up --detach "$@" >"$work/up.log" 2>&1 || true
  for name in "$@"; do
    [ -n "$(container "$name")" ] || fail "$(tail -n 40 "$work/up.log")" "There is no container of $name."
  done
}
podman network create --internal --subnet 10.213.47.0/24 vigie_front >/dev/null
start proxy
podman network disconnect vigie_front "$(container proxy)"
podman network connect --alias proxy --alias "sso.$domain" --alias "audit.$domain" --alias "console.$domain" vigie_front "$(container proxy)"
# Nor does it wait until something is well before it starts what depends on it.
deadline=$((SECONDS + 600))
well() {
  until podman healthcheck run "$(container "$1")" >/dev/null 2>&1; do
    if [ $SECONDS -gt $deadline ]; then
      podman ps --all --format '{{.Names}} {{.Status}}' >&2
      grep '^Error' "$work/up.log" >&2 || true
      podman logs --tail 60 "$(container "$1")" >&2 || true
      fail "$1 is not healthy."
    fi
    sleep 2
  done
  step "  $1 is healthy"
}
start kafka kafka-access
well kafka-access
start "${others[@]}" "${applications[@]}"
deadline=$((SECONDS + 600))
for name in "${others[@]}" "${applications[@]}"; do
  well "$name"
done

step "What each container may do"
for name in "${others[@]}" "${applications[@]}"; do
  podman inspect "$(container "$name")" | jq -e --arg name "$name" '.[0]
    | .HostConfig.ReadonlyRootfs and (.BoundingCaps // [] | length == 0) and (.HostConfig.SecurityOpt | index("no-new-privileges"))
      and (.Config.User | test("^[1-9][0-9]*:[0-9]+$"))
      and ([.NetworkSettings.Ports[]? | select(.)] | (length > 0) == ($name == "proxy"))' >/dev/null || fail "$name may do more than it must."
done

pid() { podman inspect --format '{{.State.Pid}}' "$(container "$1")"; }
step "Which Java each container has, and which archive of classes it has taken"
for name in "${applications[@]}"; do
  podman exec "$(container "$name")" java --version | grep "^openjdk $version[. ]" >/dev/null || fail "$name does not run on Java $version."
  grep -q /opt/vigie/classes.jsa "/proc/$(pid "$name")/maps" || fail "$name runs without its archive of classes."
done

step "Which container reaches which database"
for database in {asset,access,incident,backup,audit,console,keycloak}-db; do
  address=$(podman inspect "$(container "$database")" | jq -r '.[0].NetworkSettings.Networks[].IPAddress')
  for name in "${others[@]}" "${applications[@]}"; do
    reached=no
    ! nsenter --target "$(pid "$name")" --net timeout 1 bash -c "exec 3<>/dev/tcp/$address/5432" 2>/dev/null || reached=yes
    case "${name%-service}-db" in
      "$database" | "$database-db") [ $reached = yes ] || fail "$name does not reach $database." ;;
      *) [ $reached = no ] || fail "$name reaches $database." ;;
    esac
  done
done

step "How each database is asked"
# Where its service is, as its role, with the right password.
sql() {
  PGPASSWORD=$(sed -n "s/^$1_db=//p" "$VIGIE_SECRETS/values") \
    podman run --rm --network "vigie_$1-db" --volume "$work/client:/client:ro" --env PGPASSWORD localhost/vigie-programs \
    psql "host=$1-db user=$1 dbname=$1 sslrootcert=/client/db-ca.crt $2" --no-psqlrc --tuples-only --no-align \
    --command "select version from pg_stat_ssl where pid = pg_backend_pid()" >"$work/sql" 2>&1
}
install -d "$work/client"
install -m 0644 "$VIGIE_SECRETS/db-ca.crt" "$work/client"
for name in asset access incident backup audit console keycloak; do
  sql $name sslmode=verify-full && grep -x 'TLSv1\.3' "$work/sql" >/dev/null || fail "$(<"$work/sql")" "$name-db does not speak TLS under its name."
  ! sql $name sslmode=disable && grep 'rejects connection .* no encryption' "$work/sql" >/dev/null || fail "$(<"$work/sql")" "$name-db does not refuse what is plain."
done
! sql asset "sslmode=verify-full ssl_max_protocol_version=TLSv1.2" && grep 'protocol version' "$work/sql" >/dev/null ||
  fail "$(<"$work/sql")" "asset-db does not refuse TLS 1.2."

step "Who may do what at the broker"
# By Kafka's own tools: kcat of Debian 12 signs in by SCRAM as no broker of today takes it (docs/siem.md).
tool() {
  local class=$1
  shift
  podman run --rm --interactive --network vigie_events --volume "$work/client:/client:ro" --entrypoint java localhost/vigie-stand-in/kafka \
    -cp '/opt/kafka/jars/*' "org.apache.kafka.tools.$class" --bootstrap-server kafka:9092 "$@" 2>&1
}
partitions() { tool GetOffsetShell --command-config /client/settings --topic "$1" </dev/null; }
read_from() { tool consumer.ConsoleConsumer --consumer.config /client/settings --topic "$1" --group "$2" --from-beginning --timeout-ms 5000 </dev/null; }
write_to() { tool ConsoleProducer --producer.config /client/settings --topic "$1" --sync <<<forged; }
principal() {
  install -m 0644 "$VIGIE_SECRETS/kafka-ca.crt" "$work/client"
  printf '%s\n' security.protocol=SASL_SSL sasl.mechanism=SCRAM-SHA-512 ssl.truststore.type=PEM ssl.truststore.location=/client/kafka-ca.crt \
    "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"$1\" password=\"${2:-$(
      sed -n "s/^$1=//p" "$VIGIE_SECRETS/kafka-access.properties"
    )}\";" >"$work/client/settings"
}
refused() {
  local why=$1
  shift
  "$@" >"$work/said" || true
  grep -iE "$why" "$work/said" >/dev/null || { cat "$work/said" >&2 && fail "The broker does not refuse: $*"; }
}
denied='not authorized|authorization failed'
principal asset-kafka
[ "$(partitions vigie.asset.events | grep -c '^vigie\.asset\.events:')" = 3 ] || fail "asset-kafka does not see its topic, or it is not as declared."
read_from vigie.access.events asset-check | grep 'Processed a total of [1-9]' >/dev/null || fail "asset-kafka does not read what asset-service listens to."
refused "$denied" read_from vigie.incident.events asset-check
refused "$denied" write_to vigie.access.events
principal siem
read_from vigie.siem siem-check | grep 'Processed a total of [1-9]' >/dev/null || fail "siem does not read what is meant for it."
refused "$denied" write_to vigie.siem
refused "$denied" read_from vigie.asset.events siem-check
refused "$denied" read_from vigie.siem others
principal asset-kafka guess
refused 'authentication fail' partitions vigie.asset.events
# Who asks for the versions of its protocol in plain gets an alert of TLS, or nothing.
broker=$(podman inspect "$(container kafka)" | jq -r '.[0].NetworkSettings.Networks.vigie_events.IPAddress')
for port in 9092 9094; do
  answer=$(nsenter --target "$(pid asset-service)" --net timeout 10 bash -c "exec 3<>/dev/tcp/$broker/$port && printf open
    printf '\0\0\0\012\0\022\0\0\0\0\0\001\377\377' >&3; head -c 1 <&3 | od -An -tx1" || true)
  case ${answer// /} in
    open | open15) ;;
    *) fail "The broker speaks in plain at port $port, or is not there: $answer" ;;
  esac
done

step "What is open outside"
outside() { curl --silent --show-error --max-time 20 --cacert "$VIGIE_SECRETS/ca.crt" --resolve "*:443:$VIGIE_ADDRESS" "$@"; }
status() { outside --output /dev/null --write-out '%{http_code}' "$@"; }
expect() {
  local wanted=$1 got
  shift
  got=$(status "$@")
  [ "$got" = "$wanted" ] || fail "${*: -1} answers $got, not $wanted."
}
! curl --silent --max-time 3 "http://$VIGIE_ADDRESS/" >/dev/null || fail "HTTP is open."
# A client that would speak it: by itself curl's does not.
! outside --tlsv1.0 --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0 "https://console.$domain/" >/dev/null 2>"$work/said" || fail "TLS 1.1 is open."
grep 'alert protocol version' "$work/said" >/dev/null || fail "$(<"$work/said")" "It is not the proxy that refuses TLS 1.1."
outside --tls-max 1.2 "https://console.$domain/" >/dev/null || fail "TLS 1.2 is closed."
outside --head "https://audit.$domain/log/vkey" >"$work/head"
for header in strict-transport-security x-content-type-options content-security-policy; do
  grep -qi "^$header:" "$work/head" || fail "There is no header $header."
done
! grep -qi '^server:' "$work/head" || fail "The proxy says who it is."
expect 200 "https://audit.$domain/log/checkpoint"
expect 401 "https://asset.$domain/v1/assets"
for closed in asset.$domain/q/metrics asset.$domain/q/health audit.$domain/q/openapi console.$domain/q/health sso.$domain/admin/ sso.$domain/realms/master/ sso.$domain/metrics asset.$domain/ \
  console.$domain/%71/health console.$domain//q/health asset.$domain/v1/../q/health nothing.$domain/ example.org/; do
  expect 404 --insecure --path-as-is "https://$closed"
done
status "https://asset.$domain/v1/assets/of-this-check?q=NobodyReadsThis" >/dev/null
until podman logs "$(container proxy)" >"$work/proxy.log" 2>&1 && grep '/v1/assets/of-this-check" HTTP' "$work/proxy.log" >/dev/null; do
  [ $SECONDS -lt $((deadline + 60)) ] || fail "The proxy does not log what is asked for."
  sleep 1
done
! grep NobodyReadsThis "$work/proxy.log" >/dev/null || fail "The proxy logs what somebody searched for."
raw() { printf "$2" | timeout 20 openssl s_client -quiet -connect "$VIGIE_ADDRESS:443" -servername "$1.$domain" 2>/dev/null || true; }
raw asset "GET /v1/assets HTTP/1.1\r\nHost: asset.$domain\r\nContent-Length: two\r\n\r\n" | grep '^HTTP/1\.. 400 ' >/dev/null ||
  fail "What is no HTTP is not refused."
raw console "POST /incidents HTTP/1.1\r\nHost: console.$domain\r\nContent-Length: 2\r\n\r\n" | grep '^HTTP/1\.. 408 ' >/dev/null ||
  fail "The proxy waits for a body that does not come."
until podman logs "$(container proxy)" 2>&1 | grep '<BADREQ>' >/dev/null; do
  [ $SECONDS -lt $((deadline + 120)) ] || fail "The proxy does not log that it refused what is no HTTP."
  sleep 1
done
outside --output /dev/null --write-out '%{redirect_url}' "https://console.$domain/tasks" | grep "^https://sso.$domain/realms/vigie/protocol/openid-connect/auth" >/dev/null ||
  fail "The console does not lead to the sign-in."

step "Figures and alerts"
inside() { nsenter --target "$(pid "$1")" --net curl --silent --max-time 10 "${@:2}"; }
until [ "$(inside prometheus 'http://127.0.0.1:9090/api/v1/query?query=sum(up)' | jq -r '.data.result[0].value[1]')" -ge 6 ] 2>/dev/null; do
  [ $SECONDS -lt $((deadline + 120)) ] || fail "Prometheus does not get the figures of all services."
  sleep 2
done
token() {
  outside "https://sso.$domain/realms/vigie/protocol/openid-connect/token" --data "grant_type=password&client_id=vigie-cli&username=$1&password=$1-demo-only" |
    jq -r .access_token
}
inside alertmanager http://127.0.0.1:9093/api/v2/alerts --header 'Content-Type: application/json' \
  --data '[{"labels": {"alertname": "CheckOfContainers", "severity": "warning"}}]'
responder=$(token responder)
until outside --header "Authorization: Bearer $responder" "https://incident.$domain/v1/alerts?rule=CheckOfContainers" |
  jq -e '.items | length == 1' >/dev/null; do
  [ $SECONDS -lt $((deadline + 240)) ] || fail "An alert of Alertmanager does not arrive at incident-service."
  sleep 2
done

step "The system tests, through the proxy"
printf "$VIGIE_ADDRESS %s.$domain\n" console sso asset access incident backup audit >"$work/hosts"
# Accounts are made by Keycloak's administration, which the proxy has no way in to; the machine reaches it on the network of both.
podman inspect "$(container keycloak)" | jq -r '"\(.[0].NetworkSettings.Networks.vigie_front.IPAddress) keycloak"' >>"$work/hosts"
believing="-Djdk.net.hosts.file=$work/hosts -Djavax.net.ssl.trustStore=$VIGIE_SECRETS/cacerts"
# Before the demo: they want lists that are short. Linters ask nothing of a platform.
./vigie test -pl system-tests -am -Dquarkus.build.skip=true -Dsurefire.failIfNoSpecifiedTests=false "-Dtest=io.vigie.system.**,!ApiLintTest" \
  "-Dvigie.test.at=$domain" "-Dvigie.test.jvm=$believing"

step "The demo, through the proxy"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
JAVA_TOOL_OPTIONS=$believing \
  "$java" -Dvigie.root="$PWD" -Dvigie.log.level=off -cp "stack/target/vigie-stack.jar:$(<stack/target/classpath)" io.vigie.stack.Vigie demo --at "$domain" | tee "$work/demo"
grep -q "^The console: https://console\.$domain " "$work/demo" || fail "The demo does not end with the console's address."

step "A service starts again where it was"
podman restart "$(container audit-service)" >/dev/null
deadline=$((SECONDS + 600))
until podman healthcheck run "$(container audit-service)" >/dev/null 2>&1; do
  [ $SECONDS -lt $deadline ] || fail "audit-service does not come back."
  sleep 2
done

untried="Grafana, the images of others that compose.yaml names, Docker, a certificate of a public authority, mail,
more requests of an address than the console gets, what the system tests do to the processes, databases and brokers of one machine (@OnOneMachine)"
[ -n "$newest" ] || untried="$untried, a Java newer than Debian's"
[ -n "${VIGIE_OSV:-}" ] || untried="$untried, what is known of what is in the images (VIGIE_OSV)"
step "All of it was shown. Not tried: $untried."
