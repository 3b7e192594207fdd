package io.vigie.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A table of a hundred thousand people from HR software, each led by another of them, taken whole
 * by one call, and then once more, which changes nothing. The service has the memory that the stack
 * gives it: it holds the table and who leads whom, and goes through the rest of what is known, and
 * what is kept, in portions. The other side stores the same people and their events by one
 * statement, and checks nothing. Each begins when all that was before is told.
 */
final class PeopleImport implements Benchmark {

  private static final String SERVICE = "access";
  private static final String HEADER =
      "givenName,familyName,email,employeeNumber,businessProfile,manager,joinedOn\n";

  /** Nobody's account is made, and nobody's rights are worked out meanwhile. */
  private static final Map<String, String> SETTINGS =
      Map.of("VIGIE_DIRECTORY_KIND", "NONE", "VIGIE_ACCESS_RECOMPUTE_EVERY", "1h");

  private static final String BY_HAND =
      """
      with people as (
        insert into import_person (id, version, event_number, published_state, given_name, family_name,
          email, employee_number, business_profile, joined_on, state, kind, manager_id)
        select uuidv7(), 0, 1, published_state, given_name, family_name, email, employee_number,
          business_profile, joined_on, state, kind, manager_id
        from person where family_name = '%s' returning id, published_state)
      insert into import_outbox (event_id, type, subject, message_key, event_number, payload, actor, occurred_at)
      select uuidv7(), 'person.joined.v1', 'person/' || id, id, 1, jsonb_build_object('aggregateId', id,
        'at', now(), 'changes', published_state::jsonb)::text, 'bench', now()
      from people order by id""";

  @Override
  public String name() {
    return "people-import";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.only();
    bed.tables(SERVICE);
    int people = bed.quick() ? 5_000 : 100_000;
    try (Connection database = bed.stack().superuser(SERVICE);
        Statement statement = database.createStatement()) {
      for (String table : List.of("person", "outbox")) {
        statement.execute("create table import_%1$s (like %1$s including all)".formatted(table));
      }
      bed.startSmall(SERVICE, SETTINGS);
      Caller caller = new Caller(bed, SERVICE, "access-manager");
      double[] taken = new double[bed.rounds()];
      double[] again = new double[bed.rounds()];
      double[] byHand = new double[bed.rounds()];
      double[] slopes = new double[bed.rounds()];
      for (int round = 0; round < bed.rounds(); round++) {
        Bed.await(statement, Bed.TOLD);
        double hundredth = take(caller, table(mark(), people / 100), "created", people / 100);
        Bed.await(statement, Bed.TOLD);
        double tenth = take(caller, table(mark(), people / 10), "created", people / 10);
        String mark = mark();
        String table = table(mark, people);
        Bed.await(statement, Bed.TOLD);
        taken[round] = take(caller, table, "created", people);
        Bed.await(statement, Bed.TOLD);
        again[round] = take(caller, table, "unchanged", people);
        Bed.await(statement, Bed.TOLD);
        requireStored(statement, mark, people);
        statement.execute("truncate import_person, import_outbox");
        long start = System.nanoTime();
        statement.execute(BY_HAND.formatted("Byron" + mark));
        byHand[round] = (System.nanoTime() - start) / 1e9;
        slopes[round] = Math.log10((taken[round] - tenth) / (tenth - hundredth));
      }
      List<Row> rows =
          List.of(
              new Row(
                  name(),
                  new Samples(taken),
                  "s",
                  "people and events by one statement",
                  new Samples(byHand),
                  Goal.atMost(120, "s")),
              new Row(
                  name() + "-again",
                  new Samples(again),
                  "s, nothing changed",
                  "taken",
                  new Samples(taken),
                  Goal.ratioAtMost(1)),
              new Row(
                  name() + "-slope",
                  new Samples(slopes),
                  "log-log slope of the time by the people, from a hundredth to a tenth and on to all",
                  "in proportion",
                  new Samples(1),
                  Goal.between(0.9, 1.1, "(slope)")));
      return bed.quick()
          ? rows.stream().map(row -> row.notJudged("the goal is for the whole size")).toList()
          : rows;
    } finally {
      bed.stop(SERVICE);
    }
  }

  /** Of the people of one table, who are found by it. */
  private static String mark() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  /** Whoever is in the row of a tenth of one's own number leads one. */
  private static String table(String mark, int people) {
    StringBuilder table = new StringBuilder(HEADER);
    for (int i = 1; i <= people; i++) {
      table.append(
          "Ada,Byron%1$s,%2$d-%1$s@bench.example,%1$s-%2$d,developer,%3$s,2025-09-01\n"
              .formatted(mark, i, i == 1 ? "" : mark + "-" + (1 + i / 10)));
    }
    return table.toString();
  }

  private static double take(Caller caller, String table, String counted, int people)
      throws Exception {
    long start = System.nanoTime();
    JsonNode answer = caller.post("/v1/people/import", "text/csv", table);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (answer.path(counted).asInt() != people) {
      throw new IllegalStateException("not " + people + " " + counted + ": " + answer);
    }
    return seconds;
  }

  private static void requireStored(Statement statement, String mark, int people)
      throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "select count(*) from person where event_number = 1 and family_name = 'Byron%s'"
                .formatted(mark))) {
      row.next();
      if (row.getInt(1) != people) {
        throw new IllegalStateException(row.getInt(1) + " people are stored, not " + people);
      }
    }
  }
}
