package io.vigie.kernel.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vigie.kernel.Problem;

/**
 * Refuses a body by its announced length before a byte of it is read. A chunked body announces
 * none; the server cuts it off at the same limit with a bare 413.
 */
@ApplicationScoped
class BodyLimit {

  /** 1 MiB; an import endpoint declares its own. */
  static final long BYTES = 1 << 20;

  private final ObjectMapper json;

  BodyLimit(ObjectMapper json) {
    this.json = json;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, 1_000);
  }

  private void check(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null || isWithin(length)) {
      context.next();
      return;
    }
    try {
      Problem problem = Problem.tooLarge(BYTES);
      context
          .response()
          .setStatusCode(413)
          .putHeader("Connection", "close")
          .putHeader("Content-Type", "application/problem+json")
          .end(json.writeValueAsString(Problems.document(problem, context.request().path())));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      context.fail(e);
    }
  }

  private static boolean isWithin(String length) {
    try {
      return Long.parseLong(length) <= BYTES;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
