package io.vigie.backup.restore;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;

/**
 * The copy that a test restores.
 *
 * @param run that made it
 * @param recoveryPointAt the moment whose data it has
 */
record TestedCopy(UUID run, UUID plan, UUID asset, Instant recoveryPointAt) {

  private static final String COPY =
      """
      select r.id, r.plan, r.asset, r.started_at from backup_run r
      where %s and r.outcome = 'SUCCEEDED'
        and not exists (select from backup_deletion d where d.run = r.id and d.state = 'COMPLETED')
      order by r.started_at desc limit 1""";

  /** That of a run; fails with 422 where the run made none, or it was deleted. */
  static Uni<TestedCopy> of(UUID run) {
    return found(COPY.formatted("r.id = ?1"), List.of(run));
  }

  /**
   * The plan's that its tool calls so, in full or by the beginning of that; fails with 422 where no
   * run reported it.
   */
  static Uni<TestedCopy> of(UUID plan, String snapshot) {
    return found(
        COPY.formatted(
            """
            r.plan = ?1 and r.snapshot is not null
              and (starts_with(r.snapshot, ?2) or starts_with(?2, r.snapshot))"""),
        List.of(plan, snapshot));
  }

  private static Uni<TestedCopy> found(String query, List<?> values) {
    return Panache.getSession()
        .chain(
            session -> {
              var found = session.createNativeQuery(query, Object[].class);
              for (int i = 0; i < values.size(); i++) {
                found.setParameter(i + 1, values.get(i));
              }
              return found.getSingleResultOrNull();
            })
        .onItem()
        .ifNull()
        .failWith(
            () ->
                Problem.unprocessable(
                    "no-such-copy", "No run is known that made this copy, or it was deleted."))
        .map(TestedCopy::of);
  }

  private static TestedCopy of(Object[] row) {
    Instant at = row[3] instanceof OffsetDateTime time ? time.toInstant() : (Instant) row[3];
    return new TestedCopy((UUID) row[0], (UUID) row[1], (UUID) row[2], at);
  }
}
