package io.vigie.kernel.outbox;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** In this package because outside of the kernel nobody else may run a relay. */
public final class RelayForBenchmarks implements AutoCloseable {

  private final Relay relay;

  /** Relays, as in a service by that name, from the database into the topic. */
  public RelayForBenchmarks(
      String url, String user, String password, String kafka, String service, String topic) {
    relay =
        new Relay(
            new RelayDatabase.Source(url, user, password),
            new RelayMetrics(new SimpleMeterRegistry()),
            Clock.systemUTC(),
            Map.of("bootstrap.servers", kafka),
            service,
            topic,
            5_000,
            Duration.ofSeconds(10),
            true);
    relay.start(null);
  }

  /** What a service does when a command has committed. */
  public void wake() {
    relay.wake();
  }

  @Override
  public void close() throws InterruptedException {
    relay.stop(null);
  }
}
