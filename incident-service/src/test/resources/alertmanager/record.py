#!/usr/bin/env python3
"""Records webhooks of a real Alertmanager beside this file.

Usage: record.py PROGRAM, for example prometheus-alertmanager of Debian's package of that name. It runs on the loopback
address alone for a few seconds. Times and addresses are given, so that the samples are the same on every machine.
"""
import http.server
import json
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

PORT = 19093
START = "2026-01-02T03:04:05.123456789Z"
END = "2026-01-02T03:34:05.123456789Z"
CONFIG = """
route:
  receiver: vigie
  group_by: [alertname]
  group_wait: 1s
  group_interval: 2s
  repeat_interval: 1h
  routes:
    - receiver: vigie-two-at-most
      matchers: [alertname = "Storm"]
receivers:
  - name: vigie
    webhook_configs: [{url: "http://127.0.0.1:%(port)d/", send_resolved: true}]
  - name: vigie-two-at-most
    webhook_configs: [{url: "http://127.0.0.1:%(port)d/", send_resolved: true, max_alerts: 2}]
"""

received = queue.Queue()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        received.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words):
        pass


def alert(name, instance, end=None):
    told = {
        "labels": {"alertname": name, "severity": "critical", "instance": instance},
        "annotations": {"summary": f"{name} on {instance}", "description": "Told by a rule."},
        "startsAt": START,
        "generatorURL": "http://prometheus.example/graph",
    }
    return told | ({"endsAt": end} if end else {})


def tell(*alerts):
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/api/v2/alerts",
        json.dumps(alerts).encode(),
        {"Content-Type": "application/json"},
    )
    for _ in range(100):
        try:
            return urllib.request.urlopen(request).read()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise SystemExit("Alertmanager does not answer")


def record(name):
    sample = received.get(timeout=30)
    sample["alerts"].sort(key=lambda told: told["labels"]["instance"])
    file = pathlib.Path(__file__).with_name(f"{name}.json")
    file.write_text(json.dumps(sample, indent=2) + "\n")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory() as folder:
    config = pathlib.Path(folder, "alertmanager.yml")
    config.write_text(CONFIG % {"port": server.server_port})
    process = subprocess.Popen(
        [
            sys.argv[1],
            f"--config.file={config}",
            f"--storage.path={folder}",
            f"--web.listen-address=127.0.0.1:{PORT}",
            "--web.external-url=http://alertmanager.example",
            "--web.route-prefix=/",
            "--cluster.listen-address=",
            "--log.level=error",
        ]
    )
    try:
        tell(alert("DiskFull", "web-1:9100"))
        record("firing")
        tell(alert("DiskFull", "web-1:9100", END))
        record("resolved")
        tell(*(alert("ServiceDown", f"web-{i}:443") for i in (1, 2, 3)))
        record("grouped")
        tell(*(alert("Storm", f"web-{i}:9100") for i in range(1, 6)))
        record("truncated")
    finally:
        process.terminate()
        process.wait()
