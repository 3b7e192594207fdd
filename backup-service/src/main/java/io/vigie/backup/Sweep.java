package io.vigie.backup;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * A look of a clock at what is due. It comes to all of it, {@value #BATCH} ids at a time. Each has
 * a transaction of its own, which locks it, so that of two replicas one publishes what happened.
 * One that fails is logged and one that somebody has locked is passed over; both are tried again by
 * the next look, and hold up no other.
 */
@ApplicationScoped
public class Sweep {

  public static final int BATCH = 100;
  private static final Logger LOG = Logger.getLogger(Sweep.class);

  private final Relay relay;

  Sweep(Relay relay) {
    this.relay = relay;
  }

  /**
   * Acts on each entity of the type that is due, in the order of their ids.
   *
   * @param due the condition, in HQL
   * @param values those of its named parameters
   * @param act gets what is locked and still due
   */
  public <T> Uni<Void> each(
      Class<T> type, String due, Map<String, Object> values, Function<T, Uni<Void>> act) {
    return new Look<>(type, due, values, act).goOn(new UUID(0, 0), relay);
  }

  private record Look<T>(
      Class<T> type, String due, Map<String, Object> values, Function<T, Uni<Void>> act) {

    private Uni<Void> goOn(UUID last, Relay relay) {
      return Panache.withSession(() -> next(last))
          .call(this::toEach)
          .invoke(relay::wake)
          .chain(
              ids ->
                  ids.size() < BATCH
                      ? Uni.createFrom().voidItem()
                      : goOn(ids.get(BATCH - 1), relay));
    }

    private Uni<Void> toEach(List<UUID> ids) {
      return Multi.createFrom()
          .iterable(ids)
          .onItem()
          .transformToUniAndConcatenate(
              id ->
                  Panache.withTransaction(
                          () -> take(id).onItem().ifNotNull().transformToUni(act::apply))
                      .onFailure()
                      .invoke(
                          failure ->
                              LOG.errorf(
                                  failure, "the clock cannot move %s %s", type.getSimpleName(), id))
                      .onFailure()
                      .recoverWithNull())
          .collect()
          .last();
    }

    private Uni<List<UUID>> next(UUID last) {
      return Panache.getSession()
          .chain(
              session ->
                  bound(
                          session.createSelectionQuery(
                              "select id from %s where %s and id > :last order by id"
                                  .formatted(type.getSimpleName(), due),
                              UUID.class))
                      .setParameter("last", last)
                      .setMaxResults(BATCH)
                      .getResultList());
    }

    /** The one of this id, locked, if it is still due and nobody else has it locked; or null. */
    private Uni<T> take(UUID id) {
      return Panache.getSession()
          .chain(
              session ->
                  bound(
                          session.createSelectionQuery(
                              "from %s where %s and id = :id".formatted(type.getSimpleName(), due),
                              type))
                      .setParameter("id", id)
                      .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                      .getSingleResultOrNull());
    }

    private <R> Mutiny.SelectionQuery<R> bound(Mutiny.SelectionQuery<R> query) {
      values.forEach(query::setParameter);
      return query;
    }
  }
}
