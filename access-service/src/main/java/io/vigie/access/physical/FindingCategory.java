package io.vigie.access.physical;

/** What a round finds (R6.5). */
public enum FindingCategory {
  PAPER_LEFT_OUT,
  SCREEN_UNLOCKED,
  OFFICE_UNLOCKED,
  KEY_OR_BADGE_LEFT_OUT,
  OTHER
}
