package io.vigie.asset.discovery;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.vigie.asset.discovery.Inventory.Disk;
import io.vigie.asset.discovery.Inventory.SoftwarePackage;

/**
 * A report in the inventory format of GLPI agents, as far as the register uses it. Sizes are in
 * MiB. Texts that are too long are cut, and what has no name is left out, since no report should be
 * lost for the sake of a program in it.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record GlpiReport(
    String deviceid, String itemtype, boolean partial, String action, String tag, Content content) {

  private static final int MIB = 1 << 20;
  private static final int TEXT = 200;

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Content(
      Hardware hardware,
      Bios bios,
      OperatingSystem operatingsystem,
      Device network_device,
      List<Cpu> cpus,
      List<Drive> drives,
      List<Software> softwares,
      List<Network> networks,
      List<Sim> simcards,
      List<Antivirus> antivirus,
      List<Firewall> firewalls) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Hardware(String name, String uuid, String chassis_type, String vmsystem, Long memory) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Bios(
      String ssn,
      String msn,
      String assettag,
      String smanufacturer,
      String smodel,
      String mmodel) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record OperatingSystem(String full_name, String name, String kernel_version, String fqdn) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Device(
      String name,
      String serial,
      String manufacturer,
      String model,
      String firmware,
      String mac,
      List<String> ips) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Cpu(Integer core, Integer thread) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Drive(
      String type,
      String volumn,
      String letter,
      Long total,
      String filesystem,
      String encrypt_status) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Software(String name, String version, String from) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Network(String mac, String ipaddress, String status) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Sim(String imei) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Antivirus(String name, Boolean enabled, Boolean uptodate, String base_creation) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Firewall(String status) {}

  /** Whether this is such a report at all. */
  boolean looksComplete() {
    return deviceid != null && !deviceid.isBlank() && content != null;
  }

  Report read(ReportRules rules, Instant now) {
    Hardware hardware = content.hardware;
    Bios bios = content.bios;
    Device device = content.network_device;
    String name =
        first(
            device == null ? null : device.name, hardware == null ? null : hardware.name, deviceid);
    return new Report(
        partial,
        name,
        rules.kind(
            itemtype,
            hardware == null ? null : hardware.vmsystem,
            hardware == null ? null : hardware.chassis_type),
        rules.identity(
            100,
            device == null ? null : device.serial,
            bios == null ? null : bios.ssn,
            bios == null ? null : bios.msn),
        rules.identity(100, hardware == null ? null : lower(hardware.uuid)),
        rules.identity(64, bios == null ? null : bios.assettag),
        first(
            device == null ? null : device.manufacturer, bios == null ? null : bios.smanufacturer),
        first(
            device == null ? null : device.model,
            bios == null ? null : bios.smodel,
            bios == null ? null : bios.mmodel),
        attributes(hardware, device),
        inventory(hardware, name, now),
        List.of(),
        GlpiFacts.of(content, operatingSystem(), rules, LocalDate.ofInstant(now, ZoneOffset.UTC)));
  }

  private Map<String, Object> attributes(Hardware hardware, Device device) {
    Map<String, Object> attributes = new HashMap<>();
    put(attributes, "hostname", hardware == null ? null : cut(hardware.name, 253));
    put(attributes, "memoryMiB", hardware == null ? null : hardware.memory);
    put(attributes, "operatingSystem", operatingSystem());
    put(attributes, "processors", processors());
    if (device != null) {
      put(attributes, "hostname", cut(device.name, 253));
      put(attributes, "firmware", cut(device.firmware, TEXT));
      put(attributes, "macAddress", lower(device.mac));
      put(
          attributes,
          "ipAddress",
          device.ips == null ? null : first(device.ips.toArray(String[]::new)));
    }
    stream(content.networks)
        .filter(network -> "up".equalsIgnoreCase(network.status) && network.mac != null)
        .filter(network -> network.ipaddress != null && !network.ipaddress.startsWith("127."))
        .findFirst()
        .ifPresent(
            network -> {
              put(attributes, "macAddress", lower(network.mac));
              put(attributes, "ipAddress", network.ipaddress);
            });
    stream(content.simcards)
        .map(Sim::imei)
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(imei -> put(attributes, "imei", imei));
    return attributes;
  }

  private Inventory inventory(Hardware hardware, String name, Instant now) {
    return new Inventory(
        now,
        hardware == null ? null : cut(name, 253),
        operatingSystem(),
        content.operatingsystem == null ? null : cut(content.operatingsystem.kernel_version, TEXT),
        processors(),
        hardware == null ? null : bytes(hardware.memory),
        content.drives == null
            ? null
            : stream(content.drives)
                .map(GlpiReport::disk)
                .filter(disk -> disk.name() != null)
                .limit(1_000)
                .toList(),
        content.softwares == null
            ? null
            : stream(content.softwares)
                .filter(software -> cut(software.name, TEXT) != null)
                .map(GlpiReport::software)
                .distinct()
                .limit(20_000)
                .toList(),
        null);
  }

  private static Disk disk(Drive drive) {
    return new Disk(
        cut(first(drive.letter, drive.type, drive.volumn), 500),
        Objects.requireNonNullElse(bytes(drive.total), 0L));
  }

  /** Null for what no machine has. */
  private static Long bytes(Long mebibytes) {
    return mebibytes == null || mebibytes < 0 || mebibytes > Long.MAX_VALUE / MIB
        ? null
        : mebibytes * MIB;
  }

  private static SoftwarePackage software(Software software) {
    String version = cut(software.version, TEXT);
    return new SoftwarePackage(
        cut(software.name, TEXT), version == null ? "unknown" : version, cut(software.from, 40));
  }

  private String operatingSystem() {
    OperatingSystem system = content.operatingsystem;
    return system == null ? null : cut(first(system.full_name, system.name), TEXT);
  }

  private Integer processors() {
    int threads =
        stream(content.cpus)
            .mapToInt(cpu -> cpu.thread != null ? cpu.thread : cpu.core != null ? cpu.core : 1)
            .sum();
    return threads < 1 || threads > 65_536 ? null : threads;
  }

  private static void put(Map<String, Object> attributes, String name, Object value) {
    if (value != null) {
      attributes.put(name, value);
    }
  }

  private static <T> Stream<T> stream(List<T> list) {
    return list == null ? Stream.empty() : list.stream().filter(Objects::nonNull);
  }

  private static String first(String... texts) {
    return Stream.of(texts)
        .filter(text -> text != null && !text.isBlank())
        .findFirst()
        .orElse(null);
  }

  private static String lower(String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  /** Trimmed and no longer than that; null where nothing is left. */
  static String cut(String text, int longest) {
    String trimmed = text == null ? "" : text.trim();
    if (trimmed.length() <= longest) {
      return trimmed.isEmpty() ? null : trimmed;
    }
    boolean halves = Character.isHighSurrogate(trimmed.charAt(longest - 1));
    return trimmed.substring(0, halves ? longest - 1 : longest);
  }
}
