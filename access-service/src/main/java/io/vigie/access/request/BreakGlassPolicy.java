package io.vigie.access.request;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.access.entitlement.Entitlement;
import io.vigie.access.entitlement.EntitlementType;
import io.vigie.access.entitlement.Sensitivity;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;

/**
 * What can be taken in an emergency, and for how long: {@code contracts/policy/break-glass.json}.
 */
@ApplicationScoped
class BreakGlassPolicy {

  private record Opening(
      Set<Sensitivity> sensitivities, Set<EntitlementType> types, Duration longest) {

    boolean isFor(Entitlement entitlement) {
      return sensitivities.contains(entitlement.terms().sensitivity())
          && types.contains(entitlement.type());
    }
  }

  private record Table(Duration justifyWithin, List<Opening> openings) {}

  private final Table table = PolicyTable.read("break-glass", Table.class);

  /**
   * For how long somebody has it who asks for {@code wanted}, which may be null.
   *
   * @throws Problem 422 when nobody can take this, 400 when it is not to be had for so long
   */
  Duration lasting(Entitlement entitlement, Duration wanted) {
    Duration longest =
        table.openings().stream()
            .filter(opening -> opening.isFor(entitlement))
            .map(Opening::longest)
            .findFirst()
            .orElseThrow(
                () ->
                    Problem.unprocessable(
                        "glass-unbreakable",
                        "The policy opens this to nobody in an emergency. Ask for it."));
    if (wanted != null && wanted.compareTo(longest) > 0) {
      throw Problem.invalid(
          List.of(new Problem.FieldError("duration", "must not be longer than " + longest)));
    }
    return wanted == null ? longest : wanted;
  }

  Duration justifyWithin() {
    return table.justifyWithin();
  }
}
