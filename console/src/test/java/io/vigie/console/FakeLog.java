package io.vigie.console;

import java.io.IOException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A log that pages as audit-service's does: by index, both ways, with {@code Link} headers. */
class FakeLog {

  static final int PAGE = 50;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TreeMap<Long, Map<String, Object>> items = new TreeMap<>();
  private final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();

  /** Adds what a list shows of an entry. */
  FakeLog with(long index, Map<String, Object> item) {
    items.put(index, item);
    return this;
  }

  /** What it was asked, query by query. */
  List<Map<String, String>> asked() {
    return asked;
  }

  /** Answers with the items that {@code filter} lets through. */
  void answer(
      HttpExchange exchange, Function<Map<String, String>, Predicate<Map<String, Object>>> filter)
      throws IOException {
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    asked.add(query);
    boolean isAscending = !"desc".equals(query.get("order"));
    Long after = number(query.get("after"));
    Long before = number(query.get("before"));
    boolean isUp = isAscending == (before == null);
    Long cursor = after == null ? before : after;
    List<Long> found = new ArrayList<>();
    for (long index : isUp ? items.keySet() : items.descendingKeySet()) {
      boolean isBehind = cursor == null || (isUp ? index > cursor : index < cursor);
      if (isBehind && filter.apply(query).test(items.get(index))) {
        found.add(index);
      }
    }
    boolean isMore = found.size() > PAGE;
    List<Long> page = new ArrayList<>(found.subList(0, Math.min(PAGE, found.size())));
    Long goesOnFrom = isMore ? page.get(page.size() - 1) : null;
    if (before != null) {
      Collections.reverse(page);
    }
    Long first = page.isEmpty() ? null : page.get(0);
    Long last = page.isEmpty() ? null : page.get(page.size() - 1);
    link(exchange, "next", "after", before == null ? goesOnFrom : last);
    link(exchange, "prev", "before", before == null ? (after == null ? null : first) : goesOnFrom);
    send(
        exchange,
        200,
        JSON.writeValueAsString(Map.of("items", page.stream().map(items::get).toList())));
  }

  static void link(HttpExchange exchange, String relation, String cursor, Long index) {
    if (index != null) {
      exchange
          .getResponseHeaders()
          .add(
              "Link",
              "<http://audit/v1/log?q=x&%s=%d>; rel=\"%s\"".formatted(cursor, index, relation));
    }
  }

  static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    for (String each : raw == null ? new String[0] : raw.split("&")) {
      String[] parts = each.split("=", 2);
      query.merge(
          URLDecoder.decode(parts[0], UTF_8),
          URLDecoder.decode(parts[1], UTF_8),
          (one, other) -> one + " " + other);
    }
    return query;
  }

  private static Long number(String text) {
    return text == null ? null : Long.valueOf(text);
  }
}
