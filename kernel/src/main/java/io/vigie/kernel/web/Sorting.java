package io.vigie.kernel.web;

import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.QueryParam;

/**
 * In which order a list is, as a {@code @BeanParam}: by a field, and of creation among equals; of
 * creation alone where none is asked for. A page costs what all of the list costs.
 */
public class Sorting {

  /**
   * A field of the items, from the last to the first after a minus; what has none of it comes last.
   */
  @QueryParam("sort")
  @Pattern(regexp = "-?[A-Za-z.]{1,60}", message = "must be a field, or a minus and a field")
  String sort;

  /** The HQL of a field whose values have an order of their own, the first of these first. */
  public static String ranked(String attribute, Enum<?>... values) {
    return "cast(sql('array_position(string_to_array(''%s'', '',''), cast(? as text))', %%s%s) as Integer)"
        .formatted(Stream.of(values).map(Enum::name).collect(Collectors.joining(",")), attribute);
  }

  /** The HQL of a field that has rules of the policy, in its order: R4.2, R11.2, R11.13. */
  public static String ofRules(String attribute) {
    return ("cast(sql('1000 * cast(substring(? from ''^R([0-9]+)'') as integer)"
            + " + cast(substring(? from ''[.]([0-9]+)'') as integer)',"
            + " %%s%1$s, %%s%1$s) as Integer)")
        .formatted(attribute);
  }
}
