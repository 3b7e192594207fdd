package io.vigie.incident.notice;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.SmtpServer;
import io.vigie.testkit.SmtpServer.Received;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.incident.notice.Calls.RIGHT;
import static io.vigie.incident.notice.Calls.awaitState;
import static io.vigie.incident.notice.Calls.notices;
import static io.vigie.incident.notice.Calls.of;
import static io.vigie.incident.notice.Calls.received;
import static io.vigie.incident.notice.Calls.request;
import static io.vigie.incident.notice.Calls.text;
import static io.vigie.incident.notice.Calls.to;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What people find in their mailboxes, asked for as access-service asks. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SmtpServer.class)
@QuarkusTestResource(AccessService.class)
class NoticeMailTest {

  @Inject MovableClock clock;
  @Inject DataSource database;
  @Inject Addressees addressees;
  @Inject @All List<Delivery> deliveries;
  @Inject NoticeSettings settings;
  @Inject Outbox outbox;
  @Inject Relay relay;
  @Inject NoticeFigures figures;
  @Inject MeterRegistry registry;

  /** And no alert or monitor that another test left tells of itself when the clock moves. */
  @BeforeEach
  void everybodyIsThere() throws SQLException {
    execute(
        "update alert set next_mail_at = timestamptz '2300-01-01', escalate_at = null"
            + " where state <> 'RESOLVED'");
    execute("update monitor set next_probe_at = timestamptz '2300-01-01' where state = 'ACTIVE'");
    execute("update notice set state = 'SENT', next_attempt_at = null where state = 'WAITING'");
    AccessService.away(false);
    SmtpServer.open();
  }

  @AfterEach
  void nothingWaits() throws SQLException {
    execute("update notice set state = 'SENT', next_attempt_at = null where state = 'WAITING'");
    SmtpServer.close();
    clock.backToNow();
  }

  @Test
  void aNoticeIsMailedInThePersonsLanguageAndNotedAsSentWithoutTheAddress() throws Exception {
    UUID ada = AccessService.person("ada@example.org", "fr", "ACTIVE");

    UUID notice = request(to(ada), "k-" + ada, "");

    Received mail = received(1).get(0);
    assertEquals("ada@example.org", mail.recipient());
    assertEquals(
        "Un de vos droits prend fin le 9 août 2036 à 22:05 UTC", mail.message().getSubject());
    String text = text(mail);
    assertTrue(text.contains("demandez son renouvellement"), text);
    assertTrue(text.contains("http://127.0.0.1:8080/rights/" + RIGHT), text);
    assertFalse(text.contains("ask for its renewal"), text);
    assertEquals("<notification." + notice + "@localhost>", mail.message().getMessageID());
    awaitState(notice, "SENT").body("items[0].attempts", equalTo(1));
    try (Topic topic = Topic.named("vigie.incident.events")) {
      var sent = topic.await(1, about(notice)).get(0);
      assertEquals("notification.sent.v1", header(sent, "ce_type"));
      String payload = new String(sent.value());
      assertTrue(payload.contains(ada.toString()), payload);
      assertFalse(payload.contains("@"), payload);
    }
  }

  @Test
  void whoseLanguageNobodyKnowsGetsBoth() throws Exception {
    UUID ada = AccessService.person("both@example.org", null, "ACTIVE");

    request(to(ada), "k-" + ada, "");

    String text = text(received(1).get(0));
    assertTrue(
        text.contains("ask for its renewal") && text.contains("demandez son renouvellement"), text);
  }

  @Test
  void aRolesMailboxIsToldToo() {
    UUID ada = AccessService.person("ada2@example.org", "en", "ACTIVE");

    request(to(ada) + "\"role\":\"ciso\",", "k-" + ada, "");

    assertEquals(
        List.of("ada2@example.org", AccessService.CISO_MAILBOX),
        received(2).stream().map(Received::recipient).sorted().toList());
  }

  @Test
  void aRoleWithoutAMailboxWaitsUntilSomebodyNamesOne() {
    UUID notice = request("\"role\":\"auditor\",", "k-" + UUID.randomUUID(), "");

    await()
        .untilAsserted(
            () ->
                of(notice)
                    .body("items[0].state", equalTo("WAITING"))
                    .body("items[0].lastError", containsString("vigie.notices.mailboxes.auditor")));
  }

  @Test
  void whileAccessServiceIsAwayANoticeWaitsAndSaysWhy() {
    UUID ada = AccessService.person("later@example.org", "en", "ACTIVE");
    AccessService.away(true);
    UUID notice = request(to(ada), "k-" + ada, "");
    await()
        .untilAsserted(
            () -> of(notice).body("items[0].lastError", equalTo("access-service answered 503")));
    assertEquals(List.of(), SmtpServer.received());

    AccessService.away(false);
    clock.move(Duration.ofMinutes(2));

    assertEquals("later@example.org", received(1).get(0).recipient());
    awaitState(notice, "SENT").body("items[0].attempts", equalTo(2));
  }

  @Test
  void whileTheMailServerIsAwayANoticeWaits() {
    UUID ada = AccessService.person("ada3@example.org", "en", "ACTIVE");
    SmtpServer.close();
    UUID notice = request(to(ada), "k-" + ada, "");
    await()
        .untilAsserted(
            () ->
                of(notice)
                    .body("items[0].lastError", notNullValue())
                    .body("items[0].state", equalTo("WAITING")));

    SmtpServer.open();
    clock.move(Duration.ofMinutes(2));

    received(1);
    awaitState(notice, "SENT");
  }

  @Test
  void figuresSayHowManyNoticesAreLateAndSinceWhen() throws Throwable {
    // Given one that is due and cannot leave, and one that is not due yet
    UUID ada = AccessService.person("late@example.org", "en", "ACTIVE");
    SmtpServer.close();
    Instant due = clock.instant().plus(Duration.ofMinutes(1));
    UUID late = request(to(ada), "k-" + ada, "\"notBefore\":\"%s\",".formatted(due));
    UUID early =
        request(
            to(ada),
            "later-" + ada,
            "\"notBefore\":\"%s\",".formatted(due.plus(Duration.ofDays(1))));
    awaitState(early, "WAITING");

    // When
    clock.move(Duration.ofMinutes(21));
    await().untilAsserted(() -> of(late).body("items[0].lastError", notNullValue()));
    VertxContextSupport.subscribeAndAwait(figures::measure);

    // Then
    assertEquals(1, figure("waiting"));
    double seconds = figure("oldest.seconds");
    assertTrue(seconds >= 1_200 && seconds < 1_500, () -> seconds + " s");

    // And nothing is late once it has left
    SmtpServer.open();
    clock.move(Duration.ofMinutes(2));
    awaitState(late, "SENT");
    VertxContextSupport.subscribeAndAwait(figures::measure);
    assertEquals(0, figure("waiting"));
    assertEquals(0, figure("oldest.seconds"));
  }

  private double figure(String name) {
    return registry.get("vigie.notices." + name).gauge().value();
  }

  @Test
  void anAddressThatIsRefusedIsTriedForAWeekAndThenAnEventSaysSoWithoutTheAddress() {
    UUID nobody = AccessService.person("nobody@example.org", "en", "ACTIVE");
    UUID notice = request(to(nobody), "k-" + nobody, "");
    await()
        .untilAsserted(
            () -> of(notice).body("items[0].lastError", containsString("no such mailbox")));
    of(notice).body("items[0].lastError", not(containsString("@")));

    clock.move(Duration.ofDays(7));

    awaitState(notice, "ABANDONED")
        .body("items[0].reason", equalTo("UNDELIVERABLE"))
        .body("items[0].attempts", equalTo(2))
        .body("items[0].nextAttemptAt", nullValue());
    try (Topic topic = Topic.named("vigie.incident.events")) {
      var abandoned = topic.await(1, about(notice)).get(0);
      assertEquals("notification.abandoned.v1", header(abandoned, "ce_type"));
      assertFalse(new String(abandoned.value()).contains("@"));
    }
  }

  @Test
  void aMailThatIsSentAgainAfterACrashBearsTheSameId() throws Exception {
    UUID ada = AccessService.person("twice@example.org", "en", "ACTIVE");
    UUID notice = request(to(ada), "k-" + ada, "");
    awaitState(notice, "SENT");

    // The crash: sent, and not noted
    execute(
        "update notice set state = 'WAITING', ended_at = null, next_attempt_at = now() where id = '"
            + notice
            + "'");

    List<Received> mails = received(2);
    assertEquals(mails.get(0).message().getMessageID(), mails.get(1).message().getMessageID());
  }

  @Test
  void howeverManyReplicasSendEachNoticeLeavesOnce() throws Exception {
    // Given more notices than are sent in one go, all due at the same time
    UUID ada = AccessService.person("many@example.org", "en", "ACTIVE");
    String tomorrow = "\"notBefore\":\"%s\",".formatted(Instant.now().plusSeconds(86_400));
    int count = NoticeSending.BATCH + 10;
    for (int i = 0; i < count; i++) {
      request(to(ada), "k" + i + "-" + ada, tomorrow);
    }
    await().untilAsserted(() -> notices("limit=200&person=" + ada).body("items", hasSize(count)));

    // When
    clock.move(Duration.ofDays(2));
    List<CompletableFuture<Void>> replicas =
        Stream.generate(this::replica)
            .limit(3)
            .map(replica -> CompletableFuture.runAsync(() -> send(replica)))
            .toList();
    replicas.forEach(CompletableFuture::join);

    // Then
    await()
        .untilAsserted(
            () -> notices("limit=200&state=SENT&person=" + ada).body("items", hasSize(count)));
    assertEquals(count, SmtpServer.received().size());
  }

  private NoticeSending replica() {
    return new NoticeSending(addressees, deliveries, settings, outbox, relay, clock);
  }

  private static void send(NoticeSending replica) {
    try {
      VertxContextSupport.subscribeAndAwait(replica::send);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoLeftAndWhoNeverWasIsNotWrittenTo() {
    UUID leaver = AccessService.person("gone@example.org", "en", "LEFT");

    for (UUID person : List.of(leaver, UUID.randomUUID())) {
      UUID notice = request(to(person), "k-" + person, "");
      awaitState(notice, "ABANDONED").body("items[0].reason", equalTo("RECIPIENT_GONE"));
    }
    assertEquals(List.of(), SmtpServer.received());
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
