package io.vigie.asset.software.feed;

/** What became of a notice. */
public enum NoticeState {
  WAITING,
  /** An advisory says more. */
  TAKEN_UP,
  /** It does not concern the agency. */
  DISMISSED
}
