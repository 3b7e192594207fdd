package io.vigie.backup.restore;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.backup.plan.Coverage;
import io.vigie.backup.run.BackupRun;
import io.vigie.backup.vault.Holds;
import io.vigie.kernel.outbox.Outbox;

/**
 * What follows from a test's result: for its copy and what that counts for, and for when the next
 * one is due.
 */
@ApplicationScoped
class RestoreVerdict {

  private final Holds holds;
  private final Coverage coverage;
  private final Outbox outbox;
  private final Clock clock;

  RestoreVerdict(Holds holds, Coverage coverage, Outbox outbox, Clock clock) {
    this.holds = holds;
    this.coverage = coverage;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Completes a test by {@code decision}, which gets the duty of the asset, or null. */
  Uni<RestoreTest> complete(RestoreTest test, Function<RestoreDuty, RestoreEvent> decision) {
    UUID asset = test.state().asset();
    return BackupRun.lock(test.state().run())
        .call(() -> coverage.hold(asset))
        .chain(
            run ->
                RestoreDuty.lock(asset)
                    .chain(
                        duty ->
                            outbox
                                .append(test, decision.apply(duty))
                                .chain(() -> tell(run, test))
                                .chain(() -> meet(duty, test))))
        .replaceWith(test);
  }

  /** Checksums of the repository alone do not show that a copy can be restored. */
  private Uni<Void> tell(BackupRun run, RestoreTest test) {
    if (test.isPassed() && !test.state().depth().isAtLeast(Depth.L1)) {
      return Uni.createFrom().voidItem();
    }
    UUID asset = test.state().asset();
    return run.test(test.id(), test.isPassed(), test.state().endedAt(), clock.instant())
        .map(
            event ->
                outbox
                    .append(run, event)
                    .chain(() -> holds.tested(asset))
                    .chain(() -> coverage.judgeTwice(asset)))
        .orElseGet(() -> Uni.createFrom().voidItem());
  }

  private Uni<Void> meet(RestoreDuty duty, RestoreTest test) {
    if (duty == null || !test.isPassed()) {
      return Uni.createFrom().voidItem();
    }
    Instant now = clock.instant();
    return duty.meet(test.id(), test.state().depth(), test.state().endedAt(), now)
        .map(event -> outbox.append(duty, event))
        .orElseGet(() -> Uni.createFrom().voidItem());
  }
}
