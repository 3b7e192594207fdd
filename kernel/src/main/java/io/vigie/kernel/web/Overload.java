package io.vigie.kernel.web;

import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Takes so many requests to the API at once ({@code vigie.http.at-once}) and refuses the rest (503
 * with {@code Retry-After}) before a byte of their body or their token is looked at. What is taken
 * is then answered in a bounded time; a queue without an end would make everybody wait for ever.
 */
@ApplicationScoped
class Overload {

  private static final int BEFORE_ALL_OTHERS = 2_000;

  private final AtomicInteger taken = new AtomicInteger();
  private final int atOnce;
  private final Counter refused;
  private final ObjectMapper json;

  Overload(
      @ConfigProperty(name = "vigie.http.at-once") int atOnce,
      MeterRegistry metrics,
      ObjectMapper json) {
    this.atOnce = atOnce;
    this.json = json;
    this.refused = metrics.counter("vigie.http.overloaded");
    metrics.gauge("vigie.http.at.once", taken);
  }

  void limit(@Observes Filters filters) {
    filters.register(this::limit, BEFORE_ALL_OTHERS);
  }

  /** By the path as REST reads it, however it was written; the router refuses half an escape. */
  static boolean isOfTheApi(RoutingContext context) {
    return context.normalizedPath().startsWith("/v1/");
  }

  private void limit(RoutingContext context) {
    if (!isOfTheApi(context)) {
      context.next();
    } else if (taken.incrementAndGet() > atOnce) {
      taken.decrementAndGet();
      refused.increment();
      Problems.answer(context, Problem.overloaded(), json);
    } else {
      // Answered, failed, or its connection is gone: it ends once.
      context.addEndHandler(ended -> taken.decrementAndGet());
      context.next();
    }
  }
}
