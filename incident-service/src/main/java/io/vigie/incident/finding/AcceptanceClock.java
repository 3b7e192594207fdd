package io.vigie.incident.finding;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;

/**
 * Opens findings again whose acceptance is over, {@value #BATCH} in a transaction. What somebody
 * has locked is passed over, and is there for the next run.
 */
@ApplicationScoped
class AcceptanceClock {

  static final int BATCH = 100;

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  AcceptanceClock(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.incident.acceptances-look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    Instant now = clock.instant();
    return Panache.withTransaction(() -> over(now).call(findings -> expire(findings, now)))
        .invoke(relay::wake)
        .chain(findings -> findings.size() < BATCH ? Uni.createFrom().voidItem() : look());
  }

  private static Uni<List<ScanFinding>> over(Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        """
                        from ScanFinding where state = ACCEPTED and acceptance.until <= ?1
                        order by acceptance.until, id""",
                        ScanFinding.class)
                    .setParameter(1, now)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .setMaxResults(BATCH)
                    .getResultList());
  }

  private Uni<Void> expire(List<ScanFinding> findings, Instant now) {
    return outbox.append(
        findings.stream()
            .map(finding -> new Decided(finding, List.of(finding.expireAcceptance(now))))
            .toList());
  }
}
