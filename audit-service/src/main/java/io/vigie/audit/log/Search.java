package io.vigie.audit.log;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The conditions of a search: what is null does not restrict. Values are bound, never part of the
 * text.
 */
final class Search {

  private final List<String> conditions = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  Search where(String column, String operator, Object value) {
    if (value != null) {
      values.add(value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
      conditions.add(column + " " + operator + " $" + values.size());
    }
    return this;
  }

  String where() {
    return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
  }

  List<Object> values() {
    return values;
  }
}
