package io.vigie.testkit;

import java.time.Duration;

import io.quarkus.test.junit.callback.QuarkusTestBeforeClassCallback;
import org.awaitility.Awaitility;

import static org.awaitility.pollinterval.IterativePollInterval.iterative;

/**
 * What a test awaits is looked for at once and then often, but ever less so: the components answer
 * within milliseconds, and a service's tests await something a thousand times; what takes longer is
 * not hastened by looking. Where two processors are shared with other services' tests something may
 * take long once.
 */
public class Polling implements QuarkusTestBeforeClassCallback {

  private static final Duration FIRST = Duration.ofMillis(20);
  private static final Duration LONGEST = Duration.ofMillis(200);

  @Override
  public void beforeClass(Class<?> testClass) {
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(iterative(Polling::longer, FIRST));
    Awaitility.setDefaultTimeout(Duration.ofMinutes(3));
  }

  private static Duration longer(Duration interval) {
    Duration next = interval.multipliedBy(3).dividedBy(2);
    return next.compareTo(LONGEST) < 0 ? next : LONGEST;
  }
}
