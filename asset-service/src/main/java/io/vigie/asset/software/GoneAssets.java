package io.vigie.asset.software;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;
import org.jboss.logging.Logger;

/**
 * Ends what is open on assets that were retired or lost: all of it in each run, {@value #BATCH} ids
 * at a time. Each ends in a transaction of its own. One that fails is logged and one that somebody
 * has locked is passed over; both are tried again by the next run, and hold up no other.
 */
@ApplicationScoped
class GoneAssets {

  static final int BATCH = 100;

  private static final Logger LOG = Logger.getLogger(GoneAssets.class);
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private static final String GONE =
      """
      state in ?1 and id > ?2
      and asset in (
        select a.id from Asset a where a.state in (RETIRED, SANITISED, DISPOSED, LOST, REJECTED))
      order by id""";

  /** Held, so that it does not come back before this is over; none where it came back, or moves. */
  private static final String STILL_GONE =
      """
      select 1 from asset a
      where a.state in ('RETIRED', 'SANITISED', 'DISPOSED', 'LOST', 'REJECTED')
        and a.id = (select v.asset_id from vulnerability v where v.id = ?1)
      for share skip locked""";

  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  GoneAssets(Outbox outbox, Relay relay, Clock clock) {
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.asset.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> end() {
    return endAfter(BEFORE_ALL, clock.instant());
  }

  private Uni<Void> endAfter(UUID last, Instant now) {
    return Panache.withSession(() -> gone(last))
        .call(ids -> endEach(ids, now))
        .invoke(relay::wake)
        .chain(
            ids ->
                ids.size() < BATCH
                    ? Uni.createFrom().voidItem()
                    : endAfter(ids.get(BATCH - 1), now));
  }

  private static Uni<List<UUID>> gone(UUID last) {
    return Vulnerability.find(
            "select id from Vulnerability where " + GONE, VulnerabilityState.OPEN, last)
        .project(UUID.class)
        .range(0, BATCH - 1)
        .list();
  }

  private Uni<Void> endEach(List<UUID> ids, Instant now) {
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(id -> end(id, now))
        .collect()
        .last();
  }

  private Uni<Void> end(UUID id, Instant now) {
    return Panache.withTransaction(
            () ->
                holdGone(id)
                    .onItem()
                    .ifNotNull()
                    .transformToUni(gone -> take(id))
                    .onItem()
                    .ifNotNull()
                    .transformToUni(
                        open -> outbox.append(open, open.fix(FixReason.ASSET_GONE, now))))
        .onFailure()
        .invoke(failure -> LOG.errorf(failure, "vulnerability %s did not end", id))
        .onFailure()
        .recoverWithNull();
  }

  private static Uni<Integer> holdGone(UUID vulnerability) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(STILL_GONE, Integer.class)
                    .setParameter(1, vulnerability)
                    .getSingleResultOrNull());
  }

  private static Uni<Vulnerability> take(UUID id) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from Vulnerability where id = ?1 and state in ?2", Vulnerability.class)
                    .setParameter(1, id)
                    .setParameter(2, VulnerabilityState.OPEN)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull());
  }
}
