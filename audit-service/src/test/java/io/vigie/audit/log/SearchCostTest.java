package io.vigie.audit.log;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.audit.log.Search.Span;
import io.vigie.audit.room.Reach;
import io.vigie.audit.room.Rooms;
import io.vigie.audit.room.Scope;
import io.vigie.audit.search.Outcome;
import io.vigie.audit.search.WordList;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What a search costs: counted in pages of the database that it touches, over 400,000 entries on
 * both sides of the border between two partitions. They are written in a transaction that never
 * commits.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchCostTest {

  private static final long BORDER = 4_194_304;
  private static final long FIRST = BORDER - 200_000;
  private static final long END = BORDER + 200_000;
  private static final Span ALL = new Span(0, Long.MAX_VALUE);
  private static final int PAGE = 20;

  private Connection database;

  @BeforeAll
  void fourHundredThousandEntries() throws SQLException {
    database = Infrastructure.running().superuser("audit");
    database.setAutoCommit(false);
    try (Statement sql = database.createStatement()) {
      sql.execute(
          """
          insert into entry (index, canonical, leaf, event_id, source, type, subject, actor, event_time, event_number,
            source_number, logged_at)
          select i, '{}', sha256(i::text::bytea), null, '/vigie/asset',
            case when i %% 1000 = 0 then 'security.refused.v1' when i %% 2 = 0 then 'backup-run.reported.v1' else 'asset.registered.v1' end,
            'asset/' || i / 100, case when i %% 8 = 7 then 'user-' || i %% 1000 else 'busy' end,
            timestamptz '2050-01-01' + i * interval '1 second', 1, i, timestamptz '2050-01-01' + i * interval '1 second'
          from generate_series(%d, %d) i"""
              .formatted(FIRST, END - 1));
      sql.execute(
          "insert into search_text select 'common', i from generate_series(%d, %d) i"
              .formatted(FIRST, END - 1));
      sql.execute(
          """
          insert into search_text select 'actor:' || actor, index from entry where index between %1$d and %2$d
          union all select 'source:' || source, index from entry where index between %1$d and %2$d"""
              .formatted(FIRST, END - 1));
      sql.execute(
          "insert into search_text select 'rare', i from generate_series(%d, %d, 9999) i"
              .formatted(FIRST, END - 1));
      sql.execute(
          "insert into reference select 'person/' || i %% 50, i from generate_series(%d, %d) i"
              .formatted(FIRST, END - 1));
      sql.execute("analyze entry, search_text, reference");
    }
  }

  @AfterAll
  void asIfNothingHadBeen() throws SQLException {
    database.rollback();
    database.setAutoCommit(true);
    try (Statement sql = database.createStatement()) {
      sql.execute("vacuum entry, search_text, reference"); // other tests read them whole
    }
    database.close();
  }

  private record Cost(int rows, long buffers, List<String> scanned, long lastIndex) {}

  private Cost cost(Search search, Span span, boolean up) throws SQLException {
    String query = filled(search.sql(span, up, PAGE), search.values());
    try (Statement sql = database.createStatement()) {
      int rows = 0;
      long last = -1;
      try (ResultSet found = sql.executeQuery(query)) { // the first run also reads the catalogue
        for (; found.next(); rows++) {
          last = found.getLong("index");
        }
      }
      try (ResultSet plan =
          sql.executeQuery("explain (analyze, buffers, timing off, format json) " + query)) {
        plan.next();
        JsonNode root = new ObjectMapper().readTree(plan.getString(1)).get(0).get("Plan");
        List<String> scanned = new ArrayList<>();
        collectScans(root, scanned);
        return new Cost(
            rows,
            root.get("Shared Hit Blocks").asLong() + root.get("Shared Read Blocks").asLong(),
            scanned,
            last);
      }
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String filled(String query, List<Object> values) {
    String filled = query;
    for (int i = values.size(); i > 0; i--) {
      filled = filled.replace("$" + i, literal(values.get(i - 1)));
    }
    return filled;
  }

  private static String literal(/* nullable */ Object value) {
    if (value == null) {
      return "null";
    }
    return value instanceof String[] texts
        ? "array['" + String.join("','", texts) + "']::text[]"
        : "'" + value + "'";
  }

  /** Tables read from end to end, but for partitions of a handful of entries. */
  private static void collectScans(JsonNode node, List<String> scanned) {
    if (node.path("Node Type").asText().contains("Seq Scan")
        && node.path("Actual Rows").asLong() + node.path("Rows Removed by Filter").asLong()
            > 5_000) {
      scanned.add(node.get("Relation Name").asText());
    }
    node.path("Plans").forEach(child -> collectScans(child, scanned));
  }

  private static List<Supplier<Search>> everyKindOfSearch() {
    Instant from = Instant.parse("2050-01-01T00:00:00Z");
    return List.of(
        Search::new,
        () -> new Search().with("actor", "busy"),
        () -> new Search().with("type", "asset.registered.v1"),
        () -> new Search().with("source", "/vigie/asset"),
        () -> new Search().with("actor", "busy").with("type", "backup-run.reported.v1"),
        () ->
            new Search()
                .with("actor", "busy")
                .with("type", "asset.registered.v1")
                .with("source", "/vigie/asset")
                .saying("common")
                .cameOut(Outcome.SUCCESS)
                .during(from, from.plusSeconds(100_000_000)),
        () -> new Search().saying("common").with("type", "asset.registered.v1"),
        () -> new Search().cameOut(Outcome.SUCCESS),
        () -> new Search().with("type", "asset.registered.v1").during(from, null));
  }

  @Test
  void pageTenThousandCostsWhatPageOneDoesWhateverIsSearchedFor() throws SQLException {
    for (Supplier<Search> search : everyKindOfSearch()) {
      // Given the first page of the synthetic entries, and one 10,000 pages (200,000 entries)
      // behind
      Cost first = cost(search.get(), new Span(FIRST, Long.MAX_VALUE), true);
      Cost far = cost(search.get(), new Span(FIRST + 200_000 - 500, Long.MAX_VALUE), true);
      Cost back = cost(search.get(), new Span(0, END - 500), false);

      String shown = search.get().sql(ALL, true, PAGE) + first + far + back;
      assertEquals(PAGE, first.rows, shown);
      assertEquals(PAGE, far.rows, shown);
      assertEquals(PAGE, back.rows, shown);
      assertTrue(far.buffers <= 1.2 * first.buffers, shown);
      assertTrue(back.buffers <= 1.2 * first.buffers, shown);
      assertEquals(List.of(), first.scanned, shown);
      assertEquals(List.of(), far.scanned, shown);
    }
  }

  @Test
  void aWordInRowsOfSeveralEntriesIsFoundAsInRowsOfOneAndAtNoMoreCost() throws SQLException {
    Savepoint before = database.setSavepoint();
    Random random = new Random(7);
    long[] edges = {FIRST, BORDER, BORDER - WordList.STRETCH, BORDER + WordList.STRETCH};
    try (Statement sql = database.createStatement()) {
      // Given, around each place where a row must end, entries that say a word, a few of them about
      // people
      List<Long> saying = new ArrayList<>();
      Set<Long> aboutPeople = new HashSet<>();
      for (long edge : Arrays.stream(edges).sorted().toArray()) {
        for (long index = Math.max(FIRST, edge - 1_500); index < edge + 1_500; index++) {
          if (random.nextInt(index % 1_000 < 600 ? 1 : 40) == 0) {
            saying.add(index);
            if (random.nextInt(100) == 0) {
              aboutPeople.add(index);
            }
          }
        }
      }
      for (WordList list : WordList.of(saying, aboutPeople::contains)) {
        sql.execute(
            "insert into search_text values ('several', %d, '{%s}')"
                .formatted(
                    list.first(),
                    list.more().stream().map(Object::toString).collect(joining(","))));
      }
      for (long index : saying) {
        sql.execute("insert into search_text values ('one', %d)".formatted(index));
      }
      sql.execute("analyze search_text");
      for (int look = 0; look < 300; look++) {
        long at = edges[random.nextInt(edges.length)] - 1_600 + random.nextInt(3_200);
        Span span = new Span(at, at + random.nextInt(3_000));
        boolean up = random.nextBoolean();
        String second = random.nextBoolean() ? " common" : "";
        // When
        List<Long> several = found(new Search().saying("several" + second), span, up);
        // Then
        List<Long> expected =
            saying.stream()
                .filter(index -> index >= span.first() && index < span.end())
                .sorted(up ? Comparator.naturalOrder() : Comparator.reverseOrder())
                .limit(PAGE)
                .toList();
        assertEquals(expected, several, () -> span + (up ? " up" : " down"));
        assertEquals(expected, found(new Search().saying("one" + second), span, up));
      }
      for (boolean up : new boolean[] {true, false}) {
        Cost several = cost(new Search().saying("several"), ALL, up);
        Cost one = cost(new Search().saying("one"), ALL, up);
        assertEquals(PAGE, several.rows);
        assertTrue(several.buffers <= 1.2 * one.buffers, several + " and " + one);
      }
    } finally {
      database.rollback(before);
    }
  }

  private List<Long> found(Search search, Span span, boolean up) throws SQLException {
    List<Long> found = new ArrayList<>();
    try (Statement sql = database.createStatement();
        ResultSet row = sql.executeQuery(filled(search.sql(span, up, PAGE), search.values()))) {
      while (row.next()) {
        found.add(row.getLong("index"));
      }
    }
    return found;
  }

  @Test
  void whatIsRareIsFoundWithoutReadingWhatIsNot() throws SQLException {
    List<Search> rare =
        List.of(
            new Search().with("subject", "asset/42000").with("actor", "busy"),
            new Search().cameOut(Outcome.REFUSED).with("actor", "busy"),
            new Search().saying("rare common").with("type", "backup-run.reported.v1"),
            new Search().about("person/7").saying("rare"),
            new Search().with("actor", "user-7").with("type", "security.refused.v1"));
    for (Search search : rare) {
      Cost cost = cost(search, ALL, true);
      assertEquals(List.of(), cost.scanned, search.toString());
      // The rarest list has 400 entries at most; a step looks into two or three lists.
      assertTrue(cost.buffers < 400 * 20, cost::toString);
    }
  }

  @Test
  void whoReachesFewTypesHasWholePagesOfThem() throws SQLException {
    Instant from = Instant.parse("2050-01-01T00:00:00Z");
    Scope scope =
        new Scope(
            UUID.randomUUID(),
            "Refusals",
            List.of("R9.1"),
            Set.of("security.refused.v1"),
            List.of(),
            null,
            Set.of(),
            from,
            from.plusSeconds(100_000_000));
    Search reached = new Search().within(new Reach(false, List.of(scope)));

    Cost cost = cost(reached, new Span(FIRST, Long.MAX_VALUE), true);
    assertEquals(PAGE, cost.rows);
    assertTrue(cost.buffers < PAGE * 20, cost::toString);
  }

  @Test
  void aPackOfOneClientAmongTensOfThousandsIsChosenInTheTimeThatAStatementHas()
      throws SQLException {
    Savepoint before = database.setSavepoint();
    try (Statement sql = database.createStatement()) {
      // Given 201 assets of one client, and others of 38,000 clients
      sql.execute(
          "insert into reference select 'client/mine', i from generate_series(%d, %d) i"
              .formatted(FIRST, FIRST + 19_999));
      sql.execute(
          "insert into reference select 'client/' || i / 10, i from generate_series(%d, %d, 4) i"
              .formatted(FIRST + 20_100, END - 1));
      // and 200 incidents at assets of the one, half of them at an asset of another as well
      sql.execute(
          """
          insert into entry (index, canonical, leaf, source, type, subject, actor, event_time, event_number, source_number,
            logged_at)
          select i, '{}', sha256(i::text::bytea), '/vigie/incident', 'incident.noted.v1', 'incident/' || (i - %1$d) / 10,
            'busy', timestamptz '2050-01-01', 1, i, timestamptz '2050-01-01' + i * interval '1 second'
          from generate_series(%1$d, %2$d) i"""
              .formatted(END, END + 1_999));
      sql.execute(
          "insert into reference select 'asset/' || %d + (i - %d) / 10, i from generate_series(%d, %d, 10) i"
              .formatted(FIRST / 100, END, END, END + 1_999));
      sql.execute(
          "insert into reference select 'asset/43000', i from generate_series(%d, %d, 20) i"
              .formatted(END + 1, END + 1_999));
      sql.execute("analyze entry, reference");
      sql.execute("set local statement_timeout = '30s'"); // as the service has it

      // When
      String[] client = {"client/mine"};
      String query =
          filled(
              EvidenceResource.CHOSEN.formatted(Rooms.CLOSED, ""),
              Arrays.asList(
                  client, client, END + 2_000, 100_001, null, EvidenceResource.BELONGING));
      int rows = 0;
      int withheld = 0;
      try (ResultSet row = sql.executeQuery(query)) {
        for (; row.next(); rows++) {
          withheld += row.getBoolean(2) ? 1 : 0;
        }
      }

      // Then all of the assets and the incidents is there, but for what became of those of both
      assertEquals(201 * 100 - FIRST % 100 + 2_000, rows);
      assertEquals(100 * 9, withheld);
    } finally {
      database.rollback(before);
    }
  }

  @Test
  void aSearchThatFindsNothingStopsWhereTheNextOneGoesOn() throws SQLException {
    // Given two lists that never meet: odd and even indexes
    Search never =
        new Search().with("type", "asset.registered.v1").with("subject", "asset/" + BORDER / 100);
    Search hopeless =
        new Search()
            .with("source", "/vigie/asset")
            .cameOut(Outcome.SUCCESS)
            .ofKinds(List.of("spaceship"));

    assertTrue(cost(never, ALL, true).rows <= PAGE);
    Cost stopped = cost(hopeless, new Span(FIRST, Long.MAX_VALUE), true);
    assertEquals(1, stopped.rows); // no entry: where the walk has come to
    assertEquals(0, stopped.lastIndex);
    assertTrue(stopped.buffers < 10 * Search.STEPS, stopped::toString);
  }
}
