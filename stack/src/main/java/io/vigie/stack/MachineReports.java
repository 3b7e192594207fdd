package io.vigie.stack;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;

/** This machine as agents would report it to the register: what neither of the two says is left. */
final class MachineReports {
  private static final String TCP = "6";

  private MachineReports() {}

  /**
   * As a GLPI agent would, in its inventory_format.
   *
   * @param serial by which the register knows the machine
   */
  static Map<String, Object> glpi(MachineInventory machine, String serial) {
    MachineInventory.Inventory found = machine.found();
    return Map.of(
        "deviceid",
        found.hostname(),
        "itemtype",
        "Computer",
        "action",
        "inventory",
        "partial",
        true,
        "content",
        Map.of(
            "versionclient",
            "vigie demo",
            "hardware",
            Map.of(
                "name",
                found.hostname(),
                "memory",
                found.memoryBytes() >> 20,
                "chassis_type",
                machine.chassis(),
                "vmsystem",
                machine.virtual() ? "Virtual" : "Physical"),
            "bios",
            Map.of("ssn", serial),
            "operatingsystem",
            Map.of("full_name", found.operatingSystem(), "kernel_version", found.kernel()),
            "cpus",
            List.of(Map.of("thread", found.processors())),
            "drives",
            found.disks().stream()
                .map(disk -> Map.of("volumn", disk.name(), "total", disk.totalBytes() >> 20))
                .toList(),
            "softwares",
            found.packages().stream()
                .map(
                    one ->
                        Map.of("name", one.name(), "version", one.version(), "from", one.source()))
                .toList()));
  }

  /** As osquery would log it: the ports that listen, of which GLPI's format knows nothing. */
  static String osquery(MachineInventory machine, String serial) {
    MachineInventory.Inventory found = machine.found();
    return Stream.of(
            snapshot(found, "system_info", List.of(Map.of("hardware_serial", serial))),
            snapshot(
                found,
                "listening_ports",
                found.listeningPorts().stream()
                    .map(port -> Map.of("protocol", TCP, "port", port.toString()))
                    .toList()))
        .collect(Collectors.joining("\n"));
  }

  /**
   * A minute ahead, which the register takes for now: a report that is older than the one before
   * changes nothing, and osquery tells whole seconds.
   */
  private static String snapshot(
      MachineInventory.Inventory found, String table, List<Map<String, String>> rows) {
    try {
      return Http.JSON.writeValueAsString(
          Map.of(
              "name",
              table,
              "action",
              "snapshot",
              "hostIdentifier",
              found.hostname(),
              "unixTime",
              Instant.parse(found.collectedAt()).plusSeconds(60).getEpochSecond(),
              "snapshot",
              rows));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
