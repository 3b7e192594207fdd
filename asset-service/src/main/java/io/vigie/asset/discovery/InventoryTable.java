package io.vigie.asset.discovery;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.AssetState;
import io.vigie.asset.inventory.Kinds;
import io.vigie.asset.posture.Facts;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.CsvTable;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Machines as an administrator exports them from another tool: a table with a row for each, which
 * says little and deletes nothing. All rows are taken or none.
 */
@ApplicationScoped
class InventoryTable implements CsvTable.Columns {

  private static final int MOST_ROWS = 500;
  private static final int TEXT = 200;

  private static final List<String> COLUMNS =
      List.of(
          "serial",
          "uuid",
          "tag",
          "name",
          "kind",
          "make",
          "model",
          "hostname",
          "os",
          "os_version",
          "processors",
          "memory_mib",
          "ip",
          "mac");

  /** How many machines came to what, and each row. */
  @Schema(name = "InventoryTableOutcome")
  record Taken(int discovered, int changed, int unchanged, int ignored, List<Row> rows)
      implements DiscoveryResource.Answer {

    private static Taken of(List<Row> rows) {
      return new Taken(
          count(rows, Discovery.Result.DISCOVERED),
          count(rows, Discovery.Result.CHANGED),
          count(rows, Discovery.Result.UNCHANGED),
          count(rows, Discovery.Result.IGNORED),
          rows);
    }

    private static int count(List<Row> rows, Discovery.Result result) {
      return (int) rows.stream().filter(row -> row.result() == result).count();
    }
  }

  /**
   * @param row 1 for the first behind the header
   */
  @Schema(name = "InventoryTableRow")
  record Row(
      int row,
      UUID asset,
      Discovery.Result result,
      AssetState state,
      List<Discovery.Change> changes) {}

  private final Discovery discovery;
  private final ReportRules rules;
  private final Kinds kinds;
  private final Clock clock;

  InventoryTable(Discovery discovery, ReportRules rules, Kinds kinds, Clock clock) {
    this.discovery = discovery;
    this.rules = rules;
    this.kinds = kinds;
    this.clock = clock;
  }

  @Override
  public boolean isRead(String column) {
    return COLUMNS.contains(column);
  }

  /** Other tools export much that is not asked for. */
  @Override
  public String refusal(String column) {
    return null;
  }

  /**
   * What each row says.
   *
   * @throws Problem 400 when it is no table; 422 with what is wrong with which rows
   */
  List<Report> read(byte[] body, List<String> map) {
    List<Map<String, String>> table =
        CsvTable.table(body, CsvTable.mapping(map), this, MOST_ROWS).rows();
    List<FieldError> errors = new ArrayList<>();
    List<Report> reports = new ArrayList<>();
    Instant now = clock.instant();
    for (Map<String, String> row : table) {
      reports.add(report(row, reports.size() + 1, now, errors));
    }
    refuse(errors);
    return reports;
  }

  /** Takes them within the present transaction, or fails with 422 and what is wrong with which. */
  Uni<Taken> take(List<Report> reports) {
    List<FieldError> errors = new ArrayList<>();
    return Multi.createFrom()
        .range(0, reports.size())
        .onItem()
        .transformToUniAndConcatenate(
            i ->
                discovery
                    .take(reports.get(i))
                    .map(outcome -> row(i + 1, outcome))
                    .onFailure(Problem.class)
                    .recoverWithItem(
                        failure -> {
                          errors.add(error(i + 1, "row", failure.getMessage()));
                          return null;
                        })
                    // What is kept needs no watching: each flush would look at all before.
                    .call(
                        () ->
                            Panache.getSession()
                                .call(Mutiny.Session::flush)
                                .invoke(Mutiny.Session::clear)))
        .collect()
        .asList()
        .invoke(rows -> refuseTwice(rows, errors))
        .invoke(() -> refuse(errors))
        .map(Taken::of);
  }

  private static Row row(int number, Discovery.Outcome outcome) {
    return new Row(number, outcome.asset(), outcome.result(), outcome.state(), outcome.changes());
  }

  /** Two rows about one machine would change it to and fro, each time that they are sent. */
  private static void refuseTwice(List<Row> rows, List<FieldError> errors) {
    Map<UUID, Integer> seen = new HashMap<>();
    for (Row row : rows) {
      Integer other = seen.putIfAbsent(row.asset(), row.row());
      if (other != null) {
        errors.add(error(row.row(), "row", "is about the same machine as row " + other));
      }
    }
  }

  private static void refuse(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw Problem.unprocessable(
          "rows-refused", "Nothing was taken. Correct the listed rows, or leave them out.", errors);
    }
  }

  private static FieldError error(int row, String column, String message) {
    return new FieldError("row %d: %s".formatted(row, column), message);
  }

  private Report report(Map<String, String> row, int number, Instant now, List<FieldError> errors) {
    String serial = rules.identity(100, row.get("serial"));
    String uuid = rules.identity(100, lower(row.get("uuid")));
    String tag = rules.identity(64, row.get("tag"));
    if (serial == null && uuid == null && tag == null) {
      errors.add(error(number, "serial", "with uuid and tag tells no machine from others"));
    }
    String kind = text(row, "kind", 40);
    if (kind != null && !kinds.all().containsKey(kind)) {
      errors.add(error(number, "kind", "is not one of " + kinds.all().keySet()));
    }
    String hostname = text(row, "hostname", 253);
    String system =
        GlpiReport.cut(
            Stream.of(text(row, "os", TEXT), text(row, "os_version", TEXT))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" ")),
            TEXT);
    Long processors = number(row, "processors", 65_536, number, errors);
    Long memory = number(row, "memory_mib", 1L << 40, number, errors);
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("hostname", hostname);
    attributes.put("operatingSystem", system);
    attributes.put("processors", processors == null ? null : processors.intValue());
    attributes.put("memoryMiB", memory);
    attributes.put("ipAddress", text(row, "ip", 45));
    attributes.put("macAddress", lower(text(row, "mac", 17)));
    attributes.values().removeIf(Objects::isNull);
    return new Report(
        true,
        Stream.of(text(row, "name", TEXT), hostname, tag, serial, uuid)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null),
        kind == null ? rules.kind(null, null, null) : kind,
        serial,
        uuid,
        tag,
        text(row, "make", TEXT),
        text(row, "model", TEXT),
        attributes,
        new Inventory(
            now,
            hostname,
            system,
            null,
            processors == null ? null : processors.intValue(),
            memory == null ? null : memory << 20,
            null,
            null,
            null),
        List.of(),
        Facts.of(system, null));
  }

  private static String text(Map<String, String> row, String column, int longest) {
    return GlpiReport.cut(row.get(column), longest);
  }

  private static Long number(
      Map<String, String> row, String column, long most, int number, List<FieldError> errors) {
    String digits = text(row, column, 30);
    if (digits == null) {
      return null;
    }
    if (!digits.matches("[0-9]{1,18}") || Long.parseLong(digits) > most) {
      errors.add(error(number, column, "is no whole number up to " + most));
      return null;
    }
    return Long.valueOf(digits);
  }

  private static String lower(String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }
}
