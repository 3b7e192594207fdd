package io.vigie.console.page;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.logging.Log;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Forms are small: one over 256 KiB is refused (413) by its announced length. One with files may
 * have more; who sends too much of that is led back to where they chose it, which says so. Either
 * is a line of the console's log.
 */
@ApplicationScoped
class BodyLimit {

  /** A report of 10,000 letters, each four bytes, each byte three characters of a form. */
  private static final long USUAL = 256 << 10;

  /** More is not even read to its end: a browser shows a page of its own for that. */
  private static final long MOST_READ = 64 << 20;

  private static final long UNKNOWN = Long.MAX_VALUE;

  /** With files, bytes: {@code quarkus.http.limits.max-body-size}. */
  private static final long WITH_FILES = 31 << 20;

  /** Where forms have files, and say what is too large. The first group is where the form is. */
  private static final Pattern FORMS =
      Pattern.compile("(/|/security-events/[^/]+|/[a-z-]+/import)(/confirmation)?");

  private final RefusalLines lines;

  BodyLimit(RefusalLines lines) {
    this.lines = lines;
  }

  void check(@Observes Filters filters) {
    filters.register(this::check, 1_000);
  }

  private void check(RoutingContext context) {
    long length = length(context.request());
    Matcher path = FORMS.matcher(context.normalizedPath());
    String form = path.matches() ? path.group(1) : null;
    // What is not announced with files is counted as it is read
    if (length <= (form == null ? USUAL : WITH_FILES) || form != null && length == UNKNOWN) {
      context.next();
      return;
    }
    if (lines.hasOne(RefusalLines.ANONYMOUS)) {
      Log.warn("refused: 413, a form that is too large");
    }
    if (length <= MOST_READ) {
      drop(context, form);
    } else {
      context.response().putHeader(HttpHeaders.CONNECTION, "close").setStatusCode(413).end();
    }
  }

  /** Browsers look at no answer before they have sent all. */
  private static void drop(RoutingContext context, String form) {
    HttpServerRequest request = context.request();
    request.handler(part -> {});
    request.endHandler(end -> answer(context.response(), form).end());
    request.resume();
  }

  private static HttpServerResponse answer(HttpServerResponse response, String form) {
    return form == null
        ? response.setStatusCode(413)
        : response.setStatusCode(303).putHeader(HttpHeaders.LOCATION, form + "?tooLarge=true");
  }

  private static long length(HttpServerRequest request) {
    String announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (announced != null) {
      return Long.parseLong(announced);
    }
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) ? UNKNOWN : 0;
  }
}
