package io.vigie.testkit;

import java.time.Duration;

import io.quarkus.test.junit.callback.QuarkusTestBeforeClassCallback;
import org.awaitility.Awaitility;

/**
 * What a test awaits is looked for at once and then often: the components answer within
 * milliseconds, and a service's tests await something a thousand times. Where two processors are
 * shared with other services' tests something may take long once.
 */
public class Polling implements QuarkusTestBeforeClassCallback {

  @Override
  public void beforeClass(Class<?> testClass) {
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
  }
}
