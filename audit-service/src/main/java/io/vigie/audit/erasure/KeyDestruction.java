package io.vigie.audit.erasure;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.audit.payload.PersonKeys.KeyId;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Carries out what was ordered: keys first, then, in one transaction, what was derived from the
 * payloads, the count, and the event that says so. Each step can be repeated, so that an erasure
 * that a crash or a full disk interrupts is taken up again, by any replica, until it is done.
 */
@ApplicationScoped
class KeyDestruction {

  private static final Logger LOG = Logger.getLogger(KeyDestruction.class);

  /** The payloads under the keys of erasure ?1. */
  private static final String PAYLOADS =
      """
      from erasure e cross join lateral unnest(e.people, e.key_numbers) as k (person, key)
      join payload p on p.person = k.person and p.key = k.key where e.id = ?1""";

  private final PersonKeys keys;
  private final ErasureOrders orders;
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  KeyDestruction(PersonKeys keys, ErasureOrders orders, Outbox outbox, Relay relay, Clock clock) {
    this.keys = keys;
    this.orders = orders;
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  /** Carries out an erasure that is ordered and committed; nothing when it is done already. */
  Uni<Erasure> carryOut(Erasure erasure) {
    return destroyKeys(erasure)
        .chain(() -> Panache.withTransaction(KeyDestruction::lastAppend))
        .chain(() -> Panache.withTransaction(() -> finish(erasure.id())))
        .invoke(relay::wake);
  }

  private Uni<Void> destroyKeys(Erasure erasure) {
    return VertxContextSupport.executeBlocking(
        () -> {
          erasure.keys().forEach(keys::destroy);
          return null;
        });
  }

  /**
   * An append that began before the keys were destroyed may still seal with them: it ends first. It
   * holds the head's lock, and whoever gets it afterwards knows that they are gone.
   */
  private static Uni<?> lastAppend() {
    return Panache.getSession()
        .chain(
            session ->
                session.createNativeQuery("select size from head for update").getSingleResult());
  }

  private Uni<Erasure> finish(UUID id) {
    return Panache.getSession()
        .chain(
            session ->
                Erasure.<Erasure>findById(id, LockModeType.PESSIMISTIC_WRITE)
                    .call(erasure -> erasure.isDone() ? nothing() : finish(session, erasure)));
  }

  private Uni<Void> finish(Mutiny.Session session, Erasure erasure) {
    return removeDerivedText(session, erasure.id())
        .chain(() -> removeAliases(session, erasure.id()))
        .chain(
            () ->
                session
                    .createNativeQuery("select count(*) " + PAYLOADS, Long.class)
                    .setParameter(1, erasure.id())
                    .getSingleResult())
        .map(payloads -> erasure.done(payloads, clock.instant()))
        .chain(
            done ->
                outbox.appendFact("erasure", erasure.id().toString(), erasure.orderedBy(), done));
  }

  private static Uni<?> removeDerivedText(Mutiny.Session session, UUID id) {
    return session
        .createNativeQuery("select to_regclass('search_text') is not null", Boolean.class)
        .getSingleResult()
        .chain(
            isThere ->
                isThere
                    ? session
                        .createNativeQuery(
                            "delete from search_text where index = any(array(select p.index "
                                + PAYLOADS
                                + "))")
                        .setParameter(1, id)
                        .executeUpdate()
                    : nothing());
  }

  private static Uni<Integer> removeAliases(Mutiny.Session session, UUID id) {
    return session
        .createNativeQuery(
            """
            delete from person_alias a using erasure e
            where e.id = ?1 and (a.person = any(e.ids) or a.id = any(e.ids))""")
        .setParameter(1, id)
        .executeUpdate();
  }

  private static Uni<?> nothing() {
    return Uni.createFrom().nullItem();
  }

  /** Takes up what was ordered and is not done. */
  @Scheduled(every = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> resume() {
    return toEach("doneAt is null order by id", this::carryOut);
  }

  /**
   * A key that came back with a backup of its directory is destroyed again. One that was made
   * since, for what came late about somebody whom access-service forgot, is by another order.
   */
  @Scheduled(every = "24h", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> destroyAgain() {
    return toEach("doneAt is not null order by id", this::destroyKeys)
        .chain(
            () -> toEach("doneAt is not null and event is not null order by id", this::orderAgain));
  }

  private Uni<Erasure> orderAgain(Erasure erasure) {
    return orders
        .allIds(erasure.ids())
        .chain(ids -> VertxContextSupport.executeBlocking(() -> again(erasure, ids)))
        .onItem()
        .ifNotNull()
        .transformToUni(again -> orders.place(again).chain(this::carryOut));
  }

  /** Null where nothing of theirs can be read. */
  private Erasure again(Erasure erasure, List<String> ids) {
    List<KeyId> made = orders.keysOf(ids).stream().filter(keys::isThere).toList();
    return made.isEmpty()
        ? null
        : new Erasure(
            ids,
            made,
            erasure.reason(),
            erasure.legalBasis(),
            erasure.reference(),
            erasure.orderedBy(),
            clock.instant());
  }

  private Uni<Void> toEach(String which, Function<Erasure, Uni<?>> act) {
    Uni<List<Erasure>> erasures = Panache.withSession(() -> Erasure.list(which));
    return erasures
        .onItem()
        .transformToMulti(Multi.createFrom()::iterable)
        .onItem()
        .transformToUniAndConcatenate(
            erasure ->
                act.apply(erasure)
                    .onFailure()
                    .invoke(e -> LOG.errorf(e, "erasure %s is tried again", erasure.id()))
                    .onFailure()
                    .recoverWithNull()
                    .replaceWithVoid())
        .collect()
        .last()
        .replaceWithVoid();
  }
}
