package io.vigie.console.page;

import java.util.regex.Pattern;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Refuses what is longer than forms are (413), but where these take files, which {@code
 * quarkus.http.limits.max-body-size} bounds.
 */
@Singleton
class BodyLimit {

  /** Bytes. */
  private static final long USUAL = 256 * 1_024;

  private static final Pattern WITH_FILES = Pattern.compile("/|/security-events/[^/]+/attachments");

  void check(@Observes Filters filters) {
    filters.register(BodyLimit::check, 1_000);
  }

  private static void check(RoutingContext context) {
    if (WITH_FILES.matcher(context.normalizedPath()).matches() || isShort(context.request())) {
      context.next();
    } else {
      // The rest is read and dropped: who is still sending reads no answer.
      context.request().resume();
      context.response().setStatusCode(413).end();
    }
  }

  /** A browser announces how long a form is. */
  private static boolean isShort(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null
        ? request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null
        : Long.parseLong(length) <= USUAL;
  }
}
