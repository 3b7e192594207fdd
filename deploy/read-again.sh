#!/usr/bin/env bash
# A pod that has a service of the cluster read again what others told since a moment, after its database was put back: its groups go back to there, and its inbox
# drops what the database knows. On standard output; the service must be scaled to zero meanwhile (docs/operations.md, The cluster, Disaster).
#
#   deploy/read-again.sh SERVICE MOMENT IMAGE | kubectl -n vigie create -f -
#
# SERVICE is asset, access, incident, backup or audit; MOMENT is of UTC, such as 2026-11-27T00:00:00; IMAGE is that of the brokers, which has Kafka's own tools.
set -euo pipefail
[[ $# = 3 && $1 =~ ^(asset|access|incident|backup|audit)$ && $2 =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$ && $3 =~ ^[A-Za-z0-9._:/@-]+$ ]] ||
  { sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2; exit 2; }
# By its label policies and brokers take it for the service, and its principal may move the groups of that service alone.
cat <<END_OF_POD
apiVersion: v1
kind: Pod
metadata:
  name: $1-read-again
  labels:
    app.kubernetes.io/name: $1
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: groups
      image: $3
      command:
        - sh
        - -ec
        - |
          printf '%s\n' security.protocol=SASL_SSL sasl.mechanism=SCRAM-SHA-512 ssl.truststore.type=PEM \\
            ssl.truststore.location=/etc/vigie/kafka/ca.crt "sasl.jaas.config=\$JAAS" >/tmp/settings
          exec /opt/kafka/bin/kafka-consumer-groups.sh --bootstrap-server vigie-kafka-bootstrap:9093 --command-config /tmp/settings \\
            --reset-offsets --all-groups --all-topics --to-datetime $2.000 --execute
      env:
        - name: JAAS
          valueFrom:
            secretKeyRef:
              name: $1-kafka
              key: sasl.jaas.config
        - name: KAFKA_HEAP_OPTS
          value: -Xmx256m
        - name: LOG_DIR
          value: /tmp
      resources:
        requests: &some
          cpu: 500m
          memory: 512Mi
        limits: *some
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        - name: kafka
          mountPath: /etc/vigie/kafka
          readOnly: true
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: 16Mi
    - name: kafka
      secret:
        secretName: vigie-cluster-ca-cert
        items:
          - key: ca.crt
            path: ca.crt
END_OF_POD
