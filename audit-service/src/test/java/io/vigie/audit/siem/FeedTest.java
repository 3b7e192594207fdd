package io.vigie.audit.siem;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.smallrye.common.annotation.Identifier;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.audit.LogDatabase.number;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** From the log to the topic, with feeds of the test's own beside that of the service. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class FeedTest {

  private static final Duration LONG = Duration.ofMinutes(3);
  private static final int THREE_BATCHES = 1_500;

  @Inject Feeds feeds;

  @Inject
  @Identifier("default-kafka-broker")
  Map<String, Object> kafka;

  private final String name = "test-" + UUID.randomUUID();

  private Target topic() {
    return new KafkaTarget(kafka, name);
  }

  private long position() {
    return number("select next_index from siem_position where target = '" + name + "'");
  }

  private void startAt(long index) throws SQLException {
    LogDatabase.execute(
        "insert into siem_position values ('%s', %d, now())".formatted(name, index));
  }

  /** Sends until nothing that was published before the call is left. */
  private static void drain(Feed feed) throws Exception {
    while (feed.step()) {
      // one batch after the other
    }
    feed.close();
  }

  private List<Long> arrived(int count) {
    try (Topic records = Topic.named(name)) {
      return records.await(count, record -> true).stream()
          .map(record -> Long.valueOf(record.key()))
          .toList();
    }
  }

  private static List<Long> from(long first, long end) {
    return LongStream.range(first, end).boxed().toList();
  }

  private static JsonNode json(ConsumerRecord<String, byte[]> record) throws IOException {
    return new ObjectMapper().readTree(record.value());
  }

  private static List<Long> numbers(String query) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (Connection database = Infrastructure.running().superuser("audit");
        Statement sql = database.createStatement();
        ResultSet rows = sql.executeQuery(query)) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
    }
    return numbers;
  }

  @Test
  void everyPublishedEntryArrivesOnceInOrderAndAsItsClassDemands() throws Exception {
    List<Draft> drafts = List.of(Records.registration(), Records.registration());
    logged(drafts);
    long first = Math.max(0, LogDatabase.size() - THREE_BATCHES);
    startAt(first);
    Feed feed = feeds.feed(name, topic());
    drain(feed);

    long end = position();
    assertEquals(0, feed.behind());
    List<Long> expected =
        numbers(
            "select index from entry where index >= %d and index < %d order by 1"
                .formatted(first, end));
    Set<Long> checkpoints = Set.copyOf(numbers("select size from checkpoint"));
    try (Topic topic = Topic.named(name)) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(expected.size(), record -> true);
      assertEquals(expected, records.stream().map(record -> Long.valueOf(record.key())).toList());
      List<String> ids = new ArrayList<>();
      for (ConsumerRecord<String, byte[]> record : records) {
        assertEquals(0, record.partition());
        JsonNode json = json(record);
        assertEquals(record.key(), json.at("/unmapped/log_index").asText());
        long size = json.at("/unmapped/checkpoint_size").longValue();
        assertTrue(size > Long.parseLong(record.key()));
        assertTrue(checkpoints.contains(size));
        OcsfRecordTest.assertValid(json);
        ids.add(json.at("/metadata/uid").textValue());
      }
      assertTrue(ids.containsAll(drafts.stream().map(draft -> draft.id().toString()).toList()));
    }
  }

  @Test
  void aForgedCheckpointLeadsNoFeedPastEntriesToCome() throws Exception {
    long first = logged(1).get(0);
    startAt(first);
    Feed feed = feeds.feed(name, topic());
    LogDatabase.execute(
        "insert into checkpoint select size + 10000, root, 'forged', now() from head");
    try {
      drain(feed);
      assertEquals(LogDatabase.size(), position());
      Rest.as(Tokens.of(SYSADMIN))
          .get("/v1/operator/siem")
          .then()
          .body("items[0].behind", lessThan(10_000));
      move("kafka", LogDatabase.size() + 5_000).statusCode(422);
    } finally {
      LogDatabase.tamper("delete from checkpoint where note = 'forged'");
    }

    logged(3);
    drain(feed);
    assertTrue(position() >= first + 4);
    assertEquals(from(first, position()), arrived((int) (position() - first)));
  }

  @Test
  void entriesThatAreGoneArePassedOverOnceThereAreLaterOnes() throws Exception {
    List<Long> indexes = logged(2);
    long first = Math.min(indexes.get(0), indexes.get(1));
    startAt(first);
    LogDatabase.execute(
        "set session_replication_role = replica",
        "create table gone as select * from entry where index = " + first,
        "create table gone_payload as select * from payload where index = " + first,
        "delete from payload where index = " + first,
        "delete from entry where index = " + first);
    try {
      drain(feeds.feed(name, topic()));
      assertEquals(from(first + 1, position()), arrived((int) (position() - first - 1)));
    } finally {
      LogDatabase.execute(
          "set session_replication_role = replica",
          "insert into entry select * from gone",
          "insert into payload select * from gone_payload",
          "drop table gone, gone_payload");
    }
  }

  @Test
  void afterASuccessionItsEntryIsSentFirstAndThenWhatWasNotSentYet() throws Exception {
    long first = logged(2).stream().min(Long::compare).orElseThrow();
    LogDatabase.execute(
        "insert into siem_position (target, next_index, resume_at, moved_at) values ('%s', 0, %d, now())"
            .formatted(name, first));
    drain(feeds.feed(name, topic()));
    List<Long> keys = arrived((int) (position() - first + 1));
    assertEquals(0, keys.get(0));
    assertEquals(from(first, position()), keys.subList(1, keys.size()));
  }

  @Test
  void aSenderThatDiesBeforeItsPositionMovesRepeatsAndNeverSkips() throws Exception {
    List<Long> indexes = logged(3);
    long first = indexes.stream().min(Long::compare).orElseThrow();
    startAt(first);
    Target real = topic();
    Target dying =
        new Target() {
          @Override
          public long send(List<OcsfRecord> records) throws IOException {
            real.send(records);
            throw new IOException("killed");
          }

          @Override
          public void close() {
            real.close();
          }
        };
    assertThrows(IOException.class, () -> feeds.feed(name, dying).step());
    assertEquals(first, position());
    int sent = arrived(3).size();
    assertTrue(sent >= 3);

    drain(feeds.feed(name, topic())); // another replica
    List<Long> keys = arrived(sent + (int) (position() - first));
    assertEquals(from(first, first + sent), keys.subList(0, sent));
    assertEquals(from(first, position()), keys.subList(sent, keys.size()));
  }

  @Test
  void aFeedWhosePositionSomebodyDeletedSaysSoAndSendsTheLogAgain() throws Exception {
    // Given
    long index = logged(1).get(0);
    startAt(index);
    Feed feed = feeds.feed(name, topic());
    while (feed.step()) {
      // one batch after the other
    }
    int sent = (int) (position() - index);
    // When
    LogDatabase.execute("delete from siem_position where target = '" + name + "'");
    feed.work();
    String failure = feed.failure();
    feed.work();
    feed.close();
    // Then
    assertTrue(failure.contains("its position is gone"), failure);
    assertNull(feed.failure());
    assertEquals(0, arrived(sent + 1).get(sent));
  }

  @Test
  void oneReplicaSendsWhileTheOthersPassBy() throws Exception {
    long index = logged(1).get(0);
    startAt(index);
    Feed other = feeds.feed(name, topic());
    Target real = topic();
    Target slow =
        new Target() {
          @Override
          public long send(List<OcsfRecord> records) throws IOException {
            try {
              assertFalse(other.step());
              assertTrue(other.behind() > 0);
            } catch (SQLException e) {
              throw new IOException(e);
            }
            return real.send(records);
          }

          @Override
          public void close() {
            real.close();
          }
        };
    drain(feeds.feed(name, slow));
    other.close();
    assertEquals(from(index, position()), arrived((int) (position() - index)));
  }

  @Test
  void aBrokerThatIsAwayDelaysAndLosesNothing() throws Exception {
    long index = logged(1).get(0);
    startAt(index);
    Map<String, Object> nowhere = new HashMap<>(kafka);
    nowhere.put("bootstrap.servers", "127.0.0.1:1");
    nowhere.put("request.timeout.ms", 500);
    nowhere.put("default.api.timeout.ms", 1_000);
    Feed cut = feeds.feed(name, new KafkaTarget(nowhere, name));
    Duration pause = cut.work();
    assertTrue(cut.failure().contains("Timeout"), cut::failure);
    assertTrue(cut.behind() > 0);
    assertEquals(index, position());
    assertTrue(cut.work().compareTo(pause) > 0);

    // The database may not know yet that the feed before is over, and pass this one by.
    Feed back = feeds.feed(name, topic());
    await()
        .until(
            () -> {
              back.step();
              return position() > index;
            });
    drain(back);
    assertEquals(from(index, position()), arrived((int) (position() - index)));
  }

  @Test
  void anErasedPayloadIsARecordWithoutIt() throws Exception {
    String person = UUID.randomUUID().toString();
    Draft joined =
        Records.registration()
            .with("ce_type", "person.joined.v1")
            .with("ce_dataschema", "urn:vigie:schema:person.joined.v1")
            .with("ce_subject", "person/" + person)
            .withValue(
                """
                {"aggregateId":"%s","businessProfile":"developer","subject":"%s","at":"2026-01-02T03:04:05Z",
                "changes":{"subject":"%s"}}"""
                    .formatted(person, person, person));
    long index = logged(joined);
    Rest.as(Tokens.of(CISO))
        .contentType("application/json")
        .body(Map.of("ids", List.of(person), "reason", "asked for", "reference", "test"))
        .post("/v1/erasures")
        .then()
        .statusCode(201);

    startAt(index);
    drain(feeds.feed(name, topic()));
    try (Topic topic = Topic.named(name)) {
      JsonNode record = json(topic.await(1, any -> true).get(0));
      assertEquals(index, record.at("/unmapped/log_index").longValue());
      assertTrue(record.at("/unmapped/payload_erased").booleanValue());
      assertFalse(record.toString().contains("developer"));
      OcsfRecordTest.assertValid(record);
    }
  }

  @Test
  void anOperatorHasEntriesSentAgainAndThatIsAnEvent() {
    long index = logged(Records.registration());
    String key = Long.toString(index);
    try (Topic siem = Topic.named(KafkaTarget.TOPIC);
        Topic events = Topic.named("vigie.audit.events")) {
      assertEquals(1, siem.await(1, record -> record.key().equals(key)).size());

      move("kafka", index)
          .statusCode(200)
          .body("target", equalTo("kafka"))
          .body("nextIndex", equalTo((int) index));
      assertEquals(2, siem.await(2, record -> record.key().equals(key)).size());
      assertEquals(
          1,
          events
              .await(
                  1,
                  Topic.ofType("audit.siem-position-moved.v1")
                      .and(event -> new String(event.value()).contains("\"to\":" + index)))
              .size());
    }
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                Rest.as(Tokens.of(SYSADMIN))
                    .get("/v1/operator/siem")
                    .then()
                    .statusCode(200)
                    .body("items[0].target", equalTo("kafka"))
                    .body("items[0].behind", equalTo(0))
                    .body("items[0].lastError", nullValue()));
    Rest.anonymous()
        .get("/q/health/well")
        .then()
        .body("checks.find { it.name == 'log fed to SIEMs' }.status", equalTo("UP"));
  }

  @Test
  void aPositionIsOfAConfiguredTargetAndWithinWhatIsPublished() {
    logged(1);
    move("splunk", 0).statusCode(404);
    move("kafka", 1_000_000_000)
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:beyond-the-log"));
    move("kafka", -1).statusCode(400);
  }

  private static ValidatableResponse move(String target, long index) {
    return Rest.as(Tokens.of(SYSADMIN))
        .contentType("application/json")
        .body(Map.of("nextIndex", index))
        .post("/v1/operator/siem/" + target + "/position")
        .then();
  }
}
