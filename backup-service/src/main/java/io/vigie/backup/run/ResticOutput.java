package io.vigie.backup.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.backup.run.RunReport.Outcome;
import io.vigie.kernel.Problem;

/**
 * What {@code restic backup --json} writes: a JSON object a line, of which the summary and the
 * errors count. A snapshot that lacks what could not be read is no good copy: the run failed.
 */
final class ResticOutput {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ResticOutput() {}

  /**
   * @param startedAt needed where restic says no times, which it does from version 0.17 on
   * @throws Problem 400 when something that is needed is not there
   */
  static NativeRun read(byte[] output, Instant startedAt, UUID tape) {
    JsonNode summary = null;
    List<String> kept = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (String line : new String(output, StandardCharsets.UTF_8).split("\n")) {
      JsonNode message = object(line);
      String type = message == null ? "" : message.path("message_type").asText();
      if (type.equals("summary")) {
        summary = message;
        kept.add(line.strip());
      } else if (type.endsWith("error")) {
        errors.add(error(message));
        kept.add(line.strip());
      }
    }
    if (summary == null && errors.isEmpty()) {
      throw NativeRun.wrong(
          "message_type", "must be summary, or an error, in one line of what restic --json wrote");
    }
    Instant start = time(summary, "backup_start", startedAt);
    if (start == null) {
      throw NativeRun.wrong("startedAt", "must be there: this restic does not say when it started");
    }
    return new NativeRun(report(summary, errors, start, tape), String.join("\n", kept));
  }

  private static RunReport report(JsonNode summary, List<String> errors, Instant start, UUID tape) {
    String message = NativeRun.text(String.join("\n", errors), RunReport.MESSAGE);
    if (summary == null) {
      return new RunReport(
          start, start, Outcome.FAILED, null, null, null, message, "restic", null, tape);
    }
    Instant end = time(summary, "backup_end", null);
    return new RunReport(
        start,
        end == null ? start.plus(NativeRun.seconds(summary, "total_duration")) : end,
        errors.isEmpty() ? Outcome.SUCCEEDED : Outcome.FAILED,
        NativeRun.number(summary, "total_bytes_processed"),
        null,
        null,
        message,
        "restic",
        NativeRun.text(summary, "snapshot_id", RunReport.SNAPSHOT),
        tape);
  }

  /** Null for what counts for nothing: how far it is, and warnings that are no JSON. */
  private static JsonNode object(String line) {
    if (!line.contains("\"summary\"") && !line.contains("error\"")) {
      return null;
    }
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      return null;
    }
  }

  private static String error(JsonNode message) {
    JsonNode error = message.path("error");
    String says = error.isObject() ? error.path("message").asText() : error.asText();
    return (says.isEmpty() ? message.path("message").asText() : says)
        + (message.hasNonNull("item") ? " (" + message.path("item").asText() + ")" : "");
  }

  private static Instant time(JsonNode summary, String field, Instant otherwise) {
    if (summary == null || !summary.path(field).isTextual()) {
      return otherwise;
    }
    try {
      return OffsetDateTime.parse(summary.path(field).asText())
          .toInstant()
          .truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      throw NativeRun.wrong(field, "must be a time as in RFC 3339");
    }
  }
}
