package io.vigie.asset.discovery;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;

import io.vigie.asset.discovery.GlpiReport.Antivirus;
import io.vigie.asset.discovery.GlpiReport.Drive;
import io.vigie.asset.discovery.GlpiReport.Firewall;
import io.vigie.asset.posture.Facts;

/**
 * What a report of a GLPI agent says of a machine's protection. Agents tell neither when the system
 * was patched, nor how people sign in, nor which ports are open.
 */
final class GlpiFacts {

  private GlpiFacts() {}

  static Facts of(
      GlpiReport.Content content, String operatingSystem, ReportRules rules, LocalDate today) {
    Antivirus antivirus = antivirus(content.antivirus());
    return new Facts(
        antivirus == null ? null : GlpiReport.cut(antivirus.name(), 200),
        antivirus == null ? null : antivirus.enabled(),
        antivirus == null ? null : signaturesOn(antivirus, today),
        diskEncrypted(content.drives(), rules),
        firewallOn(content.firewalls()),
        null,
        null,
        null,
        operatingSystem,
        null,
        null,
        null);
  }

  /** Of several the one that runs: Windows keeps its own, switched off, beside another maker's. */
  private static Antivirus antivirus(List<Antivirus> told) {
    List<Antivirus> all = present(told);
    return all.stream()
        .filter(antivirus -> Boolean.TRUE.equals(antivirus.enabled()))
        .findFirst()
        .orElse(all.isEmpty() ? null : all.get(0));
  }

  /** Some agents say only that the signatures are the newest there are: then they are today's. */
  private static LocalDate signaturesOn(Antivirus antivirus, LocalDate today) {
    LocalDate made = date(antivirus.base_creation());
    if (made == null) {
      return Boolean.TRUE.equals(antivirus.uptodate()) ? today : null;
    }
    return made.isAfter(today) ? null : made;
  }

  private static LocalDate date(String text) {
    try {
      return text == null || text.length() < 10 ? null : LocalDate.parse(text.substring(0, 10));
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * Agents name the encryption of the drives that have some, and may say nothing of others: where
   * one is told, all that hold data must be; where none is told, nothing is known.
   */
  private static Boolean diskEncrypted(List<Drive> told, ReportRules rules) {
    List<Drive> drives =
        present(told).stream()
            .filter(drive -> rules.mayHoldData(drive.type(), drive.filesystem()))
            .toList();
    return drives.stream().allMatch(drive -> drive.encrypt_status() == null)
        ? null
        : drives.stream().allMatch(drive -> "yes".equalsIgnoreCase(drive.encrypt_status()));
  }

  /** On only where each that the machine has, such as Windows' three profiles, is on. */
  private static Boolean firewallOn(List<Firewall> told) {
    List<Firewall> firewalls = present(told);
    return firewalls.isEmpty()
        ? null
        : firewalls.stream().allMatch(firewall -> "on".equalsIgnoreCase(firewall.status()));
  }

  private static <T> List<T> present(List<T> told) {
    return told == null ? List.of() : told.stream().filter(Objects::nonNull).toList();
  }
}
