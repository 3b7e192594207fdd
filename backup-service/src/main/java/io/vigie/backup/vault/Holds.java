package io.vigie.backup.vault;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.copy.AssetLock;
import io.vigie.backup.copy.KeptCopies;
import io.vigie.kernel.outbox.Outbox;

/** Places and lifts holds, and keeps to the last verified copy from before a compromise. */
@ApplicationScoped
public class Holds {

  private final Outbox outbox;
  private final Clock clock;

  Holds(Outbox outbox, Clock clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Once for a compromise; one that was lifted stays so. */
  Uni<Void> place(UUID compromise, UUID asset, UUID incident, Instant since) {
    return AssetLock.ofHolds(asset)
        .chain(() -> BackupHold.<BackupHold>findById(compromise))
        .chain(
            known -> {
              if (known != null) {
                return Uni.createFrom().voidItem();
              }
              BackupHold hold = new BackupHold(compromise, asset, incident, since, clock.instant());
              return lastVerified(asset, since).chain(run -> outbox.append(hold, hold.place(run)));
            });
  }

  /** Nothing where no hold follows from the compromise. */
  Uni<Void> lift(UUID compromise) {
    return BackupHold.<BackupHold>findById(compromise)
        .chain(
            hold ->
                hold == null
                    ? Uni.createFrom().voidItem()
                    : tell(hold, hold.lift(clock.instant())));
  }

  /** After a test has shown whether a copy of the asset can be restored, or one is gone. */
  public Uni<Void> tested(UUID asset) {
    return AssetLock.ofHolds(asset)
        .chain(() -> BackupHold.lockOn(asset))
        .onItem()
        .transformToMulti(holds -> Multi.createFrom().iterable(holds))
        .onItem()
        .transformToUniAndConcatenate(
            hold ->
                lastVerified(asset, hold.state().compromisedSince())
                    .chain(run -> tell(hold, hold.pin(run, clock.instant()))))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Void> tell(BackupHold hold, Optional<HoldEvent> event) {
    return event
        .map(told -> outbox.append(hold, told))
        .orElseGet(() -> Uni.createFrom().voidItem());
  }

  /** The run that made it, or null. A copy that is gone is none. */
  private static Uni<UUID> lastVerified(UUID asset, Instant before) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select r.id from backup_run r
                        where r.asset = ?1 and r.started_at < ?2
                          and r.recovery_point = 'VERIFIED' and %s
                        order by r.started_at desc limit 1"""
                            .formatted(KeptCopies.NOT_PRUNED),
                        UUID.class)
                    .setParameter(1, asset)
                    .setParameter(2, OffsetDateTime.ofInstant(before, ZoneOffset.UTC))
                    .getSingleResultOrNull());
  }
}
