package io.vigie.audit.siem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.smallrye.common.annotation.Identifier;
import io.vigie.audit.SigningEnvironment;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Ordered where it is served, of a log of the test's own: whom the new log's entry 0 reaches, and
 * that an erasure reaches what is left of the old one.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SigningEnvironment.class)
@TestProfile(SuccessionReachesReadersTest.OfItsOwn.class)
class SuccessionReachesReadersTest {

  private static final Duration LONG = Duration.ofMinutes(3);
  private static final String NAME = "succeeded";
  private static final String TOPIC = "siem-of-a-succeeded-log";
  private static final String NEW = "log.example/two";
  private static final String OF_TYPE = "&type=audit.log-succeeded.v1";

  /** Part of a path that somebody asked for, which searches find. */
  private static final String WORD = "heliotropes";

  /** A service that hears of itself alone. */
  public static final class OfItsOwn implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("vigie.name", NAME, "vigie.log.sources", NAME, "vigie.siem.kafka", "false");
    }
  }

  @Inject Feeds feeds;

  @Inject
  @Identifier("default-kafka-broker")
  Map<String, Object> kafka;

  private static long number(String query) {
    try (Connection database = Infrastructure.running().superuser(NAME);
        Statement sql = database.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  private static void tamper(String statement) throws SQLException {
    try (Connection database = Infrastructure.running().superuser(NAME);
        Statement sql = database.createStatement()) {
      sql.execute("set session_replication_role = replica");
      sql.execute(statement);
    }
  }

  /** Tables of any schema in whose rows a text stands, in plain or as bytes. */
  private static List<String> tablesWith(String text) throws SQLException {
    List<String> all = new ArrayList<>();
    List<String> found = new ArrayList<>();
    String bytes = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    try (Connection database = Infrastructure.running().superuser(NAME);
        Statement sql = database.createStatement()) {
      try (ResultSet tables =
          sql.executeQuery(
              """
              select c.oid::regclass from pg_class c join pg_namespace n on n.oid = relnamespace
              where relkind = 'r' and nspname !~ '^pg_' and nspname <> 'information_schema'
              order by 1""")) {
        while (tables.next()) {
          all.add(tables.getString(1));
        }
      }
      for (String table : all) {
        String rows = "select exists (select from %s t where t::text like any ('{%%%s%%,%%%s%%}'))";
        try (ResultSet isThere = sql.executeQuery(rows.formatted(table, text, bytes))) {
          isThere.next();
          if (isThere.getBoolean(1)) {
            found.add(table);
          }
        }
      }
    }
    return found;
  }

  private static long published() {
    return number("select coalesce(max(size), 0) from checkpoint");
  }

  @Test
  void theOperatorTheSiemAndTheRulesGetItsEntryAndNobodyGetsAnEntryTwice() throws Exception {
    // Given a log that everybody has read, and that then loses its last entry
    UUID anna = UUID.randomUUID();
    Rest.as(Tokens.of(anna, STAFF)).get("/v1/log/entries/" + WORD).then().statusCode(403);
    for (int i = 0; i < 5; i++) {
      Rest.as(Tokens.of(UUID.randomUUID(), STAFF)).get("/v1/log").then().statusCode(403);
    }
    await().atMost(LONG).until(() -> published() >= 6);
    Feed feed = feeds.feed("test", new KafkaTarget(kafka, TOPIC));
    drain(feed);
    long sent = number("select next_index from siem_position");
    await().atMost(LONG).until(() -> number("select position from detection") >= sent);
    tamper("delete from entry where index = (select max(index) from entry)");
    tamper("update entry set logged_at = logged_at - interval '2 days'");
    tamper("update entry set event_time = event_time - interval '2 days'");

    // When
    Instant before = Instant.now().minusSeconds(60);
    UUID operator = UUID.randomUUID();
    Response answer =
        await()
            .atMost(LONG)
            .until(
                () ->
                    Rest.as(Tokens.of(operator, SYSADMIN))
                        .body(Map.of("origin", NEW, "reason", "the disk died"))
                        .post("/v1/log/succession"),
                response -> response.statusCode() == 200);

    // Then the operator
    String receipt = answer.header("Vigie-Receipt");
    String path = receipt.substring(receipt.indexOf("/v1/receipts/"));
    await().atMost(LONG).until(() -> read(operator, path).statusCode() == 200);
    assertTrue(read(operator, path).asString().contains("\nindex 0\n"), receipt);

    // and the SIEM
    drain(feed);
    feed.close();
    List<JsonNode> records = records((int) sent + 1);
    JsonNode first = records.get((int) sent);
    assertEquals("audit.log-succeeded.v1", first.at("/metadata/event_code").textValue());
    assertEquals(NEW, first.at("/unmapped/log_origin").textValue());
    assertEquals(0, first.at("/unmapped/log_index").longValue());
    List<String> events =
        records.stream().map(record -> record.at("/unmapped/event_id").textValue()).toList();
    assertEquals(events.stream().distinct().toList(), events);

    // and whoever looks at alerts
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                Rest.as(Tokens.of(SYSADMIN))
                    .get("/v1/alerts?rule=log-succeeded")
                    .then()
                    .body("items.group", hasItem(NEW)));

    // and whoever searches by the time of it, behind which entries of long before stand
    Rest.as(Tokens.of(AUDITOR))
        .get("/v1/log/entries?from=" + before + "&to=" + before.plus(Duration.ofDays(1)) + OF_TYPE)
        .then()
        .statusCode(200)
        .body("items", hasSize(1));
    Rest.as(Tokens.of(AUDITOR))
        .get("/v1/log/entries?from=" + before.minus(Duration.ofDays(1)) + "&to=" + before + OF_TYPE)
        .then()
        .statusCode(200)
        .body("items", hasSize(0));

    // When the times are as they were, and the new log is verified
    tamper(
        """
        update entry set logged_at = logged_at + interval '2 days', event_time = event_time + interval '2 days'
        where logged_at < now() - interval '1 day'""");
    Rest.as(Tokens.of(AUDITOR)).post("/v1/log/verifications").then().statusCode(202);

    // Then it is intact: no number of what was lost is taken for logged
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                Rest.as(Tokens.of(SYSADMIN))
                    .get("/v1/log/verifications/last")
                    .then()
                    .statusCode(200)
                    .body("reason", nullValue())
                    .body("intact", equalTo(true)));
    assertEquals(1, number("select count(*) from source where first_missing is not null"));

    // When somebody is forgotten
    await().atMost(LONG).until(() -> tablesWith(WORD), List.of("search_text_0")::equals);
    Rest.as(Tokens.of(CISO))
        .body(Map.of("ids", List.of(anna), "reason", "asked for it", "reference", "DPO-2026-014"))
        .post("/v1/erasures")
        .then()
        .statusCode(201)
        .body("payloads", equalTo(1));

    // Then no word of theirs is left, be it of the log before
    assertEquals(List.of(), tablesWith(WORD));
  }

  private static void drain(Feed feed) throws Exception {
    while (feed.step()) {
      // one batch after the other
    }
  }

  private static Response read(UUID reader, String path) {
    return Rest.as(Tokens.of(reader, STAFF)).get(path);
  }

  private static List<JsonNode> records(int atLeast) throws IOException {
    List<JsonNode> records = new ArrayList<>();
    try (Topic topic = Topic.named(TOPIC)) {
      for (ConsumerRecord<String, byte[]> record : topic.await(atLeast, any -> true)) {
        records.add(new ObjectMapper().readTree(record.value()));
      }
    }
    return records;
  }
}
