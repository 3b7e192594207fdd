package io.vigie.console.service;

import java.util.UUID;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.vertx.ext.web.Router;
import org.jboss.logging.MDC;

/**
 * A name for each request, {@code X-Request-Id}: the proxy's, where it is a UUID or another short
 * word, else one that is made. The answer has it, the lines that the console logs meanwhile ({@code
 * requestId}), and what services are asked for it.
 */
@ApplicationScoped
class RequestId {

  static final String HEADER = "X-Request-Id";

  private static final String LOGGED = "requestId";

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
                  sent != null && WORD.matcher(sent).matches()
                      ? sent
                      : UUID.randomUUID().toString();
              context.response().putHeader(HEADER, id);
              MDC.put(LOGGED, id);
              context.next();
            });
  }

  /** Of the request that is being answered, or null where there is none. */
  static Object current() {
    return MDC.get(LOGGED);
  }
}
