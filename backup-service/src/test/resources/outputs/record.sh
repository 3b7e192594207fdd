#!/usr/bin/env bash
# Records what real tools write of a run, beside this script: restic.ndjson and borg.json. Needs restic and borg.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
work=/tmp/vigie-outputs
rm -rf "$work" && mkdir -p "$work/data"
trap 'rm -rf "$work"' EXIT
cd "$work"
export TZ=UTC RESTIC_PASSWORD=recorded RESTIC_CACHE_DIR="$work/cache" BORG_PASSPHRASE=recorded BORG_BASE_DIR="$work/borg-base"

# Always the same bytes, so that the sizes in the tests stay true.
for i in 1 2 3; do seq --format "line %.0f of file $i" 20000 >"data/file-$i"; done

restic -q init --repo restic-repo
restic --repo restic-repo backup --json data >"$here/restic.ndjson"

borg init --encryption=repokey borg-repo 2>/dev/null
borg create --json borg-repo::nightly data >"$here/borg.json"
