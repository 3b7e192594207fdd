package io.vigie.audit.log;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import io.vigie.audit.room.Reach;
import io.vigie.audit.search.Outcome;
import io.vigie.audit.search.WordList;
import io.vigie.audit.search.Words;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/**
 * The conditions of a search, and the statement that finds a page of it.
 *
 * <p>Each condition is a list: the entries with one key, in the order of the log, as an index keeps
 * them. Where several must hold, each step of the walk looks into one list after the other, always
 * from where the one before it has come to, so that none is read through. Conditions without a list
 * are checked on what the lists agree on. A step stays within one partition, and a walk takes at
 * most {@value #STEPS}, so what it costs depends neither on how much lies between its start and
 * what it finds nor on how far the reader is.
 *
 * <p>Values are bound, never part of the text; what is null does not restrict.
 */
public final class Search {

  /** Where a walk stops, page or no page. */
  static final int STEPS = 4_000;

  private static final int WORDS = 8;

  /** Entries of one partition, as the log's migrations make them. */
  private static final long PARTITION = 4_194_304;

  private static final String REACH = "index %(from) %(at) and index %(before) part.stop";
  private static final String NEXT = REACH + " order by index%(order) limit 1";
  private static final String EVERY = "select index from entry where " + NEXT;
  private static final String ALERTED =
      "select index from entry where alert is not null and " + NEXT;

  /**
   * The entries that say a word, or are of one actor or source, stand in rows of several, see
   * {@link WordList}.
   */
  private static final String WORD =
      "select found.index from (select %s::text[] as word) asked, lateral (%%(found)) found";

  private static final String ROW =
      """
      select index, more from search_text t where t.word = any(asked.word) and index <= %(at)
        and index >= (%(least)) / %(stretch) * %(stretch) order by t.word desc, index desc limit 1"""
          .replace("%(stretch)", Integer.toString(WordList.STRETCH));

  /** In the row that begins at or before this place, or else first in the one behind it. */
  private static final String WORD_UP =
      """
      select coalesce(
        (select min(r.index + behind) from (%(row)) r, unnest(array[0::int2] || r.more) behind
          where r.index + behind >= %(at) and r.index + behind < part.stop),
        (select index from search_text t where t.word = any(asked.word)
          and index > %(at) and index < part.stop order by t.word, index limit 1)) as index"""
          .replace("%(row)", ROW.replace("%(least)", "%(at)"));

  private static final String WORD_DOWN =
      """
      select max(r.index + behind) as index from (%(row)) r, unnest(array[0::int2] || r.more) behind
      where r.index + behind <= %(at) and r.index + behind > part.stop"""
          .replace("%(row)", ROW.replace("%(least)", "part.stop + 1"));

  private static final Set<String> TELLERS = Set.of("actor", "source");

  private final List<String> lists = new ArrayList<>();
  private final List<String> checks = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  /** Whether there is nothing to walk for. */
  private boolean isEmpty;

  /** Entries with this value in a column: {@code actor}, {@code subject}, {@code type}, … */
  Search with(String column, String value) {
    if (value != null) {
      lists.add(
          TELLERS.contains(column)
              ? WORD.formatted(key(WordList.by(column, value)))
              : list("entry", column, key(value)));
    }
    return this;
  }

  /** Entries of an object, {@code <kind>/<id>}, and those that refer to it. */
  Search about(String object) {
    if (object != null) {
      String value = key(object);
      lists.add(
          first(
              "("
                  + list("entry", "subject", value)
                  + ") union all ("
                  + list("reference", "object", value)
                  + ")"));
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
      words.forEach(word -> lists.add(WORD.formatted(key(word))));
    }
    return this;
  }

  /** Entries of one of these types. */
  Search ofTypes(Collection<String> types) {
    if (types != null) {
      lists.add(first(ofEach(types)));
    }
    return this;
  }

  Search cameOut(Outcome outcome) {
    if (outcome == Outcome.SUCCESS) {
      checks.add("e.alert is null");
      checks.add("(e.type is null or e.type <> all(" + bind(unsuccessful()) + "::text[]))");
    } else if (outcome != null) {
      String ofTypes = ofEach(outcome.types());
      if (outcome == Outcome.ALERT) {
        lists.add(first(ofTypes + " union all (" + ALERTED + ")"));
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

  /** Entries that are within somebody's reach. */
  Search within(Reach reach) {
    if (!reach.isWhole()) {
      isEmpty = reach.scopes().isEmpty();
      // A list as well, so that neither pages nor cursors tell of what else the log has.
      ofTypes(reach.types());
      checks.add(reach.sql("e", values));
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
   * A row without an index is where a walk of {@value #STEPS} steps was when it stopped. Searches
   * that differ in values alone have the same text.
   *
   * @param within the indexes to look at
   * @param up whether in the order of the log, or against it
   */
  String sql(Span within, boolean up, int limit) {
    List<String> each = lists.isEmpty() ? List.of(EVERY) : lists;
    StringBuilder joins = new StringBuilder();
    for (int i = 0; i < each.size(); i++) {
      // Behind "offset 0" a list is looked into once, however often its index is used.
      joins
          .append("\n    cross join lateral (select coalesce((")
          .append(
              each.get(i)
                  .replace("%(found)", up ? WORD_UP : WORD_DOWN)
                  .replace("%(at)", i == 0 ? "walk.at" : "l" + (i - 1) + ".index"))
          .append("), part.stop) as index offset 0) l")
          .append(i);
    }
    String first = "least(" + bind(isEmpty ? 0 : within.first()) + ", size)";
    String end = "least(" + bind(isEmpty ? 0 : within.end()) + ", size)";
    return """
        with recursive bounds (start, stop) as materialized (
          select %(bounds) from (select coalesce(max(index) + 1, 0) as size from entry) log),
        walk (at, found, step) as (
          select start, null::bigint, 0 from bounds
          union all
          select case when is_found then here %(on) 1 else here end, case when is_found then here end, step + 1
          from walk cross join bounds
            cross join lateral (select %(part) as stop offset 0) part%(joins)
            cross join lateral (select %(last).index as here, l0.index = %(last).index and %(last).index <> part.stop as is_found) next
          where step < %(steps) and walk.at %(to) bounds.stop)
        select e.index, e.canonical, e.leaf, walk.at, walk.step
        from walk left join lateral (
          select * from entry e where e.index = walk.found%(checks) limit 1) e on true
        where e.index is not null or walk.step = %(steps) limit %(limit)"""
        .replace("%(joins)", joins)
        .replace("%(last)", "l" + (each.size() - 1))
        .replace(
            "%(checks)", checks.stream().map(check -> " and " + check).reduce("", String::concat))
        .replace("%(bounds)", up ? first + ", " + end : end + " - 1, " + first + " - 1")
        .replace(
            "%(part)",
            up
                ? "least(bounds.stop, (walk.at / %(size) + 1) * %(size))"
                : "greatest(bounds.stop, walk.at / %(size) * %(size) - 1)")
        .replace("%(size)", Long.toString(PARTITION))
        .replace("%(on)", up ? "+" : "-")
        .replace("%(steps)", Integer.toString(STEPS))
        .replace("%(limit)", bind(limit))
        .replace("%(from)", up ? ">=" : "<=")
        .replace("%(to)", up ? "<" : ">")
        .replace(
            "%(before) part.stop", up ? "< part.stop" : ">= part.stop + 1") // as partitions end
        .replace("%(order)", up ? "" : " desc")
        .replace("%(nearest)", up ? "min" : "max");
  }

  List<Object> values() {
    return values;
  }

  /**
   * The next entry of one list. The key is given as an array of one: a single one would be a
   * constant to the database, which could then read all entries in their order until one has it.
   */
  private static String list(String table, String column, String key) {
    return "select index from %1$s where %2$s = any(%3$s) and %4$s order by %2$s%%(order), index%%(order) limit 1"
        .formatted(table, column, key, REACH);
  }

  private String ofEach(Collection<String> types) {
    return "select l.index from unnest("
        + bind(types.toArray(String[]::new))
        + "::text[]) t (type), lateral ("
        + list("entry", "type", "array[t.type]")
        + ") l";
  }

  private static String first(String lists) {
    return "select %(nearest)(index) from (" + lists + ") heads";
  }

  private static String[] unsuccessful() {
    List<String> types = new ArrayList<>(Outcome.REFUSED.types());
    types.addAll(Outcome.ALERT.types());
    return types.toArray(String[]::new);
  }

  private String key(String value) {
    return bind(new String[] {value});
  }

  private String bind(Object value) {
    values.add(value);
    return "$" + values.size();
  }

  /** Indexes from {@code first} on and below {@code end}. */
  public record Span(long first, long end) {

    Span and(Span other) {
      return new Span(Math.max(first, other.first), Math.min(end, other.end));
    }
  }
}
