package io.vigie.access.person;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Another manager, another site or both, told ahead of its day.
 *
 * @param movesOn the day (UTC) from which it is so
 * @param manager who leads them from then on; null where that stays as it is
 * @param site where they work from then on; null where that stays as it is
 * @param refusedAt when its day had come and it could not be; null before, and otherwise
 * @param problem the code of the problem that it met then, or null
 */
@Schema(name = "PlannedMove")
@Embeddable
public record PlannedMove(
    @Column(name = "moves_on") LocalDate movesOn,
    @Column(name = "next_manager_id") UUID manager,
    @Column(name = "next_site_id") UUID site,
    @Column(name = "move_refused_at") Instant refusedAt,
    @Column(name = "move_problem") String problem) {

  PlannedMove refused(String code, Instant at) {
    return new PlannedMove(movesOn, manager, site, at, code);
  }

  /** Whether it is the same one, refused or not. */
  boolean isOf(PlannedMove other) {
    return movesOn.equals(other.movesOn)
        && Objects.equals(manager, other.manager)
        && Objects.equals(site, other.site);
  }

  /** Whether it is still to be carried out, and its day has come by {@code today}. */
  boolean isDue(LocalDate today) {
    return refusedAt == null && !movesOn.isAfter(today);
  }
}
