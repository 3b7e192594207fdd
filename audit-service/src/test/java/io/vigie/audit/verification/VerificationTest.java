package io.vigie.audit.verification;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.leaveRoomInTheTile;
import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.audit.LogDatabase.number;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.endsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The log checked as it is stored, after somebody was at it whom neither grants nor triggers stop.
 */
@QuarkusTest
@Order(1) // reads the whole log in each test, which the others make longer
@QuarkusTestResource(ServiceEnvironment.class)
class VerificationTest {

  static final Duration LONG = Duration.ofMinutes(3);

  /** What is awaited needs the processors. */
  private static final Duration RARELY = Duration.ofMillis(100);

  /** Runs a verification from its order to its result. */
  static JsonPath verified() {
    String auditor = Tokens.of(AUDITOR);
    long before = number("select count(*) from verification");
    await()
        .atMost(LONG)
        .pollInterval(RARELY)
        .until(
            () -> {
              // Another test's run may be under way still: then this order starts none.
              Rest.as(auditor)
                  .post("/v1/log/verifications")
                  .then()
                  .statusCode(202)
                  .header("Location", endsWith("/v1/log/verifications/last"));
              return number("select count(*) from verification") > before;
            });
    await().atMost(LONG).until(() -> !last().getBoolean("underWay"));
    return last();
  }

  private static JsonPath last() {
    return Rest.as(Tokens.of(SYSADMIN))
        .get("/v1/log/verifications/last")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  @Test
  void aSoundLogIsVerifiedWithItsTilesAndTheEventSaysSo() {
    logged(600);
    JsonPath result = verified();
    assertTrue(result.getBoolean("intact"), result::prettify);
    assertTrue(result.getLong("size") >= 600);
    try (Topic events = Topic.named("vigie.audit.events")) {
      List<ConsumerRecord<String, byte[]>> told =
          events.await(
              1,
              Topic.ofType("audit.log-verified.v1")
                  .and(record -> new String(record.value()).contains(result.getString("root"))));
      assertFalse(told.isEmpty());
      JsonPath event = new JsonPath(new String(told.get(0).value()));
      assertTrue(event.getBoolean("intact"));
      assertEquals(
          Map.of("intact", true, "verifiedAt", event.getString("at")), event.getMap("changes"));
    }
  }

  @Test
  void aFlippedByteIsNamedByItsIndexInTheEventAndInAnAlert() throws Exception {
    long index = logged(Records.registration());
    String flip =
        "update payload set body = set_byte(body, 3, get_byte(body, 3) # 1) where index = " + index;
    LogDatabase.tamper(flip);
    try {
      JsonPath result = verified();
      assertFalse(result.getBoolean("intact"));
      assertEquals(index, result.getLong("index"));
      try (Topic events = Topic.named("vigie.audit.events")) {
        List<ConsumerRecord<String, byte[]>> told =
            events.await(
                1,
                Topic.ofType("audit.log-verified.v1")
                    .and(
                        record -> new String(record.value()).contains("\"index\":" + index + ",")));
        assertFalse(told.isEmpty());
      }
      assertTrue(
          number(
                  "select count(*) from raised where rule = 'log-verification-failed' and detail like 'entry "
                      + index
                      + " %'")
              >= 1);
    } finally {
      LogDatabase.tamper(flip);
    }
    assertTrue(verified().getBoolean("intact"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "update event_id set index = index + 1 where id = '%1$s' | update event_id set index = index - 1 where id = '%1$s' | not found by its event id",
        "delete from event_id where id = '%1$s' | insert into event_id values ('%1$s', %2$d) | not found by its event id",
        "insert into event_id values ('%3$s', %2$d) | delete from event_id where id = '%3$s' | not its own",
        "insert into alert values (%2$d, 'id-reused', 'x', now()) | delete from alert where index = %2$d | not its own",
        "update entry set logged_at = logged_at - interval '9 years' where index = %2$d | update entry set logged_at = logged_at + interval '9 years' where index = %2$d | another time of logging"
      })
  void whatLeadsToAnEntryIsComparedWithIt(String change, String repair, String reason)
      throws Exception {
    Draft draft = Records.registration();
    long index = logged(draft);
    UUID other = UUID.randomUUID();
    LogDatabase.tamper(change.formatted(draft.id(), index, other));
    try {
      JsonPath result = verified();
      assertFalse(result.getBoolean("intact"));
      assertEquals(index, result.getLong("index"), result::prettify);
      assertTrue(result.getString("reason").contains(reason), result::prettify);
    } finally {
      LogDatabase.tamper(repair.formatted(draft.id(), index, other));
    }
    assertTrue(verified().getBoolean("intact"));
  }

  /** Changes that undo themselves when they are made once more. */
  private static final String EXCHANGE =
      """
      update %1$s set index = 8000000 where index = %2$d; update %1$s set index = %2$d where index = %3$d;
      update %1$s set index = %3$d where index = 8000000""";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "entry | a payload (or salt) that was changed",
        "payload | a payload (or salt) that was changed",
        "entry payload | is not found by its event id",
        "entry payload event_id reference search_text | entries"
      })
  void twoEntriesThatChangedPlacesAreFound(String tables, String reason) throws Exception {
    leaveRoomInTheTile();
    // Given two entries of one time that share no row
    Draft one = Records.registration();
    Draft another = Records.request(UUID.randomUUID().toString()).withKeyOf(one);
    List<Long> indexes = logged(List.of(one, another)).stream().sorted().toList();
    String exchange =
        Stream.of(tables.split(" "))
            .map(table -> EXCHANGE.formatted(table, indexes.get(0), indexes.get(1)))
            // Both are of one actor and source, and so in one row of those.
            .map(
                text ->
                    text.contains("search_text")
                        ? text.replace("where", "where position(':' in word) = 0 and")
                        : text)
            .collect(Collectors.joining(";"));
    LogDatabase.tamper(exchange);
    try {
      JsonPath result = verified();
      assertFalse(result.getBoolean("intact"));
      assertTrue(result.getString("reason").contains(reason), result::prettify);
      boolean isNamed = !reason.equals("entries"); // whole as each is, all of them are not the log
      assertEquals(
          isNamed ? indexes.get(0) : null, result.getObject("index", Long.class), result::prettify);
    } finally {
      LogDatabase.tamper(exchange);
    }
    assertTrue(verified().getBoolean("intact"));
  }

  @Test
  void twoTilesThatChangedPlacesAreFound() throws Exception {
    logged(600);
    String exchange = EXCHANGE.formatted("tile", 0, 1).replace("where", "where level = 0 and");
    LogDatabase.tamper(exchange);
    try {
      JsonPath result = verified();
      assertFalse(result.getBoolean("intact"));
      assertEquals(255, result.getLong("index"));
      assertTrue(result.getString("reason").contains("tile 0 of level 0"), result::prettify);
    } finally {
      LogDatabase.tamper(exchange);
    }
    assertTrue(verified().getBoolean("intact"));
  }

  @ParameterizedTest
  @CsvSource({"hashes, 77", "root, 5"})
  void aTileThatDoesNotFollowFromTheLeavesIsFound(String column, int at) throws Exception {
    logged(300);
    String flip =
        "update tile set %1$s = set_byte(%1$s, %2$d, get_byte(%1$s, %2$d) # 1) where level = 0 and index = 0"
            .formatted(column, at);
    LogDatabase.tamper(flip);
    try {
      JsonPath result = verified();
      assertFalse(result.getBoolean("intact"));
      assertEquals(255, result.getLong("index"));
      assertTrue(result.getString("reason").contains("tile 0 of level 0"), result::prettify);
    } finally {
      LogDatabase.tamper(flip);
    }
    assertTrue(verified().getBoolean("intact"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select size + 100000, root, 'forged', now() from head",
        "select size + 100000, root, note, now() from checkpoint order by size desc limit 1"
      })
  void aCheckpointThatNoKeyOfTheLogSignedIsFound(String forged) throws Exception {
    long newest = logged(Records.registration());
    LogDatabase.execute("insert into checkpoint " + forged);
    try {
      JsonPath result = verified();
      assertFalse(result.getBoolean("intact"));
      assertTrue(result.getString("reason").contains("no key of the log signed"), result::prettify);
    } finally {
      LogDatabase.tamper("delete from checkpoint where size > 100000 + " + newest);
    }
    assertTrue(verified().getBoolean("intact"));
  }

  @Test
  void aLogThatIsNotTheSignedOneIsFound() throws Exception {
    logged(3);
    // In one transaction each: the service signs whenever it sees a log that is not signed.
    LogDatabase.execute(
        "set session_replication_role = replica",
        "begin",
        "lock table checkpoint in exclusive mode",
        "create table spare as select * from checkpoint",
        "delete from checkpoint",
        "insert into checkpoint select size, sha256(root), 'of another tree', now() from head",
        "commit");
    try {
      JsonPath result = verified();
      assertFalse(result.getBoolean("intact"));
      assertTrue(result.getString("reason").contains("not those that were signed"));
    } finally {
      LogDatabase.execute(
          "set session_replication_role = replica",
          "begin",
          "lock table checkpoint in exclusive mode",
          "delete from checkpoint",
          "insert into checkpoint select * from spare",
          "drop table spare",
          "commit");
    }
    assertTrue(verified().getBoolean("intact"));
  }
}
