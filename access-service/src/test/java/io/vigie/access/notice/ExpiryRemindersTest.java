package io.vigie.access.notice;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.join;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Against the fourteen days of contracts/policy/right-expiry.json. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ExpiryRemindersTest {

  @Inject MovableClock clock;
  @Inject DataSource database;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private String right(String person, Duration lasting) {
    Map<String, Object> body = new HashMap<>(Api.request(person, UUID.randomUUID()));
    body.put("validUntil", clock.instant().plus(lasting).toString());
    String right = Api.request(TOKEN, body).then().statusCode(201).extract().path("id");
    Api.approve(right).then().statusCode(200);
    return right;
  }

  /** How often this right's holder was reminded. */
  private int reminders(String right) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(*) from right_reminder where right_id = '" + right + "'")) {
      row.next();
      return row.getInt(1);
    }
  }

  @Test
  void whoHasARightIsRemindedOnceFourteenDaysBeforeItEnds() throws Exception {
    // Given
    String person = join(null);
    String right = right(person, Duration.ofDays(20));
    String later = right(person, Duration.ofDays(40));

    // When
    clock.move(Duration.ofDays(7));

    // Then
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> asked =
          topic.await(
              1,
              ofType("notification.requested.v1")
                  .and(record -> new String(record.value()).contains(right)));
      assertEquals(1, asked.size());
      String text = new String(asked.get(0).value());
      assertTrue(text.contains("\"person\":\"" + person + "\""), text);
      assertTrue(text.contains("\"template\":\"right-ends\""), text);
      assertTrue(text.contains("\"dedupeKey\":\"right-ends/" + right + "/"), text);
      assertEquals("system:access", header(asked.get(0), "ce_actor"));
    }
    assertEquals(1, reminders(right));
    assertEquals(0, reminders(later));

    // And not again, however often the clock looks
    clock.move(Duration.ofDays(3));
    clock.move(Duration.ofDays(17));
    await().untilAsserted(() -> assertEquals(1, reminders(later)));
    assertEquals(1, reminders(right));
  }

  @Test
  void aRightThatIsShorterThanThatIsNotWorthAReminder() throws Exception {
    String person = join(null);
    String brief = right(person, Duration.ofDays(14));
    String longer = right(person, Duration.ofDays(15));

    clock.move(Duration.ofDays(2));

    await().untilAsserted(() -> assertEquals(1, reminders(longer)));
    assertEquals(0, reminders(brief));
  }

  @Test
  void whatEndedBeforeItsTimeIsNotAnnounced() throws Exception {
    String person = join(null);
    String revoked = right(person, Duration.ofDays(15));
    String kept = right(person, Duration.ofDays(15));
    Api.act(TOKEN, revoked, "revocation", Map.of("reason", "moved")).then().statusCode(200);

    clock.move(Duration.ofDays(2));

    await().untilAsserted(() -> assertEquals(1, reminders(kept)));
    assertEquals(0, reminders(revoked));
  }

  @Test
  void howManyEndAtOnceMakesNoDifference() throws Exception {
    String person = join(null);
    List<String> rights = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      rights.add(right(person, Duration.ofDays(15)));
    }

    clock.move(Duration.ofDays(2));

    for (String right : rights) {
      await().untilAsserted(() -> assertEquals(1, reminders(right)));
    }
  }
}
