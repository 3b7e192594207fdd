package io.vigie.kernel.outbox;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The relay in figures: {@code vigie_relay_*}. */
@ApplicationScoped
public class RelayMetrics {

  private final Counter published;
  private final Counter failures;
  private final Counter blocked;

  RelayMetrics(MeterRegistry registry) {
    published = registry.counter("vigie.relay.published");
    failures = registry.counter("vigie.relay.failures");
    blocked = registry.counter("vigie.relay.blocked");
  }

  void published(int facts) {
    published.increment(facts);
  }

  void failed() {
    failures.increment();
  }

  void blocked() {
    blocked.increment();
  }
}
