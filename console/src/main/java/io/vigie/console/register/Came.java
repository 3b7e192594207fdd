package io.vigie.console.register;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.console.page.ServiceProblem;

import static java.util.Comparator.comparing;

/**
 * What a service says that a table comes to, in no language.
 *
 * @param rows what is refused first, then what is new or changed
 * @param isMore whether there are more of these
 * @param passedOver the table's columns that no table changes
 * @param refused why it takes none of it; empty where it does
 */
record Came(
    Count count, List<Row> rows, boolean isMore, List<String> passedOver, ServiceProblem refused) {

  /** How many rows come to what. */
  record Count(long created, long updated, long unchanged, long refused) {}

  /**
   * What becomes of a row.
   *
   * @param number 1 for the first behind the header
   * @param object the id of what it is about; empty where that is new
   * @param says how the row begins; null where that cannot be told
   * @param errors the service's own words
   */
  record Row(int number, String result, String object, String says, List<String> errors) {}

  private static final int MOST_ROWS = 200;

  /**
   * @param object the name by which the service calls the id of what a row is about
   */
  static Came of(JsonNode body, String object, byte[] table) {
    Count count =
        new Count(
            body.path("created").asLong(),
            body.path("updated").asLong(),
            body.path("unchanged").asLong(),
            body.path("refused").asLong());
    List<JsonNode> shown = rows(body).limit(MOST_ROWS).toList();
    Map<Integer, String> says =
        TableRows.beginnings(table, shown.stream().map(Came::number).collect(Collectors.toSet()));
    return new Came(
        count,
        shown.stream()
            .map(
                row ->
                    new Row(
                        number(row),
                        result(row),
                        row.path(object).asText(),
                        says.get(number(row)),
                        errors(row)))
            .toList(),
        count.created() + count.updated() + count.refused() > shown.size(),
        body.path("passedOver").valueStream().map(JsonNode::asText).toList(),
        ServiceProblem.NONE);
  }

  /** It takes none of it, and says why. */
  static Came refused(ServiceProblem why) {
    return new Came(new Count(0, 0, 0, 0), List.of(), false, List.of(), why);
  }

  /** Of those that the service tells of, each that is refused, new or changed. */
  private static Stream<JsonNode> rows(JsonNode body) {
    return Stream.of("rows", "taken")
        .flatMap(name -> body.path(name).valueStream())
        .filter(row -> !row.path("result").asText().equals("UNCHANGED"))
        .sorted(
            comparing((JsonNode row) -> !result(row).equals("REFUSED"))
                .thenComparing(Came::number));
  }

  private static int number(JsonNode row) {
    return row.path("row").asInt();
  }

  /** Where a service lists apart what is refused, it does not say so of each. */
  private static String result(JsonNode row) {
    return row.path("result").asText("REFUSED");
  }

  private static List<String> errors(JsonNode row) {
    return row.path("errors")
        .valueStream()
        .map(error -> error.path("field").asText() + ": " + error.path("message").asText())
        .toList();
  }
}
