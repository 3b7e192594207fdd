package io.vigie.kernel.outbox;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

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
        .transformToUniAndConcatenate(this::publish)
        .collect()
        .with(Collectors.summingInt(Integer::intValue));
  }

  private Uni<Integer> publish(SnapshotSource source) {
    return pages(after -> publish(source, after)).collect().with(Collectors.summingInt(List::size));
  }

  private Uni<List<? extends Aggregate>> publish(SnapshotSource source, UUID after) {
    return Panache.<List<? extends Aggregate>>withTransaction(
            () ->
                source
                    .page(after, PAGE)
                    .call(page -> outbox.appendSnapshots(page, clock.instant()))
                    .map(page -> page))
        .invoke(relay::wake);
  }

  /** Page behind page, up to an empty one. */
  static Multi<List<? extends Aggregate>> pages(
      Function<UUID, Uni<List<? extends Aggregate>>> behind) {
    AtomicReference<UUID> last = new AtomicReference<>();
    return Multi.createBy()
        .repeating()
        .uni(() -> behind.apply(last.get()))
        .whilst(page -> !page.isEmpty())
        .invoke(page -> page.forEach(aggregate -> last.set(aggregate.id())));
  }
}
