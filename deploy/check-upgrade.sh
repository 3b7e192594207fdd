#!/usr/bin/env bash
# Runs UpgradeTest: the previous release with what its demo leaves, this one on that, and the previous one again.
#
#   deploy/check-upgrade.sh
#
# Which release that is stands in deploy/previous-release. It is taken from the history and kept under system-tests/target, so that it is
# built once; its stack runs on free ports there, beside any other. It ends with 77 where this clone does not have that release.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

release=$(grep -v '^#' deploy/previous-release)
if ! commit=$(git rev-parse --verify --quiet "$release^{commit}"); then
  printf '%s\n' "Skipped: this clone has no $release, from which it upgrades." "Get it: git fetch --tags --unshallow" >&2
  exit 77
fi

previous=$PWD/system-tests/target/previous/$commit
if [ ! -d "$previous" ]; then
  rm -rf "$previous.half"
  mkdir -p "$previous.half"
  git archive "$commit" | tar -x -C "$previous.half"
  # What it was formatted by does not matter here.
  printf '%s\n' -T2 -Dspotless.skip=true >"$previous.half/.mvn/maven.config"
  mv "$previous.half" "$previous"
fi

exec ./vigie test -pl system-tests -am -Dtest=UpgradeTest -Dsurefire.failIfNoSpecifiedTests=false "-Dvigie.previous=$previous"
