package io.vigie.access.request;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.vigie.access.approval.Approval;
import io.vigie.access.approval.Approvals;
import io.vigie.access.approval.Approver;
import io.vigie.access.approval.Step;
import io.vigie.access.entitlement.Act;
import io.vigie.access.entitlement.Duties;
import io.vigie.access.entitlement.Emergency;
import io.vigie.access.entitlement.Ground;
import io.vigie.access.entitlement.Right;
import io.vigie.access.entitlement.RightState;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A right as the API shows it.
 *
 * @param duration for how long it was asked for from its approval on, as in ISO 8601
 * @param renewalUntil the end that is asked for and waits for approval
 * @param dutyConflicts the rules that it would break; of a request, and not in lists
 * @param approval how far it came: of the request or, once that is approved, of its last renewal
 */
@Schema(name = "Right")
record RightView(
    UUID id,
    UUID person,
    UUID asset,
    String entitlement,
    UUID entitlementId,
    Ground ground,
    UUID profile,
    Instant validUntil,
    String duration,
    RightState state,
    Act requested,
    Act decided,
    Act revoked,
    Instant renewalUntil,
    Path approval,
    Emergency emergency,
    List<Duties.Breach> dutyConflicts,
    long version) {

  /**
   * How far it came.
   *
   * @param step the step that waits, from 0; as many as there are steps when none does
   * @param awaits whose approval that step waits for: of any of them or of all, as its rule says
   */
  @Schema(name = "RightApprovals")
  record Path(
      String askedBy, List<Step> path, int step, Set<Approver> awaits, List<Approval> given) {

    static Path of(Approvals approvals) {
      return new Path(
          approvals.askedBy(),
          approvals.path(),
          approvals.step(),
          approvals.awaited(),
          approvals.given());
    }
  }

  static RightView of(Right right) {
    Right.State state = right.state();
    return new RightView(
        right.id(),
        state.person(),
        state.asset(),
        state.entitlement(),
        state.entitlementId(),
        state.ground(),
        state.profile(),
        state.validUntil(),
        right.asked() == null || right.asked().duration() == null
            ? null
            : right.asked().duration().toString(),
        state.state(),
        right.request(),
        right.decision(),
        right.revocation(),
        state.renewalUntil(),
        right.asked() == null ? null : Path.of(right.asked().approvals()),
        right.emergency(),
        right.breaches(),
        right.version());
  }
}
