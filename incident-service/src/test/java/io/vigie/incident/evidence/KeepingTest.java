package io.vigie.incident.evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import io.vigie.incident.evidence.Attachment.Kept;
import io.vigie.incident.evidence.FileTypes.FileType;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How files are kept, looked at and handed over. */
class KeepingTest {

  private static final byte[] CONTENT = "evidence".getBytes(StandardCharsets.UTF_8);
  private static final String SHA256 = Sha256.hex(CONTENT);
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path directory;

  private record Settings(
      Optional<Path> directory, Optional<List<String>> scanCommand, Duration scanTimeLimit)
      implements AttachmentSettings {}

  private FileStore store(Path where) {
    return new DirectoryFileStore(
        new Settings(Optional.ofNullable(where), Optional.empty(), Duration.ofSeconds(5)));
  }

  private static boolean scan(String... command) {
    return scan(Duration.ofSeconds(40), command);
  }

  private static boolean scan(Duration limit, String... command) {
    Optional<List<String>> line =
        command.length == 0 ? Optional.empty() : Optional.of(List.of(command));
    return new VirusScan(new Settings(Optional.empty(), line, limit)).clean(CONTENT);
  }

  private static void assertRefused(int status, Runnable work) {
    assertEquals(status, assertThrows(Problem.class, work::run).status());
  }

  @Test
  void aFileIsKeptOnceForThisAccountAloneAndNothingElseIsLeft() throws IOException {
    store(directory).keep(SHA256, CONTENT);
    store(directory).keep(SHA256, CONTENT);

    assertArrayEquals(CONTENT, store(directory).of(SHA256).orElseThrow());
    assertEquals(Optional.empty(), store(directory).of(Sha256.hex("other")));
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> files = all.filter(Files::isRegularFile).toList();
      assertEquals(List.of(directory.resolve(SHA256.substring(0, 2)).resolve(SHA256)), files);
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(files.get(0))));
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(files.get(0).getParent())));
    }
  }

  @Test
  void whatCannotBeKeptIsRefused() throws IOException {
    Path file = Files.createFile(directory.resolve("no-directory"));
    assertRefused(503, () -> store(file).keep(SHA256, CONTENT));
    assertRefused(503, () -> store(null).keep(SHA256, CONTENT));
    assertThrows(IllegalArgumentException.class, () -> store(directory).of("../../etc/passwd"));
  }

  @Test
  void aProgramGetsTheFileAndSaysWhetherItIsClean() {
    assertTrue(scan("sh", "-c", "grep -q evidence \"$0\""));
    assertFalse(scan());
  }

  @ParameterizedTest
  @CsvSource({"exit 1, 422", "exit 2, 503", "kill -9 $$, 503"})
  void whatIsNotSaidToBeCleanIsNotTaken(String script, int status) {
    assertRefused(status, () -> scan("sh", "-c", script));
  }

  @Test
  void aProgramThatTakesTooLongFailsClosed() {
    assertRefused(503, () -> scan(Duration.ofMillis(200), "sh", "-c", "sleep 60"));
  }

  @Test
  void aProgramThatIsNotThereFailsClosed() {
    assertRefused(503, () -> scan("/nonexistent/scanner"));
  }

  private static Kept kept() {
    return new Kept(SHA256, CONTENT.length, new FileType("text/plain", "txt"), true);
  }

  @Test
  void evidenceIsHandedOverByWhoeverKeepsIt() {
    UUID incident = UUID.randomUUID();
    Attachment evidence = Attachment.ofIncident(incident, kept(), "log", "ann", NOW);

    assertEquals(
        new AttachmentEvent.HandedOver(
            evidence.id(), incident, "ann", "bob", Purpose.ANALYSIS, SHA256, NOW),
        evidence.handOver("bob", Purpose.ANALYSIS, "ann", false, NOW));
    assertRefused(403, () -> evidence.handOver("ann", Purpose.RETURN, "ann", false, NOW));
    assertRefused(409, () -> evidence.handOver("bob", Purpose.STORAGE, "bob", false, NOW));
    evidence.handOver("court", Purpose.DISCLOSURE, "cleo", true, NOW);
    assertEquals("court", evidence.state().holder());

    Attachment report = Attachment.ofSecurityEvent(UUID.randomUUID(), kept(), "mail", "ann", NOW);
    assertRefused(409, () -> report.handOver("bob", Purpose.OTHER, "ann", true, NOW));
  }

  @Test
  void aCheckSaysWhatItFound() {
    UUID incident = UUID.randomUUID();
    Attachment evidence = Attachment.ofIncident(incident, kept(), "log", "ann", NOW);

    assertEquals(
        new AttachmentEvent.Verified(evidence.id(), null, incident, SHA256, NOW),
        evidence.check(SHA256, NOW));
    for (String found : new String[] {null, Sha256.hex("other")}) {
      assertEquals(
          new AttachmentEvent.Damaged(evidence.id(), null, incident, SHA256, found, NOW),
          evidence.check(found, NOW));
      assertFalse(evidence.state().intact());
    }
  }
}
