package io.vigie.backup.restore;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.copy.KeptCopies;
import io.vigie.kernel.Problem;

/**
 * The copy that a test restores.
 *
 * @param run that made it
 * @param recoveryPointAt the moment whose data it has
 */
record TestedCopy(UUID run, UUID plan, UUID asset, Instant recoveryPointAt) {

  /** The form of a hash, of which people and tools may give the beginning alone. */
  private static final String HASH = "^[0-9a-f]{8,64}$";

  /** That the tool calls the copy of a {@code backup_run r} so, in SQL. */
  private static final String CALLED =
      """
      (r.snapshot = ?2 or r.snapshot ~ ?3 and ?2 ~ ?3
        and (starts_with(r.snapshot, ?2) or starts_with(?2, r.snapshot)))""";

  private static final String COPY =
      """
      select r.id, r.plan, r.asset, r.started_at from backup_run r
      where %s and r.outcome = 'SUCCEEDED' and %s
      order by %s limit 1""";

  /** That of a run; fails with 422 where the run made none, or it is gone. */
  static Uni<TestedCopy> of(UUID run) {
    return found(COPY.formatted("r.id = ?1", KeptCopies.NOT_PRUNED, "r.started_at"), List.of(run));
  }

  /**
   * The plan's that its tool calls exactly so; or else, of hashes, the newest that one of both is
   * the beginning of. Fails with 422 where no run reported it.
   */
  static Uni<TestedCopy> of(UUID plan, String snapshot) {
    return found(
        COPY.formatted(
            "r.plan = ?1 and " + CALLED,
            KeptCopies.NOT_PRUNED,
            "r.snapshot = ?2 desc, r.started_at desc"),
        List.of(plan, snapshot, HASH));
  }

  /** Whether a tool may call the copy so that this run made, also where it is gone. */
  static Uni<Boolean> isCalled(UUID run, String snapshot) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select count(*) from backup_run r where r.id = ?1 and " + CALLED,
                        Long.class)
                    .setParameter(1, run)
                    .setParameter(2, snapshot)
                    .setParameter(3, HASH)
                    .getSingleResult())
        .map(named -> named > 0);
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
                    "no-such-copy", "No run is known that made this copy, or it is gone."))
        .map(TestedCopy::of);
  }

  private static TestedCopy of(Object[] row) {
    Instant at = row[3] instanceof OffsetDateTime time ? time.toInstant() : (Instant) row[3];
    return new TestedCopy((UUID) row[0], (UUID) row[1], (UUID) row[2], at);
  }
}
