package io.vigie.backup.plan;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.path.json.JsonPath;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.Plans;
import io.vigie.backup.Sweep;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.backup.Plans.change;
import static io.vigie.backup.Plans.daily;
import static io.vigie.backup.Plans.get;
import static io.vigie.backup.Plans.report;
import static io.vigie.backup.Plans.success;
import static io.vigie.backup.Plans.tasks;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class PlanClockTest {

  private static final Duration WITHIN_TOLERANCE = Duration.ofHours(25);
  private static final Duration OVERDUE = Duration.ofHours(27);

  @Inject PlanClock planClock;
  @Inject Sweep sweep;
  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void plansThatFailHoldUpNoOtherHoweverManyTheyAre() throws SQLException {
    // Given as many broken plans as are looked at at once, a broken one that is suspended, and
    // sound ones of both kinds that come after them
    List<String> broken =
        new ArrayList<>(
            IntStream.range(0, Sweep.BATCH).mapToObj(i -> daily(UUID.randomUUID())).toList());
    String brokenSuspended = suspendedForAnHour();
    String overdue = daily(UUID.randomUUID());
    String suspended = suspendedForAnHour();
    broken.add(brokenSuspended);
    for (String plan : broken) {
      publishedState(plan, "?");
    }

    // When
    clock.move(OVERDUE);

    // Then the schedule comes to the sound ones, and nothing is said of the others
    await().untilAsserted(() -> assertEquals("true 2", flag(overdue)));
    await().untilAsserted(() -> get(suspended).then().body("state", equalTo("ACTIVE")));
    get(brokenSuspended).then().body("state", equalTo("SUSPENDED"));
    broken.remove(brokenSuspended);
    for (String plan : broken) {
      assertEquals("false 1", flag(plan));
    }

    // And once these are mended, the schedule finds them
    publishedState(brokenSuspended, "{}");
    for (String plan : broken) {
      publishedState(plan, "{}");
    }
    await().untilAsserted(() -> get(brokenSuspended).then().body("state", equalTo("ACTIVE")));
    for (String plan : broken) {
      await().untilAsserted(() -> assertEquals("true 2", flag(plan)));
    }
  }

  private String suspendedForAnHour() {
    String plan = daily(UUID.randomUUID());
    String until = clock.instant().plus(Duration.ofHours(1)).toString();
    change(plan, "POST", "suspension", Map.of("reason", "moving", "until", until))
        .then()
        .statusCode(200);
    return plan;
  }

  @Test
  void aMissedRunIsFoundPublishedAndWaitsForAnAdministratorUntilARunEndsIt() throws Throwable {
    // Given
    UUID asset = UUID.randomUUID();
    String plan = daily(asset);
    String due = get(plan).path("nextDueAt");
    clock.move(WITHIN_TOLERANCE);
    look();
    get(plan).then().body("missedSince", equalTo(null));

    // When
    clock.move(OVERDUE.minus(WITHIN_TOLERANCE));
    look();
    look();

    // Then
    await()
        .untilAsserted(
            () ->
                get(plan)
                    .then()
                    .body("missedSince", equalTo(due))
                    .header("ETag", equalTo("\"1\"")));
    assertTrue(tasks().contains("backup-plan.catch-up backup-plan/" + plan));
    Rest.as(Plans.TOOL_TOKEN)
        .get("/v1/plans?missed=true&asset=" + asset)
        .then()
        .body("items.id", contains(plan));

    // When a tool catches up
    String run = report(plan, success(clock.instant().minusSeconds(60))).path("id");

    // Then
    get(plan).then().body("missedSince", equalTo(null));
    assertFalse(tasks().contains("backup-plan.catch-up backup-plan/" + plan));
    try (Topic topic = Topic.named("vigie.backup.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(3, about(plan));
      assertEquals(
          List.of(
              "backup-plan.created.v1",
              "backup-plan.run-missed.v1",
              "backup-plan.run-caught-up.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      assertEquals("system:backup", header(records.get(1), "ce_actor"));
      JsonPath missed = new JsonPath(new String(records.get(1).value()));
      assertEquals(due, missed.getString("dueAt"));
      long late = missed.getLong("lateBySeconds") - Duration.ofHours(3).toSeconds();
      assertTrue(late >= 0 && late < 60, "three hours, and what the test took: " + late);
      assertEquals(Map.of("missedSince", due), missed.getMap("changes"));
      JsonPath caughtUp = new JsonPath(new String(records.get(2).value()));
      assertEquals(run, caughtUp.getString("run"));
      assertEquals(due, caughtUp.getString("missedSince"));
    }
  }

  @Test
  void aServiceThatWasDownForThreeDaysPublishesEachMissedRunOnceAndInOrder() throws Throwable {
    String plan = daily(UUID.randomUUID());
    Instant due = Instant.parse(get(plan).path("nextDueAt"));

    clock.move(Duration.ofDays(3).plusHours(3));
    look();
    look();

    try (Topic topic = Topic.named("vigie.backup.events")) {
      List<Instant> missed =
          topic.await(3, ofType("backup-plan.run-missed.v1").and(about(plan))).stream()
              .map(record -> new JsonPath(new String(record.value())).getString("dueAt"))
              .map(Instant::parse)
              .toList();
      assertEquals(
          List.of(due, due.plus(Duration.ofDays(1)), due.plus(Duration.ofDays(2))), missed);
    }
    await().untilAsserted(() -> assertEquals("true 4", flag(plan)));
    get(plan).then().body("missedSince", equalTo(due.toString()));
  }

  @Test
  void twoReplicasThatLookAtOncePublishEachMissOnce() throws Throwable {
    // Given more plans than a batch takes
    List<String> plans =
        IntStream.range(0, Sweep.BATCH + 20).mapToObj(i -> daily(UUID.randomUUID())).toList();
    clock.move(OVERDUE);

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

    // Then each plan has one event after its creation, and Kafka has it once
    for (String plan : plans) {
      await().untilAsserted(() -> assertEquals("true 2", flag(plan)));
    }
    try (Topic topic = Topic.named("vigie.backup.events")) {
      List<String> missed =
          topic
              .await(
                  plans.size(),
                  ofType("backup-plan.run-missed.v1").and(r -> plans.contains(r.key())))
              .stream()
              .map(ConsumerRecord::key)
              .toList();
      assertEquals(plans.size(), missed.size());
      assertEquals(plans.size(), missed.stream().distinct().count());
    }
  }

  @Test
  void aPlanThatARunReportHoldsIsPassedOverAndFoundTheNextTime() throws Throwable {
    String held = daily(UUID.randomUUID());
    String free = daily(UUID.randomUUID());
    try (Connection report = Infrastructure.running().runtimeRole("backup")) {
      report.setAutoCommit(false);
      try (PreparedStatement lock =
          report.prepareStatement("select 1 from backup_plan where id = ?::uuid for update")) {
        lock.setString(1, held);
        lock.execute();
        clock.move(OVERDUE);
        look();
        await().untilAsserted(() -> assertEquals("true 2", flag(free)));
        assertEquals("false 1", flag(held));
      }
      report.rollback();
    }

    look();
    await().untilAsserted(() -> assertEquals("true 2", flag(held)));
  }

  @Test
  void aSuspendedPlanMissesNothingAndTheClockEndsItsSuspension() throws Throwable {
    // Given
    String plan = daily(UUID.randomUUID());
    String until = clock.instant().plus(OVERDUE.plusDays(1)).toString();
    change(plan, "POST", "suspension", Map.of("reason", "moving", "until", until))
        .then()
        .statusCode(200);

    // When its run would be overdue
    clock.move(OVERDUE);
    look();

    // Then
    get(plan).then().body("state", equalTo("SUSPENDED")).body("missedSince", equalTo(null));

    // When the suspension is over
    clock.move(Duration.ofDays(1));
    look();

    // Then it has its tolerance from now on
    await().untilAsserted(() -> get(plan).then().body("state", equalTo("ACTIVE")));
    get(plan).then().body("suspendedUntil", equalTo(null)).body("missedSince", equalTo(null));
    clock.move(Duration.ofHours(3));
    look();
    await().untilAsserted(() -> assertEquals("true 4", flag(plan)));
  }

  @Test
  void whatIsNotDueByTheClockAsItWasSetBackMeanwhileIsPassedOver() throws Throwable {
    // Given two plans that are due by a clock that is ahead
    Set<UUID> due =
        Stream.of(daily(UUID.randomUUID()), daily(UUID.randomUUID()))
            .map(UUID::fromString)
            .collect(Collectors.toSet());
    clock.move(WITHIN_TOLERANCE);

    // When it is set back while a look is at the first of them
    VertxContextSupport.subscribeAndAwait(
        () ->
            sweep.each(
                BackupPlan.class,
                "nextDueAt < :now",
                (plan, now) -> {
                  if (due.remove(plan.id())) {
                    clock.backToNow();
                  }
                  return Uni.createFrom().voidItem();
                }));

    // Then
    assertEquals(1, due.size());
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
            planClock
                .endSuspensions()
                .chain(planClock::findMisses)
                .ifNoItem()
                .after(Duration.ofSeconds(20))
                .fail());
  }

  /** Whether a miss of the plan is flagged, and how many events it has had. */
  private static String flag(String plan) throws SQLException {
    try (Connection connection = Infrastructure.running().superuser("backup");
        PreparedStatement query =
            connection.prepareStatement(
                "select missed_since is not null, event_number from backup_plan where id = ?::uuid")) {
      query.setString(1, plan);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getBoolean(1) + " " + row.getLong(2);
      }
    }
  }

  /** With a state that is no JSON nothing more can be published of the plan. */
  private static void publishedState(String plan, String state) throws SQLException {
    try (Connection connection = Infrastructure.running().superuser("backup");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update backup_plan set published_state = '%s' where id = '%s'".formatted(state, plan));
    }
  }
}
