package io.vigie.audit.intake;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.vigie.audit.LogDatabase;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** On a source of its own, whose records no broker has. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class LogWatchTest {

  private static final Duration LONG = Duration.ofMinutes(3);
  private static final String SOURCE = "/vigie/incident";

  @Inject LogWriter writer;
  @Inject MovableClock clock;

  private long offset;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private void write(long... numbers) throws SQLException {
    List<Arrival> arrivals = new ArrayList<>();
    for (long number : numbers) {
      Records.Draft draft = Records.registration();
      Entry.Event event =
          new Entry.Event(
              draft.id(),
              SOURCE,
              "asset.registered.v1",
              "2026-01-02T03:04:05Z",
              Instant.parse("2026-01-02T03:04:05Z"),
              "somebody",
              null,
              null,
              number,
              null);
      Entry.Position position = new Entry.Position("t", 0, offset);
      arrivals.add(
          new Arrival.Sound(
              position,
              draft.id(),
              event,
              "application/json",
              draft.value(),
              null,
              ((Arrival.Sound) RecordReader.read(draft.at(0, offset))).found(),
              Leaf.of(null, event, position, "application/json", draft.value()),
              draft::value));
    }
    write(arrivals);
  }

  private void write(List<Arrival> arrivals) throws SQLException {
    TopicPartition partition = new TopicPartition("watched", 0);
    offset = writer.offsets(List.of(partition)).get(partition);
    writer.write(arrivals, List.of(new LogWriter.Move(partition, offset, offset + 1)));
  }

  private void heartbeat(long last) throws SQLException {
    write(List.of(new Arrival.Heartbeat(new Entry.Position("t", 0, offset), SOURCE, last, null)));
  }

  private static Map<String, String> troubles() {
    JsonPath health = Rest.anonymous().get("/q/health/well").jsonPath();
    Map<String, String> data = health.getMap("checks.find { it.name == 'log complete' }.data");
    return data == null ? Map.of() : data;
  }

  @Test
  void aGapThatStaysAndASourceThatFallsSilentAreSaid() throws SQLException {
    LogDatabase.execute("delete from source where name = '/vigie/backup'");
    assertEquals("was never heard", troubles().get("/vigie/backup"));

    // A number is overtaken by a later one: no alarm yet, partitions interleave
    write(1, 2, 4);
    assertFalse(troubles().containsKey(SOURCE), troubles()::toString);

    // It stays missing
    clock.move(Duration.ofSeconds(90));
    assertTrue(
        troubles().get(SOURCE).startsWith("misses 1 numbers, the first is 3"),
        troubles()::toString);

    // It comes; then the source announces more than arrived
    write(3);
    assertFalse(troubles().containsKey(SOURCE), troubles()::toString);
    heartbeat(6);
    clock.move(Duration.ofSeconds(90));
    assertTrue(
        troubles().get(SOURCE).startsWith("misses 2 numbers, the first is 5"),
        troubles()::toString);
    write(5, 6);
    assertFalse(troubles().containsKey(SOURCE), troubles()::toString);

    // It falls silent
    clock.move(Duration.ofMinutes(4));
    assertTrue(troubles().get(SOURCE).startsWith("is silent since"), troubles()::toString);
    heartbeat(6);
    assertFalse(troubles().containsKey(SOURCE), troubles()::toString);
  }

  @Test
  void theFiguresAreThere() {
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                Rest.as(Tokens.of(SYSADMIN))
                    .accept("text/plain")
                    .get("/q/metrics")
                    .then()
                    .statusCode(200)
                    .body(containsString("vigie_log_logged_total"))
                    .body(containsString("vigie_log_duplicates_total"))
                    .body(containsString("vigie_log_alerts_total{kind=\"unrecognised\""))
                    .body(containsString("vigie_log_batch_seconds_count"))
                    .body(containsString("vigie_log_lag{topic=\"vigie.asset.events\""))
                    .body(containsString("vigie_log_missing{source=")));
  }
}
