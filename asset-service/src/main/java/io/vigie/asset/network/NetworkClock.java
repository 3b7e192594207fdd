package io.vigie.asset.network;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Relay;

/** Ends findings about what is seen no more. */
@ApplicationScoped
class NetworkClock {

  private final Findings findings;
  private final Relay relay;

  NetworkClock(Findings findings, Relay relay) {
    this.findings = findings;
    this.relay = relay;
  }

  @Scheduled(
      every = "${vigie.asset.network-look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return Panache.withTransaction(findings::forgetQuiet).invoke(relay::wake);
  }
}
