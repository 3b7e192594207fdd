package io.vigie.incident.finding;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/** Ends the findings of assets that asset-service tells to be no more: nobody has to mend them. */
@ApplicationScoped
class RetiredAssets implements EventListener {

  private static final int BATCH = 500;
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private static final String SNAPSHOT = "asset.snapshot.v1";
  private static final Set<String> ENDS = Set.of("asset.retired.v1", "asset.rejected.v1");
  private static final Set<String> GONE = Set.of("RETIRED", "SANITISED", "DISPOSED", "REJECTED");

  private record Ended(UUID aggregateId) {}

  private record Snapshot(UUID aggregateId, State state) {

    private record State(String state) {}
  }

  private final Instance<Inbox> inbox;
  private final Outbox outbox;
  private final Clock clock;

  RetiredAssets(Instance<Inbox> inbox, Outbox outbox, Clock clock) {
    this.inbox = inbox;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "retired-assets";
  }

  @Incoming("retired-assets")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public boolean knows(String type) {
    return type.equals(SNAPSHOT) || ENDS.contains(type);
  }

  @Override
  public boolean concerns(ReceivedEvent event) {
    return !event.type().equals(SNAPSHOT)
        || GONE.contains(event.data(Snapshot.class).state().state());
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    return end(event.data(Ended.class).aggregateId(), BEFORE_ALL, clock.instant());
  }

  /** Batch by batch, of which none is watched once it is stored: there may be any number. */
  private Uni<Void> end(UUID asset, UUID last, Instant now) {
    return ScanFinding.<ScanFinding>find(
            "asset = ?1 and (state = OPEN or state = ACCEPTED) and id > ?2 order by id",
            asset,
            last)
        .range(0, BATCH - 1)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .call(findings -> outbox.append(decided(findings, now)))
        .call(() -> Panache.getSession().invoke(Mutiny.Session::clear))
        .chain(
            findings ->
                findings.size() < BATCH
                    ? Uni.createFrom().voidItem()
                    : end(asset, findings.get(BATCH - 1).id(), now));
  }

  private static List<Decided> decided(List<ScanFinding> findings, Instant now) {
    return findings.stream().map(finding -> new Decided(finding, finding.assetGone(now))).toList();
  }
}
