package io.vigie.backup.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.backup.run.RunReport.Outcome;
import io.vigie.kernel.Problem;

/** What {@code borg create --json} writes once it has made an archive. */
final class BorgOutput {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Borg 1 says times by the clocks of the machine, Borg 2 with their offset. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss[.SSSSSS][XXX]");

  private BorgOutput() {}

  /**
   * @param zone of the machine's clocks; needed where Borg says no offset
   * @throws Problem 400 when something that is needed is not there
   */
  static NativeRun read(byte[] output, String zone, UUID tape) {
    JsonNode run = json(output);
    JsonNode archive = run.path("archive");
    if (!archive.isObject()) {
      throw NativeRun.wrong("archive", "must be there: borg create --json always writes it");
    }
    String location = run.path("repository").path("location").asText();
    String id = NativeRun.text(archive, "id", RunReport.SNAPSHOT);
    String name = NativeRun.text(archive, "name", RunReport.SNAPSHOT);
    Instant start = time(archive, "start", zone, null);
    return new NativeRun(
        new RunReport(
            start,
            time(archive, "end", zone, start),
            Outcome.SUCCEEDED,
            NativeRun.number(archive.path("stats"), "original_size"),
            null,
            NativeRun.text(location + "::" + name, 1_000),
            null,
            "borg",
            id,
            tape),
        run.toString());
  }

  private static JsonNode json(byte[] output) {
    try {
      JsonNode run = JSON.readTree(new String(output, StandardCharsets.UTF_8));
      if (run.isObject()) {
        return run;
      }
    } catch (IOException e) {
      // said below
    }
    throw NativeRun.wrong("body", "must be the JSON object that borg create --json writes");
  }

  private static Instant time(JsonNode archive, String field, String zone, Instant start) {
    try {
      TemporalAccessor time =
          TIME.parseBest(
              NativeRun.text(archive, field, 50), OffsetDateTime::from, LocalDateTime::from);
      return time instanceof OffsetDateTime exact
          ? exact.toInstant().truncatedTo(ChronoUnit.MICROS)
          : NativeRun.local((LocalDateTime) time, zone, start);
    } catch (DateTimeException e) {
      throw NativeRun.wrong(field, "must be a time such as 2026-03-02T01:00:00.000000");
    }
  }
}
