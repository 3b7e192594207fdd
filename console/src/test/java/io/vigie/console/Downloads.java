package io.vigie.console;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.filters.QuarkusRequestWrapper;

import static org.awaitility.Awaitility.await;

/** The downloads that the console would wait for when it stops. */
@ApplicationScoped
class Downloads {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final AtomicInteger underWay = new AtomicInteger();

  void count(@Observes Filters filters) {
    filters.register(
        context -> {
          String path = context.request().path();
          if (path.equals("/trace/exports") || path.endsWith("/export.csv")) {
            underWay.incrementAndGet();
            QuarkusRequestWrapper.get(context.request())
                .addRequestDoneHandler(done -> underWay.decrementAndGet());
          }
          context.next();
        },
        1_000);
  }

  void awaitEnd() {
    await("the downloads are over").atMost(PATIENCE).until(() -> underWay.get() == 0);
  }
}
