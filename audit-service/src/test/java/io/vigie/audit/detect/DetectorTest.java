package io.vigie.audit.detect;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.path.json.JsonPath;
import io.vertx.mutiny.sqlclient.Pool;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.kernel.outbox.Relay;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static io.vigie.audit.LogDatabase.number;
import static io.vigie.audit.LogDatabase.text;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** From a refusal to the alert about it, through the topic, the log and the topic again. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DetectorTest {

  private static final Duration LONG = Duration.ofMinutes(3);

  @Inject Rules rules;
  @Inject Alerts alerts;
  @Inject Pool database;
  @Inject PersonKeys keys;
  @Inject Relay relay;
  @Inject ObjectMapper json;
  @Inject Clock clock;

  private static void refuse(UUID actor, int times) {
    for (int i = 0; i < times; i++) {
      Rest.as(Tokens.of(actor, STAFF)).get("/v1/log").then().statusCode(403);
    }
  }

  private static void awaitLogged(UUID actor, int refusals) {
    await().atMost(LONG).until(() -> number(refusalsOf(actor)) == refusals);
  }

  private static String refusalsOf(UUID actor) {
    return "select count(*) from entry where type = 'security.refused.v1' and actor = '"
        + actor
        + "'";
  }

  /** Waits until all that is logged is published, and the rules have seen it. */
  private static void awaitRead() {
    long published = LogDatabase.published();
    await().atMost(LONG).until(() -> number("select position from detection") >= published);
  }

  private static long alertsAbout(UUID actor) {
    return number("select count(*) from raised where grp = '" + actor + "'");
  }

  private static Predicate<ConsumerRecord<String, byte[]>> alertAbout(UUID actor) {
    return Topic.ofType("audit.alert-raised.v1")
        .and(record -> new String(record.value()).contains(actor.toString()));
  }

  private static void look(Detector detector) {
    try {
      VertxContextSupport.subscribeAndAwait(detector::detect);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private Detector anotherReplica() {
    return new Detector(rules, alerts, database, keys, relay, json, clock);
  }

  @Test
  void aReplicaThatIsFrozenInATransactionKeepsTheOthersFromItForAMinuteAtMost() throws Throwable {
    String limit =
        VertxContextSupport.subscribeAndAwait(
                () -> database.query("show idle_in_transaction_session_timeout").execute())
            .iterator()
            .next()
            .getString(0);

    assertEquals("1min", limit);
  }

  @Test
  void aLookThatFindsNothingNewLocksNothing() {
    Detector detector = anotherReplica();
    await()
        .atMost(LONG)
        .until(
            () -> {
              String locked = text("select xmax::text from detection");
              look(detector);
              return text("select xmax::text from detection").equals(locked);
            });
  }

  @Test
  void refusalsOnTheTopicBecomeOneAlertThere() throws Exception {
    UUID actor = UUID.randomUUID();
    refuse(actor, 12);
    awaitLogged(actor, 12);
    awaitRead();

    try (Topic events = Topic.named("vigie.audit.events")) {
      List<ConsumerRecord<String, byte[]>> raised = events.await(1, alertAbout(actor));
      assertEquals(1, raised.size());
      JsonPath alert = new JsonPath(new String(raised.get(0).value()));
      assertEquals("refusals-of-one-actor", alert.getString("rule"));
      assertEquals(10, alert.getInt("count"));
      assertEquals(
          10,
          number(
              refusalsOf(actor)
                  + " and index in ("
                  + alert.getString("entries").replaceAll("[\\[\\]]", "")
                  + ")"));
    }

    // The alert is in the log, too, and raises none.
    await()
        .atMost(LONG)
        .until(
            () ->
                number("select count(*) from entry where type = 'audit.alert-raised.v1'")
                    == number("select count(*) from raised"));
    awaitRead();
    assertEquals(1, alertsAbout(actor));
  }

  @Test
  void aRestartInTheMiddleOfAnAttackNeitherForgetsNorRepeats() throws Throwable {
    UUID actor = UUID.randomUUID();
    refuse(actor, 6);
    awaitLogged(actor, 6);
    awaitRead();
    assertEquals(0, alertsAbout(actor));

    refuse(actor, 4);
    awaitLogged(actor, 10);
    LogDatabase.published();
    VertxContextSupport.subscribeAndAwait(() -> anotherReplica().detect());
    awaitRead();

    assertEquals(1, alertsAbout(actor));
    VertxContextSupport.subscribeAndAwait(() -> anotherReplica().detect());
    assertEquals(1, alertsAbout(actor));
  }

  @Test
  void afterASuccessionTheRulesSeeItsEntryAndNothingTwice() throws Throwable {
    UUID actor = UUID.randomUUID();
    refuse(actor, 10);
    awaitLogged(actor, 10);
    awaitRead();
    LogDatabase.execute(
        "delete from detection_window where grp = '" + actor + "'",
        "update detection set resume_at = position, position = 0");

    VertxContextSupport.subscribeAndAwait(() -> anotherReplica().detect());
    awaitRead();
    assertEquals(0, number("select count(*) from detection where resume_at is not null"));
    assertEquals(1, alertsAbout(actor));
  }

  @Test
  void anAlertThatCannotBePublishedHoldsThePositionBack() throws Exception {
    UUID actor = UUID.randomUUID();
    LogDatabase.execute("alter table raised add constraint no_room check (grp <> '" + actor + "')");
    try {
      refuse(actor, 10);
      awaitLogged(actor, 10);
      LogDatabase.published();
      // The service's own rules may be at work at the same moment: then this replica passes by.
      await()
          .untilAsserted(
              () -> {
                Throwable failure =
                    assertThrows(
                        Throwable.class,
                        () ->
                            VertxContextSupport.subscribeAndAwait(() -> anotherReplica().detect()));
                assertTrue(String.valueOf(failure).contains("no_room"), failure::toString);
              });
      assertTrue(
          number("select position from detection") < number("select max(size) from checkpoint"));
    } finally {
      LogDatabase.execute("alter table raised drop constraint no_room");
    }
    awaitRead();
    assertEquals(1, alertsAbout(actor));
  }

  @Test
  void whatIsNoEventRaisesAnAlertAndDoesNotStopTheRules() throws Exception {
    long before = number("select count(*) from entry where alert = 'unrecognised'");
    Records.publish(
        List.of(
            Records.registration().withValue("\u0000 no event"),
            Records.registration().with("ce_source", null)));
    await()
        .atMost(LONG)
        .until(
            () -> number("select count(*) from entry where alert = 'unrecognised'") == before + 2);
    awaitRead();
    assertTrue(number("select count(*) from raised where rule = 'forged-event'") >= 1);
  }

  @Test
  void alertsAreListedByRuleAndTimeAndPaged() throws Exception {
    for (int i = 0; i < 3; i++) {
      UUID actor = UUID.randomUUID();
      refuse(actor, 10);
      awaitLogged(actor, 10);
    }
    awaitRead();
    String path = "/v1/alerts?limit=2&rule=refusals-of-one-actor";
    JsonPath page =
        Rest.as(Tokens.of(RESPONDER))
            .get(path)
            .then()
            .statusCode(200)
            .body("items", hasSize(2))
            .body("items[0].severity", equalTo("medium"))
            .body("items[0].group", notNullValue())
            .header("Link", notNullValue())
            .extract()
            .jsonPath();
    Rest.as(Tokens.of(RESPONDER))
        .get(path + "&after=" + page.getString("items[0].id"))
        .then()
        .statusCode(200)
        .body("items[0].id", equalTo(page.getString("items[1].id")));
    Rest.as(Tokens.of(RESPONDER))
        .get("/v1/alerts?rule=log-gap&to=2020-01-01T00:00:00Z")
        .then()
        .statusCode(200)
        .body("items", hasSize(0));
    Rest.as(Tokens.of(RESPONDER)).get("/v1/alerts?rul=x").then().statusCode(400);
  }

  @Test
  void theRulesInForceAreExplained() {
    Rest.as(Tokens.of(RESPONDER))
        .get("/v1/detections")
        .then()
        .statusCode(200)
        .body("size()", equalTo(rules.all().size()))
        .body("id", hasItem("leaver-still-acts"))
        .body("find { it.id == 'log-gap' }.explanation.fr", notNullValue())
        .body("find { it.id == 'mass-export' }.definition.threshold.count", equalTo(1000));
  }
}
