package io.vigie.access.person;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Another manager, site or business profile, or several of these, told ahead of the day.
 *
 * @param movesOn the day (UTC) from which it is so
 * @param manager who leads them from then on; null where that stays as it is
 * @param site where they work from then on; null where that stays as it is
 * @param businessProfile what they do from then on; null where that stays as it is. Where the
 *     catalogue has an active profile of this name on the day, they hold it from then on
 * @param refusedAt when its day had come and it could not be; null before, and otherwise
 * @param problem the code of the problem that it met then, or null
 */
@Schema(name = "PlannedMove")
@Embeddable
public record PlannedMove(
    @Column(name = "moves_on") LocalDate movesOn,
    @Column(name = "next_manager_id") UUID manager,
    @Column(name = "next_site_id") UUID site,
    @Column(name = "next_business_profile") String businessProfile,
    @Column(name = "move_refused_at") Instant refusedAt,
    @Column(name = "move_problem") String problem) {

  /** One that nothing has hindered yet. */
  static PlannedMove on(LocalDate day, UUID manager, UUID site, String businessProfile) {
    return new PlannedMove(day, manager, site, businessProfile, null, null);
  }

  PlannedMove refused(String code, Instant at) {
    return new PlannedMove(movesOn, manager, site, businessProfile, at, code);
  }

  /** Whether it is the same one, refused or not. */
  boolean isOf(PlannedMove other) {
    return movesOn.equals(other.movesOn)
        && Objects.equals(manager, other.manager)
        && Objects.equals(site, other.site)
        && Objects.equals(businessProfile, other.businessProfile);
  }

  /** Whether it leaves everything as it is. */
  boolean movesNothing() {
    return manager == null && site == null && businessProfile == null;
  }

  /** Whether it is still to be carried out, and its day has come by {@code today}. */
  boolean isDue(LocalDate today) {
    return refusedAt == null && !movesOn.isAfter(today);
  }
}
