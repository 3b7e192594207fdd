package io.vigie.audit.intake;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.smallrye.common.annotation.Identifier;
import io.vigie.audit.SigningEnvironment;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A log of the test's own reads a topic that does not have its position any more. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SigningEnvironment.class)
@TestProfile(OffsetResetTest.OfItsOwn.class)
class OffsetResetTest {

  private static final Duration LONG = Duration.ofMinutes(3);
  private static final String NAME = "rereading";
  private static final String SOURCE = "reread";
  private static final String TOPIC = "vigie." + SOURCE + ".events";
  private static final String FACTS = "entry where type = 'audit.log-offsets-reset.v1'";

  /** All events have it, and so stand in one partition. */
  private static final UUID KEY = UUID.randomUUID();

  /** A service that hears of itself, and of a source whose topic no other test has. */
  public static final class OfItsOwn implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "vigie.name",
          NAME,
          "vigie.log.sources",
          NAME + "," + SOURCE,
          "vigie.log.gap-after",
          "0s",
          "vigie.siem.kafka",
          "false");
    }
  }

  @Inject
  @Identifier("default-kafka-broker")
  Map<String, Object> kafka;

  private final UUID operator = UUID.randomUUID();

  private static String text(String query) {
    try (Connection database = Infrastructure.running().superuser(NAME);
        Statement sql = database.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  private static long number(String query) {
    return Long.parseLong(text(query));
  }

  private static Draft event() {
    return event(KEY);
  }

  private static Draft event(UUID key) {
    UUID id = UUID.randomUUID();
    Draft draft =
        Records.eventOf(
            SOURCE,
            "audit.siem-position-moved.v1",
            "siem-feed/" + id,
            """
            {"aggregateId":"%s","target":"kafka","from":512,"to":0,"at":"2026-01-02T03:04:05Z"}"""
                .formatted(id));
    return new Draft(draft.id(), key, draft.headers(), draft.value());
  }

  private static List<Draft> events(int count) {
    return IntStream.range(0, count).mapToObj(i -> event()).toList();
  }

  private static List<Draft> logged(int count) {
    List<Draft> drafts = events(count);
    Records.publishOf(SOURCE, drafts);
    awaitLogged(drafts);
    return drafts;
  }

  private static long entriesOf(List<Draft> drafts) {
    return number(
        "select count(*) from entry where event_id in "
            + drafts.stream()
                .map(draft -> "'" + draft.id() + "'")
                .collect(Collectors.joining(",", "(", ")")));
  }

  private static void awaitLogged(List<Draft> drafts) {
    await().atMost(LONG).until(() -> entriesOf(drafts) == drafts.size());
  }

  /** The partition that has most events, and where the log is in it. */
  private static int partition() {
    return (int)
        number(
            "select partition from log_offset where topic = '%s' order by next_offset desc limit 1"
                .formatted(TOPIC));
  }

  private static long partitionsRead() {
    return number(
        "select count(*) from log_offset where next_offset > 0 and topic = '" + TOPIC + "'");
  }

  /** A key whose events stand in another partition, of which the log has read one. */
  private static UUID keyElsewhere() {
    UUID key;
    do {
      key = UUID.randomUUID();
      List<Draft> one = List.of(event(key));
      Records.publishOf(SOURCE, one);
      awaitLogged(one);
    } while (partitionsRead() == 1);
    return key;
  }

  private static long position() {
    return number("select max(next_offset) from log_offset where topic = '" + TOPIC + "'");
  }

  private static String trouble(String what) {
    Map<String, String> data =
        Rest.anonymous()
            .get("/q/health/well")
            .jsonPath()
            .getMap("checks.find { it.name == 'log complete' }.data");
    return data == null ? "" : data.getOrDefault(what, "");
  }

  private Response reset() {
    return Rest.as(Tokens.of(operator, SYSADMIN))
        .body(Map.of("reason", "the disks of Kafka were lost"))
        .post("/v1/log/offset-reset");
  }

  private void assertRefused() {
    reset().then().statusCode(409).body("type", equalTo("urn:vigie:problem:offsets-in-range"));
  }

  @Test
  void aTopicThatIsNewIsReadFromItsBeginningOnceAnOperatorSaysSo() throws Exception {
    // Given a topic that the log has read
    List<Draft> before = logged(50);
    UUID elsewhere = keyElsewhere();
    int partition = partition();
    long position = position();
    long facts = number("select count(*) from " + FACTS);
    assertRefused();

    // and that is lost, with an event that was not logged
    try (Admin admin = Admin.create(kafka)) {
      admin.deleteTopics(List.of(TOPIC)).all().get();
    }
    event();

    // When it is made anew, where an event comes that the log has, and others, of which the log's
    // position passes over the one that stands first in its partition
    List<Draft> after = new ArrayList<>(events(5));
    after.add(event(elsewhere));
    after.add(event(elsewhere));
    List<Draft> sent = new ArrayList<>(before.subList(0, 5));
    sent.addAll(after);
    Records.publishOf(SOURCE, sent);

    // Then what to do is said, and not all is taken in
    await().atMost(LONG).until(() -> trouble("intake").contains("./vigie log reset-offsets"));
    assertTrue(entriesOf(after) <= 1);

    // When an operator does
    reset()
        .then()
        .statusCode(200)
        .body("partitions", hasSize(2))
        .body("partitions.topic", everyItem(equalTo(TOPIC)))
        .body("partitions.to", everyItem(equalTo(0)))
        .body(
            "partitions.find { it.partition == %d }.from".formatted(partition), is((int) position));

    // Then what is new is logged, and nothing twice
    awaitLogged(after);
    assertEquals(before.size(), entriesOf(before));
    assertRefused();

    // and who did it, and why, is in the log
    await().atMost(LONG).until(() -> number("select count(*) from " + FACTS) == facts + 1);
    String fact =
        text(
            "select actor || ' ' || convert_from(body, 'UTF8') from payload join "
                + FACTS.replace(" where", " using (index) where")
                + " order by index desc limit 1");
    assertTrue(fact.startsWith(operator + " {"), fact);
    assertTrue(fact.contains("the disks of Kafka were lost"), fact);
    assertTrue(fact.contains(TOPIC), fact);

    // and what was lost is told
    await()
        .atMost(LONG)
        .until(() -> trouble("/vigie/" + SOURCE).startsWith("misses 1 numbers, the first is "));
  }

  @Test
  void recordsThatExpiredBeforeTheyWereReadAreGoneBehind() throws Exception {
    // Given a topic whose beginning is where the log was, and a log that went back
    List<Draft> before = logged(5);
    int partition = partition();
    long position = position();
    try (Admin admin = Admin.create(kafka)) {
      admin
          .deleteRecords(
              Map.of(new TopicPartition(TOPIC, partition), RecordsToDelete.beforeOffset(position)))
          .all()
          .get();
    }
    text(
        "update log_offset set next_offset = 1 where topic = '%s' and partition = %d returning topic"
            .formatted(TOPIC, partition));
    // When
    reset()
        .then()
        .statusCode(200)
        .body("partitions.findAll { it.partition == %d }".formatted(partition), hasSize(1))
        .body("partitions.find { it.partition == %d }.from".formatted(partition), is(1))
        .body("partitions.find { it.partition == %d }.to".formatted(partition), is((int) position));
    // Then
    logged(5);
    assertEquals(5, entriesOf(before));
  }

  @Test
  void withoutAReasonNothingIsReset() {
    Rest.as(Tokens.of(operator, SYSADMIN))
        .body(Map.of("reason", ""))
        .post("/v1/log/offset-reset")
        .then()
        .statusCode(400);
  }
}
