package io.vigie.incident.finding;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;

import io.vigie.kernel.Problem;

import static io.vigie.kernel.Problem.conflict;

/** That somebody asked to leave a finding as it is until some time, and what was decided. */
@Embeddable
public record Acceptance(
    @Enumerated(EnumType.STRING) @Column(name = "acceptance_state") Stage state,
    @Column(name = "accepted_until") Instant until,
    @Column(name = "acceptance_requested_by") String requestedBy,
    @Column(name = "acceptance_requested_at") Instant requestedAt,
    @Column(name = "acceptance_requested_reason") String requestedReason,
    @Column(name = "acceptance_decided_by") String decidedBy,
    @Column(name = "acceptance_decided_at") Instant decidedAt,
    @Column(name = "acceptance_decided_reason") String decidedReason) {

  /** How far it is. */
  public enum Stage {
    REQUESTED,
    APPROVED,
    REFUSED,
    /** Its time is over, or somebody took it back. */
    ENDED
  }

  static Acceptance requested(Instant until, String by, String reason, Instant at) {
    return new Acceptance(Stage.REQUESTED, until, by, at, reason, null, null, null);
  }

  /** By somebody else than who asked. */
  Acceptance approved(String by, Instant at) {
    requireRequest();
    if (by.equals(requestedBy)) {
      throw Problem.unprocessable(
          "self-approval", "You asked for this. Somebody else must approve it.");
    }
    if (!until.isAfter(at)) {
      throw conflict("time-over", "The time that was asked for is over. Refuse the request.");
    }
    return decided(Stage.APPROVED, by, null, at);
  }

  Acceptance refused(String by, String reason, Instant at) {
    requireRequest();
    return decided(Stage.REFUSED, by, reason, at);
  }

  Acceptance ended() {
    return new Acceptance(
        Stage.ENDED,
        until,
        requestedBy,
        requestedAt,
        requestedReason,
        decidedBy,
        decidedAt,
        decidedReason);
  }

  private Acceptance decided(Stage stage, String by, String reason, Instant at) {
    return new Acceptance(stage, until, requestedBy, requestedAt, requestedReason, by, at, reason);
  }

  boolean isPending() {
    return state == Stage.REQUESTED;
  }

  private void requireRequest() {
    if (!isPending()) {
      throw notRequested();
    }
  }

  static Problem notRequested() {
    return conflict("acceptance-not-requested", "Nobody asked to accept this finding.");
  }
}
