package io.vigie.console.page;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * How many lines of the console's log there are about what one account was refused: a set number a
 * minute, so that nobody pushes out what else stands there. All who are not signed in are one.
 */
@ApplicationScoped
public class RefusalLines {

  public static final String ANONYMOUS = "anonymous";

  private static final Logger LOG = Logger.getLogger(RefusalLines.class);

  private final int perMinute;
  private final MinuteCounts counts;

  public RefusalLines(
      Clock clock, @ConfigProperty(name = "vigie.refusals.per-minute") int perMinute) {
    this.perMinute = perMinute;
    this.counts = new MinuteCounts(clock);
  }

  /** Whether the next refusal of this account has a line; before the first that has none is one. */
  public boolean hasOne(String account) {
    int count = counts.add(account);
    if (count == perMinute + 1) {
      LOG.warnf("refused: more of %s, without a line until the minute is over", account);
    }
    return count <= perMinute;
  }
}
