package io.vigie.backup.continuity;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.smallrye.mutiny.Uni;
import io.vigie.backup.plan.AssetFacts;
import io.vigie.backup.plan.BackupWatcher;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;

/** What is lost or out of use takes over from nothing, whatever it has proven (R14.2). */
@ApplicationScoped
class GonePeers implements BackupWatcher {

  private final Outbox outbox;
  private final Clock clock;

  GonePeers(Outbox outbox, Clock clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  @Override
  public Uni<Void> judged(UUID asset, AssetFacts facts, boolean isPlanned) {
    if (facts.isAtHand()) {
      return Uni.createFrom().voidItem();
    }
    Instant now = clock.instant();
    return CriticalFunction.<CriticalFunction>find(
            "retiredAt is null and assets like ?1 order by id", "%" + asset + "%")
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .map(
            functions ->
                functions.stream()
                    .map(function -> new Decided(function, function.losePeer(asset, now)))
                    .filter(decided -> !decided.events().isEmpty())
                    .toList())
        .chain(decided -> decided.isEmpty() ? Uni.createFrom().voidItem() : outbox.append(decided));
  }
}
