package io.vigie.access.review;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to campaigns. Each answer is an event of its own ({@link ReviewEvent}). */
public sealed interface CampaignEvent extends DomainEvent {

  record Planned(UUID aggregateId, String name, ReviewerRule reviewers, Instant opensAt, Instant at)
      implements CampaignEvent {
    @Override
    public String type() {
      return "campaign.planned.v1";
    }
  }

  /**
   * @param items how many rights are to be reviewed
   * @param people whose they are
   */
  record Opened(
      UUID aggregateId,
      String name,
      long items,
      long people,
      Instant dueAt,
      Instant graceUntil,
      Instant at)
      implements CampaignEvent {
    @Override
    public String type() {
      return "campaign.opened.v1";
    }
  }

  /**
   * Every revocation is carried out and confirmed.
   *
   * @param undecided rights that nobody certified, and that are suspended
   * @param moot rights that ended otherwise before anybody said anything of them
   */
  record Closed(
      UUID aggregateId,
      String name,
      long certified,
      long reduced,
      long revoked,
      long undecided,
      long moot,
      Instant at)
      implements CampaignEvent {
    @Override
    public String type() {
      return "campaign.closed.v1";
    }
  }

  record Cancelled(UUID aggregateId, String name, String reason, Instant at)
      implements CampaignEvent {
    @Override
    public String type() {
      return "campaign.cancelled.v1";
    }
  }
}
