package io.vigie.kernel.outbox;

import java.time.Clock;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.arc.All;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;

/**
 * Publishes the present state of every aggregate, for a read model that starts from nothing. A
 * snapshot is taken under its aggregate's lock, so its event number is true of its state and no
 * event between the two can be missed.
 */
@ApplicationScoped
public class Snapshots {

  private static final int PAGE = 500;

  private final List<SnapshotSource> sources;
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  Snapshots(@All List<SnapshotSource> sources, Outbox outbox, Relay relay, Clock clock) {
    this.sources = sources;
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  /** Publishes all; each page is a transaction of its own. Returns how many snapshots there are. */
  public Uni<Integer> publishAll() {
    return Multi.createFrom()
        .iterable(sources)
        .onItem()
        .transformToUniAndConcatenate(source -> publish(source, null, 0))
        .collect()
        .asList()
        .map(counts -> counts.stream().mapToInt(Integer::intValue).sum());
  }

  private Uni<Integer> publish(SnapshotSource source, UUID after, int before) {
    return Panache.withTransaction(() -> source.page(after, PAGE).call(this::append))
        .invoke(relay::wake)
        .chain(
            page ->
                page.isEmpty()
                    ? Uni.createFrom().item(before)
                    : publish(source, page.get(page.size() - 1).id(), before + page.size()));
  }

  private Uni<Void> append(List<? extends Aggregate> page) {
    return Multi.createFrom()
        .iterable(page)
        .onItem()
        .transformToUniAndConcatenate(
            aggregate -> outbox.appendSnapshot(aggregate, clock.instant()))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
