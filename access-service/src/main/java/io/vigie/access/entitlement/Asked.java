package io.vigie.access.entitlement;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;

import io.vigie.access.approval.Approvals;
import io.vigie.access.approval.ApprovalsText;
import io.vigie.access.approval.Capacity;
import io.vigie.access.approval.Step;
import io.vigie.access.person.Person;
import io.vigie.access.person.PersonState;
import io.vigie.kernel.Problem;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/**
 * What was asked for last about a right, the right itself or another end of it, and how far that
 * came.
 *
 * @param duration for how long from the approval on; null where an end was asked for
 * @param renewalUntil the other end; null where none waits for approval
 */
@Embeddable
public record Asked(
    @Convert(converter = ApprovalsText.class) Approvals approvals,
    @Column(name = "asked_at") Instant at,
    @JdbcTypeCode(SqlTypes.VARCHAR) Duration duration,
    @Column(name = "renewal_until") Instant renewalUntil) {

  static Asked request(Act act, List<Step> path, Duration duration) {
    return new Asked(new Approvals(act.by(), path), act.at(), duration, null);
  }

  static Asked renewal(Act act, List<Step> path, Instant until) {
    return new Asked(new Approvals(act.by(), path), act.at(), null, until);
  }

  boolean isRenewal() {
    return renewalUntil != null;
  }

  /** With nothing that waits. */
  Asked decided() {
    return new Asked(approvals, at, duration, null);
  }

  /** With one approval more, which is neither of who asked nor of who receives it (R4.6). */
  Asked approved(Person recipient, Capacity capacity, String approver, Instant when) {
    approvals.requireFree(approver);
    if (recipient.isHolder(approver) || capacity != null && isFor(recipient, capacity)) {
      throw Approvals.selfApproval();
    }
    if (recipient.state().state() == PersonState.ANNOUNCED) {
      throw Problem.unprocessable(
          "person-not-started", "This person's first day is still to come. Approve it then.");
    }
    return new Asked(approvals.with(capacity, approver, when), at, duration, renewalUntil);
  }

  private static boolean isFor(Person recipient, Capacity capacity) {
    return capacity.onBehalfOf() != null && recipient.isHolder(capacity.onBehalfOf());
  }
}
