package io.vigie.backup.vault;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.Sweep;
import io.vigie.kernel.outbox.Outbox;

/** Tells once that copies are to be gone, of which nobody has proven it. */
@ApplicationScoped
class RetentionClock {

  private static final String DUE =
      "keepUntil <= :now and dueSince is null and provenAt is null and endedAt is null";

  private final Sweep sweep;
  private final Outbox outbox;

  RetentionClock(Sweep sweep, Outbox outbox) {
    this.sweep = sweep;
    this.outbox = outbox;
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> findDue() {
    return sweep.each(
        RetentionDecision.class,
        DUE,
        (decision, now) -> outbox.append(decision, decision.fallDue(now)));
  }
}
