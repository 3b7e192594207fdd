package io.vigie.access.review;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.review.Reviews.decide;
import static io.vigie.access.review.Reviews.entitlement;
import static io.vigie.access.review.Reviews.item;
import static io.vigie.access.review.Reviews.line;
import static io.vigie.access.review.Reviews.open;
import static io.vigie.access.review.Reviews.person;
import static io.vigie.access.review.Reviews.plan;
import static io.vigie.access.review.Reviews.right;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Against the seven days and the one of contracts/policy/reviews.json. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RemindersTest {

  private static final String ROLE = new UUID(0, 0).toString();

  @Inject MovableClock clock;
  @Inject DataSource database;

  private final UUID asset = UUID.randomUUID();

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private Set<String> told(String campaign, String occasion) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "select recipient from review_notice where campaign_id = ? and occasion = ?")) {
      statement.setObject(1, UUID.fromString(campaign));
      statement.setString(2, occasion);
      try (ResultSet row = statement.executeQuery()) {
        Set<String> recipients = new TreeSet<>();
        while (row.next()) {
          recipients.add(row.getString(1));
        }
        return recipients;
      }
    }
  }

  @Test
  void whoHasNotAnsweredIsRemindedAndThenWhoLeadsThemIsTold() {
    // Given two reviewers, one of whom answers
    UUID quick = UUID.randomUUID();
    String above = person(UUID.randomUUID(), null);
    String slowOne = person(UUID.randomUUID(), above);
    String quickOne = person(quick, above);
    String entitlement = entitlement(asset, above, "NORMAL");
    right(person(null, slowOne), entitlement);
    String answered = right(person(null, quickOne), entitlement);
    right(person(null, null), entitlement);
    Map<String, Object> plan = plan(asset, ReviewerRule.MANAGER);
    plan.put("answerWithinDays", 21);
    plan.put("graceDays", 7);
    String campaign = open(plan);
    await()
        .untilAsserted(
            () -> assertEquals(Set.of(slowOne, quickOne, ROLE), told(campaign, "opened")));
    decide(Tokens.of(quick, STAFF), campaign, line(item(campaign, answered), "CERTIFY"))
        .then()
        .statusCode(200);

    // When, Then
    clock.move(Duration.ofDays(14).plusMinutes(1));
    await().untilAsserted(() -> assertEquals(Set.of(slowOne, ROLE), told(campaign, "before-P7D")));
    clock.move(Duration.ofDays(6));
    await().untilAsserted(() -> assertEquals(Set.of(slowOne, ROLE), told(campaign, "before-P1D")));
    clock.move(Duration.ofDays(1));
    await().untilAsserted(() -> assertEquals(Set.of(above, ROLE), told(campaign, "overdue")));
    try (Topic topic = Topic.named("vigie.access.events")) {
      var asked =
          topic.await(
              2,
              ofType("notification.requested.v1")
                  .and(
                      record -> {
                        String text = new String(record.value());
                        return text.contains(campaign) && text.contains("review-overdue");
                      }));
      String text = new String(asked.get(0).value()) + new String(asked.get(1).value());
      assertTrue(text.contains("\"person\":\"" + above + "\""), text);
      assertTrue(text.contains("\"role\":\"ciso\""), text);
    }
  }
}
