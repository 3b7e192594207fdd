package io.vigie.kernel.web;

import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The conditions of a list, collected as an HQL query: what is null does not restrict. Values are
 * always bound, never part of the text.
 */
public final class Filter {

  private final StringJoiner conditions = new StringJoiner(" and ");
  private final Map<String, Object> parameters = new HashMap<>();

  public Filter equal(String attribute, Object value) {
    return where(attribute + " = :value", value);
  }

  public Filter in(String attribute, java.util.Collection<?> values) {
    return where(attribute + " in :value", values);
  }

  /** Only items created after the one with this id. */
  public Filter after(Paging paging) {
    return where("id > :value", paging.after());
  }

  /** A condition with no value of its own. */
  public Filter where(String condition) {
    conditions.add(condition);
    return this;
  }

  /** A condition on a value, which stands in it as {@code :value}. */
  public Filter where(String condition, Object value) {
    if (value != null) {
      String name = "p" + parameters.size();
      conditions.add(condition.replace(":value", ":" + name));
      parameters.put(name, value);
    }
    return this;
  }

  /** The Panache query, in order of creation. */
  public String query() {
    return (conditions.length() == 0 ? "" : conditions + " ") + "order by id";
  }

  public Map<String, Object> parameters() {
    return parameters;
  }
}
