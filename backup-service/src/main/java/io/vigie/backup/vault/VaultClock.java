package io.vigie.backup.vault;

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

  VaultClock(Sweep sweep, Outbox outbox) {
    this.sweep = sweep;
    this.outbox = outbox;
  }

  @Scheduled(
      every = "${vigie.backup.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> endAccesses() {
    return sweep.each(
        BackupAccess.class, OVER, (access, now) -> outbox.append(access, access.expire(now)));
  }
}
