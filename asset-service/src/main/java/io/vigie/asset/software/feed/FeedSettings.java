package io.vigie.asset.software.feed;

import java.time.Duration;
import java.util.List;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;

/** How feeds are read. */
@ConfigMapping(prefix = "vigie.feed")
public interface FeedSettings {

  /** The time from one reading to the next. */
  Duration readEvery();

  /** The time from a reading that failed to the next. */
  Duration retryAfter();

  /** A feed that was not read for longer is not read on time. */
  Duration lateAfter();

  /** How long one reading may take. */
  Duration timeLimit();

  /** How large a feed may be. */
  MemorySize sizeLimit();

  /**
   * Networks that feeds may be read from: address ranges (RFC 4632, RFC 4291), and {@code public}
   * for all public unicast addresses. Link-local and multicast addresses are never read from.
   */
  List<String> allowedNetworks();

  /** Whether {@code http} is read from this machine, which is for tests. */
  boolean loopbackHttp();
}
