package io.vigie.incident.alert;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.incident.notice.AccessService;
import io.vigie.incident.notice.Notices;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
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
import static io.vigie.incident.alert.AlertCalls.TOOL_TOKEN;
import static io.vigie.incident.alert.AlertCalls.aRule;
import static io.vigie.incident.alert.AlertCalls.change;
import static io.vigie.incident.alert.AlertCalls.fire;
import static io.vigie.incident.alert.AlertCalls.get;
import static io.vigie.incident.alert.AlertCalls.number;
import static io.vigie.incident.alert.AlertCalls.resolve;
import static io.vigie.incident.alert.AlertCalls.tell;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the system administrators find in their mailbox while alerts fire. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SmtpServer.class)
@QuarkusTestResource(AccessService.class)
class AlertMailTest {

  private static final AlertPolicy.Mail POLICY = AlertPolicy.read().mail();
  private static final Duration PACE = POLICY.every().get(Severity.CRITICAL);
  private static final Duration SLOW = POLICY.acknowledged().get(Severity.CRITICAL);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static final String RESOLVED_ALONE =
      "select count(*) from notice where channel = 'MAIL' and template = 'alert-resolved'";

  @Inject MovableClock clock;
  @Inject DataSource database;
  @Inject Notices notices;
  @Inject Outbox outbox;
  @Inject Relay relay;

  @BeforeEach
  void mailIsTaken() throws SQLException {
    AlertCalls.endAll(database);
    SmtpServer.open();
  }

  @AfterEach
  void nothingFires() throws SQLException {
    AlertCalls.endAll(database);
    SmtpServer.close();
    clock.backToNow();
  }

  private static List<String> subjects(String rule) {
    return SmtpServer.received().stream()
        .filter(mail -> mail.recipient().equals(AccessService.SYSADMIN_MAILBOX))
        .map(AlertMailTest::subject)
        .filter(subject -> subject.contains(rule))
        .map(subject -> subject.startsWith("Resolved") ? "resolved" : "fires")
        .toList();
  }

  private static String subject(Received mail) {
    try {
      return mail.message().getSubject();
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitMails(String rule, String... mails) {
    await().untilAsserted(() -> assertEquals(List.of(mails), subjects(rule)));
  }

  private static void assertMails(String rule, String... mails) {
    assertEquals(List.of(mails), sent(rule));
  }

  /** All mail that is due has been sent once that of an alert that fires after it has. */
  private static List<String> sent(String rule) {
    String fence = aRule();
    fire(fence);
    awaitMails(fence, "fires");
    List<String> sent = subjects(rule);
    resolve(fence);
    awaitMails(fence, "fires", "resolved");
    return sent;
  }

  @Test
  void mailComesAtOnceThenAtItsPaceUntilItIsResolvedAndOnceMore() throws Exception {
    String rule = aRule();
    String id = fire(rule);
    awaitMails(rule, "fires");
    Received mail = SmtpServer.received().get(0);
    assertEquals(AccessService.SYSADMIN_MAILBOX, mail.recipient());
    String text = String.valueOf(mail.message().getContent());
    assertTrue(text.contains("/alerts/" + id) && text.contains("selon test"), text);

    clock.move(PACE.minus(Duration.ofMinutes(2)));
    tell(rule, "FIRING", "web-1").statusCode(200);
    assertMails(rule, "fires");
    clock.move(Duration.ofMinutes(2).plus(SECOND));
    awaitMails(rule, "fires", "fires");
    clock.move(PACE.plus(SECOND));
    awaitMails(rule, "fires", "fires", "fires");

    resolve(rule);
    awaitMails(rule, "fires", "fires", "fires", "resolved");
    resolve(rule);
    clock.move(Duration.ofDays(1));
    assertMails(rule, "fires", "fires", "fires", "resolved");
    String noted =
        """
        select count(*) from notice where state = 'SENT' and role = 'sysadmin'
          and channel = 'MAIL' and parameters like '%{}%'"""
            .replace("{}", rule);
    assertEquals(4, number(database, noted), "also the one that was on its way when it was over");
    try (Topic topic = Topic.named("vigie.incident.events")) {
      assertEquals(4, topic.await(4, sentOf("\"alerts\":[\"" + id + "\"]")).size());
    }
  }

  /** Mail to the administrators that went out and says so, with these words in its state. */
  private static Predicate<ConsumerRecord<String, byte[]>> sentOf(String words) {
    return ofType("notification.sent.v1")
        .and(
            record ->
                Stream.of(words, "\"channel\":\"MAIL\"", "\"role\":\"sysadmin\"")
                    .allMatch(text(record)::contains));
  }

  private static String text(ConsumerRecord<String, byte[]> record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  @Test
  void whatComesBackIsMailedAtOnceEvenIfItWasAcknowledged() {
    String rule = aRule();
    String id = fire(rule);
    awaitMails(rule, "fires");
    change(ALERTS + "/" + id, "acknowledgement", Map.of("note", "I look")).then().statusCode(200);

    clock.move(PACE.plus(SECOND));
    assertMails(rule, "fires");
    clock.move(SLOW.minus(PACE));
    awaitMails(rule, "fires", "fires");
    resolve(rule);
    tell(rule, "FIRING", "web-1").statusCode(200);
    awaitMails(rule, "fires", "fires", "resolved", "fires");
  }

  @Test
  void whatFlapsIsMailedUntilItHasStayedCalmLongEnoughAndOnceMore() {
    // Given an alert that flaps, and whose source says that it is over
    Instant calm = clock.instant();
    clock.stopAt(calm);
    String rule = aRule();
    String id = fire(rule);
    for (int flap = 0; flap < AlertPolicy.read().flapsToTell(); flap++) {
      resolve(rule);
      tell(rule, "FIRING", "web-1").statusCode(200);
    }
    resolve(rule);
    get(id).body("flapping", equalTo(true)).body("state", equalTo("FIRING"));
    int before = sent(rule).size();

    // When
    clock.stopAt(calm.plus(PACE).plus(SECOND)); // so that the next mail is due after it is resolved
    assertEquals(List.of("fires"), since(before, sent(rule)));
    clock.stopAt(calm.plus(AlertPolicy.read().sameWithin()));

    // Then
    await().untilAsserted(() -> get(id).body("state", equalTo("RESOLVED")));
    assertEquals(List.of("fires", "resolved"), since(before, sent(rule)));
    clock.stopAt(calm.plus(Duration.ofDays(1)));
    assertEquals(List.of("fires", "resolved"), since(before, sent(rule)));
  }

  private static List<String> since(int before, List<String> mails) {
    return mails.subList(before, mails.size());
  }

  @Test
  void whileTheMailServerIsAwayNothingIsLostAndWhatIsOverIsNotToldAsFiring() throws SQLException {
    SmtpServer.close();
    String rule = aRule();
    String id = fire(rule);
    String waiting =
        "select count(*) from notice where last_error is not null and dedupe_key like 'alert/%s/%%'"
            .formatted(id);
    await().until(() -> number(database, waiting) == 1);

    resolve(rule);
    SmtpServer.open();
    clock.move(Duration.ofMinutes(2));

    awaitMails(rule, "resolved");
    assertMails(rule, "resolved");
  }

  @Test
  void aSilenceHoldsMailBackHidesNothingAndEndsByItself() {
    String rule = aRule();
    Instant end = clock.instant().plus(Duration.ofHours(2)).truncatedTo(ChronoUnit.SECONDS);
    String silence = silence(rule, end);
    String id = fire(rule);
    await().untilAsserted(() -> get(id).body("heldBy", equalTo(silence)));
    get(id).body("state", equalTo("FIRING")).body("mails", equalTo(0));
    assertMails(rule);
    try (Topic topic = Topic.named("vigie.incident.events")) {
      String told =
          text(topic.await(1, about(id).and(ofType("monitoring-alert.snapshot.v1"))).get(0));
      assertTrue(told.contains("\"mailHeldBy\":\"" + silence + "\""), told);
      assertTrue(told.contains("\"mailHeldUntil\":\"" + end + "\""), told);
    }

    clock.move(Duration.ofHours(2).plus(SECOND));
    awaitMails(rule, "fires");
    await()
        .untilAsserted(
            () ->
                Rest.as(RESPONDER_TOKEN)
                    .get("/v1/silences/" + silence)
                    .then()
                    .body("state", equalTo("ENDED"))
                    .body("ending", equalTo("EXPIRED")));
  }

  @Test
  void aSilenceThatIsLiftedLetsGoOfWhatItHeld() {
    String rule = aRule();
    String silence = silence(rule, clock.instant().plus(Duration.ofHours(2)));
    String id = fire(rule);
    await().untilAsserted(() -> get(id).body("heldBy", notNullValue()));

    change("/v1/silences/" + silence, "lifting", Map.of())
        .then()
        .statusCode(200)
        .body("ending", equalTo("LIFTED"));

    awaitMails(rule, "fires");
    Rest.problem(change("/v1/silences/" + silence, "lifting", Map.of()), 409, "silence-ended");
  }

  private static String silence(String rule, Instant end) {
    Response answer =
        Rest.as(RESPONDER_TOKEN)
            .body(
                Map.of(
                    "matchers",
                    List.of(Map.of("label", "alertname", "is", "EQUAL", "value", rule)),
                    "reason",
                    "maintenance",
                    "endsAt",
                    end.toString()))
            .post("/v1/silences");
    return answer.then().statusCode(201).body("state", equalTo("ACTIVE")).extract().path("id");
  }

  @Test
  void aStormIsOneMailAtItsPaceHoweverManyReplicasLookAndOneWhenAllOfItIsOver() throws Exception {
    // Given a group with more alerts than are looked at in one go
    String rule = aRule();
    int count = AlertMail.BATCH + 50;
    Instant now = clock.instant();
    clock.stopAt(now);
    tellMany("firing", hosts(rule, count)).body("fired", equalTo(count));
    awaitMails(rule, "fires");
    awaitDue(rule, now.plus(PACE), count);
    assertTrue(
        SmtpServer.received().stream()
            .map(AlertMailTest::subject)
            .anyMatch(subject -> subject.contains(count + " alerts of alertmanager " + rule)));

    // When more of them fire, and when all are due at once
    tellMany("firing", hosts(rule, count + 10));
    awaitDue(rule, now.plus(PACE), count + 10);
    assertMails(rule, "fires");
    clock.stopAt(now.plus(PACE));
    List<CompletableFuture<Void>> replicas =
        Stream.generate(() -> new AlertMail(notices, outbox, relay, clock))
            .limit(3)
            .map(replica -> CompletableFuture.runAsync(() -> look(replica)))
            .toList();
    replicas.forEach(CompletableFuture::join);

    // Then
    awaitDue(rule, now.plus(PACE).plus(PACE), count + 10);
    awaitMails(rule, "fires", "fires");
    String mails =
        "select count(*) from notice where channel = 'MAIL' and parameters like '%" + rule + "%'";
    assertEquals(2, number(database, mails));

    // When one is left, and when none is
    List<String> all = hosts(rule, count + 10);
    tellMany("resolved", all.subList(1, all.size()));
    assertMails(rule, "fires", "fires");
    tellMany("resolved", all);
    awaitMails(rule, "fires", "fires", "resolved");
    assertEquals(3, number(database, mails));
    try (Topic topic = Topic.named("vigie.incident.events")) {
      String group = "\"alertGroup\":\"alertmanager " + rule + "\"";
      assertEquals(3, topic.await(3, sentOf(group)).size());
    }
  }

  private void awaitDue(String rule, Instant at, int count) {
    String due =
        "select count(*) from alert where rule = '%s' and next_mail_at = '%s'".formatted(rule, at);
    await().until(() -> number(database, due) == count);
  }

  @Test
  void manyThatHaveNothingInCommonAreOneMailTooAndOneWhenAllAreOverHoweverTheyEnd()
      throws SQLException {
    // Given
    int count = POLICY.atOnce() + 5;
    long fire = together("alerts-fire", count);
    long resolved = together("alerts-resolved", count);
    long alone = number(database, RESOLVED_ALONE);
    List<String> all = Stream.generate(() -> labels(aRule(), "h")).limit(count).toList();
    tellMany("firing", all);
    await().until(() -> together("alerts-fire", count) == fire + 1);

    // When each is over by a call of its own, but for one
    all.subList(1, count).forEach(each -> tellMany("resolved", List.of(each)));

    // Then
    sent(aRule());
    assertEquals(resolved, together("alerts-resolved", count));

    // When all are
    tellMany("resolved", all);

    // Then
    await().until(() -> together("alerts-resolved", count) == resolved + 1);
    sent(aRule());
    assertEquals(resolved + 1, together("alerts-resolved", count));
    assertEquals(alone + 2, number(database, RESOLVED_ALONE), "those of the fences");
  }

  @Test
  void whatIsOverWhileTheRestIsToldOfAgainIsMailedWithOthersToo() throws SQLException {
    // Given
    int count = POLICY.atOnce() + 5;
    int over = 2;
    Instant now = clock.instant();
    clock.stopAt(now);
    long fire = together("alerts-fire", count);
    long rest = together("alerts-fire", count - over);
    long resolved = together("alerts-resolved", over);
    List<String> all = Stream.generate(() -> labels(aRule(), "h")).limit(count).toList();
    tellMany("firing", all);
    await().until(() -> together("alerts-fire", count) == fire + 1);

    // When
    all.subList(0, over).forEach(each -> tellMany("resolved", List.of(each)));
    clock.stopAt(now.plus(PACE));

    // Then
    await().until(() -> together("alerts-fire", count - over) == rest + 1);
    await().until(() -> together("alerts-resolved", over) == resolved + 1);
  }

  /** Mails that tell of so many and name each. */
  private long together(String template, int count) throws SQLException {
    return number(
        database,
        """
        select count(*) from notice where channel = 'MAIL' and template = '%1$s'
          and parameters like '%%"count":"%2$d"%%'
          and array_length(string_to_array(alerts, e'\\n'), 1) = %2$d"""
            .formatted(template, count));
  }

  private static List<String> hosts(String rule, int count) {
    return IntStream.range(0, count).mapToObj(i -> labels(rule, "h" + i)).toList();
  }

  private static String labels(String rule, String host) {
    return "{\"alertname\":\"%s\",\"severity\":\"critical\",\"host\":\"%s\"}".formatted(rule, host);
  }

  private static ValidatableResponse tellMany(String status, List<String> labels) {
    String alerts =
        labels.stream()
            .map(each -> "{\"status\":\"%s\",\"labels\":%s}".formatted(status, each))
            .collect(Collectors.joining(","));
    return Rest.as(TOOL_TOKEN)
        .body("{\"version\":\"4\",\"alerts\":[" + alerts + "]}")
        .post(ALERTS + "/alertmanager")
        .then()
        .statusCode(200);
  }

  private static void look(AlertMail replica) {
    try {
      VertxContextSupport.subscribeAndAwait(replica::mailDue);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
