#!/usr/bin/env bash
# Builds the jars, and of them the images that deploy/compose.yaml names: the five services, the console, Keycloak.
#
#   deploy/images.sh [OPTION of the engine's build]…
#
# From the environment or deploy/.env: VIGIE_BASE and VIGIE_KEYCLOAK_BASE (images that they are built on; those of the Containerfiles),
# VIGIE_IMAGES (what stands before their names; vigie), VIGIE_VERSION (their tag; latest), VIGIE_ENGINE (podman or docker; the first that is there).
# Needs Maven, a JDK and jq. Each image has its bill of materials (/opt/vigie/sbom.json, CycloneDX) and the licences of what is in it; Keycloak's has the names
# of its jars and its own licence.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
# What the environment says holds against the file.
if [ -e deploy/.env ]; then
  own=$(export -p | grep '^declare -x VIGIE_' || true)
  . deploy/.env
  eval "$own"
fi
engine=${VIGIE_ENGINE:-$(command -v podman || command -v docker || true)}
[ -n "$engine" ] || { echo "images.sh needs podman or docker." >&2; exit 1; }
command -v jq >/dev/null || { echo "images.sh needs jq." >&2; exit 1; }

modules=(asset-service access-service incident-service backup-service audit-service console)
mvn -B -q -Psbom -Dmaven.test.skip=true -am -pl "deploy,$(IFS=, && echo "${modules[*]}")" package

# What grants access at the broker of deploy/compose.yaml, of the one-machine stack, which images have no more of: it runs with what services bring.
"${JAVA_HOME:+$JAVA_HOME/bin/}javac" --release 17 -proc:none -cp "audit-service/target/quarkus-app/lib/main/*" -d deploy/target/classes \
  stack/src/main/java/io/vigie/stack/KafkaAccess.java

# The same content is the same layer: files are as old as the commit, and so are the folders that they are put into. The archives of classes hold
# the jars against their age. What Quarkus generates (quarkus/) is another with each build, in the order of its parts and in names.
age=$(git log -1 --format=%ct)
case ${engine##*/} in
  podman) aged=(--timestamp "$age") ;;
  *) aged=(--build-arg "SOURCE_DATE_EPOCH=$age") ;;
esac
for module in "${modules[@]}"; do
  # When it was written, and a number made for that, tell nothing of what is in it.
  jq 'del(.serialNumber, .metadata.timestamp)' "$module/target/sbom.json" >"$module/target/sbom.json.new"
  mv "$module/target/sbom.json.new" "$module/target/sbom.json"
  jq -r '[.components[]
      | [(.group // "") + ":" + .name + ":" + (.version // ""),
         ([.licenses[]? | .expression // .license.id // .license.name] | if . == [] then "not said" else join(", ") end)]
      | join("  ")] | unique[]' "$module/target/sbom.json" >"$module/target/licences.txt"
  find "$module/target/quarkus-app" "$module/target/sbom.json" "$module/target/licences.txt" -exec touch -d "@$age" {} +
done

# Of Keycloak's jars the names say their group, too, but not where it ends.
keycloak=${VIGIE_KEYCLOAK_BASE:-$(sed -n 's/^ARG KEYCLOAK=//p' deploy/keycloak/Containerfile)}
look=$("$engine" create "$keycloak")
trap '"$engine" rm "$look" >/dev/null' EXIT
"$engine" cp "$look:/opt/keycloak/lib/lib" - | tar -t | sed -n 's|.*/||; s|\.jar$||p' | LC_ALL=C sort |
  jq -R -n '{bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components: [
    inputs | capture("^(?<name>.+?)-(?<version>[0-9].*)$") // {name: .} | {type: "library"} + .]}' >deploy/target/sbom.json
"$engine" cp "$look:/opt/keycloak/LICENSE.txt" - | tar -xO >deploy/target/licences.txt
"$engine" rm "$look" >/dev/null
trap - EXIT
find deploy/target/classes deploy/target/sbom.json deploy/target/licences.txt -exec touch -d "@$age" {} +

options=("${aged[@]}" "$@")
# The other format that Podman knows has no health checks.
export BUILDAH_FORMAT=docker
build() {
  local name=$1
  shift
  "$engine" build --quiet "${options[@]}" --tag "${VIGIE_IMAGES:-vigie}/$name:${VIGIE_VERSION:-latest}" "$@" . >/dev/null
  echo "${VIGIE_IMAGES:-vigie}/$name:${VIGIE_VERSION:-latest}"
}
for module in "${modules[@]}"; do
  port=$(sed -n 's/^quarkus\.http\.port=//p' "$module/src/main/resources/application.properties")
  build "${module%-service}" --file deploy/Containerfile --build-arg "SERVICE=$module" --build-arg "PORT=$port" \
    ${VIGIE_BASE:+--build-arg "BASE=$VIGIE_BASE"}
done
build keycloak --file deploy/keycloak/Containerfile --build-arg "KEYCLOAK=$keycloak"
