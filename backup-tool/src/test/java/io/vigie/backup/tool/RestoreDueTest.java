package io.vigie.backup.tool;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a test of a restore that is asked for only where it is due asks the platform. */
class RestoreDueTest {

  private static final String DUE =
      "{\"items\" : [{\"asset\" : \"" + PlatformServer.ASSET + "\", \"depth\" : \"L1\"}]}";

  @TempDir Path folder;
  private final PlatformServer platform = new PlatformServer();
  private final Map<String, String> environment = platform.environment();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @AfterEach
  void close() {
    platform.close();
  }

  private int test() {
    return Main.run(
        new String[] {
          "restore-test",
          "--plan",
          "01937f30-4a6f-7f21-9c88-7d6e5f4a3b66",
          "--due",
          "14",
          "--manifest",
          folder.resolve("none").toString(),
          "--snapshot",
          "ffffffff",
          "--spool",
          folder.resolve("spool").toString()
        },
        environment,
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Clock.fixed(Instant.parse("2026-03-01T04:00:00.5Z"), ZoneOffset.UTC));
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whereNoneIsDueNothingIsTestedAndThatIsNoFailure() {
    assertEquals(0, test());

    assertTrue(errors().contains("no test is due before 2026-03-15T04:00:00Z"), errors());
    assertEquals(
        "asset=" + PlatformServer.ASSET + "&dueBefore=2026-03-15T04:00:00Z",
        platform.dutiesAskedFor());
    assertEquals(List.of(), platform.received());
  }

  @Test
  void whereOneIsDueItIsTested() {
    platform.answersOfDuties(200, DUE);

    assertEquals(Main.FAILED, test());

    assertTrue(errors().contains("nothing was tested: restic"), errors());
  }

  @ParameterizedTest
  @CsvSource({"403,{}", "503,{}", "200,{}", "200,<html>"})
  void whereThePlatformDoesNotSayNothingIsTested(int status, String body) {
    platform.answersOfDuties(status, body);

    assertEquals(Main.WAITING, test());

    assertTrue(errors().contains("the platform answers " + status), errors());
  }

  @Test
  void whileThePlatformIsAwayNothingIsTested() {
    environment.put("VIGIE_BACKUP_URL", "http://127.0.0.1:1");

    assertEquals(Main.WAITING, test());
  }
}
