package io.vigie.console.page;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Forms are small: one over 256 KiB is refused (413) by its announced length. A form with a table
 * may have as much as {@code quarkus.http.limits.max-body-size}; who sends more of one is led back
 * to where they chose it, which says so.
 */
@ApplicationScoped
class BodyLimit {

  /** A report of 10,000 letters, each four bytes, each byte three characters of a form. */
  private static final long USUAL = 256 << 10;

  private static final long TABLE = 2 << 20;

  /** More is not even read to its end: a browser shows a page of its own for that. */
  private static final long MOST_READ = 64 << 20;

  private static final Pattern IMPORT = Pattern.compile("(/[a-z-]+/import)(?:/confirmation)?");

  void check(@Observes Filters filters) {
    filters.register(BodyLimit::check, 1_000);
  }

  private static void check(RoutingContext context) {
    HttpServerRequest request = context.request();
    long length = length(request.getHeader(HttpHeaders.CONTENT_LENGTH));
    Matcher path = IMPORT.matcher(context.normalizedPath());
    boolean isTable = path.matches();
    if (length <= (isTable ? TABLE : USUAL)) {
      context.next();
    } else if (isTable && length <= MOST_READ) {
      // Browsers look at no answer before they have sent all.
      request.handler(part -> {});
      request.endHandler(
          end ->
              context
                  .response()
                  .setStatusCode(303)
                  .putHeader(HttpHeaders.LOCATION, path.group(1) + "?tooLarge=true")
                  .end());
      request.resume();
    } else {
      context.response().putHeader(HttpHeaders.CONNECTION, "close").setStatusCode(413).end();
    }
  }

  /** 0 where there is none; what is no number counts as more than anything. */
  private static long length(String header) {
    try {
      return header == null ? 0 : Long.parseLong(header);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
