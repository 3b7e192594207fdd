package io.vigie.access.review;

/** Where a campaign is. */
public enum CampaignState {
  /** It opens by the clock. */
  PLANNED,
  OPEN,
  CLOSED,
  CANCELLED
}
