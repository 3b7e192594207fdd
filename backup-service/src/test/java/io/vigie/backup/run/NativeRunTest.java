package io.vigie.backup.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.backup.run.RunReport.Outcome;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What restic and borg wrote, as record.sh beside it recorded it, a report in Bacula's form that no
 * script here records, and what may be wrong with them.
 */
class NativeRunTest {

  private static final Instant START = Instant.parse("2026-03-02T01:00:00Z");
  private static final UUID TAPE = UUID.randomUUID();

  @Test
  void whatResticWroteIsARun() {
    NativeRun run = ResticOutput.read(bytes("restic.ndjson"), START, TAPE);

    RunReport report = run.report();
    assertEquals(Outcome.SUCCEEDED, report.outcome());
    assertEquals(START, report.startedAt());
    assertTrue(report.endedAt().isAfter(START));
    assertTrue(report.endedAt().isBefore(START.plus(Duration.ofMinutes(5))));
    assertEquals(1_226_682, report.bytes());
    assertEquals("restic", report.tool());
    assertTrue(report.snapshot().matches("[0-9a-f]{8,64}"), report.snapshot());
    assertEquals(TAPE, report.tape());
    assertTrue(run.original().contains("\"data_added\""), "unknown fields are kept");
    assertTrue(!run.original().contains("percent_done"), "how far it was is not");
  }

  @Test
  void aResticThatSaysItsTimesNeedsNoOther() {
    NativeRun run =
        ResticOutput.read(
            summary("\"backup_start\":\"2026-03-02T02:00:00.5+01:00\",")
                .replace("\"total_duration\":1.5,", "\"backup_end\":\"2026-03-02T02:00:03+01:00\",")
                .getBytes(StandardCharsets.UTF_8),
            null,
            null);

    assertEquals(Instant.parse("2026-03-02T01:00:00.5Z"), run.report().startedAt());
    assertEquals(Instant.parse("2026-03-02T01:00:03Z"), run.report().endedAt());
  }

  @Test
  void aSnapshotThatLacksWhatCouldNotBeReadFailed() {
    String output =
        """
        {"message_type":"error","error":{"message":"open /data/x: permission denied"},"during":"archival","item":"/data/x"}
        """
            + summary("");

    RunReport report =
        ResticOutput.read(output.getBytes(StandardCharsets.UTF_8), START, null).report();

    assertEquals(Outcome.FAILED, report.outcome());
    assertEquals("open /data/x: permission denied (/data/x)", report.message());
    assertEquals("0a1b2c3d", report.snapshot());
  }

  @Test
  void aResticThatMadeNoSnapshotFailedAtOnce() {
    String output =
        "{\"message_type\":\"exit_error\",\"code\":12,\"message\":\"Fatal: wrong password\"}\n";

    RunReport report =
        ResticOutput.read(output.getBytes(StandardCharsets.UTF_8), START, null).report();

    assertEquals(Outcome.FAILED, report.outcome());
    assertEquals("Fatal: wrong password", report.message());
  }

  @Test
  void whatIsMissingFromResticsSummaryIsNamed() {
    assertWrong("message_type", () -> restic("{\"message_type\":\"status\"}\n", START));
    assertWrong("message_type", () -> restic("Fatal: unable to open config file", START));
    assertWrong("startedAt", () -> restic(summary(""), null));
    for (String field : new String[] {"total_bytes_processed", "total_duration", "snapshot_id"}) {
      assertWrong(field, () -> restic(summary("").replace("\"" + field, "\"x_" + field), START));
    }
    assertWrong("total_bytes_processed", () -> restic(summary("").replace("4096", "-1"), START));
    assertWrong("total_bytes_processed", () -> restic(summary("").replace("4096", "1.5"), START));
    assertWrong("backup_start", () -> restic(summary("\"backup_start\":\"today\","), START));
  }

  @Test
  void whatBorgWroteIsARun() {
    NativeRun run = BorgOutput.read(bytes("borg.json"), "Europe/Paris", TAPE);

    RunReport report = run.report();
    assertEquals(Outcome.SUCCEEDED, report.outcome());
    assertTrue(!report.endedAt().isBefore(report.startedAt()));
    assertEquals(1_227_182, report.bytes());
    assertEquals("borg", report.tool());
    assertTrue(report.snapshot().matches("[0-9a-f]{64}"), report.snapshot());
    assertEquals("/tmp/vigie-outputs/borg-repo::nightly", report.location());
    assertTrue(run.original().contains("deduplicated_size"), "unknown fields are kept");
    assertEquals(
        report.startedAt().plus(Duration.ofHours(1)),
        BorgOutput.read(bytes("borg.json"), "UTC", TAPE).report().startedAt(),
        "the clocks of Paris are an hour ahead in winter");
  }

  @Test
  void borgsTimesMayHaveTheirOffset() {
    String json =
        """
        {"archive":{"id":"a1","name":"n","start":"2026-03-02T02:00:00.000000+01:00",
        "end":"2026-03-02T02:00:05.000000+01:00","stats":{"original_size":7}},"repository":{"location":"r"}}""";

    assertEquals(
        START,
        BorgOutput.read(json.getBytes(StandardCharsets.UTF_8), null, null).report().startedAt());
  }

  @Test
  void whatIsMissingFromBorgsJsonIsNamed() {
    String json = new String(bytes("borg.json"), StandardCharsets.UTF_8);

    assertWrong("body", () -> borg("Warning: " + json, "UTC"));
    assertWrong("body", () -> borg("[]", "UTC"));
    assertWrong("archive", () -> borg(json.replace("\"archive\"", "\"archives\""), "UTC"));
    assertWrong("original_size", () -> borg(json.replace("original_size", "size"), "UTC"));
    assertWrong("start", () -> borg(json.replace("\"start\"", "\"started\""), "UTC"));
    assertWrong("zone", () -> borg(json, null));
    assertWrong("zone", () -> borg(json, "Europe/Lutece"));
    String long1 = "{\"x\":\"" + "x".repeat(NativeRun.LONGEST) + "\"," + json.strip().substring(1);
    assertWrong("body", () -> borg(long1, "UTC"));
  }

  @Test
  void aBaculaReportIsARun() {
    NativeRun run = BaculaReport.read(bacula(), "Europe/Paris", TAPE);

    RunReport report = run.report();
    assertEquals(Outcome.SUCCEEDED, report.outcome());
    assertEquals(Instant.parse("2026-03-02T00:00:03Z"), report.startedAt());
    assertEquals(Instant.parse("2026-03-02T00:06:41Z"), report.endedAt());
    assertEquals(78_200_112, report.bytes());
    assertEquals("LTO-0042", report.location());
    assertEquals("4217", report.snapshot());
    assertEquals("bacula", report.tool());
    assertTrue(run.original().contains("Comm Line Compression"), "unknown fields are kept");
  }

  @ParameterizedTest(name = "from {0} to {1} by the clocks of Paris, which go back at three")
  @CsvSource({
    "02:50:00, 02:10:00, 2026-10-25T00:50:00Z, 2026-10-25T01:10:00Z",
    "01:50:00, 02:10:00, 2026-10-24T23:50:00Z, 2026-10-25T00:10:00Z",
    "02:10:00, 02:50:00, 2026-10-25T00:10:00Z, 2026-10-25T00:50:00Z",
    "02:50:00, 03:10:00, 2026-10-25T00:50:00Z, 2026-10-25T02:10:00Z"
  })
  void aRunThroughTheHourThatComesTwiceEndsAfterItsStart(
      String from, String to, Instant start, Instant end) {
    String bacula =
        bacula()
            .replaceAll("(?<=Start time: {1,30})\\S+ \\S+", "25-Oct-2026 " + from)
            .replaceAll("(?<=End time: {1,30})\\S+ \\S+", "25-Oct-2026 " + to);
    String borg =
        """
        {"archive":{"id":"a1","name":"n","start":"2026-10-25T%s.000000","end":"2026-10-25T%s.000000",
        "stats":{"original_size":7}},"repository":{"location":"r"}}"""
            .formatted(from, to);

    for (NativeRun run :
        List.of(BaculaReport.read(bacula, "Europe/Paris", null), borg(borg, "Europe/Paris"))) {
      assertEquals(start, run.report().startedAt());
      assertEquals(end, run.report().endedAt());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*** Backup Error ***", "Backup Canceled", "Restore OK"})
  void aBaculaJobThatEndedOtherwiseFailed(String termination) {
    RunReport report =
        BaculaReport.read(bacula().replace("Backup OK", termination), "UTC", null).report();

    assertEquals(Outcome.FAILED, report.outcome());
    assertEquals(termination, report.message());
  }

  @Test
  void aBaculaJobWithWarningsSucceeded() {
    String report = bacula().replace("Backup OK", "Backup OK -- with warnings");

    assertEquals(Outcome.SUCCEEDED, BaculaReport.read(report, "UTC", null).report().outcome());
  }

  @Test
  void whatIsMissingFromABaculaReportIsNamed() {
    for (String field :
        new String[] {"JobId", "Start time", "End time", "SD Bytes Written", "Termination"}) {
      String lacking = bacula().replaceAll("(?m)^  " + field + ":.*$", "");
      assertWrong(field, () -> BaculaReport.read(lacking, "UTC", null));
    }
    assertWrong(
        "Start time",
        () -> BaculaReport.read(bacula().replace("02-Mar-2026", "02-Mars-2026"), "UTC", null));
    assertWrong(
        "SD Bytes Written",
        () -> BaculaReport.read(bacula().replace("78,200,112", "many"), "UTC", null));
  }

  private static NativeRun restic(String output, Instant startedAt) {
    return ResticOutput.read(output.getBytes(StandardCharsets.UTF_8), startedAt, null);
  }

  private static NativeRun borg(String output, String zone) {
    return BorgOutput.read(output.getBytes(StandardCharsets.UTF_8), zone, null);
  }

  private static String summary(String more) {
    return """
        {"message_type":"summary",%s"total_bytes_processed":4096,"total_duration":1.5,"snapshot_id":"0a1b2c3d"}
        """
        .formatted(more);
  }

  private static String bacula() {
    return new String(bytes("bacula.txt"), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String file) {
    try (InputStream in = NativeRunTest.class.getResourceAsStream("/outputs/" + file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertWrong(String field, Runnable reading) {
    Problem refusal = assertThrows(Problem.class, reading::run);
    assertEquals(field, refusal.errors().get(0).field());
  }
}
