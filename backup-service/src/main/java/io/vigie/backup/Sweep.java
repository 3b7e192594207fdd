package io.vigie.backup;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
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
  private final Clock clock;

  Sweep(Relay relay, Clock clock) {
    this.relay = relay;
    this.clock = clock;
  }

  /**
   * Acts on each entity of the type that is due, in the order of their ids.
   *
   * @param due the condition, in HQL, of the time {@code :now}
   * @param act gets what is locked and due, and the time at which it is: a look at many takes a
   *     while, and clocks are set back meanwhile
   */
  public <T> Uni<Void> each(Class<T> type, String due, BiFunction<T, Instant, Uni<Void>> act) {
    return new Look<>(type, due, now -> Map.of("now", now), act).goOn(new UUID(0, 0));
  }

  /**
   * The same by other conditions than the time.
   *
   * @param values those of the condition's named parameters
   */
  public <T> Uni<Void> each(
      Class<T> type, String due, Map<String, Object> values, Function<T, Uni<Void>> act) {
    return new Look<T>(type, due, now -> values, (one, now) -> act.apply(one)).goOn(new UUID(0, 0));
  }

  private final class Look<T> {

    private final Class<T> type;
    private final String due;
    private final Function<Instant, Map<String, Object>> values;
    private final BiFunction<T, Instant, Uni<Void>> act;

    Look(
        Class<T> type,
        String due,
        Function<Instant, Map<String, Object>> values,
        BiFunction<T, Instant, Uni<Void>> act) {
      this.type = type;
      this.due = due;
      this.values = values;
      this.act = act;
    }

    private Uni<Void> goOn(UUID last) {
      return Panache.withSession(() -> next(last))
          .call(this::toEach)
          .invoke(relay::wake)
          .chain(
              ids -> ids.size() < BATCH ? Uni.createFrom().voidItem() : goOn(ids.get(BATCH - 1)));
    }

    private Uni<Void> toEach(List<UUID> ids) {
      return Multi.createFrom()
          .iterable(ids)
          .onItem()
          .transformToUniAndConcatenate(
              id ->
                  Panache.withTransaction(() -> act(id, clock.instant()))
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
                          clock.instant(),
                          session.createSelectionQuery(
                              "select id from %s where %s and id > :last order by id"
                                  .formatted(type.getSimpleName(), due),
                              UUID.class))
                      .setParameter("last", last)
                      .setMaxResults(BATCH)
                      .getResultList());
    }

    private Uni<Void> act(UUID id, Instant now) {
      return take(id, now).onItem().ifNotNull().transformToUni(one -> act.apply(one, now));
    }

    /** The one of this id, locked, if it is still due and nobody else has it locked; or null. */
    private Uni<T> take(UUID id, Instant now) {
      return Panache.getSession()
          .chain(
              session ->
                  bound(
                          now,
                          session.createSelectionQuery(
                              "from %s where %s and id = :id".formatted(type.getSimpleName(), due),
                              type))
                      .setParameter("id", id)
                      .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                      .getSingleResultOrNull());
    }

    private <R> Mutiny.SelectionQuery<R> bound(Instant now, Mutiny.SelectionQuery<R> query) {
      values.apply(now).forEach(query::setParameter);
      return query;
    }
  }
}
