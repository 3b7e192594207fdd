package io.vigie.console;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.filters.QuarkusRequestWrapper;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** The downloads of the log that the console would wait for when it stops. */
@ApplicationScoped
class Downloads {

  private static final long PATIENCE_SECONDS = 20;

  private final AtomicInteger underWay = new AtomicInteger();

  void count(@Observes Filters filters) {
    filters.register(
        context -> {
          if (context.request().path().equals("/trace/exports")) {
            underWay.incrementAndGet();
            QuarkusRequestWrapper.get(context.request())
                .addRequestDoneHandler(done -> underWay.decrementAndGet());
          }
          context.next();
        },
        1_000);
  }

  void awaitEnd() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (underWay.get() > 0) {
      assertTrue(System.nanoTime() < end, underWay.get() + " downloads are never over");
      Thread.sleep(20);
    }
  }
}
