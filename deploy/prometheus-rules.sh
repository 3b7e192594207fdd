#!/usr/bin/env bash
# The rules of deploy/monitoring as the operator of Prometheus takes them: a PrometheusRule for each file, on standard output.
#
#   deploy/prometheus-rules.sh | kubectl -n vigie apply --server-side -f -
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/monitoring/rules"
for file in *.yml; do
  cat <<HEAD
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: vigie-${file%.yml}
spec:
HEAD
  sed 's/^/  /' "$file"
done
