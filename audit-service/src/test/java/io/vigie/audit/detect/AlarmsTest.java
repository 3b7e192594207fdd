package io.vigie.audit.detect;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.audit.LogDatabase.number;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What the log's own watch finds becomes one alert when it begins, and is over when it ends. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class AlarmsTest {

  @Inject Alarms alarms;
  @Inject MovableClock clock;

  @AfterEach
  void backToNow() throws Throwable {
    clock.backToNow();
    check();
  }

  private void check() throws Throwable {
    VertxContextSupport.subscribeAndAwait(() -> alarms.check());
  }

  private static long alerts(String rule, String group) {
    return number(
        "select count(*) from raised where rule = '" + rule + "' and grp = '" + group + "'");
  }

  private static long lasting(String rule, String group) {
    return number(
        "select count(*) from raised where over_at is null and rule = '"
            + rule
            + "' and grp = '"
            + group
            + "'");
  }

  private static long published(String type, String group) {
    try (Topic events = Topic.named("vigie.audit.events")) {
      List<ConsumerRecord<String, byte[]>> found =
          events.await(
              1,
              Topic.ofType(type)
                  .and(record -> new String(record.value()).contains('"' + group + '"')));
      return found.size();
    }
  }

  @Test
  void aGapIsOneAlertUntilItCloses() throws Throwable {
    String source = "/vigie/of-the-gap-test";
    String alerts = "/v1/alerts?rule=log-gap&limit=200&from=" + clock.instant();
    LogDatabase.execute(
        "insert into source (name, numbers, announced, first_missing, missing_since, heard_at) values ('"
            + source
            + "', '{[1,3),[4,6)}', 5, 3, now(), now() + interval '1 hour')");
    try {
      check();
      assertEquals(0, alerts("log-gap", source));

      clock.move(Duration.ofSeconds(90));
      check();
      check();
      assertEquals(1, alerts("log-gap", source));
      assertEquals(1, lasting("log-gap", source));
      assertEquals(1, published("audit.alert-raised.v1", source));
      Rest.as(Tokens.of(SYSADMIN))
          .get(alerts)
          .then()
          .statusCode(200)
          .body(
              "items.find { it.group == '" + source + "' }.detail",
              containsString("misses 1 numbers, the first is 3"));

      LogDatabase.execute(
          "update source set numbers = '{[1,6)}', first_missing = null, missing_since = null where name = '"
              + source
              + "'");
      check();
      check();
      assertEquals(1, alerts("log-gap", source));
      assertEquals(0, lasting("log-gap", source));
      assertEquals(1, published("audit.alert-over.v1", source));
      Rest.as(Tokens.of(SYSADMIN))
          .get(alerts)
          .then()
          .body("items.find { it.group == '" + source + "' }.overAt", notNullValue());
    } finally {
      LogDatabase.execute("delete from source where name = '" + source + "'");
    }
  }

  @Test
  void aGapInTheLifeOfOneObjectIsSaidUntilItCloses() throws Throwable {
    UUID asset = UUID.randomUUID();
    LogDatabase.logged(
        List.of(
            Records.registration(asset),
            Records.registration(asset).with("ce_eventnumber", "2"),
            Records.registration(asset).with("ce_eventnumber", "5")));
    awaitRead();
    check();
    assertEquals(0, alerts("log-gap", "asset/" + asset));

    letPass(Duration.ofSeconds(90));
    check();
    check();
    assertEquals(1, lasting("log-gap", "asset/" + asset));
    assertEquals(
        1,
        number(
            "select count(*) from raised where detail = 'misses 2 of its 5 events, the first is 3' and grp = 'asset/"
                + asset
                + "'"));

    clock.backToNow();
    LogDatabase.logged(
        List.of(
            Records.registration(asset).with("ce_eventnumber", "4"),
            Records.registration(asset).with("ce_eventnumber", "3")));
    awaitRead();
    letPass(Duration.ofSeconds(90));
    check();
    assertEquals(0, lasting("log-gap", "asset/" + asset));
    assertEquals(1, alerts("log-gap", "asset/" + asset));
    assertEquals(0, kept(asset));
  }

  @Test
  void ofAnObjectThatMissesNothingNothingIsKept() throws Throwable {
    UUID asset = UUID.randomUUID();
    LogDatabase.logged(
        List.of(
            Records.registration(asset), Records.registration(asset).with("ce_eventnumber", "2")));
    awaitRead();
    LogDatabase.logged(
        List.of(
            Records.registration(asset).with("ce_eventnumber", "4"),
            Records.registration(asset).with("ce_eventnumber", "3")));
    awaitRead();
    assertEquals(0, kept(asset));
    LogDatabase.logged(Records.registration(asset).with("ce_eventnumber", "6"));
    awaitRead();
    assertEquals(1, kept(asset));
  }

  private static long kept(UUID asset) {
    return number("select count(*) from object_gap where subject = 'asset/" + asset + "'");
  }

  /** Since the last entry: the time of logging never goes back, wherever tests had the clock. */
  private void letPass(Duration time) {
    Instant logged =
        Instant.ofEpochMilli(number("select extract(epoch from updated_at) * 1000 from head"));
    clock.move(Duration.between(clock.instant(), logged).plus(time));
  }

  /** Waits until all that is logged is published, and the rules have read it. */
  private static void awaitRead() {
    long published = LogDatabase.published();
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> number("select position from detection") >= published);
  }

  @Test
  void silenceIsOneAlertUntilTheSourceIsHeardAgain() throws Throwable {
    String source = "/vigie/of-the-silence-test";
    LogDatabase.execute(
        "insert into source (name, heard_at) values ('" + source + "', now() - interval '1 day')");
    try {
      clock.move(Duration.ofMinutes(4));
      check();
      check();
      assertEquals(1, lasting("log-silence", source));

      LogDatabase.execute(
          "update source set heard_at = now() + interval '1 hour' where name = '" + source + "'");
      check();
      assertEquals(0, lasting("log-silence", source));
      assertEquals(1, alerts("log-silence", source));
    } finally {
      LogDatabase.execute("delete from source where name = '" + source + "'");
    }
  }

  @Test
  void hashesThatSomebodyRemovedAtTheEndAreSaidBeforeTheNextAppend() throws Throwable {
    // Given a last tile that is not full, and stays so
    LogDatabase.leaveRoomInTheTile();
    LogDatabase.logged(Records.registration());
    check();
    assertEquals(0, lasting("log-lost-hashes", ""));
    LogDatabase.execute(
        "set session_replication_role = replica",
        "create table spare_entry as select * from entry where index >= (select size - size % 256 from head) order by index limit 1",
        "delete from entry where index in (select index from spare_entry)");
    try {
      check();
      assertEquals(1, lasting("log-lost-hashes", ""));
    } finally {
      LogDatabase.execute("insert into entry select * from spare_entry", "drop table spare_entry");
    }
    check();
    assertEquals(0, lasting("log-lost-hashes", ""));
  }
}
