package io.vigie.backup.vault;

import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.copy.KeptCopies;
import io.vigie.kernel.Problem;

/**
 * A copy that a run made, as the vault needs to know it.
 *
 * @param location where it is; null where no tool said
 * @param snapshot what the tool calls it, or null
 * @param nativeReport what the tool wrote in its own form, or null
 */
record Copy(UUID run, UUID asset, String location, String snapshot, String nativeReport) {

  /**
   * The copy of a run that somebody wants to touch.
   *
   * @throws Problem 422 when there is no such run or it made no copy, 409 when the copy is gone
   */
  static Uni<Copy> require(UUID run) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select r.asset, r.location, r.snapshot, r.native_report, (%s)
                        from backup_run r where r.id = ?1 and r.outcome = 'SUCCEEDED'"""
                            .formatted(KeptCopies.STILL_THERE),
                        Object[].class)
                    .setParameter(1, run)
                    .getSingleResultOrNull())
        .onItem()
        .ifNull()
        .failWith(() -> Problem.unprocessable("no-such-copy", "No run with this id made a copy."))
        .map(row -> of(run, row));
  }

  private static Copy of(UUID run, Object[] row) {
    if (!(Boolean) row[4]) {
      throw Problem.conflict("copy-deleted", "The copy that this run made is gone.");
    }
    return new Copy(run, (UUID) row[0], (String) row[1], (String) row[2], (String) row[3]);
  }
}
