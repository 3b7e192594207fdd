package io.vigie.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.stack.MachineInventory.Disk;
import io.vigie.stack.MachineInventory.Inventory;
import io.vigie.stack.MachineInventory.SoftwarePackage;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class MachineInventoryTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

  private final MachineInventory machine = take();

  private static MachineInventory take() {
    try {
      return MachineInventory.take(Clock.fixed(NOW, ZoneOffset.UTC));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everythingThatTheRegisterRequiresIsThere() {
    Inventory found = machine.found();

    assertEquals("2026-03-04T05:06:07Z", found.collectedAt());
    assertFalse(found.hostname().isBlank());
    assertFalse(found.operatingSystem().isBlank());
    assertFalse(found.kernel().isBlank());
    assertTrue(found.processors() >= 1);
    assertTrue(found.memoryBytes() > 0);
    assertFalse(found.disks().isEmpty());
    for (Disk disk : found.disks()) {
      assertTrue(disk.totalBytes() > 0, disk.name());
    }
  }

  @Test
  void aPortThatListensIsInTheInventory() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/net/tcp")));
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertTrue(take().found().listeningPorts().contains(listening.getLocalPort()));
    }
  }

  @Test
  void everyPackageOfDebianIsInTheInventory() throws IOException {
    Path status = Path.of("/var/lib/dpkg/status");
    assumeTrue(Files.exists(status) && Daemon.onPath("dpkg-query"));

    long installed =
        Files.readAllLines(status).stream().filter("Status: install ok installed"::equals).count();

    assertEquals(installed, new HashSet<>(machine.found().packages()).size());
  }

  @Test
  void thePackagesOfAlpineAreReadFromItsDatabase() {
    List<String> database =
        List.of(
            "C:Q1abc=", "P:musl", "V:1.2.5-r0", "A:x86_64", "", "C:Q1def=", "P:zlib", "V:1.3.1-r1");

    assertEquals(
        List.of(
            new SoftwarePackage("musl", "1.2.5-r0", "apk"),
            new SoftwarePackage("zlib", "1.3.1-r1", "apk")),
        MachineInventory.apkPackages(database));
  }

  @Test
  void whatTheSystemDoesNotTellIsSaid() {
    assertEquals(
        machine.found().packages().isEmpty(),
        machine.gaps().stream().anyMatch(gap -> gap.startsWith("No packages")));
  }

  @Test
  void theSerialNumberStaysAndDoesNotGiveTheMachineIdAway() throws IOException {
    assertTrue(machine.serialNumber().matches("[0-9a-f]{32}"));
    assertEquals(machine.serialNumber(), take().serialNumber());
    Path id = Path.of("/etc/machine-id");
    if (Files.isReadable(id)) {
      assertNotEquals(Files.readString(id).trim(), machine.serialNumber());
    }
  }

  /** Which kind of asset that is, the register's rules say. */
  @Test
  void whatAgentsReportIsWhatWasFound() throws IOException {
    Inventory found = machine.found();

    JsonNode glpi = Http.JSON.valueToTree(MachineReports.glpi(machine, "S-1"));
    assertEquals("S-1", glpi.at("/content/bios/ssn").asText());
    assertEquals(found.hostname(), glpi.at("/content/hardware/name").asText());
    assertEquals(found.packages().size(), glpi.at("/content/softwares").size());
    assertEquals(found.disks().size(), glpi.at("/content/drives").size());
    assertEquals(
        machine.virtual(), glpi.at("/content/hardware/vmsystem").asText().equals("Virtual"));

    List<JsonNode> lines =
        MachineReports.osquery(machine, "S-1").lines().map(MachineInventoryTest::json).toList();
    assertEquals("S-1", lines.get(0).at("/snapshot/0/hardware_serial").asText());
    assertEquals(
        List.copyOf(found.listeningPorts()),
        lines.get(1).path("snapshot").findValues("port").stream()
            .map(port -> Integer.valueOf(port.asText()))
            .toList());
    for (JsonNode line : lines) {
      assertEquals("snapshot", line.path("action").asText());
      assertTrue(line.path("unixTime").asLong() > NOW.getEpochSecond());
    }
  }

  private static JsonNode json(String line) {
    try {
      return Http.JSON.readTree(line);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
