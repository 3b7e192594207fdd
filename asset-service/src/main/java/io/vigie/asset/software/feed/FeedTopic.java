package io.vigie.asset.software.feed;

/** What a feed brings news of. */
public enum FeedTopic {
  THREATS,
  STANDARDS
}
