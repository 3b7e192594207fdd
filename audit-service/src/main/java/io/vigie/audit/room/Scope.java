package io.vigie.audit.room;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What an audit covers of the log.
 *
 * @param rules those in scope; empty where clients alone are, and then events of every type count
 * @param types the types of the events that prove these rules; empty as they are
 * @param clients whom what is done must be done for; empty for all of them
 * @param subjects the objects, as {@code <kind>/<id>}, whose events are about these clients and no
 *     other: they themselves, and what refers to them; null where all clients are covered
 * @param closed where they are, the objects whose events are left out: restricted incidents, and
 *     what refers to them
 * @param from events that happened at this time or later
 * @param until events that happened before this time
 */
public record Scope(
    UUID audit,
    String title,
    List<String> rules,
    Set<String> types,
    List<UUID> clients,
    Set<String> subjects,
    Set<String> closed,
    Instant from,
    Instant until) {

  /**
   * The condition that an entry is covered.
   *
   * @param entry the name that the entry's row has
   * @param values of the statement's parameters, to which those of the condition are added
   */
  public String sql(String entry, List<Object> values) {
    StringBuilder covered = new StringBuilder("(");
    covered.append(entry).append(".event_time >= ").append(bind(values, from));
    covered.append(" and ").append(entry).append(".event_time < ").append(bind(values, until));
    if (!rules.isEmpty()) {
      covered.append(" and ").append(entry).append(".type = any(").append(bind(values, types));
      covered.append("::text[])");
    }
    covered.append(" and ").append(objectSql(entry + ".subject", values));
    return covered.append(')').toString();
  }

  /**
   * The condition that what happens to an object is covered.
   *
   * @param object what the object is, as {@code <kind>/<id>}; none where that is null
   * @param values of the statement's parameters, to which those of the condition are added
   */
  String objectSql(String object, List<Object> values) {
    return subjects == null
        ? "coalesce(" + object + ", '') <> all(" + bind(values, closed) + "::text[])"
        : object + " = any(" + bind(values, subjects) + "::text[])";
  }

  /** As {@link Reach#turnSql} has it. */
  String turnSql(String turn, String object, List<Object> values) {
    StringBuilder covered = new StringBuilder("(");
    covered.append(turn).append(".at >= ").append(bind(values, from));
    covered.append(" and ").append(turn).append(".at < ").append(bind(values, until));
    if (object != null) {
      covered.append(" and ").append(objectSql(object, values));
    }
    return covered.append(')').toString();
  }

  private static String bind(List<Object> values, Instant time) {
    values.add(time.atOffset(ZoneOffset.UTC));
    return "$" + values.size();
  }

  private static String bind(List<Object> values, Set<String> texts) {
    values.add(texts.toArray(String[]::new));
    return "$" + values.size();
  }
}
