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
        List.of(new SoftwarePackage("musl", "1.2.5-r0"), new SoftwarePackage("zlib", "1.3.1-r1")),
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
}
