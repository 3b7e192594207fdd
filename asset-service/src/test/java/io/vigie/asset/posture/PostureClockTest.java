package io.vigie.asset.posture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.path.json.JsonPath;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.asset.Calls.tasks;
import static io.vigie.asset.posture.Endpoints.ANNA;
import static io.vigie.asset.posture.Endpoints.decide;
import static io.vigie.asset.posture.Endpoints.exempt;
import static io.vigie.asset.posture.Endpoints.good;
import static io.vigie.asset.posture.Endpoints.inService;
import static io.vigie.asset.posture.Endpoints.posture;
import static io.vigie.asset.posture.Endpoints.report;
import static io.vigie.asset.posture.Endpoints.verdict;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class PostureClockTest {

  @Inject PostureClock postureClock;
  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void factsThatBecomeTooOldAreFoundOnceAndCountAfterTheGrace() throws Throwable {
    // Given
    String id = inService("LAPTOP");
    Map<String, Object> facts = good();
    report(id, clock.instant(), facts).then().statusCode(200);
    clock.move(Duration.ofDays(7).minusMinutes(1));
    look();
    assertEquals("COMPLIANT", verdict(id, "signatures-recent"));

    // When
    clock.move(Duration.ofDays(1).plusMinutes(1));
    look();
    look();

    // Then
    await().untilAsserted(() -> assertEquals("IN_GRACE", verdict(id, "signatures-recent")));
    assertFalse(tasks(ANNA, "asset/" + id).contains("posture.restore"));
    clock.move(Duration.ofDays(1));
    assertEquals("BREACHED", verdict(id, "signatures-recent"));
    assertTrue(tasks(ANNA, "asset/" + id).contains("posture.restore"));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      // one when it went into service, one restored, one that the clock found
      List<ConsumerRecord<String, byte[]>> records =
          topic.await(
              3,
              about("posture/" + id)
                  .and(r -> new String(r.value()).contains("\"rule\":\"signatures-recent\"")));
      assertEquals(3, records.size());
      assertEquals("system:asset", header(records.get(2), "ce_actor"));
      assertEquals(
          facts.get("signaturesOn"),
          new JsonPath(new String(records.get(2).value())).getString("found"));
    }
  }

  @Test
  void twoReplicasThatLookAtOnceJudgeEachAssetOnce() throws Throwable {
    // Given more assets than a batch takes that no version of the rules has judged
    List<String> assets =
        IntStream.range(0, PostureClock.BATCH + 20)
            .mapToObj(i -> UUID.randomUUID().toString())
            .toList();
    insertUnjudged(assets);

    // When
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService replicas = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> looks =
          List.of(replicas.submit(() -> lookAfter(go)), replicas.submit(() -> lookAfter(go)));
      go.countDown();
      for (Future<?> look : looks) {
        look.get();
      }
    } finally {
      replicas.shutdown();
    }
    look();

    // Then
    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<String> broken =
          topic
              .await(
                  assets.size(),
                  ofType("posture.breached.v1")
                      .and(record -> assets.contains(record.key()))
                      .and(
                          record ->
                              new String(record.value()).contains("\"rule\":\"firewall-on\"")))
              .stream()
              .map(ConsumerRecord::key)
              .toList();
      assertEquals(assets.size(), broken.size());
      assertEquals(assets.size(), broken.stream().distinct().count());
    }
  }

  @Test
  void anAssetThatAReportHoldsIsPassedOverAndFoundTheNextTime() throws Throwable {
    String held = inService("LAPTOP");
    String free = inService("LAPTOP");
    report(held, clock.instant(), good()).then().statusCode(200);
    report(free, clock.instant(), good()).then().statusCode(200);
    try (Connection report = Infrastructure.running().runtimeRole("asset")) {
      report.setAutoCommit(false);
      try (PreparedStatement lock =
          report.prepareStatement("select 1 from posture where id = ?::uuid for update")) {
        lock.setString(1, held);
        lock.execute();
        clock.move(Duration.ofDays(8));
        look();
        await().untilAsserted(() -> assertEquals("IN_GRACE", verdict(free, "signatures-recent")));
        assertEquals("COMPLIANT", verdict(held, "signatures-recent"));
      }
      report.rollback();
    }

    look();
    await().untilAsserted(() -> assertEquals("IN_GRACE", verdict(held, "signatures-recent")));
  }

  @Test
  void anExemptionEndsByItselfAndTheBreachCountsAgain() throws Throwable {
    // Given an exempt laptop whose grace is over
    String id = inService("LAPTOP");
    Map<String, Object> facts = good();
    facts.put("firewallOn", false);
    report(id, clock.instant(), facts).then().statusCode(200);
    Instant endsAt = clock.instant().plus(Duration.ofDays(5));
    String exemption = exempt(ANNA, id, "firewall-on", endsAt).path("id");
    String forgotten = exempt(ANNA, id, "patched", endsAt).path("id");
    decide(Tokens.of(CISO), exemption, "approval", Map.of()).then().statusCode(200);
    clock.move(Duration.ofDays(4));
    look();
    assertEquals("EXEMPT", verdict(id, "firewall-on"));
    assertFalse(tasks(ANNA, "asset/" + id).contains("posture.restore"));

    // When
    clock.move(Duration.ofDays(1).plusMinutes(1));
    look();

    // Then
    await()
        .untilAsserted( // the service's own look may have it in hand
            () ->
                posture(id)
                    .then()
                    .body("rules.find { it.rule == 'firewall-on' }.verdict", equalTo("BREACHED"))
                    .body("rules.find { it.rule == 'firewall-on' }.exemptUntil", equalTo(null)));
    assertTrue(tasks(ANNA, "asset/" + id).contains("posture.restore"));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      for (String over : List.of(exemption, forgotten)) {
        JsonPath expired =
            new JsonPath(
                new String(
                    topic
                        .await(1, about(over).and(ofType("posture-exemption.expired.v1")))
                        .get(0)
                        .value()));
        assertEquals(over.equals(exemption), expired.getBoolean("approved"));
        assertEquals(Map.of("stage", "EXPIRED"), expired.getMap("changes"));
      }
    }
  }

  private void lookAfter(CountDownLatch go) {
    try {
      go.await();
      look();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** A look waits for nobody's lock; one that does fails here instead of hanging. */
  private void look() throws Throwable {
    VertxContextSupport.subscribeAndAwait(
        () ->
            postureClock
                .judge()
                .chain(postureClock::endExemptions)
                .ifNoItem()
                .after(Duration.ofSeconds(20))
                .fail());
  }

  /** As the migration leaves assets that were in service before. */
  private static void insertUnjudged(List<String> assets) throws SQLException {
    try (Connection connection = Infrastructure.running().superuser("asset");
        PreparedStatement asset =
            connection.prepareStatement(
                """
                insert into asset (id, version, event_number, published_state, name, kind,
                  production, state, registered_at)
                values (?::uuid, 0, 1, '{}', 'x', 'LAPTOP', false, 'IN_SERVICE', now())""");
        PreparedStatement posture =
            connection.prepareStatement(
                """
                insert into posture (id, version, event_number, published_state, asset_kind,
                  in_service, facts, declared_ports, standings, judged_by)
                values (?::uuid, 0, 0, '{}', 'LAPTOP', true, '{}', '{}', '{}', '')""")) {
      for (String id : assets) {
        asset.setString(1, id);
        asset.execute();
        posture.setString(1, id);
        posture.execute();
      }
    }
  }
}
