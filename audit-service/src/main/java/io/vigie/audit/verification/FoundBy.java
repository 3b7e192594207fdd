package io.vigie.audit.verification;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

import io.vigie.audit.search.Findable;
import io.vigie.audit.search.WordList;

/**
 * Compares the rows by which searches, timelines and packs of evidence find entries with what the
 * entries' payloads say, both ways. Memory: a stretch of entries.
 */
final class FoundBy {

  private static final String OBJECTS =
      "select index, object, false from reference where index >= %d and index < %d";

  /** A search looks into the last list that begins at or before a place, and no further back. */
  private static final String WORDS =
      """
      select coalesce(w.index + behind, w.index), w.word,
        behind is null or behind < 0 or coalesce(w.index + behind >= w.next, false)
      from (
        select *, lead(index) over (partition by word order by index) as next from search_text
        where index >= %d and index < %d and position(':' in word) = 0) w,
        unnest(array[0::int2] || w.more) behind""";

  private static final String TELLERS = WORDS.replace("= 0", "> 0");

  private final Connection database;
  private final BiConsumer<Long, String> problems;
  private final Map<Long, Findable> stretch = new HashMap<>();
  private final Map<Long, Set<String>> tellers = new HashMap<>();
  private long from = -Long.MAX_VALUE;

  /**
   * @param problems told of the index of an entry and what is wrong with its rows
   */
  FoundBy(Connection database, BiConsumer<Long, String> problems) {
    this.database = database;
    this.problems = problems;
  }

  /**
   * Adds the next entry.
   *
   * @param expected what it is to be found by; null where that cannot be known any more
   * @param by the same of who did and told it
   */
  void add(long index, Findable expected, List<String> by) throws SQLException {
    stretch.put(index, expected);
    tellers.put(index, new HashSet<>(by));
    if ((index + 1) % WordList.STRETCH == 0) { // no list of a word reaches beyond
      compare(index + 1);
    }
  }

  /** There are no more entries. */
  void end() throws SQLException {
    compare(Long.MAX_VALUE);
  }

  private void compare(long end) throws SQLException {
    Map<Long, Set<String>> objects = new HashMap<>();
    Map<Long, Set<String>> words = new HashMap<>();
    stretch.forEach(
        (index, expected) -> {
          objects.put(index, expected == null ? null : new HashSet<>(expected.references()));
          words.put(index, expected == null ? null : new HashSet<>(expected.words()));
        });
    // A word may be personal, and what is reported here outlives its erasure.
    compare(OBJECTS.formatted(from, end), objects, "an object");
    compare(WORDS.formatted(from, end), words, "a word");
    compare(TELLERS.formatted(from, end), tellers, "an actor or a source");
    stretch.clear();
    tellers.clear();
    from = end;
  }

  /**
   * @param sql with the values in it: the plan is made for this stretch
   */
  private void compare(String sql, Map<Long, Set<String>> expected, String what)
      throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.setFetchSize(10_000);
      try (ResultSet row = statement.executeQuery(sql)) {
        while (row.next()) {
          long index = row.getLong(1);
          if (row.getBoolean(3)) {
            problems.accept(index, "is in a list of " + what + " where no search looks for it");
          }
          Set<String> left = expected.getOrDefault(index, Collections.emptySet());
          if (left != null && !left.remove(row.getString(2))) {
            problems.accept(index, "is found by " + what + " that it does not name");
          }
        }
      }
    }
    expected.forEach(
        (index, left) -> {
          if (left != null && !left.isEmpty()) {
            problems.accept(index, "is not found by " + what + " that it names");
          }
        });
  }
}
