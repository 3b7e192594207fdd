#!/usr/bin/env bash
# Holds the descriptions of the APIs, as the build left them in each service's target/api, and that of the topics against rules of others.
#
#   contracts/lint/check.sh      after a build: ./vigie test, or mvn -DskipTests package
#
# It takes Node and npm, and keeps what it installs in contracts/target/lint. It ends with 0 where all is well, with 1 where something is
# wrong, and with 77 where the linters cannot be had.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

end() {
  local status=$1
  shift
  printf '%s\n' "$@" >&2
  exit "$status"
}

{ command -v node && command -v npm; } >/dev/null || end 77 "Node or npm is not here. Debian: apt install nodejs npm"
node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)' ||
  end 77 "Node is $(node --version); the linters need 20.19 or newer."

installed=$(readlink -m ../target/lint)
mkdir -p "$installed"
cp .spectral.yaml asyncapi.mjs package.json package-lock.json redocly.yaml "$installed"
cd "$installed"
if ! cmp -s package-lock.json complete; then
  npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 >npm.log 2>&1 ||
    end 77 "npm could not install the linters: $installed/npm.log" "$(tail -n 5 npm.log)"
  cp package-lock.json complete
fi

root=../../..
descriptions=()
for service in "$root"/*-service; do
  [ -e "$service/target/api/openapi.json" ] || end 1 "$(basename "$service") has no target/api/openapi.json. Build it first: mvn -DskipTests package"
  descriptions+=("$service/target/api/openapi.json")
done

status=0
node_modules/.bin/spectral lint --ruleset .spectral.yaml --fail-severity=warn "${descriptions[@]}" || status=1
REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
  node_modules/.bin/redocly lint --config redocly.yaml "${descriptions[@]}" || status=1
node asyncapi.mjs "$root/contracts/asyncapi.yaml" || status=1
exit "$status"
