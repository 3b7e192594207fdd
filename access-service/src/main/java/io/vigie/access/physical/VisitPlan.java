package io.vigie.access.physical;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Who comes, to whom, where, for what and how long.
 *
 * @param visitor the name; it stands in no event
 * @param company whom they come from, or null
 * @param host the person who answers for them
 * @param zones where they may go
 * @param purpose one of those that each of these zones has, where it has any
 * @param plannedUntil in the future, 31 days after {@code plannedFrom} at most
 */
@Schema(name = "VisitPlan")
record VisitPlan(
    @NotNull VisitorKind visitorKind,
    @NotBlank @Size(max = 200) String visitor,
    @Size(min = 1, max = 200) String company,
    @NotNull UUID host,
    @NotNull @Size(min = 1, max = 50) List<@NotNull UUID> zones,
    @NotBlank @Size(max = 100) String purpose,
    @NotNull Instant plannedFrom,
    @NotNull Instant plannedUntil) {

  private static final Duration LONGEST = Duration.ofDays(31);
  private static final Duration FARTHEST = Duration.ofDays(366);

  /** This plan, or 400 when its times are out of range as of {@code now}. */
  VisitPlan requirePlausible(Instant now) {
    List<FieldError> errors = new ArrayList<>();
    if (!plannedUntil.isAfter(now)) {
      errors.add(new FieldError("plannedUntil", "must be in the future"));
    }
    if (!plannedUntil.isAfter(plannedFrom) || plannedUntil.isAfter(plannedFrom.plus(LONGEST))) {
      errors.add(new FieldError("plannedUntil", "must be after plannedFrom, by 31 days at most"));
    }
    if (plannedFrom.isAfter(now.plus(FARTHEST))) {
      errors.add(new FieldError("plannedFrom", "must be within a year"));
    }
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
    return this;
  }
}
