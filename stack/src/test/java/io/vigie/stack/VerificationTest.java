package io.vigie.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

class VerificationTest {
  @TempDir Path directory;

  @Test
  void aFileThatCannotBeReadAndOneThatIsNoExportEndWith2() throws Exception {
    Path root = Path.of("").toAbsolutePath().getParent();
    Site site = new Site(root, directory.resolve("state"), directory.resolve("cache"), 0);
    Verification verification = new Verification(site, new Stack(site));

    assertEquals(2, verification.of(directory.resolve("missing.ndjson")));
    assertEquals(2, verification.with(List.of(directory.resolve("missing.ndjson").toString())));
    Path prose = Files.writeString(directory.resolve("prose.ndjson"), "no export\n");
    assertEquals(2, verification.of(prose));
    assertEquals(2, verification.with(List.of(prose.toString(), "--checkpoint", "none")));
  }

  @Test
  void theVerifiersCommandsGetTheirArguments() throws Exception {
    Path root = Path.of("").toAbsolutePath().getParent();
    Site site = new Site(root, directory.resolve("state"), directory.resolve("cache"), 0);
    Verification verification = new Verification(site, new Stack(site));
    String key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    assertEquals(0, verification.with(List.of("log", "--help")));
    assertEquals(1, verification.with(List.of("log", directory.toString(), "--vkey", key)));
    assertEquals(2, verification.with(List.of("receipt", "missing", "--vkey", key)));
  }

  @Test
  void whatTheAuditServiceWouldHaveToGiveEndsWith2WhileItDoesNotRun() throws Exception {
    Path root = Path.of("").toAbsolutePath().getParent();
    Site site = new Site(root, directory.resolve("state"), directory.resolve("cache"), 0);
    Verification verification = new Verification(site, new Stack(site));
    String key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    assertEquals(2, verification.with(List.of()));
    assertEquals(2, verification.with(List.of("--vkey", key)));
    assertEquals(2, verification.with(List.of("receipt", "missing")));
    assertEquals(2, verification.with(List.of("pack", "missing")));
    assertEquals(2, verification.with(List.of("log", "--vkey", key)));
    assertEquals(2, verification.with(List.of("log", directory.toString())));
  }
}
