package io.vigie.console.trace;

import java.util.Map;

import org.jboss.resteasy.reactive.RestQuery;

/**
 * Where a page of a list begins: behind an index of the log, or before one; at most one of them.
 */
public record Cursor(@RestQuery String after, @RestQuery String before) {

  public boolean isSet() {
    return after != null || before != null;
  }

  void in(Map<String, String> asked) {
    if (after != null) {
      asked.put("after", after);
    }
    if (before != null) {
      asked.put("before", before);
    }
  }
}
