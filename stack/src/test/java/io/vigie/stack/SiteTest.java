package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SiteTest {
  @TempDir Path root;

  @Test
  void withoutAnOffsetThePortsAreTheDocumentedOnes() {
    assertEquals(8081, Site.of(root, Map.of()).port(8081));
  }

  @Test
  void theOffsetOfTheEnvironmentShiftsEveryPort() {
    assertEquals(8181, Site.of(root, Map.of("VIGIE_PORT_OFFSET", "100")).port(8081));
  }

  @Test
  void theOffsetOfTheRunningStackWinsSoThatLaterCommandsFindIt() throws IOException {
    Site running = Site.of(root, Map.of("VIGIE_PORT_OFFSET", "100"));
    running.create();
    running.recordOffset();
    Daemon component = new Daemon(running.run().resolve("mail.pid"), running.log("mail"));
    component.start(new ProcessBuilder("sleep", "600"));
    try {
      assertEquals(100, Site.of(root, Map.of()).offset());
      assertEquals(100, Site.of(root, Map.of("VIGIE_PORT_OFFSET", "200")).offset());
    } finally {
      component.stop("KILL", Duration.ofSeconds(5));
    }
  }

  @Test
  void afterAPowerCutTheOffsetOfTheEnvironmentCountsAgain() throws IOException {
    // Given a stack whose processes are gone, and nobody took note
    Site cut = Site.of(root, Map.of("VIGIE_PORT_OFFSET", "100"));
    cut.create();
    cut.recordOffset();
    long recycled = ProcessHandle.current().pid();
    Files.writeString(cut.run().resolve("mail.pid"), recycled + " 12345@an-earlier-boot");

    assertEquals(200, Site.of(root, Map.of("VIGIE_PORT_OFFSET", "200")).offset());
    assertEquals(0, Site.of(root, Map.of()).offset());
  }

  @Test
  void aNearlyFullDiskIsRefusedWithTheDirectoryToMakeRoomIn() {
    Site site = Site.of(root, Map.of());

    StackException refusal =
        assertThrows(StackException.class, () -> site.requireSpace((2L << 30) - 1));

    assertEquals(
        "The disk that holds "
            + root.resolve(".vigie")
            + " is nearly full: 2047 MiB are left and the stack needs 2048. Make room there, then ./vigie up",
        refusal.getMessage());
    assertDoesNotThrow(() -> site.requireSpace(2L << 30));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ten", "-1", "1.5", "50001", "99999", "1000000"})
  void anOffsetThatIsNoNumberWithinRangeIsRefusedByName(String wrong) {
    StackException refusal =
        assertThrows(StackException.class, () -> Site.of(root, Map.of("VIGIE_PORT_OFFSET", wrong)));
    assertTrue(refusal.getMessage().startsWith("VIGIE_PORT_OFFSET must be"), refusal.getMessage());
  }

  @Test
  void onlyTheOwnerEntersTheStateDirectory() throws IOException {
    Site site = Site.of(root, Map.of());
    site.create();
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(site.state())));
  }
}
