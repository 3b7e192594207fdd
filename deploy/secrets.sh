#!/usr/bin/env bash
# Makes what deploy/compose.yaml needs and nobody may know, in deploy/secrets, which its owner alone may enter. What was made before stays.
#
#   deploy/secrets.sh [--demo]      --demo: with the demo accounts, on a machine that nobody else reaches
#
# VIGIE_DOMAIN (from the environment or deploy/.env; vigie.localhost): console., sso., audit. and so on stand before it. A certificate for these
# names, of an authority that everybody knows, is put there before: proxy.pem (chain and key) and ca.crt (that authority's). Without, both are made here, and
# browsers are told to trust ca.crt. Needs openssl, jq and a JDK's keytool.
set -euo pipefail
deploy=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# What the environment says holds against the file.
if [ -e "$deploy/.env" ]; then
  own=$(export -p | grep '^declare -x VIGIE_' || true)
  . "$deploy/.env"
  eval "$own"
fi
domain=${VIGIE_DOMAIN:-vigie.localhost}
demo=false
case "${1:-}" in
  --demo) demo=true ;;
  ?*) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
for tool in openssl jq keytool; do
  command -v $tool >/dev/null || { echo "secrets.sh needs $tool." >&2; exit 1; }
done

umask 077
mkdir -p "${VIGIE_SECRETS:=$deploy/secrets}"
chmod 0700 "$VIGIE_SECRETS"
cd "$VIGIE_SECRETS"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch values

# The secret of this name; the same one each time.
secret() {
  local value
  value=$(sed -n "s/^$1=//p" values)
  if [ -z "$value" ]; then
    value=$(openssl rand ${2:--hex 24})
    printf '%s=%s\n' "$1" "$value" >>values
  fi
  printf %s "$value"
}

# Whole or not at all, and readable by the user of a container into which it is mounted: nobody else gets into the directory.
put() {
  cat >.put
  chmod 0444 .put
  mv -f .put "$1"
}

# A key and a certificate for these names, in one file, and the authority that signed it, whose key is thrown away: it never signs anything else.
#   certify FILE AUTHORITY NAME…
certify() {
  local file=$1 authority=$2 names
  shift 2
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 397 -subj "/CN=Vigie, $domain" \
    -keyout "$work/ca.key" -out "$work/ca.crt" 2>/dev/null
  names=$(printf ',DNS:%s' "$@")
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -addext "subjectAltName=${names#,}" \
    -keyout "$work/own.key" -out "$work/own.csr" 2>/dev/null
  openssl x509 -req -in "$work/own.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial -days 396 -copy_extensions copy \
    -out "$work/own.crt" 2>/dev/null
  put "$authority" <"$work/ca.crt"
  cat "$work/own.crt" "$work/own.key" | put "$file"
}
[ -e proxy.pem ] || certify proxy.pem ca.crt {console,sso,grafana,asset,access,incident,backup,audit}".$domain"
# The broker shows it to its controller and to itself, and whoever shows it may do anything there.
[ -e kafka.pem ] || certify kafka.pem kafka-ca.crt kafka localhost
# All databases show it.
[ -e db.pem ] || certify db.pem db-ca.crt {asset,access,incident,backup,audit,console,keycloak}-db
for name in proxy kafka db; do
  openssl x509 -checkend 2592000 -noout -in $name.pem >/dev/null ||
    echo "The certificate in $name.pem ends within a month, or has: docs/operations.md (Containers) says how to get another." >&2
done
[ -e ca.crt ] || { echo "proxy.pem is there and ca.crt is not: the certificate of the authority that signed it." >&2; exit 1; }

# What Java trusts on this machine, and the authority of the proxy: feeds and probes go on reaching the public.
if [ ! cacerts -nt ca.crt ]; then
  jdk=$(dirname "$(dirname "$(readlink -f "$(command -v keytool)")")")
  cp -L "$jdk/lib/security/cacerts" "$work/cacerts"
  chmod 0600 "$work/cacerts"
  keytool -importcert -noprompt -alias vigie-proxy -file ca.crt -keystore "$work/cacerts" -storepass changeit 2>/dev/null
  put cacerts <"$work/cacerts"
fi

# The key of the log, as Go's note tools write it: type (1) and seed, named after the log and by a hash over name and public key.
if [ ! -e log.key ]; then
  openssl genpkey -algorithm ed25519 -outform DER -out "$work/log.der"
  { printf '\001'; openssl pkey -inform DER -in "$work/log.der" -pubout -outform DER | tail -c 32; } >"$work/log.pub"
  id=$({ printf '%s/log\n' "audit.$domain"; cat "$work/log.pub"; } | openssl dgst -sha256 -r | cut -c 1-8)
  seed=$({ printf '\001'; tail -c 32 "$work/log.der"; } | openssl base64 -A)
  printf 'PRIVATE+KEY+%s/log+%s+%s\n' "audit.$domain" "$id" "$seed" >"$work/log.key"
  mv "$work/log.key" log.key
fi

for database in asset access incident backup audit console keycloak; do
  secret ${database}_superuser | put $database.superuser
  {
    echo "revoke all on database postgres from public;"
    echo "create role $database login password '$(secret ${database}_db)';"
    case $database in
      console | keycloak)
        echo "create database $database owner $database;"
        echo "revoke all on database $database from public;"
        ;;
      *)
        # The owner migrates; the service runs as a role that cannot change the schema.
        echo "create role ${database}_owner login password '$(secret ${database}_owner)';"
        echo "create database $database owner ${database}_owner;"
        echo "revoke all on database $database from public;"
        echo "grant connect on database $database to $database;"
        echo "\\connect $database"
        echo "alter schema public owner to ${database}_owner;"
        echo "revoke all on schema public from public;"
        echo "grant usage on schema public to $database;"
        ;;
    esac
  } | put $database.sql
done

for service in asset access incident backup audit console; do
  {
    echo "vigie.db.password=$(secret ${service}_db)"
    if [ $service != console ]; then
      echo "vigie.db.owner-password=$(secret ${service}_owner)"
      echo "kafka.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required" \
        "username=\"$service-kafka\" password=\"$(secret ${service}_kafka)\";"
    fi
    case $service in
      access)
        echo "vigie.directory.secret=$(secret directory_client)"
        # Takes one CISO, and none where there was one (docs/operations.md, The first CISO). A demo has its own.
        $demo || echo "vigie.access.first-ciso-token=$(secret first_ciso)"
        ;;
      incident) echo "vigie.client-secret=$(secret incident_client)" ;;
      audit)
        echo "vigie.log.key=$(cat log.key)"
        # While keys change (docs/operations.md, Changing the key).
        [ ! -e next-log.key ] || echo "vigie.log.next-key=$(cat next-log.key)"
        echo "vigie.log.keys-master=$(secret keys_master '-base64 32')"
        ;;
      console) echo "vigie.console.secret=$(secret console_client)" ;;
    esac
    # quarkus.mailer.username and .password, where the mail server wants them.
    case $service in
      audit | incident) [ ! -e mail.properties ] || cat mail.properties ;;
    esac
  } | put $service.properties
done
# Whom deploy/kubernetes/base/vigie/kafka/users.yaml declares.
{
  for service in asset access incident backup audit; do
    echo "$service-kafka=$(secret ${service}_kafka)"
  done
  echo "siem=$(secret siem)"
} | put kafka-access.properties
printf 'db-password=%s\nbootstrap-admin-username=admin\nbootstrap-admin-password=%s\n' \
  "$(secret keycloak_db)" "$(secret keycloak_admin)" | put keycloak.conf
secret tool | put vigie-tool
for monitor in prometheus alertmanager; do
  secret ${monitor}_client | put vigie-$monitor
done
secret grafana_admin | put grafana

# The realm of one machine without its people and their client, and with secrets of its own.
DOMAIN=$domain DEMO=$demo TOOL=$(secret tool) HR=$(secret hr_client) INCIDENT=$(secret incident_client) \
  PROMETHEUS=$(secret prometheus_client) ALERTMANAGER=$(secret alertmanager_client) \
  CONSOLE=$(secret console_client) DIRECTORY=$(secret directory_client) jq '
    def client($id): .clients[] | select(.clientId == $id);
    (client("vigie-tool") | .secret) = env.TOOL
    | (client("vigie-prometheus") | .secret) = env.PROMETHEUS
    | (client("vigie-alertmanager") | .secret) = env.ALERTMANAGER
    | (client("vigie-hr") | .secret) = env.HR
    | (client("vigie-incident") | .secret) = env.INCIDENT
    | (client("vigie-directory") | .secret) = env.DIRECTORY
    | (client("vigie-console") | .secret) = env.CONSOLE
    | (client("vigie-console") | .rootUrl) = "https://console." + env.DOMAIN
    | if env.DEMO == "true" then . else
        .clients |= map(select(.clientId != "vigie-cli"))
        | .users |= map(select(.serviceAccountClientId))
      end' "$deploy/keycloak/vigie-realm.json" | put vigie-realm.json
echo "In $VIGIE_SECRETS, for $domain."
