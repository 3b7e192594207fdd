package io.vigie.asset.software.feed;

/** What stands at a feed's address. */
public enum FeedFormat {
  /** RSS or Atom: news for people, each item of which waits as a notice. */
  NEWS,
  /** CSAF 2.0 documents: the {@code changes.csv} of a directory, or a ROLIE feed. */
  CSAF,
  /** OSV documents: the {@code modified_id.csv} beside them. */
  OSV
}
