package io.vigie.access.entitlement;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

import io.vigie.access.approval.Approval;
import io.vigie.access.approval.Approver;
import io.vigie.kernel.DomainEvent;

/**
 * What happens to rights. The events that give or take one say all that is needed to carry it out
 * where the asset is: {@code entitlement} is its name, {@code profile} the business profile that
 * gives it, where that is its ground. Those that bring one into force say how sensitive the
 * entitlement was then, so that whoever watches the log needs no catalogue.
 */
public sealed interface RightEvent extends DomainEvent {

  /** {@code duration}, as in ISO 8601, is how long it lasts from its approval on. */
  record Requested(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      String reason,
      Instant validUntil,
      String duration,
      Instant at)
      implements RightEvent {

    Requested(UUID id, Right.State right, Act act, Duration duration) {
      this(
          id,
          right.person(),
          right.asset(),
          right.entitlement(),
          right.entitlementId(),
          right.ground(),
          act.reason(),
          right.validUntil(),
          duration == null ? null : duration.toString(),
          act.at());
    }

    @Override
    public String type() {
      return "right.requested.v1";
    }
  }

  /** {@code validUntil} is null where the right has no end of its own. */
  record Approved(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Sensitivity sensitivity,
      Ground ground,
      Instant validUntil,
      Instant at)
      implements RightEvent {

    Approved(UUID id, Right.State right, Sensitivity sensitivity, Instant at) {
      this(
          id,
          right.person(),
          right.asset(),
          right.entitlement(),
          right.entitlementId(),
          sensitivity,
          right.ground(),
          right.validUntil(),
          at);
    }

    @Override
    public String type() {
      return "right.approved.v1";
    }
  }

  /** In force without a request: a profile gives it. */
  record Granted(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Sensitivity sensitivity,
      Ground ground,
      UUID profile,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.granted.v1";
    }
  }

  /** The profile gives it no more: it ends at {@code validUntil}, unless it does again by then. */
  record Ending(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      Instant validUntil,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.ending.v1";
    }
  }

  /** The profile gives it again before it ended: it has no end any more. */
  record Continued(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.continued.v1";
    }
  }

  /** Nobody certified it in time (R4.7): it gives nothing until somebody does. */
  record Suspended(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.suspended.v1";
    }
  }

  /** Somebody certified it after all: it is in force again. */
  record Resumed(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.resumed.v1";
    }
  }

  /** A review has it end earlier, at {@code validUntil}; never what a profile gives. */
  record Reduced(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      Instant validUntil,
      Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.reduced.v1";
    }
  }

  record Refused(UUID aggregateId, UUID person, String reason, Instant at) implements RightEvent {
    @Override
    public String type() {
      return "right.refused.v1";
    }
  }

  record Withdrawn(UUID aggregateId, UUID person, Instant at) implements RightEvent {
    @Override
    public String type() {
      return "right.withdrawn.v1";
    }
  }

  record Revoked(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      String reason,
      Instant at)
      implements RightEvent {

    Revoked(UUID id, Right.State right, Act act) {
      this(
          id,
          right.person(),
          right.asset(),
          right.entitlement(),
          right.entitlementId(),
          right.ground(),
          right.profile(),
          act.reason(),
          act.at());
    }

    @Override
    public String type() {
      return "right.revoked.v1";
    }
  }

  /** Nobody has, or asked for, a right on {@code aggregateId}, an asset retired at that time. */
  record AssetFreed(UUID aggregateId, Instant retiredAt, Instant at) implements RightEvent {
    @Override
    public String type() {
      return "asset-rights.ended.v1";
    }
  }

  record Expired(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      UUID profile,
      Instant at)
      implements RightEvent {

    Expired(UUID id, Right.State right, Instant at) {
      this(
          id,
          right.person(),
          right.asset(),
          right.entitlement(),
          right.entitlementId(),
          right.ground(),
          right.profile(),
          at);
    }

    @Override
    public String type() {
      return "right.expired.v1";
    }
  }

  /**
   * One approval of several, of the request or of a renewal: in {@code step}, from 0, for {@code
   * part} of it, given as what its giver is, perhaps in the place of somebody absent. The last
   * approval has the right in force or go on, and has that event alone.
   */
  record Endorsed(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      int step,
      Approver part,
      Approver as,
      String onBehalfOf,
      Instant at)
      implements RightEvent {

    Endorsed(UUID id, Right.State right, Approval approval) {
      this(
          id,
          right.person(),
          right.asset(),
          right.entitlement(),
          right.entitlementId(),
          approval.step(),
          approval.part(),
          approval.as(),
          approval.onBehalfOf(),
          approval.at());
    }

    @Override
    public String type() {
      return "right.endorsed.v1";
    }
  }

  /** A request that nobody decided in time. */
  record Lapsed(UUID aggregateId, UUID person, Instant at) implements RightEvent {
    @Override
    public String type() {
      return "right.lapsed.v1";
    }
  }

  /** Somebody asks that it end at {@code validUntil}, and not before. */
  record RenewalRequested(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      String reason,
      Instant validUntil,
      Instant at)
      implements RightEvent {

    RenewalRequested(UUID id, Right.State right, Act act) {
      this(
          id,
          right.person(),
          right.asset(),
          right.entitlement(),
          right.entitlementId(),
          act.reason(),
          right.renewalUntil(),
          act.at());
    }

    @Override
    public String type() {
      return "right.renewal-requested.v1";
    }
  }

  /** It goes on until {@code validUntil}. */
  record Renewed(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Ground ground,
      Instant validUntil,
      Instant at)
      implements RightEvent {

    Renewed(UUID id, Right.State right, Instant at) {
      this(
          id,
          right.person(),
          right.asset(),
          right.entitlement(),
          right.entitlementId(),
          right.ground(),
          right.validUntil(),
          at);
    }

    @Override
    public String type() {
      return "right.renewed.v1";
    }
  }

  /** It keeps its end: {@code outcome} is refused, withdrawn or lapsed. */
  record RenewalEnded(UUID aggregateId, UUID person, RightState outcome, String reason, Instant at)
      implements RightEvent {
    @Override
    public String type() {
      return "right.renewal-ended.v1";
    }
  }

  /**
   * In force without approval; its holder says why until {@code justifyBy}.
   *
   * @param coursesMissing of those that it asks for, the ones of which they have no valid
   *     certificate
   * @param clientsBarred whose data it reaches, though they have no access to it
   */
  record BrokenGlass(
      UUID aggregateId,
      UUID person,
      UUID asset,
      String entitlement,
      UUID entitlementId,
      Sensitivity sensitivity,
      Ground ground,
      String reason,
      Instant validUntil,
      Instant justifyBy,
      Set<UUID> coursesMissing,
      Set<UUID> clientsBarred,
      Instant at)
      implements RightEvent {

    BrokenGlass(
        UUID id,
        Right.State right,
        Sensitivity sensitivity,
        Act act,
        Instant justifyBy,
        Set<UUID> courses,
        Set<UUID> clients) {
      this(
          id,
          right.person(),
          right.asset(),
          right.entitlement(),
          right.entitlementId(),
          sensitivity,
          right.ground(),
          act.reason(),
          right.validUntil(),
          justifyBy,
          courses,
          clients,
          act.at());
    }

    @Override
    public String type() {
      return "right.broken-glass.v1";
    }
  }

  record Justified(UUID aggregateId, UUID person, String reason, Instant at) implements RightEvent {
    @Override
    public String type() {
      return "right.justified.v1";
    }
  }

  record JustificationAccepted(UUID aggregateId, UUID person, Instant at) implements RightEvent {
    @Override
    public String type() {
      return "right.justification-accepted.v1";
    }
  }

  /** Who broke the glass did not say why in time. */
  record Unjustified(
      UUID aggregateId, UUID person, UUID asset, String entitlement, UUID entitlementId, Instant at)
      implements RightEvent {

    Unjustified(UUID id, Right.State right, Instant at) {
      this(id, right.person(), right.asset(), right.entitlement(), right.entitlementId(), at);
    }

    @Override
    public String type() {
      return "right.unjustified.v1";
    }
  }
}
