package io.vigie.kernel.web;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;

/** Finds in SQL what waits where no one object tells of it. */
public final class TaskQuery {

  private TaskQuery() {}

  /**
   * The first {@code limit} tasks behind {@code after}.
   *
   * @param sql finds the rows in the order of the tasks: those behind the time {@code ?1} and the
   *     id {@code ?2}, {@code ?3} of them
   * @param more values, from {@code ?4} on
   */
  public static Uni<List<Task>> waiting(
      String sql, Task.Place after, int limit, Function<Object[], Task> task, Object... more) {
    return Panache.getSession()
        .chain(
            session -> {
              var query =
                  session
                      .createNativeQuery(sql, Object[].class)
                      .setParameter(1, after.since().atOffset(ZoneOffset.UTC))
                      .setParameter(2, after.id())
                      .setParameter(3, limit);
              for (int i = 0; i < more.length; i++) {
                query.setParameter(4 + i, more[i]);
              }
              return query.getResultList();
            })
        .map(rows -> rows.stream().map(task).toList());
  }

  /** A time in a row, which is null where that is. */
  public static Instant time(Object column) {
    return column instanceof OffsetDateTime time ? time.toInstant() : (Instant) column;
  }
}
