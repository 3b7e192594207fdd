package io.vigie.asset.discovery;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.vigie.asset.discovery.Inventory.SoftwarePackage;
import io.vigie.asset.posture.Facts;

/**
 * What osquery's tables say of a machine. The tables that are not there are as they were, but for
 * the packages of which it says that they came or went.
 */
final class OsqueryReport {

  private static final String TCP = "6";
  private static final String UUID = "(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private static final List<String> PACKAGES =
      List.of("deb_packages", "rpm_packages", "programs", "apps");

  private final OsqueryLog log;

  OsqueryReport(OsqueryLog log) {
    this.log = log;
  }

  Report read(ReportRules rules, Instant now) {
    Instant collectedAt = log.time().isAfter(now) ? now : log.time();
    Map<String, String> machine = first("system_info");
    String hostname = text(machine, "hostname", 253);
    Long memory = number(machine, "physical_memory");
    Long cores = number(machine, "cpu_logical_cores");
    Integer processors = cores == null || cores < 1 || cores > 65_536 ? null : cores.intValue();
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("hostname", hostname);
    attributes.put("operatingSystem", operatingSystem());
    attributes.put("processors", processors);
    attributes.put("memoryMiB", memory == null ? null : memory >> 20);
    attributes.values().removeIf(Objects::isNull);
    String name = text(machine, "computer_name", 200);
    String uuid = text(machine, "uuid", 100);
    if (uuid == null && log.host().matches(UUID)) {
      uuid = log.host();
    }
    return new Report(
        true,
        name == null ? hostname == null ? log.host() : hostname : name,
        rules.kind(null, null, null),
        rules.identity(100, text(machine, "hardware_serial", 100)),
        rules.identity(100, uuid == null ? null : uuid.toLowerCase(Locale.ROOT)),
        null,
        text(machine, "hardware_vendor", 200),
        text(machine, "hardware_model", 200),
        attributes,
        new Inventory(
            collectedAt,
            hostname,
            operatingSystem(),
            null,
            processors,
            memory,
            null,
            packages(),
            ports(row -> true)),
        changes(),
        facts(LocalDate.ofInstant(now, ZoneOffset.UTC)));
  }

  private List<SoftwareChange> changes() {
    return log.changes().stream()
        .filter(change -> !change.table().equals("patches"))
        .filter(change -> text(change.row(), "name", 200) != null)
        .map(change -> new SoftwareChange(change.added(), software(change.table(), change.row())))
        .toList();
  }

  private Facts facts(LocalDate today) {
    return new Facts(
        null,
        null,
        null,
        diskEncrypted(),
        null,
        null,
        null,
        null,
        operatingSystem(),
        patchedOn(today),
        ports(row -> !row.getOrDefault("address", "").matches("127\\..*|::1|::ffff:127\\..*")),
        null);
  }

  private String operatingSystem() {
    Map<String, String> system = first("os_version");
    String name = text(system, "name", 100);
    String version = text(system, "version", 99);
    return name == null || version == null ? name : name + " " + version;
  }

  /** Null where none of the tables of packages is there. */
  private List<SoftwarePackage> packages() {
    if (PACKAGES.stream().noneMatch(log::has)) {
      return null;
    }
    return PACKAGES.stream()
        .flatMap(
            table ->
                rows(table)
                    .filter(row -> text(row, "name", 200) != null)
                    .map(row -> software(table, row)))
        .distinct()
        .limit(20_000)
        .toList();
  }

  private static SoftwarePackage software(String table, Map<String, String> row) {
    String version =
        switch (table) {
          case "rpm_packages" -> rpmVersion(row);
          case "apps" -> text(row, "bundle_short_version", 200);
          default -> text(row, "version", 200);
        };
    String source =
        switch (table) {
          case "deb_packages" -> "deb";
          case "rpm_packages" -> "rpm";
          case "programs" -> "windows";
          default -> "macos";
        };
    return new SoftwarePackage(
        text(row, "name", 200), Objects.requireNonNullElse(version, "unknown"), source);
  }

  private static String rpmVersion(Map<String, String> row) {
    String version = text(row, "version", 100);
    String release = text(row, "release", 99);
    return version == null || release == null ? version : version + "-" + release;
  }

  /** Null where the table is not there. */
  private List<Integer> ports(Predicate<Map<String, String>> counts) {
    return log.has("listening_ports")
        ? rows("listening_ports")
            .filter(row -> TCP.equals(row.get("protocol")))
            .filter(counts)
            .map(row -> number(row, "port"))
            .filter(port -> port != null && port >= 1 && port <= 65_535)
            .map(Long::intValue)
            .distinct()
            .sorted()
            .toList()
        : null;
  }

  /**
   * osquery lists whole devices beside what is on them, and not which hold data: one that is
   * encrypted counts, except where FileVault is there and off.
   */
  private Boolean diskEncrypted() {
    if (!log.has("disk_encryption")) {
      return null;
    }
    return rows("disk_encryption").noneMatch(row -> "off".equals(row.get("filevault_status")))
        && rows("disk_encryption").anyMatch(row -> "1".equals(row.get("encrypted")));
  }

  /** When the newest patch, or the newest package of the system, was installed. */
  private LocalDate patchedOn(LocalDate today) {
    Stream<LocalDate> packages =
        added("rpm_packages")
            .map(row -> number(row, "install_time"))
            .filter(time -> time != null && time > 0 && time <= Integer.MAX_VALUE)
            .map(time -> LocalDate.ofInstant(Instant.ofEpochSecond(time), ZoneOffset.UTC));
    Stream<LocalDate> patches =
        added("patches").map(row -> american(text(row, "installed_on", 10)));
    return Stream.concat(packages, patches)
        .filter(date -> date != null && !date.isAfter(today))
        .max(LocalDate::compareTo)
        .orElse(null);
  }

  /** As Windows gives it to osquery: {@code 11/25/2026}. */
  private static LocalDate american(String text) {
    try {
      return text == null ? null : LocalDate.parse(text, DateTimeFormatter.ofPattern("M/d/yyyy"));
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The rows of a table, and those that were added to it. */
  private Stream<Map<String, String>> added(String table) {
    return Stream.concat(
        rows(table),
        log.changes().stream()
            .filter(change -> change.added() && change.table().equals(table))
            .map(OsqueryLog.Change::row));
  }

  private Stream<Map<String, String>> rows(String table) {
    return log.rows(table).stream();
  }

  private Map<String, String> first(String table) {
    return rows(table).findFirst().orElse(Map.of());
  }

  private static String text(Map<String, String> row, String column, int longest) {
    return GlpiReport.cut(row.get(column), longest);
  }

  private static Long number(Map<String, String> row, String column) {
    String digits = text(row, column, 30);
    return digits != null && digits.matches("[0-9]{1,18}") ? Long.valueOf(digits) : null;
  }
}
