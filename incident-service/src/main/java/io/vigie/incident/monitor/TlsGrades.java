package io.vigie.incident.monitor;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;

import io.vigie.kernel.PolicyTable;

/** How bad each finding is, and what is required: {@code contracts/policy/tls-grades.json}. */
final class TlsGrades {

  private record Rule(TlsGrade grade) {}

  private record Table(
      TlsGrade required,
      int expiresSoonDays,
      long hstsSeconds,
      int rsaBits,
      int ellipticBits,
      Map<TlsFinding, Rule> findings) {}

  private final Table table = PolicyTable.read("tls-grades", Table.class);

  /** The worst that a finding allows; the best where there is none. */
  TlsGrade grade(Collection<TlsFinding> findings) {
    return findings.stream()
        .map(finding -> table.findings().get(finding).grade())
        .max(Comparator.naturalOrder())
        .orElse(TlsGrade.A);
  }

  TlsGrade required() {
    return table.required();
  }

  boolean isEnough(TlsGrade grade) {
    return grade.compareTo(table.required()) <= 0;
  }

  /** Before its end a certificate expires soon for so long. */
  Duration expiresSoon() {
    return Duration.ofDays(table.expiresSoonDays());
  }

  /** For so long at least browsers must remember to use https. */
  long hstsSeconds() {
    return table.hstsSeconds();
  }

  int rsaBits() {
    return table.rsaBits();
  }

  int ellipticBits() {
    return table.ellipticBits();
  }
}
