package io.vigie.backup.restore;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;

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
  private final Clock clock;

  RestoreClock(Sweep sweep, Outbox outbox, Clock clock) {
    this.sweep = sweep;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> findOverdue() {
    Instant now = clock.instant();
    return sweep.each(
        RestoreDuty.class,
        OVERDUE,
        Map.of("now", now),
        duty -> outbox.append(duty, duty.miss(now)));
  }
}
