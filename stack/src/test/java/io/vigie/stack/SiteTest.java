package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    assertEquals(100, Site.of(root, Map.of()).offset());
    assertEquals(100, Site.of(root, Map.of("VIGIE_PORT_OFFSET", "200")).offset());

    running.forgetOffset();
    assertEquals(0, Site.of(root, Map.of()).offset());
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
