package io.vigie.backup.restore;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.Sweep;
import io.vigie.kernel.outbox.Outbox;

/** Tells once that no restore of an asset was tested in time. */
@ApplicationScoped
class RestoreClock {

  private static final String OVERDUE = "dueAt < :now and overdueSince is null";

  private final Sweep sweep;
  private final Outbox outbox;

  RestoreClock(Sweep sweep, Outbox outbox) {
    this.sweep = sweep;
    this.outbox = outbox;
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> findOverdue() {
    return sweep.each(
        RestoreDuty.class, OVERDUE, (duty, now) -> outbox.append(duty, duty.miss(now)));
  }
}
