package io.vigie.asset.discovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What osquery logged of one machine (osquery.readthedocs.io, "Logging"), one JSON object a line: a
 * snapshot with the rows of one query, or one row that a query gave for the first time ({@code
 * added}) or gives no more ({@code removed}). A query's name ends with the table's; other tables
 * are passed over. Of several snapshots of a table the last one counts, with the rows that came and
 * went after it.
 *
 * <p>With the counter 0 a query logs all its rows as added: those of one time are a snapshot, and
 * another time is another run. The epoch tells less: it is the same for ever where nobody sets it.
 * Later rows without their snapshot say something of tables of one row, of patches, and of
 * packages; a port that is closed at one address may be open at another, and a disk is not told
 * from others.
 */
final class OsqueryLog {

  /**
   * @param action {@code snapshot}, {@code added} or {@code removed}
   * @param unixTime when it was so, in seconds since 1970
   * @param counter how often the query had run before; 0 the first time
   * @param snapshot rows, by the column's name
   * @param columns of the row that was added or removed
   */
  @Schema(name = "OsqueryLine")
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Line(
      String name,
      String action,
      String hostIdentifier,
      Long unixTime,
      Long counter,
      List<Map<String, String>> snapshot,
      Map<String, String> columns) {

    private boolean says(String what) {
      return what.equals(action);
    }
  }

  /** A row of a table whose other rows are not there. */
  record Change(String table, long unixTime, boolean added, Map<String, String> row) {}

  private static final String SNAPSHOT = "snapshot";
  private static final String ADDED = "added";
  private static final String REMOVED = "removed";

  private static final int MOST_LINES = 25_000;

  private static final Set<String> OF_ONE_ROW = Set.of("system_info", "os_version");
  private static final Set<String> BY_ROW =
      Set.of("deb_packages", "rpm_packages", "programs", "apps", "patches");

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

  private final Map<String, Set<Map<String, String>>> tables = new HashMap<>();

  /** When the query ran whose first rows a table has. */
  private final Map<String, Long> firstRuns = new HashMap<>();

  private final Map<String, List<Change>> changes = new LinkedHashMap<>();
  private String host;
  private long unixTime;

  private OsqueryLog() {}

  /**
   * @throws Problem 400 with the number of the first line that says nothing of this machine
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
    boolean isDifference = line.says(ADDED) || line.says(REMOVED);
    if (isDifference ? line.columns == null : !line.says(SNAPSHOT) || line.snapshot == null) {
      throw broken(number, "is neither a snapshot nor a row that was added or removed");
    }
    if (line.name == null || line.hostIdentifier == null || line.hostIdentifier.isBlank()) {
      throw broken(number, "lacks its name or hostIdentifier");
    }
    if (line.unixTime == null || line.unixTime < 0 || line.unixTime > 1L << 40) {
      throw broken(number, "has no unixTime in seconds");
    }
    if (line.snapshot != null && line.snapshot.contains(null)) {
      throw broken(number, "has a row that is no object");
    }
    if (host != null && !host.equals(line.hostIdentifier)) {
      throw broken(number, "is about another machine; send a report for each");
    }
    host = line.hostIdentifier;
    unixTime = Math.max(unixTime, line.unixTime);
    Matcher table = TABLE.matcher(line.name);
    if (table.matches() && isDifference) {
      differ(table.group(1), line);
    } else if (table.matches()) {
      snapshot(table.group(1), line.snapshot);
    }
  }

  private void snapshot(String table, List<Map<String, String>> rows) {
    tables.put(table, new LinkedHashSet<>(rows));
    firstRuns.remove(table);
    changes.remove(table);
  }

  private void differ(String table, Line line) {
    if (OF_ONE_ROW.contains(table)) {
      if (line.says(ADDED)) {
        tables.put(table, Set.of(line.columns));
      }
    } else if (line.says(ADDED) && Long.valueOf(0).equals(line.counter)) {
      if (!line.unixTime.equals(firstRuns.get(table))) {
        snapshot(table, List.of());
        firstRuns.put(table, line.unixTime);
      }
      tables.get(table).add(line.columns);
    } else if (tables.containsKey(table)) {
      if (line.says(ADDED)) {
        tables.get(table).add(line.columns);
      } else {
        tables.get(table).remove(line.columns);
      }
    } else if (BY_ROW.contains(table)) {
      changes
          .computeIfAbsent(table, any -> new ArrayList<>())
          .add(new Change(table, line.unixTime, line.says(ADDED), line.columns));
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
    throw broken(number, "is no JSON of a snapshot or a row");
  }

  private static Problem broken(int number, String what) {
    return Problem.badRequest("Line %d %s.".formatted(number, what));
  }

  boolean has(String table) {
    return tables.containsKey(table);
  }

  /** None where the table is not there. */
  Set<Map<String, String>> rows(String table) {
    return tables.getOrDefault(table, Set.of());
  }

  /** Rows that came or went, in time; of one moment, what went is before what came. */
  List<Change> changes() {
    return changes.values().stream()
        .flatMap(List::stream)
        .sorted(Comparator.comparingLong(Change::unixTime).thenComparing(Change::added))
        .toList();
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
