package io.vigie.incident.notice;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.SmtpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.incident.notice.Calls.OPERATOR;
import static io.vigie.incident.notice.Calls.awaitState;
import static io.vigie.incident.notice.Calls.notices;
import static io.vigie.incident.notice.Calls.of;
import static io.vigie.incident.notice.Calls.publish;
import static io.vigie.incident.notice.Calls.received;
import static io.vigie.incident.notice.Calls.request;
import static io.vigie.incident.notice.Calls.to;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Which requests become notices, when they are sent, and how they are listed. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SmtpServer.class)
@QuarkusTestResource(AccessService.class)
class NoticeRequestsTest {

  @Inject MovableClock clock;
  @Inject DataSource database;

  @BeforeEach
  void mailIsTaken() {
    SmtpServer.open();
  }

  @AfterEach
  void nothingWaits() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update notice set state = 'SENT', next_attempt_at = null where state = 'WAITING'");
    }
    SmtpServer.close();
    clock.backToNow();
  }

  @Test
  void ofTwoRequestsWithOneKeyTheFirstIsSent() {
    UUID ada = AccessService.person("once@example.org", "en", "ACTIVE");

    UUID first = request(ada, to(ada), "k-" + ada, "");
    UUID second = request(ada, to(ada), "k-" + ada, "");
    UUID last = request(ada, to(ada), "k2-" + ada, "");

    awaitState(last, "SENT");
    received(2);
    notices("person=" + ada)
        .body("items.id", containsInAnyOrder(first.toString(), last.toString()))
        .body("items.id", not(hasItem(second.toString())));
    assertEquals(2, SmtpServer.received().size());
  }

  @Test
  void aNoticeIsSentNeitherBeforeItsTimeNorAfterIt() {
    UUID ada = AccessService.person("intime@example.org", "en", "ACTIVE");
    Instant now = Instant.now();
    UUID early =
        request(to(ada), "k-" + ada, "\"notBefore\":\"%s\",".formatted(now.plusSeconds(86_400)));
    UUID late = request(to(ada), "k2-" + ada, "\"until\":\"%s\",".formatted(now.minusSeconds(60)));

    awaitState(late, "ABANDONED").body("items[0].reason", equalTo("TIME_OVER"));
    of(early).body("items[0].state", equalTo("WAITING")).body("items[0].attempts", equalTo(0));

    clock.move(Duration.ofDays(1));
    awaitState(early, "SENT");
    assertEquals(1, SmtpServer.received().size());
  }

  @Test
  void whatNoTemplateFitsIsParkedForAnOperator() {
    UUID id = UUID.randomUUID();

    publish(
        id,
        id,
        """
        {"aggregateId":"%s","role":"ciso","template":"unheard-of","parameters":{},
         "dedupeKey":"k-%s","at":"2026-01-02T03:04:05Z"}"""
            .formatted(id, id));

    await()
        .untilAsserted(
            () ->
                Rest.as(OPERATOR)
                    .get("/v1/operator/parked?limit=200")
                    .then()
                    .body("items.key", hasItem(id.toString())));
  }

  @Test
  void noticesAreListedByPageAndFiltered() {
    UUID ada = AccessService.person("list@example.org", "en", "ACTIVE");
    String later = "\"notBefore\":\"2050-01-01T00:00:00Z\",";
    UUID one = request(to(ada), "k1-" + ada, later);
    await().untilAsserted(() -> of(one).body("items", hasSize(1)));
    request(to(ada), "k2-" + ada, later);
    await().untilAsserted(() -> notices("person=" + ada).body("items.person", hasSize(2)));

    List<String> ids = notices("person=" + ada).extract().path("items.id");
    notices("person=" + ada + "&limit=1").body("items.id", contains(ids.get(0)));
    notices("person=" + ada + "&limit=1&after=" + ids.get(0))
        .body("items.id", contains(ids.get(1)));
    notices("person=" + ada + "&state=SENT").body("items", hasSize(0));
    notices("person=" + ada + "&template=right-ends&state=WAITING").body("items", hasSize(2));
  }
}
