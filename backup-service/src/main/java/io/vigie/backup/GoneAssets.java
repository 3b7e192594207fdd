package io.vigie.backup;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Assets retired or lost, as asset-service tells: their plans owe no more runs and wait for
 * somebody to decide about the copies, and they get no new plan.
 */
@ApplicationScoped
class GoneAssets implements EventListener {

  private record Gone(UUID aggregateId, Instant at) {}

  private record Snapshot(State state) {
    private record State(String state) {}
  }

  private final Instance<Inbox> inbox;
  private final Outbox outbox;
  private final Clock clock;

  GoneAssets(Instance<Inbox> inbox, Outbox outbox, Clock clock) {
    this.inbox = inbox;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "gone-assets";
  }

  @Incoming("asset-events")
  Uni<Void> receive(ConsumerRecord<String, byte[]> record) {
    return inbox.get().once(this, record);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    return fate(event)
        .map(fate -> take(event.data(Gone.class), fate))
        .orElseGet(() -> Uni.createFrom().voidItem());
  }

  private static Optional<AssetState> fate(ReceivedEvent event) {
    return switch (event.type()) {
      case "asset.retired.v1" -> Optional.of(AssetState.RETIRED);
      case "asset.lost.v1" -> Optional.of(AssetState.LOST);
      case "asset.snapshot.v1" -> fate(event.data(Snapshot.class).state().state());
      default -> Optional.empty();
    };
  }

  private static Optional<AssetState> fate(String state) {
    return List.of(AssetState.values()).stream()
        .filter(fate -> fate.name().equals(state))
        .findFirst();
  }

  private Uni<Void> take(Gone gone, AssetState fate) {
    return lock(gone.aggregateId())
        .chain(() -> remember(gone, fate))
        .chain(
            isNews -> isNews ? tellPlans(gone.aggregateId(), fate) : Uni.createFrom().voidItem());
  }

  /**
   * Fails with 422 when the asset is gone. Holds the asset until the transaction ends, so that the
   * plan it may get is seen when the asset goes at this moment.
   */
  Uni<Void> requireHeld(UUID asset) {
    return lock(asset)
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select count(*) from gone_asset where asset_id = ?1", Long.class)
                    .setParameter(1, asset)
                    .getSingleResult())
        .invoke(
            count -> {
              if (count > 0) {
                throw Problem.unprocessable(
                    "asset-gone", "This asset was retired or lost. It cannot be backed up.");
              }
            })
        .replaceWithVoid();
  }

  private static Uni<Mutiny.Session> lock(UUID asset) {
    return Panache.getSession()
        .call(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))",
                        Integer.class)
                    .setParameter(1, "asset/" + asset)
                    .getSingleResult());
  }

  private Uni<Boolean> remember(Gone gone, AssetState fate) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into gone_asset (asset_id, asset_state, gone_at) values (?1, ?2, ?3)
                        on conflict do nothing""")
                    .setParameter(1, gone.aggregateId())
                    .setParameter(2, fate.name())
                    .setParameter(3, OffsetDateTime.ofInstant(gone.at(), ZoneOffset.UTC))
                    .executeUpdate())
        .map(inserted -> inserted > 0);
  }

  private Uni<Void> tellPlans(UUID asset, AssetState fate) {
    Instant now = clock.instant();
    return BackupPlan.<BackupPlan>find(
            "asset = ?1 and state <> ?2 order by id", asset, PlanState.ENDED)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .onItem()
        .transformToMulti(plans -> Multi.createFrom().iterable(plans))
        .onItem()
        .transformToUniAndConcatenate(plan -> outbox.append(plan, plan.loseAsset(fate, now)))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
