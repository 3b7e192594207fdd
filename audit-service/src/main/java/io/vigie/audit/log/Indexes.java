package io.vigie.audit.log;

import java.util.List;

import io.vigie.audit.log.Search.Span;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/** Indexes and sizes as callers write them: decimals up to 18 digits. */
final class Indexes {

  private static final String DECIMAL = "[0-9]{1,18}";

  private Indexes() {}

  /**
   * An index in a path.
   *
   * @throws Problem 404 when it is none: there is no such entry
   */
  static long inPath(String text) {
    if (!text.matches(DECIMAL)) {
      throw Problem.notFound("The log has no entry with this index.");
    }
    return Long.parseLong(text);
  }

  /**
   * A tree size in a query, from 1 to {@code largest}; {@code absent} where there is none.
   *
   * @throws Problem 400 when it is anything else
   */
  static long size(String name, String text, long absent, long largest) {
    long size = text == null ? absent : text.matches(DECIMAL) ? Long.parseLong(text) : 0;
    if (size < 1 || size > largest) {
      throw Problem.invalid(
          List.of(new FieldError(name, "is a size of the tree, 1 to " + largest)));
    }
    return size;
  }

  /**
   * Indexes from {@code first} on and below {@code end}, within the first {@code size}; all of them
   * where there is neither.
   *
   * @throws Problem 400 when they are anything else
   */
  static Span range(String first, String end, long size) {
    long from = first == null ? 0 : first.matches(DECIMAL) ? Long.parseLong(first) : -1;
    long to = end == null ? size : end.matches(DECIMAL) ? Long.parseLong(end) : -1;
    if (from < 0 || to < from || to > size) {
      throw Problem.invalid(
          List.of(new FieldError("fromIndex", "and toIndex are a range of the log, 0 to " + size)));
    }
    return new Span(from, to);
  }
}
