package io.vigie.access.duty;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What is said of a rule.
 *
 * @param name unique among those that are not retired, whatever its case
 * @param explanation why these duties are kept apart: whoever is refused reads it
 * @param sides of each of which somebody must have one to be in conflict
 */
@Schema(name = "DutyRuleContent")
public record DutyRuleContent(
    @NotBlank @Size(max = 100) String name,
    @NotBlank @Size(max = 2_000) String explanation,
    @NotNull @Size(min = 2, max = 5) List<@NotNull @Valid Side> sides,
    @NotNull DutyScope scope,
    @NotNull DutyMode mode) {

  /**
   * Fails with 400 where a side is empty, or an entitlement is named on two: nobody could have it.
   */
  void requireSense() {
    List<Problem.FieldError> errors = new ArrayList<>();
    Set<UUID> seen = new HashSet<>();
    for (int i = 0; i < sides.size(); i++) {
      Side side = sides.get(i);
      String field = "sides[%d]".formatted(i);
      if (side.fault() != null) {
        errors.add(new Problem.FieldError(field, side.fault()));
      }
      if (!side.entitlements().stream().allMatch(seen::add)) {
        errors.add(new Problem.FieldError(field, "must not name what another side names"));
      }
    }
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
  }

  /** All entitlements that it names. */
  Set<UUID> named() {
    Set<UUID> named = new TreeSet<>();
    sides.forEach(side -> named.addAll(side.entitlements()));
    return named;
  }

  /** All profiles by which it selects. */
  Set<UUID> profiles() {
    Set<UUID> profiles = new TreeSet<>();
    sides.stream()
        .map(Side::selector)
        .filter(Objects::nonNull)
        .map(Side.Selector::profile)
        .filter(Objects::nonNull)
        .forEach(profiles::add);
    return profiles;
  }
}
