package io.vigie.kernel.web;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * What stands on each answer, whoever gives it: the API, the framework beside it, or nobody (404).
 * An answer is for its caller alone and of this moment, is what it says that it is, and may do
 * nothing where a browser shows it. An endpoint that knows better, as that of the log's tiles does,
 * says so itself. Where the caller came over TLS, they are told to go on like that.
 */
@ApplicationScoped
class AnswerHeaders {

  private record Header(CharSequence name, CharSequence value) {

    static Header of(String name, String value) {
      return new Header(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value));
    }

    void complete(MultiMap headers) {
      if (!headers.contains(name)) {
        headers.set(name, value);
      }
    }
  }

  private static final List<Header> ALL =
      List.of(
          Header.of("X-Content-Type-Options", "nosniff"),
          Header.of("Cache-Control", "no-store"),
          Header.of("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
          Header.of("Referrer-Policy", "no-referrer"));

  private static final Header OVER_TLS = Header.of("Strict-Transport-Security", "max-age=63072000");

  /** Before everybody who may answer. */
  void add(@Observes Router router) {
    router
        .route()
        .order(Integer.MIN_VALUE)
        .handler(
            context -> {
              // At the end: REST adds the headers of an endpoint to those that are there.
              context.addHeadersEndHandler(written -> complete(context));
              context.next();
            });
  }

  private static void complete(RoutingContext context) {
    MultiMap headers = context.response().headers();
    ALL.forEach(header -> header.complete(headers));
    if (context.request().isSSL()) {
      OVER_TLS.complete(headers);
    }
  }
}
