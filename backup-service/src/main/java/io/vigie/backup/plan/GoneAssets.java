package io.vigie.backup.plan;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.copy.AssetLock;
import io.vigie.kernel.Problem;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Assets retired or lost, as asset-service tells: their plans owe no more runs and wait for
 * somebody to decide about the copies, and they get no new plan. Where one is found again, its
 * plans go on.
 */
@ApplicationScoped
class GoneAssets implements EventListener {

  private static final String RECOVERED = "asset.recovered.v1";
  private static final Set<String> TYPES =
      Set.of("asset.retired.v1", "asset.lost.v1", "asset.snapshot.v1", RECOVERED);

  private record Gone(UUID aggregateId, Instant at) {}

  private record Snapshot(State state) {
    private record State(String state, Instant retiredAt) {}
  }

  private final Instance<Inbox> inbox;
  private final Outbox outbox;
  private final Coverage coverage;
  private final Clock clock;

  GoneAssets(Instance<Inbox> inbox, Outbox outbox, Coverage coverage, Clock clock) {
    this.inbox = inbox;
    this.outbox = outbox;
    this.coverage = coverage;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "gone-assets";
  }

  @Incoming("asset-events")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public boolean knows(String type) {
    return TYPES.contains(type);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    if (event.type().equals(RECOVERED)) {
      UUID asset = event.data(Gone.class).aggregateId();
      Instant now = clock.instant();
      return forget(asset).chain(() -> tellPlans(asset, plan -> plan.regainAsset(now)));
    }
    return fate(event)
        .map(fate -> take(gone(event), fate))
        .orElseGet(() -> Uni.createFrom().voidItem());
  }

  /** When it went; a snapshot is later than that. */
  private static Gone gone(ReceivedEvent event) {
    Gone gone = event.data(Gone.class);
    Instant retiredAt =
        event.type().equals("asset.snapshot.v1")
            ? event.data(Snapshot.class).state().retiredAt()
            : null;
    return retiredAt == null ? gone : new Gone(gone.aggregateId(), retiredAt);
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
    return AssetLock.ofFate(gone.aggregateId())
        .chain(() -> remember(gone, fate))
        .chain(
            isNews ->
                isNews
                    ? tellPlans(gone.aggregateId(), plan -> plan.loseAsset(fate, clock.instant()))
                    : Uni.createFrom().voidItem());
  }

  /**
   * Fails with 422 when the asset is gone. Holds the asset until the transaction ends, so that the
   * plan it may get is seen when the asset goes at this moment.
   */
  Uni<Void> requireHeld(UUID asset) {
    return AssetLock.ofFate(asset)
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

  /** What was lost is back, and can be backed up again. */
  private static Uni<Void> forget(UUID asset) {
    return AssetLock.ofFate(asset)
        .chain(
            session ->
                session
                    .createNativeQuery("delete from gone_asset where asset_id = ?1")
                    .setParameter(1, asset)
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** Whether that is news. What is lost after it was retired is on hold from then on. */
  private Uni<Boolean> remember(Gone gone, AssetState fate) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into gone_asset (asset_id, asset_state, gone_at) values (?1, ?2, ?3)
                        on conflict (asset_id) do update set asset_state = excluded.asset_state
                        where gone_asset.asset_state = 'RETIRED' and excluded.asset_state = 'LOST'""")
                    .setParameter(1, gone.aggregateId())
                    .setParameter(2, fate.name())
                    .setParameter(3, OffsetDateTime.ofInstant(gone.at(), ZoneOffset.UTC))
                    .executeUpdate())
        .map(inserted -> inserted > 0);
  }

  /** Plans that ended stay ended. */
  private Uni<Void> tellPlans(UUID asset, Function<BackupPlan, PlanEvent> decision) {
    return BackupPlan.<BackupPlan>find(
            "asset = ?1 and state <> ?2 order by id", asset, PlanState.ENDED)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .onItem()
        .transformToMulti(plans -> Multi.createFrom().iterable(plans))
        .onItem()
        .transformToUniAndConcatenate(plan -> outbox.append(plan, decision.apply(plan)))
        .collect()
        .last()
        .chain(() -> coverage.judge(asset));
  }
}
