package io.vigie.backup.restore;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.backup.plan.AssetFacts;
import io.vigie.backup.plan.BackupWatcher;
import io.vigie.kernel.outbox.Outbox;

/** Sets when a restore of an asset is to be tested, as long as an active plan backs it up. */
@ApplicationScoped
class RestoreDuties implements BackupWatcher {

  private final RestorePolicy policy;
  private final Outbox outbox;
  private final Clock clock;

  RestoreDuties(RestorePolicy policy, Outbox outbox, Clock clock) {
    this.policy = policy;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Override
  public Uni<Void> judged(UUID asset, AssetFacts facts, boolean isPlanned) {
    Instant now = clock.instant();
    return RestoreDuty.lock(asset)
        .chain(
            duty -> {
              if (!isPlanned) {
                return duty == null ? nothing() : tell(duty, duty.lift(now));
              }
              RestoreDuty held = duty == null ? new RestoreDuty(asset, now) : duty;
              return tell(held, held.set(policy.of(facts), policy.taskBefore(), now));
            });
  }

  private Uni<Void> tell(RestoreDuty duty, Optional<RestoreEvent> event) {
    return event.map(told -> outbox.append(duty, told)).orElseGet(RestoreDuties::nothing);
  }

  private static Uni<Void> nothing() {
    return Uni.createFrom().voidItem();
  }
}
