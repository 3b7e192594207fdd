package io.vigie.kernel.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeSet;

import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/**
 * The conditions of a list, collected as an HQL query: what is null does not restrict. Values are
 * always bound, never part of the text.
 */
public final class Filter {

  private final StringJoiner conditions = new StringJoiner(" and ");
  private final Map<String, Object> parameters = new HashMap<>();
  private String order = "id";

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

  /**
   * Only items after the one with this id in the order that is asked for, and all in that order.
   * Where that one changed meanwhile, they begin after the place that it has now.
   *
   * @param entity whose list it is
   * @param fields that it may be sorted by, each with its HQL, in which {@code %s} stands before
   *     attributes
   * @throws Problem 400 when it is to be sorted by another
   */
  public Filter after(Paging paging, Sorting sorting, Class<?> entity, Map<String, String> fields) {
    if (sorting.sort == null) {
      return after(paging);
    }
    boolean isDown = sorting.sort.startsWith("-");
    String field = isDown ? sorting.sort.substring(1) : sorting.sort;
    String sorted = fields.get(field);
    if (sorted == null) {
      throw Problem.invalid(
          List.of(
              new FieldError(
                  "sort", "must be one of " + String.join(", ", new TreeSet<>(fields.keySet())))));
    }
    order = sorted.replace("%s", "") + (isDown ? " desc" : "") + " nulls last, id";
    String seen =
        "(select %s from %s seen where seen.id = :value)"
            .formatted(sorted.replace("%s", "seen."), entity.getName());
    return where(
        "({it} {beyond} {seen} or {it} is null and {seen} is not null"
            .concat(" or ({it} = {seen} or {it} is null and {seen} is null) and id > :value)")
            .replace("{it}", sorted.replace("%s", ""))
            .replace("{beyond}", isDown ? "<" : ">")
            .replace("{seen}", seen),
        paging.after());
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

  /** The Panache query, in the order that is asked for; of creation where none is. */
  public String query() {
    return (conditions.length() == 0 ? "" : conditions + " ") + "order by " + order;
  }

  public Map<String, Object> parameters() {
    return parameters;
  }
}
