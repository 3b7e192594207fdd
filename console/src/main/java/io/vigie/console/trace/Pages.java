package io.vigie.console.trace;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jboss.resteasy.reactive.RestResponse;

/**
 * The addresses of the pages beside one; null where there is none.
 *
 * @param next may be there although the page is empty: a search takes a bounded number of steps
 */
record Pages(String previous, String next) {

  private static final Pattern LINK =
      Pattern.compile("[?&](after|before)=([0-9]{1,18})[^>]*>; rel=\"(next|prev)\"");

  /** As the log linked them, for the page at {@code path} with this query, which may be empty. */
  static Pages of(RestResponse<?> answer, String path, String query) {
    String previous = null;
    String next = null;
    for (String link : answer.getStringHeaders().getOrDefault("Link", List.of())) {
      Matcher found = LINK.matcher(link);
      while (found.find()) {
        String address =
            path
                + "?"
                + (query.isEmpty() ? "" : query + "&")
                + found.group(1)
                + "="
                + found.group(2);
        if (found.group(3).equals("next")) {
          next = address;
        } else {
          previous = address;
        }
      }
    }
    return new Pages(previous, next);
  }
}
