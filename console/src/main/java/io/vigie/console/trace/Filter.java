package io.vigie.console.trace;

import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

import org.jboss.resteasy.reactive.RestQuery;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What somebody looks for, as they typed it; what is blank does not restrict.
 *
 * @param object as {@code <kind>/<id>}
 * @param rule of the policy: what proves it
 * @param from by the clock on the wall here, as {@code 2026-01-31T17:05}; as is {@code to}
 * @param order {@code asc} or {@code desc}
 */
public record Filter(
    @RestQuery String actor,
    @RestQuery String object,
    @RestQuery String type,
    @RestQuery String source,
    @RestQuery String rule,
    @RestQuery String from,
    @RestQuery String to,
    @RestQuery String outcome,
    @RestQuery String q,
    @RestQuery String order) {

  /** As the query of an address here; empty where nothing was typed. */
  String query() {
    StringJoiner query = new StringJoiner("&");
    typed().forEach((name, value) -> query.add(name + "=" + URLEncoder.encode(value, UTF_8)));
    return query.toString();
  }

  /**
   * As the log is asked.
   *
   * @throws DateTimeException where a time is none
   */
  Map<String, String> asked(ZoneId zone) {
    Map<String, String> asked = typed();
    for (String time : new String[] {"from", "to"}) {
      asked.computeIfPresent(
          time, (name, typed) -> LocalDateTime.parse(typed).atZone(zone).toInstant().toString());
    }
    return asked;
  }

  public boolean hasWords() {
    return typed().containsKey("q");
  }

  public boolean hasObject() {
    return typed().containsKey("object");
  }

  public boolean hasRule() {
    return typed().containsKey("rule");
  }

  private Map<String, String> typed() {
    Map<String, String> typed = new LinkedHashMap<>();
    put(typed, "actor", actor);
    put(typed, "object", object);
    put(typed, "type", type);
    put(typed, "source", source);
    put(typed, "rule", rule);
    put(typed, "from", from);
    put(typed, "to", to);
    put(typed, "outcome", outcome);
    put(typed, "q", q);
    put(typed, "order", order);
    return typed;
  }

  private static void put(Map<String, String> typed, String name, String value) {
    if (value != null && !value.isBlank()) {
      typed.put(name, value.strip());
    }
  }
}
