package io.vigie.asset.supplier;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;

/**
 * What a new day does: contracts begin and end, and so do exceptions. Each supplier is looked at
 * once a day, {@value #BATCH} in a transaction, and one that stands otherwise than before is told
 * of. One that somebody has locked is passed over until the next look.
 */
@ApplicationScoped
class SupplierClock {

  static final int BATCH = 100;

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  SupplierClock(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.asset.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    Instant now = clock.instant();
    return Panache.withTransaction(
            () ->
                due(now)
                    .call(
                        suppliers ->
                            Multi.createFrom()
                                .iterable(suppliers)
                                .onItem()
                                .transformToUniAndConcatenate(supplier -> look(supplier, now))
                                .collect()
                                .last()))
        .invoke(relay::wake)
        .chain(suppliers -> suppliers.size() < BATCH ? Uni.createFrom().voidItem() : look());
  }

  private static Uni<List<Supplier>> due(Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        """
                        from Supplier
                        where state <> ENDED and (stoodOn is null or stoodOn < ?1) order by id""",
                        Supplier.class)
                    .setParameter(1, Days.of(now))
                    .setMaxResults(BATCH)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getResultList());
  }

  private Uni<Void> look(Supplier supplier, Instant now) {
    return Standing.of(supplier, Days.of(now))
        .chain(
            standing ->
                supplier.stand(standing)
                    ? outbox.append(supplier, supplier.standingChanged(now))
                    : Uni.createFrom().voidItem());
  }
}
