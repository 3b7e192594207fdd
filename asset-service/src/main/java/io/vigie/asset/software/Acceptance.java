package io.vigie.asset.software;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;

import io.vigie.kernel.Problem;

import static io.vigie.kernel.Problem.conflict;

/** That somebody asked to leave a vulnerability open until some time, and what was decided. */
@Embeddable
public record Acceptance(
    @Enumerated(EnumType.STRING) @Column(name = "acceptance_state") AcceptanceState state,
    @Column(name = "accepted_until") Instant until,
    @Column(name = "acceptance_requested_by") String requestedBy,
    @Column(name = "acceptance_requested_at") Instant requestedAt,
    @Column(name = "acceptance_requested_reason") String requestedReason,
    @Column(name = "acceptance_decided_by") String decidedBy,
    @Column(name = "acceptance_decided_at") Instant decidedAt,
    @Column(name = "acceptance_decided_reason") String decidedReason) {

  static Acceptance requested(Instant until, Act request) {
    return new Acceptance(
        AcceptanceState.REQUESTED,
        until,
        request.by(),
        request.at(),
        request.reason(),
        null,
        null,
        null);
  }

  /** R4.6: by somebody else than who asked. */
  Acceptance approved(Act approval) {
    requireRequest();
    if (approval.by().equals(requestedBy)) {
      throw Problem.unprocessable(
          "self-approval", "You asked for this. Somebody else must approve it.");
    }
    if (!until.isAfter(approval.at())) {
      throw conflict("time-over", "The time that was asked for is over. Refuse the request.");
    }
    return decided(AcceptanceState.APPROVED, approval);
  }

  Acceptance refused(Act refusal) {
    requireRequest();
    return decided(AcceptanceState.REFUSED, refusal);
  }

  private Acceptance decided(AcceptanceState decision, Act act) {
    return new Acceptance(
        decision,
        until,
        requestedBy,
        requestedAt,
        requestedReason,
        act.by(),
        act.at(),
        act.reason());
  }

  boolean isApproved() {
    return state == AcceptanceState.APPROVED;
  }

  boolean isPending() {
    return state == AcceptanceState.REQUESTED;
  }

  private void requireRequest() {
    if (!isPending()) {
      throw notRequested();
    }
  }

  static Problem notRequested() {
    return conflict("acceptance-not-requested", "Nobody asked to accept this risk.");
  }

  /** When what is due then is overdue: a risk that is accepted may wait longer. */
  Instant overdue(Instant due) {
    return isApproved() && until.isAfter(due) ? until : due;
  }

  Act request() {
    return new Act(requestedBy, requestedAt, requestedReason);
  }

  /** What was decided, or null. */
  Act decision() {
    return decidedBy == null ? null : new Act(decidedBy, decidedAt, decidedReason);
  }
}
