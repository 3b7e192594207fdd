package io.vigie.asset.discovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What osquery logged of one machine: snapshots, one JSON object a line, with the rows of one query
 * (osquery.readthedocs.io, "Logging", "Snapshot logs"). A query's name ends with the table's; other
 * tables are passed over. Where a table is there twice, its last line counts.
 */
final class OsqueryLog {

  /**
   * @param unixTime when it was so, in seconds since 1970
   * @param snapshot rows, by the column's name
   */
  @Schema(name = "OsquerySnapshot")
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Line(
      String name,
      String action,
      String hostIdentifier,
      Long unixTime,
      List<Map<String, String>> snapshot) {}

  private static final int MOST_LINES = 1_000;

  private static final Pattern TABLE =
      Pattern.compile(
          "(?:.*[^A-Za-z0-9])?(system_info|os_version|deb_packages|rpm_packages|programs|apps"
              + "|listening_ports|disk_encryption|patches)",
          Pattern.DOTALL);

  private static final ObjectReader JSON =
      JsonMapper.builder()
          .addModule(KeptText.module())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(Line.class);

  private final Map<String, List<Map<String, String>>> tables = new HashMap<>();
  private String host;
  private long unixTime;

  private OsqueryLog() {}

  /**
   * @throws Problem 400 with the number of the first line that is no snapshot of this machine
   */
  static OsqueryLog parse(byte[] body) {
    List<String> lines = text(body).lines().limit(MOST_LINES + 1).toList();
    if (lines.size() > MOST_LINES) {
      throw Problem.badRequest("At most %d lines are taken.".formatted(MOST_LINES));
    }
    OsqueryLog log = new OsqueryLog();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        log.add(i + 1, lines.get(i));
      }
    }
    if (log.host == null) {
      throw Problem.badRequest("There is no line in this report.");
    }
    return log;
  }

  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw Problem.badRequest("The body is not UTF-8.");
    }
  }

  private void add(int number, String text) {
    Line line = line(number, text);
    if (!"snapshot".equals(line.action) || line.snapshot == null) {
      throw broken(number, "is no snapshot; give the query \"snapshot\": true");
    }
    if (line.name == null || line.hostIdentifier == null || line.hostIdentifier.isBlank()) {
      throw broken(number, "lacks its name or hostIdentifier");
    }
    if (line.unixTime == null || line.unixTime < 0 || line.unixTime > 1L << 40) {
      throw broken(number, "has no unixTime in seconds");
    }
    if (line.snapshot.contains(null)) {
      throw broken(number, "has a row that is no object");
    }
    if (host != null && !host.equals(line.hostIdentifier)) {
      throw broken(number, "is about another machine; send a report for each");
    }
    host = line.hostIdentifier;
    unixTime = Math.max(unixTime, line.unixTime);
    Matcher table = TABLE.matcher(line.name);
    if (table.matches()) {
      tables.put(table.group(1), line.snapshot);
    }
  }

  private static Line line(int number, String text) {
    try {
      Line line = JSON.readValue(text);
      if (line != null) {
        return line;
      }
    } catch (IOException e) {
      // told below, like a line that says nothing
    }
    throw broken(number, "is no JSON of a snapshot");
  }

  private static Problem broken(int number, String what) {
    return Problem.badRequest("Line %d %s.".formatted(number, what));
  }

  boolean has(String table) {
    return tables.containsKey(table);
  }

  /** None where the table is not there. */
  List<Map<String, String>> rows(String table) {
    return tables.getOrDefault(table, List.of());
  }

  /** As osquery names the machine. */
  String host() {
    return host;
  }

  /** That of the newest line. */
  Instant time() {
    return Instant.ofEpochSecond(unixTime);
  }
}
