package io.vigie.kernel.web;

import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vigie.kernel.Ids;
import org.jboss.logging.MDC;

/**
 * A name for each request, {@code X-Request-Id}: the caller's, where it is a UUID or another short
 * word, else one that is made. The answer has it, so have problem documents, and the lines that the
 * service logs meanwhile ({@code requestId}): a caller who tells it leads to them.
 */
@ApplicationScoped
class RequestId {

  static final String HEADER = "X-Request-Id";

  /** What can stand in a line of a log without being taken for more than a word. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** Before everybody who may answer, or log anything. */
  void give(@Observes Router router) {
    router
        .route()
        .order(Integer.MIN_VALUE)
        .handler(
            context -> {
              String sent = context.request().getHeader(HEADER);
              String id =
                  sent != null && WORD.matcher(sent).matches() ? sent : Ids.next().toString();
              context.response().putHeader(HEADER, id);
              MDC.put("requestId", id);
              context.next();
            });
  }

  /** Of a request that is being answered. */
  static String of(HttpServerRequest request) {
    return request.response().headers().get(HEADER);
  }
}
