package io.vigie.backup.run;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.vigie.backup.run.RunReport.Outcome;
import io.vigie.kernel.Problem;

/** The report of a job that Bacula's director writes and mails, in English. */
final class BaculaReport {

  private static final Pattern LINE = Pattern.compile("^\\s*([A-Z][A-Za-z() -]{1,40}):\\s+(.*)$");
  private static final Pattern BYTES = Pattern.compile("([0-9][0-9,]*)\\b.*");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd-MMM-uuuu HH:mm:ss", Locale.ENGLISH);

  private BaculaReport() {}

  /**
   * @param zone of the director's clocks
   * @throws Problem 400 when something that is needed is not there
   */
  static NativeRun read(String report, String zone, UUID tape) {
    Map<String, String> fields = new HashMap<>();
    for (String line : report.split("\r?\n")) {
      Matcher field = LINE.matcher(line);
      if (field.matches()) {
        fields.put(field.group(1), field.group(2).strip());
      }
    }
    String termination = required(fields, "Termination");
    // "Backup OK" and "Backup OK -- with warnings"; anything else is no backup that ended well.
    boolean ok = termination.startsWith("Backup OK");
    Instant start = time(fields, "Start time", zone, null);
    return new NativeRun(
        new RunReport(
            start,
            time(fields, "End time", zone, start),
            ok ? Outcome.SUCCEEDED : Outcome.FAILED,
            bytes(fields, "SD Bytes Written"),
            null,
            NativeRun.text(fields.getOrDefault("Volume name(s)", ""), 1_000),
            NativeRun.text(termination, RunReport.MESSAGE),
            "bacula",
            NativeRun.text(required(fields, "JobId"), RunReport.SNAPSHOT),
            tape),
        report.replace("\0", ""));
  }

  private static String required(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null || value.isEmpty()) {
      throw NativeRun.wrong(name, "must be there: the report of a job always has it");
    }
    return value;
  }

  private static Instant time(Map<String, String> fields, String name, String zone, Instant start) {
    try {
      return NativeRun.local(LocalDateTime.parse(required(fields, name), TIME), zone, start);
    } catch (DateTimeException e) {
      throw NativeRun.wrong(name, "must be a time such as 02-Mar-2026 01:00:03");
    }
  }

  /** The exact number, before its short form in parentheses. */
  private static long bytes(Map<String, String> fields, String name) {
    Matcher bytes = BYTES.matcher(required(fields, name));
    try {
      if (bytes.matches()) {
        return Long.parseLong(bytes.group(1).replace(",", ""));
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw NativeRun.wrong(name, "must be a number of bytes such as 73,014,444 (73.01 MB)");
  }
}
