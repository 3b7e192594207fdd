package io.vigie.access.person;

import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;

/**
 * Works through objects whose time has come: all of them in each run, {@value #BATCH} ids at a
 * time, each in a transaction of its own. One that fails is logged and tried again by the next run;
 * it holds up no other.
 */
public final class Overdue {

  public static final int BATCH = 50;

  private static final Logger LOG = Logger.getLogger(Overdue.class);
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private Overdue() {}

  /**
   * Works all.
   *
   * @param kind what they are, for the log
   * @param due the first ids after one, as many as asked for at most, in order
   * @param work what is to be done with one, in a transaction
   */
  public static Uni<Void> workAll(
      String kind, BiFunction<UUID, Integer, Uni<List<UUID>>> due, Function<UUID, Uni<?>> work) {
    return workAfter(BEFORE_ALL, kind, due, work);
  }

  private static Uni<Void> workAfter(
      UUID last,
      String kind,
      BiFunction<UUID, Integer, Uni<List<UUID>>> due,
      Function<UUID, Uni<?>> work) {
    return Panache.withSession(() -> due.apply(last, BATCH))
        .call(ids -> workEach(ids, kind, work))
        .chain(
            ids ->
                ids.size() < BATCH
                    ? Uni.createFrom().voidItem()
                    : workAfter(ids.get(BATCH - 1), kind, due, work));
  }

  private static Uni<Void> workEach(List<UUID> ids, String kind, Function<UUID, Uni<?>> work) {
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(
            id ->
                Panache.withTransaction(() -> work.apply(id).replaceWithVoid())
                    .onFailure()
                    .invoke(failure -> LOG.errorf(failure, "%s %s is overdue", kind, id))
                    .onFailure()
                    .recoverWithNull())
        .collect()
        .last();
  }
}
