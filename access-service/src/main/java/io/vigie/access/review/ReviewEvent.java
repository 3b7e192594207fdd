package io.vigie.access.review;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What is said of a right in a campaign. */
public sealed interface ReviewEvent extends DomainEvent {

  /**
   * One answer.
   *
   * @param right null where it is about one of the next two, as is {@code entitlementId}
   * @param serviceAccount the account of a program, or null
   * @param clientAccess an access to a client's data, or null
   * @param person who has it, or answered for the account
   * @param stage 1, or 2 where somebody else kept the right before
   * @param reviewer the subject of who said it
   * @param until the earlier end, of a reduction
   * @param delegate the person who is to say, of a delegation
   * @param state what became of the right in the campaign by it
   */
  record Decided(
      UUID aggregateId,
      UUID campaign,
      UUID right,
      UUID serviceAccount,
      UUID clientAccess,
      UUID person,
      UUID entitlementId,
      int stage,
      Verdict decision,
      String reviewer,
      String reason,
      Instant until,
      UUID delegate,
      ReviewState state,
      Instant at)
      implements ReviewEvent {
    @Override
    public String type() {
      return "review.decided.v1";
    }
  }

  /**
   * What was revoked is gone from the system where it was given, which is no role or group of the
   * directory; or the account of a program is closed, which the directory did not do.
   *
   * @param right null where it is about the account of a program, as is {@code entitlementId}
   * @param serviceAccount the account of a program, or null
   * @param person who had it, or answered for the account
   * @param confirmedBy the subject of who says so
   */
  record Confirmed(
      UUID aggregateId,
      UUID campaign,
      UUID right,
      UUID serviceAccount,
      UUID person,
      UUID entitlementId,
      String confirmedBy,
      Instant at)
      implements ReviewEvent {
    @Override
    public String type() {
      return "review.confirmed.v1";
    }
  }
}
