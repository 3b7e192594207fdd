package io.vigie.incident.alert;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.incident.notice.AccessService;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.SmtpServer;
import io.vigie.testkit.SmtpServer.Received;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.incident.alert.AlertCalls.ALERTS;
import static io.vigie.incident.alert.AlertCalls.RESPONDER_TOKEN;
import static io.vigie.incident.alert.AlertCalls.aRule;
import static io.vigie.incident.alert.AlertCalls.change;
import static io.vigie.incident.alert.AlertCalls.fire;
import static io.vigie.incident.alert.AlertCalls.get;
import static io.vigie.incident.alert.AlertCalls.number;
import static io.vigie.incident.alert.AlertCalls.tell;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Who is told of what nobody acknowledges. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SmtpServer.class)
@QuarkusTestResource(AccessService.class)
class AlertEscalationTest {

  private static final Duration STEP =
      AlertPolicy.read().escalation().after().get(Severity.CRITICAL).plusSeconds(1);

  @Inject MovableClock clock;
  @Inject DataSource database;

  @BeforeEach
  void mailIsTaken() throws SQLException {
    AlertCalls.endAll(database);
    SmtpServer.open();
  }

  @AfterEach
  void nothingFiresAndNobodyIsOnCall() throws SQLException {
    AlertCalls.endAll(database);
    AlertCalls.execute(
        database,
        """
        update rota set withdrawn_at = now(), withdrawal_reason = 'the test is over'
        where withdrawn_at is null and person like 'escalation-%'""");
    SmtpServer.close();
    AccessService.away(false);
    clock.backToNow();
  }

  /** Somebody who is on call from a day on until before another, counted from now. */
  private String onCall(int from, int until) {
    String account = "escalation-" + UUID.randomUUID();
    String mail = account + "@example.org";
    AccessService.personWith(account, mail);
    Instant now = clock.instant();
    Rest.as(RESPONDER_TOKEN)
        .body(
            Map.of(
                "person",
                account,
                "from",
                now.plus(Duration.ofDays(from)).toString(),
                "until",
                now.plus(Duration.ofDays(until)).toString()))
        .post("/v1/rota")
        .then()
        .statusCode(201);
    return mail;
  }

  private static long told(String recipient, String text) {
    return SmtpServer.received().stream()
        .filter(mail -> mail.recipient().equals(recipient))
        .filter(mail -> subject(mail).contains("nobody") && subject(mail).contains(text))
        .count();
  }

  private static String subject(Received mail) {
    try {
      return mail.message().getSubject();
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitTold(String recipient, String text) {
    await().untilAsserted(() -> assertEquals(1, told(recipient, text), recipient));
  }

  @Test
  void whatNobodyAcknowledgesGoesToWhoIsOnCallThenToTheNextAndThenToTheMailbox() {
    String ann = onCall(0, 5);
    String bob = onCall(5, 10);
    String rule = aRule();
    String id = fire(rule);
    get(id).body("escalations", equalTo(0));

    clock.move(STEP);
    awaitTold(ann, rule);
    assertEquals(0, told(bob, rule));
    clock.move(STEP);
    awaitTold(bob, rule);
    assertEquals(0, told(AccessService.CISO_MAILBOX, rule));
    clock.move(STEP);
    awaitTold(AccessService.CISO_MAILBOX, rule);

    get(id).body("escalations", equalTo(3)).body("escalateAt", nullValue());
    assertEquals(1, told(ann, rule));
    assertEquals(1, told(bob, rule));
    try (Topic topic = Topic.named("vigie.incident.events")) {
      List<ConsumerRecord<String, byte[]>> records =
          topic.await(3, about(id).and(ofType("monitoring-alert.escalated.v1")));
      assertEquals(
          List.of("\"step\":1,\"at\"", "\"step\":2,\"at\"", "\"step\":3,\"role\":\"ciso\",\"at\""),
          records.stream().map(AlertEscalationTest::step).toList());
    }
  }

  /** Which step the event tells of, and of which mailbox. */
  private static String step(ConsumerRecord<String, byte[]> record) {
    return new String(record.value()).replaceAll(".*(\"step\":.*?\"at\").*", "$1");
  }

  @Test
  void anAcknowledgementEndsTheChainAndARecurrenceBeginsItAnew() {
    String ann = onCall(0, 5);
    String rule = aRule();
    String id = fire(rule);
    change(ALERTS + "/" + id, "acknowledgement", Map.of("note", "I look")).then().statusCode(200);
    get(id).body("escalateAt", nullValue());
    String fence = aRule();
    fire(fence);

    clock.move(STEP);
    awaitTold(ann, fence);
    assertEquals(0, told(ann, rule));

    AlertCalls.resolve(rule);
    tell(rule, "FIRING", "web-1").statusCode(200);
    clock.move(STEP);
    awaitTold(ann, rule);
  }

  @Test
  void whatFlapsWaitsForNobodyWhileItIsCalmAndForSomebodyAtOnceWhenItFiresAgain() {
    // Given an alert that flaps and is calm, and one that nobody acknowledges either
    String ann = onCall(0, 5);
    Instant now = clock.instant();
    clock.stopAt(now);
    String rule = aRule();
    String id = fire(rule);
    for (int flap = 0; flap < AlertPolicy.read().flapsToTell(); flap++) {
      AlertCalls.resolve(rule);
      tell(rule, "FIRING", "web-1").statusCode(200);
    }
    String fence = aRule();
    fire(fence);
    clock.stopAt(now.plus(STEP.dividedBy(2)));
    AlertCalls.resolve(rule);

    // When
    clock.stopAt(now.plus(STEP));
    awaitTold(ann, fence);

    // Then
    get(id).body("state", equalTo("FIRING")).body("escalations", equalTo(0));
    tell(rule, "FIRING", "web-1").statusCode(200);
    awaitTold(ann, rule);
  }

  @Test
  void whereNobodyIsOnCallTheMailboxIsToldAtOnce() {
    String rule = aRule();
    fire(rule);

    clock.move(STEP);

    awaitTold(AccessService.CISO_MAILBOX, rule);
  }

  @Test
  void whereAccessServiceDoesNotSayWhoIsOnCallTheMailboxIsTold() {
    onCall(0, 5);
    AccessService.away(true);
    String rule = aRule();
    fire(rule);

    clock.move(STEP);

    awaitTold(AccessService.CISO_MAILBOX, rule);
  }

  @Test
  void aStormIsOneMailAtEachStep() throws SQLException {
    String ann = onCall(0, 5);
    String rule = aRule();
    int count = AlertPolicy.read().mail().atOnce() + 5;
    Instant now = clock.instant();
    clock.stopAt(now);
    IntStream.range(0, count).forEach(i -> tell(rule, "FIRING", "h" + i).statusCode(201));
    String storms = "select count(*) from alert_storm where group_key = 'test " + rule + "'";
    await().until(() -> isLookedAt(rule, now, count));
    AlertCalls.tell(rule, "FIRING", "last").statusCode(201);
    await().until(() -> number(database, storms) == 1);

    clock.stopAt(now.plus(STEP));

    awaitTold(ann, rule);
    String escalated = "select count(*) from alert where rule = '" + rule + "' and escalations = 1";
    await().until(() -> number(database, escalated) == count + 1);
    assertEquals(1, told(ann, rule));
  }

  /** Whether mail has looked at all of them. */
  private boolean isLookedAt(String rule, Instant now, int count) throws SQLException {
    return number(
            database,
            "select count(*) from alert where rule = '%s' and next_mail_at > '%s'"
                .formatted(rule, now))
        == count;
  }
}
