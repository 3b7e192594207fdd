package io.vigie.backup.vault;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.Sweep;
import io.vigie.kernel.outbox.Outbox;

/** Ends accesses whose time is up, and requests that nobody decided on. */
@ApplicationScoped
class VaultClock {

  private static final String OVER = "state in (REQUESTED, OPEN) and endsAt <= :now";

  private final Sweep sweep;
  private final Outbox outbox;
  private final Clock clock;

  VaultClock(Sweep sweep, Outbox outbox, Clock clock) {
    this.sweep = sweep;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> endAccesses() {
    Instant now = clock.instant();
    return sweep.each(
        BackupAccess.class,
        OVER,
        Map.of("now", now),
        access -> outbox.append(access, access.expire(now)));
  }
}
