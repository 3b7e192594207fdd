package io.vigie.audit.log;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import io.vigie.audit.search.Outcome;
import io.vigie.audit.search.Words;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/**
 * The conditions of a search, and the statement that finds a page of it.
 *
 * <p>Each condition is a list: the entries with one key, in the order of the log, as an index keeps
 * them. Where several must hold, the statement walks their lists at once and skips in each to where
 * the furthest of the others is, so that it reads no list through. Conditions without a list are
 * checked on what the lists agree on. A walk takes at most {@value #STEPS} steps, and what it costs
 * depends neither on the size of the log nor on how far the reader is.
 *
 * <p>Values are bound, never part of the text; what is null does not restrict.
 */
final class Search {

  /** Where a walk stops, page or no page. */
  static final int STEPS = 4_000;

  private static final int WORDS = 8;

  private static final String EVERY =
      "(select index from entry where %(reach) order by index%(order) limit 1)";
  private static final String ALERTED =
      "(select index from entry where alert is not null and %(reach) order by index%(order) limit 1)";

  private final List<String> lists = new ArrayList<>();
  private final List<String> checks = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  /** Entries with this value in a column: {@code actor}, {@code subject}, {@code type}, … */
  Search with(String column, String value) {
    if (value != null) {
      lists.add(list("entry", column, bind(value)));
    }
    return this;
  }

  /** Entries of an object, {@code <kind>/<id>}, and those that refer to it. */
  Search about(String object) {
    if (object != null) {
      String value = bind(object);
      lists.add(
          first(
              list("entry", "subject", value)
                  + " union all "
                  + list("reference", "object", value)));
    }
    return this;
  }

  /**
   * Entries in whose searched texts every word of this text stands.
   *
   * @throws Problem 400 for a text without words, or with more than {@value #WORDS}
   */
  Search saying(String text) {
    if (text != null) {
      Set<String> words = Words.of(text);
      if (words.isEmpty() || words.size() > WORDS) {
        throw Problem.invalid(
            List.of(new FieldError("q", "is 1 to " + WORDS + " words of two letters or more")));
      }
      words.forEach(word -> lists.add(list("search_text", "word", bind(word))));
    }
    return this;
  }

  Search cameOut(Outcome outcome) {
    if (outcome == Outcome.SUCCESS) {
      checks.add("e.alert is null");
      checks.add("(e.type is null or e.type <> all(" + bind(unsuccessful()) + "::text[]))");
    } else if (outcome != null) {
      String ofTypes =
          "select l.index from unnest("
              + bind(outcome.types().toArray(String[]::new))
              + "::text[]) t (type), lateral "
              + list("entry", "type", "t.type")
              + " l";
      if (outcome == Outcome.ALERT) {
        lists.add(first(ofTypes + " union all " + ALERTED));
      } else {
        lists.add(first(ofTypes));
        checks.add("e.alert is null");
      }
    }
    return this;
  }

  /** Entries whose events happened at {@code from} or later, and before {@code to}. */
  Search during(Instant from, Instant to) {
    if (from != null) {
      checks.add("e.event_time >= " + bind(from.atOffset(ZoneOffset.UTC)));
    }
    if (to != null) {
      checks.add("e.event_time < " + bind(to.atOffset(ZoneOffset.UTC)));
    }
    return this;
  }

  /** Entries about objects of these kinds. */
  Search ofKinds(Collection<String> kinds) {
    if (kinds != null) {
      checks.add(
          "split_part(e.subject, '/', 1) = any("
              + bind(kinds.toArray(String[]::new))
              + "::text[])");
    }
    return this;
  }

  /**
   * Rows {@code (index, canonical, leaf, at, step)} in the order of the walk, up to {@code limit}.
   * A row without an index is where a walk of {@value #STEPS} steps was when it stopped.
   *
   * @param within the indexes to look at
   * @param up whether in the order of the log, or against it
   */
  String sql(Span within, boolean up, int limit) {
    StringBuilder joins = new StringBuilder();
    List<String> found = new ArrayList<>();
    for (String list : lists.isEmpty() ? List.of(EVERY) : lists) {
      found.add("l" + found.size() + ".index");
      joins.append("\n    cross join lateral ").append(list).append(" l").append(found.size() - 1);
    }
    String all = String.join(", ", found);
    return """
        with recursive walk (at, found, step) as (
          select %(start)::bigint, null::bigint, 0
          union all
          select case when next.near = next.far then next.far %(on) 1 else next.far end,
            case when next.near = next.far then next.far end, step + 1
          from walk%(joins)
            cross join lateral (select %(far)(%(all)) as far, %(near)(%(all)) as near) next
          where step < %(steps))
        select e.index, e.canonical, e.leaf, walk.at, walk.step
        from walk left join lateral (
          select * from entry e where e.index = walk.found%(checks) limit 1) e on true
        where e.index is not null or walk.step = %(steps) limit %(limit)"""
        .replace("%(joins)", joins)
        .replace("%(all)", all)
        .replace(
            "%(checks)", checks.stream().map(check -> " and " + check).reduce("", String::concat))
        .replace("%(start)", Long.toString(up ? within.first() : within.end() - 1))
        .replace("%(on)", up ? "+" : "-")
        .replace("%(far)", up ? "greatest" : "least")
        .replace("%(near)", up ? "least" : "greatest")
        .replace("%(steps)", Integer.toString(STEPS))
        .replace("%(limit)", Integer.toString(limit))
        .replace("%(from)", up ? ">=" : "<=")
        .replace("%(to)", up ? "<" : ">=")
        .replace("%(last)", Long.toString(up ? within.end() : within.first()))
        .replace(
            "%(reach)",
            up
                ? "index >= walk.at and index < " + within.end()
                : "index <= walk.at and index >= " + within.first())
        .replace("%(order)", up ? "" : " desc")
        .replace("%(nearest)", up ? "min" : "max");
  }

  List<Object> values() {
    return values;
  }

  /**
   * Where a walk that has come to {@code at} goes on in one list. Key and index are compared and
   * ordered as one, for which there is but one index: with the key apart, the database may choose
   * to read every entry until one has it.
   */
  private static String list(String table, String column, String key) {
    return "(select index from %s where (%s, index) %%(from) (%s, walk.at) and (%s, index) %%(to) (%s, %%(last))"
            .formatted(table, column, key, column, key)
        + " and %(reach) order by "
        + column
        + "%(order), index%(order) limit 1)";
  }

  private static String first(String lists) {
    return "(select %(nearest)(index) as index from (" + lists + ") heads having count(index) > 0)";
  }

  private static String[] unsuccessful() {
    List<String> types = new ArrayList<>(Outcome.REFUSED.types());
    types.addAll(Outcome.ALERT.types());
    return types.toArray(String[]::new);
  }

  private String bind(Object value) {
    values.add(value);
    return "$" + values.size();
  }

  /** Indexes from {@code first} on and below {@code end}. */
  record Span(long first, long end) {

    Span and(Span other) {
      return new Span(Math.max(first, other.first), Math.min(end, other.end));
    }
  }
}
