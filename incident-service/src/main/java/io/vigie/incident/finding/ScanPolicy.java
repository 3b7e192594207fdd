package io.vigie.incident.finding;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;

/** How bad what a scanner says is, and how long it may stay: {@code scan-delays.json}. */
@ApplicationScoped
class ScanPolicy {

  private record Delay(List<Severity> severity, int days) {}

  private record LongestAcceptance(int maxDays) {}

  private record Sarif(Map<String, Severity> levels) {}

  /** Where {@code ports} is null it is about all. */
  private record OpenPort(List<Integer> ports, Severity severity) {}

  private record Vulnerable(Severity severity) {}

  private record Nmap(List<OpenPort> openPorts, Vulnerable vulnerable) {}

  private record Table(List<Delay> delays, LongestAcceptance acceptance, Sarif sarif, Nmap nmap) {}

  private final Table table = PolicyTable.read("scan-delays", Table.class);

  /** From when it was found. */
  Duration delay(Severity severity) {
    return table.delays().stream()
        .filter(delay -> delay.severity().contains(severity))
        .findFirst()
        .map(delay -> Duration.ofDays(delay.days()))
        .orElseThrow(() -> new IllegalStateException("no delay is of " + severity));
  }

  /** The longest that a finding may be accepted for. */
  Duration longestAcceptance() {
    return Duration.ofDays(table.acceptance().maxDays());
  }

  /** Of a level of SARIF (2.1.0, 3.27.10); null where it is none. */
  Severity ofLevel(String level) {
    return table.sarif().levels().get(level);
  }

  /** Of a port that is open. */
  Severity ofOpenPort(int port) {
    return table.nmap().openPorts().stream()
        .filter(rule -> rule.ports() == null || rule.ports().contains(port))
        .findFirst()
        .map(OpenPort::severity)
        .orElseThrow(() -> new IllegalStateException("no severity is of port " + port));
  }

  /** Of what a script of nmap found to be vulnerable. */
  Severity ofVulnerable() {
    return table.nmap().vulnerable().severity();
  }
}
