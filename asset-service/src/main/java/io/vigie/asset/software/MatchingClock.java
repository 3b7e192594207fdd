package io.vigie.asset.software;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Relay;
import org.jboss.logging.Logger;

/**
 * Matches all that an asset holds where a migration changed what matching goes by, or where others
 * can reach an application by way of what changed ({@link Matching#rematchReached}): all that are
 * left in each run, {@value #BATCH} ids at a time. Each has a transaction of its own. One that
 * fails is logged and tried again by the next run, and holds up no other.
 */
@ApplicationScoped
class MatchingClock {

  static final int BATCH = 100;

  private static final Logger LOG = Logger.getLogger(MatchingClock.class);
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private static final String LEFT =
      "select asset_id from to_match where asset_id > ?1 order by asset_id limit " + BATCH;

  private static final String TAKE = "delete from to_match where asset_id = ?1";

  private final Matching matching;
  private final Relay relay;

  MatchingClock(Matching matching, Relay relay) {
    this.matching = matching;
    this.relay = relay;
  }

  @Scheduled(
      every = "${vigie.asset.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> match() {
    return matchAfter(BEFORE_ALL);
  }

  private Uni<Void> matchAfter(UUID last) {
    return Panache.withSession(() -> left(last))
        .call(this::matchEach)
        .invoke(relay::wake)
        .chain(
            ids ->
                ids.size() < BATCH ? Uni.createFrom().voidItem() : matchAfter(ids.get(BATCH - 1)));
  }

  private static Uni<List<UUID>> left(UUID last) {
    return Panache.getSession()
        .chain(
            session ->
                session.createNativeQuery(LEFT, UUID.class).setParameter(1, last).getResultList());
  }

  private Uni<Void> matchEach(List<UUID> ids) {
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(this::matchAll)
        .collect()
        .last();
  }

  /** Unless another replica came first. */
  private Uni<Void> matchAll(UUID asset) {
    return Panache.withTransaction(
            () ->
                matching
                    .begin()
                    .chain(() -> take(asset))
                    .chain(
                        taken ->
                            taken == 0 ? Uni.createFrom().voidItem() : matching.rematch(asset)))
        .onFailure()
        .invoke(failure -> LOG.errorf(failure, "asset %s was not matched", asset))
        .onFailure()
        .recoverWithNull();
  }

  private static Uni<Integer> take(UUID asset) {
    return Panache.getSession()
        .chain(session -> session.createNativeQuery(TAKE).setParameter(1, asset).executeUpdate());
  }
}
