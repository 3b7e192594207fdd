package io.vigie.audit.log;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.QueryParam;

import io.vigie.audit.search.Outcome;

/**
 * Which entries an export has in full, as a {@code @BeanParam}: conditions on what the entries
 * themselves say alone, so that whoever has the export can apply it again.
 */
public class ExportFilter {

  /** The subject of a token, {@code system:<service>} or {@code anonymous}. */
  @QueryParam("actor")
  @Size(max = 1_000)
  String actor;

  /** An object, as {@code <kind>/<id>}: its own events. */
  @QueryParam("subject")
  @Size(max = 1_000)
  String subject;

  @QueryParam("type")
  @Size(max = 1_000)
  String type;

  @QueryParam("source")
  @Size(max = 1_000)
  String source;

  /** Events that happened at this time or later. */
  @QueryParam("from")
  Instant from;

  /** Events that happened before this time. */
  @QueryParam("to")
  Instant to;

  /** {@code success}, {@code refused} or {@code alert}. */
  @QueryParam("outcome")
  @Pattern(regexp = "success|refused|alert", message = "is success, refused or alert")
  String outcome;

  /** The condition on rows {@code e}, whose values are added to those given. */
  String sql(List<Object> values) {
    StringJoiner all = new StringJoiner(" and ");
    all.add("true");
    equalities()
        .forEach(
            (column, value) -> {
              values.add(value);
              all.add("e." + column + " = $" + values.size());
            });
    if (from != null) {
      values.add(micros(from).atOffset(ZoneOffset.UTC));
      all.add("e.event_time >= $" + values.size());
    }
    if (to != null) {
      values.add(micros(to).atOffset(ZoneOffset.UTC));
      all.add("e.event_time < $" + values.size());
    }
    Outcome wanted = Outcome.of(outcome);
    if (wanted == Outcome.ALERT) {
      all.add("(e.alert is not null or e.type = any(" + types(values, Outcome.ALERT) + "))");
    } else if (wanted == Outcome.REFUSED) {
      all.add("e.alert is null and e.type = any(" + types(values, Outcome.REFUSED) + ")");
    } else if (wanted == Outcome.SUCCESS) {
      all.add("e.alert is null and (e.type is null or e.type <> all(");
      String refused = types(values, Outcome.REFUSED);
      return all + refused + " || " + types(values, Outcome.ALERT) + "))";
    }
    return all.toString();
  }

  private static String types(List<Object> values, Outcome outcome) {
    values.add(outcome.types().toArray(String[]::new));
    return "$" + values.size() + "::text[]";
  }

  /** As an export states it; what decides the outcome is part of it. */
  Map<String, String> stated() {
    Map<String, String> stated = new LinkedHashMap<>(equalities());
    if (from != null) {
      stated.put("from", micros(from).toString());
    }
    if (to != null) {
      stated.put("to", micros(to).toString());
    }
    if (outcome != null) {
      stated.put("outcome", outcome);
      stated.put("refused", String.join(" ", Outcome.REFUSED.types()));
      stated.put("alert", String.join(" ", Outcome.ALERT.types()));
    }
    return stated;
  }

  private Map<String, String> equalities() {
    Map<String, String> equalities = new LinkedHashMap<>();
    equalities.put("actor", actor);
    equalities.put("subject", subject);
    equalities.put("type", type);
    equalities.put("source", source);
    equalities.values().removeIf(value -> value == null);
    return equalities;
  }

  private static Instant micros(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }
}
