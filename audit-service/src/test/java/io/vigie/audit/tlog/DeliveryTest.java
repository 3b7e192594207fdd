package io.vigie.audit.tlog;

import java.time.Duration;
import java.util.List;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What lets the log say that an event never was: the word of its sources. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DeliveryTest {

  @Test
  void aServiceSaysUntilWhenItHasSentEverything() {
    await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () ->
                LogDatabase.number(
                        "select count(*) from source where name = '/vigie/audit' and sent_until > now() - interval '1 hour'")
                    == 1);
  }

  @Test
  void aSourceThatSaysNoTimeIsKeptAsUnrecognisedAndStopsNothing() {
    long before = unrecognised();
    for (String time : List.of("soon", "2026-13-01T00:00:00Z", "+999999999-12-31T23:59:59Z")) {
      Records.publish(
          List.of(
              Records.heartbeat(0)
                  .withValue(
                      "{\"source\":\"/vigie/asset\",\"lastSourceNumber\":0,\"sentUntil\":\"%s\"}"
                          .formatted(time))));
    }
    LogDatabase.logged(Records.registration());
    await().atMost(Duration.ofMinutes(3)).until(() -> unrecognised() == before + 3);
    assertEquals(before + 3, unrecognised());
  }

  private static long unrecognised() {
    return LogDatabase.number("select count(*) from alert where kind = 'unrecognised'");
  }
}
