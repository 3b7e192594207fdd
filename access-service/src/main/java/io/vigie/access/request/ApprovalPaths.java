package io.vigie.access.request;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.access.approval.Step;
import io.vigie.access.entitlement.Entitlement;
import io.vigie.access.entitlement.EntitlementType;
import io.vigie.access.entitlement.Sensitivity;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;

/** Who approves what, and within how long: {@code contracts/policy/approval-paths.json}. */
@ApplicationScoped
class ApprovalPaths {

  private record Route(Sensitivity sensitivity, Set<EntitlementType> types, List<Step> steps) {

    boolean fits(Entitlement entitlement) {
      return sensitivity == entitlement.terms().sensitivity()
          && (types == null || types.contains(entitlement.type()));
    }
  }

  private record Table(Duration lapseAfter, Duration renewalOpens, List<Route> paths) {}

  private final Table table = PolicyTable.read("approval-paths", Table.class);

  /** The first path that fits; fails with 422 where none does, since nobody could approve. */
  List<Step> of(Entitlement entitlement) {
    return table.paths().stream()
        .filter(route -> route.fits(entitlement))
        .findFirst()
        .map(Route::steps)
        .orElseThrow(
            () ->
                Problem.unprocessable(
                    "no-approval-path", "The policy says of nobody that they approve this."));
  }

  /** How long something waits for approval until it lapses. */
  Duration lapseAfter() {
    return table.lapseAfter();
  }

  /** How long before its end a right can be renewed. */
  Duration renewalOpens() {
    return table.renewalOpens();
  }
}
