package io.vigie.audit.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.SigningEnvironment;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.audit.note.Checkpoint;
import io.vigie.audit.note.Note;
import io.vigie.audit.note.SigningKey;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.verifier.ExportVerifier.Verified;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.entriesOf;
import static io.vigie.audit.LogDatabase.number;
import static io.vigie.audit.LogDatabase.size;
import static io.vigie.audit.LogDatabase.text;
import static io.vigie.audit.SigningEnvironment.ORIGIN;
import static io.vigie.audit.checkpoint.PublishingTest.LONG;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A database that does not hold the log that was published: whatever its superuser did, the running
 * service neither appends nor signs, says so, and goes on serving what it had published.
 */
@QuarkusTest
@Order(1) // reads the whole log in each test, which the others make longer
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SigningEnvironment.class)
class RefusalTest {

  private static final List<String> TABLES =
      List.of(
          "entry",
          "payload",
          "tile",
          "event_id",
          "reference",
          "search_text",
          "alert",
          "checkpoint",
          "head",
          "log_offset",
          "log_origin",
          "origin_note");

  /** What the service may log by itself until the log is at rest: a rule that it judged, say. */
  private static final int MARGIN = 20;

  /** What the service itself reports and is not in its log yet: that somebody exported it. */
  private static final String UNDER_WAY =
      """
      select (select count(*) from outbox) + (select count(*) from relay where last_number > 0
        and not exists (select from entry where source = '/vigie/audit' and source_number = last_number))""";

  @Inject Publisher publisher;
  @Inject MeterRegistry registry;
  @Inject DataSource database;
  @Inject LogKeys keys;
  @Inject CheckpointTopic topic;
  @Inject Witnesses witnesses;
  @Inject Clock clock;

  @ConfigProperty(name = "vigie.log.checkpoint-file")
  Path file;

  @TempDir Path directory;

  @BeforeEach
  void aLogThatIsWholeAndPublishedAndGrowsByItselfNoMore() {
    LogDatabase.logged(3);
    // Detections too: that somebody exported much is an alert, in the log a moment later.
    await().atMost(LONG).until(() -> number("select position from detection") >= size());
    await().atMost(LONG).until(() -> number(UNDER_WAY) == 0);
    await()
        .atMost(LONG)
        .until(
            () ->
                publisher.refusal() == null
                    && number("select max(size) from checkpoint") == size());
  }

  /** While nobody appends nor publishes, past the triggers, all or nothing. */
  private static void atRest(List<String> statements) throws SQLException {
    LogDatabase.execute(
        "set session_replication_role = replica; begin; select pg_advisory_xact_lock(%d);"
                .formatted(Publisher.LOCK)
            + "lock table head in exclusive mode;"
            + String.join(";", statements)
            + ";commit");
  }

  private static List<String> copies(String suffix) {
    return TABLES.stream()
        .map(table -> "create table %s_%s as select * from %1$s".formatted(table, suffix))
        .toList();
  }

  /** As though the files of that moment were copied back. */
  private static List<String> restored(String suffix) {
    return TABLES.stream()
        .map(
            table ->
                "delete from %s; insert into %1$s select * from %1$s_%s".formatted(table, suffix))
        .toList();
  }

  private static void drop(String suffix) throws SQLException {
    for (String table : TABLES) {
      LogDatabase.execute("drop table if exists " + table + "_" + suffix);
    }
  }

  private static String health() {
    return Rest.anonymous().get("/q/health/well").asString();
  }

  private void awaitRefusal(String reason) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertTrue(String.valueOf(publisher.refusal()).contains(reason), health()));
    assertTrue(health().contains(reason), health());
    Rest.anonymous().get("/q/health/well").then().statusCode(503);
    assertEquals(1, registry.get("vigie.log.refusing").gauge().value());
  }

  /** Does the damage, shows that the log stands still behind what was published, and mends it. */
  private void assertRefused(String reason, String... damage) throws Exception {
    List<String> statements = new ArrayList<>(copies("sound"));
    statements.addAll(List.of(damage));
    atRest(statements);
    String published = text("select note from checkpoint_sound order by size desc limit 1");
    Draft meanwhile = Records.registration();
    try {
      awaitRefusal(reason);
      long damaged = number("select count(*) from entry");
      Records.publish(List.of(meanwhile));
      double failures = registry.counter("vigie.log.failures").count();
      await()
          .atMost(LONG)
          .until(() -> registry.counter("vigie.log.failures").count() > failures + 1);

      assertEquals(damaged, number("select count(*) from entry"));
      assertEquals(0, entriesOf(meanwhile.id()));
      assertEquals(published, Files.readString(file), "nothing else was signed");
      assertEquals(published, Rest.anonymous().get("/log/checkpoint").asString());
    } finally {
      atRest(restored("sound"));
      drop("sound");
    }
    await().atMost(LONG).until(() -> entriesOf(meanwhile.id()) == 1);
    assertEquals(null, publisher.refusal());
    assertInstanceOf(Verified.class, LogDatabase.verifyExport());
  }

  private static final String REWRITTEN_HEAD =
      "update head set edge = f.edge, root = f.root from forged_head f where f.size = head.size";

  /**
   * A head of other leaves for each size that the log may have when it is at rest, and one more.
   */
  private static void forgeHeads() throws SQLException {
    LogDatabase.execute("create table forged_head as select size, edge, root from head limit 0");
    for (long size = size(), last = size + MARGIN; size <= last; size++) {
      LogDatabase.execute(
          "insert into forged_head values (%d, %s)"
              .formatted(size, LogDatabase.headOfOtherLeaves(size)));
    }
  }

  @Test
  void anOldBackupThatWasRestoredIsNeitherExtendedNorSigned() throws Exception {
    atRest(copies("old"));
    try {
      long then = number("select size from head_old");
      LogDatabase.logged(5);
      await().atMost(LONG).until(() -> number("select max(size) from checkpoint") >= then + 5);
      assertRefused(
          "went back in time: it has " + then + " entries", restored("old").toArray(String[]::new));
    } finally {
      drop("old");
    }
  }

  @Test
  void aHeadThatForgotEntriesIsFound() throws Exception {
    assertRefused("went back in time", "update head set size = 0, edge = '', root = sha256('')");
  }

  @Test
  void aLogThatWasRewrittenConsistentlyIsAFork() throws Exception {
    forgeHeads();
    try {
      assertRefused(
          "forked",
          "update entry set canonical = 'x', leaf = sha256('\\x00'::bytea || 'x')",
          REWRITTEN_HEAD,
          "delete from tile");
    } finally {
      LogDatabase.execute("drop table forged_head");
    }
  }

  @Test
  void aHeadThatRunsAheadWithAnotherPastIsAFork() throws Exception {
    // Given a log that a few more entries make no tile of full: one that is missing is found first
    while (256 - size() % 256 <= MARGIN) {
      aLogThatIsWholeAndPublishedAndGrowsByItselfNoMore();
    }
    forgeHeads();
    try {
      assertRefused(
          "forked",
          "insert into entry (index, canonical, leaf, logged_at) select size, 'x', sha256('\\x0078'), now() from head",
          "update head set size = f.size, edge = f.edge, root = f.root from forged_head f where f.size = head.size + 1");
    } finally {
      LogDatabase.execute("drop table forged_head");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          forked           ; update head set root = sha256('other')
          head was changed ; update head set edge = set_byte(edge, 0, get_byte(edge, 0) # 1)
          head was changed ; update head set edge = edge || edge
          head is gone     ; delete from head
          """)
  void aHeadThatWasChangedIsFound(String reason, String change) throws Exception {
    assertRefused(reason, change);
  }

  @Test
  void aLeafThatWasSwappedOnTheRightEdgeIsFound() throws Exception {
    // Given a last leaf that is in no full tile yet: of those the nightly verification finds out
    while (size() % 256 == 0) {
      aLogThatIsWholeAndPublishedAndGrowsByItselfNoMore();
    }

    assertRefused(
        "forked",
        "update entry set leaf = sha256('other') where index = (select max(index) from entry)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "truncate entry",
        "delete from entry where index = 0",
        "delete from entry where index = (select max(index) from entry)",
        "delete from entry where index >= (select max(index) from entry) / 256 * 256"
      })
  void aLogThatWasTruncatedIsFound(String truncation) throws Exception {
    assertRefused("was truncated", truncation);
  }

  @Test
  void aForgedCheckpointInTheTableStopsTheLogAndIsNotServed() throws Exception {
    Published forged = strangers(size() + 1000);
    assertRefused("went back in time", insertOf(forged.size(), forged));
  }

  @Test
  void aCheckpointThatClaimsMoreThanItsNoteSaysIsNotServed() throws Exception {
    assertRefused(
        "went back in time", insertOf(size() + 1000, keys.sign(size() - 1, new byte[32])));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update checkpoint set note = 'forged' where size = (select max(size) from checkpoint)",
        "insert into checkpoint select size + 1000, root, 'forged', now() from head"
      })
  void nothingIsServedNorProvenUnderACheckpointThatNoKeyOfTheLogSigned(String forgery)
      throws Exception {
    String event = text("select id from event_id order by index limit 1");
    List<String> paths =
        List.of(
            "/log/tile/0/000.p/1",
            "/log/tile/entries/000.p/1",
            "/v1/receipts/" + event,
            "/v1/log/entries/0/proof",
            "/v1/log/entries/0/tlog-proof",
            "/v1/log/consistency?from=1",
            "/v1/log/export?fromIndex=0&toIndex=1",
            "/v1/log/evidence?object=asset/" + event,
            "/v1/controls/report?format=CSV",
            "/v1/controls/statement-of-applicability");
    String auditor = Tokens.of(AUDITOR);
    try (Connection database = Infrastructure.running().superuser("audit");
        Statement sql = database.createStatement()) {
      // Nothing is published until this connection is closed: what came before may yet be logged.
      sql.execute("select pg_advisory_lock(%d)".formatted(Publisher.LOCK));
      sql.execute("set session_replication_role = replica");
      sql.execute("create table checkpoint_sound as select * from checkpoint");
      try {
        sql.execute(forgery);
        for (String path : paths) {
          Rest.as(auditor).get(path).then().statusCode(503);
        }
      } finally {
        sql.execute("delete from checkpoint");
        sql.execute("insert into checkpoint select * from checkpoint_sound");
        sql.execute("drop table checkpoint_sound");
      }
    }
    for (String path : paths) {
      Rest.as(auditor).get(path).then().statusCode(200);
    }
  }

  /** Signed by somebody who has not the log's key, but its name. */
  private static Published strangers(long size) {
    Checkpoint checkpoint = new Checkpoint(ORIGIN, size, new byte[32]);
    return Published.of(checkpoint, Note.sign(checkpoint.text(), List.of(stranger())));
  }

  private static SigningKey stranger() {
    return SigningKey.parse(SigningKey.generate(ORIGIN));
  }

  private static String insertOf(long size, Published forged) {
    return "insert into checkpoint values (%d, decode('%s', 'base64'), '%s', now())"
        .formatted(size, forged.rootText(), forged.note());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSuccessionThatTheDatabaseClaimsDoesNotBringARewrittenLogToBeSigned(boolean hasNote)
      throws Exception {
    String text = Origins.next(1, ORIGIN, "x/log", publisher.newest().get()).text();
    String note = Note.sign(text, List.of(stranger())).toString();
    forgeHeads();
    try {
      assertRefused(
          "log x/log succeeded " + ORIGIN + ", and no key of this log signed that",
          "insert into log_origin values (1, 'x/log', '" + ORIGIN + "', now())",
          hasNote ? "insert into origin_note values (1, '" + note + "')" : "select 1",
          "update entry set canonical = 'x', leaf = sha256('\\x00'::bytea || 'x')",
          REWRITTEN_HEAD,
          "delete from tile",
          "delete from checkpoint");
    } finally {
      LogDatabase.execute("drop table forged_head");
    }
  }

  @Test
  void afterARestartTheFileAloneRemembersWhatTheDatabaseForgot() throws Exception {
    Published ahead = keys.sign(size() + 7, new byte[32]);
    CheckpointFile own = new CheckpointFile(directory.resolve("checkpoint"));
    own.replace(ahead.note());
    Publisher restarted = restarted(own, List.of());

    BrokenLog refused = assertThrows(BrokenLog.class, () -> restarted.publish());
    assertTrue(refused.getMessage().contains("went back in time"), refused::getMessage);
    assertEquals(ahead.note(), own.read().get());
  }

  @Test
  void afterARestartTheTopicAloneRemembersWhatTheDatabaseForgot() throws Exception {
    CheckpointFile own = new CheckpointFile(directory.resolve("checkpoint"));
    String forked = keys.sign(size(), new byte[32]).note();
    String ofSomebodyElse =
        Note.parse(forked).text() + Rest.anonymous().get("/log/checkpoint").asString();
    Publisher restarted = restarted(own, List.of(ofSomebodyElse, "nonsense", forked));

    BrokenLog refused = assertThrows(BrokenLog.class, () -> restarted.publish());
    assertTrue(refused.getMessage().contains("forked"), refused::getMessage);
    assertTrue(own.read().isEmpty());
  }

  @Test
  void afterARestartAWitnessAloneRemembersWhatTheDatabaseForgot() throws Exception {
    try (HonestWitness honest = new HonestWitness(keys.current())) {
      String configured = honest.address() + " " + honest.key();
      long lost = size() + 7;
      Witness.parse(configured).cosign(keys.sign(lost, new byte[32]), proof -> List.of());
      CheckpointFile own = new CheckpointFile(directory.resolve("checkpoint"));
      Publisher restarted = restarted(own, List.of(), asking(configured));

      long size = size();
      BrokenLog refused = assertThrows(BrokenLog.class, () -> restarted.publish());
      assertTrue(
          refused
              .getMessage()
              .contains(
                  "went back in time: it has %d entries, and witness %s knows a checkpoint of %d."
                      .formatted(size, HonestWitness.NAME, lost)),
          refused::getMessage);
      assertTrue(own.read().isEmpty());

      LogDatabase.logged(7); // the database that holds them is back
      restarted.publish();
      assertTrue(own.read().isPresent());
    }
  }

  @Test
  void aWitnessThatKnowsAnotherPastStopsALogThatGrewBeyondIt() throws Exception {
    try (HonestWitness honest = new HonestWitness(keys.current())) {
      String configured = honest.address() + " " + honest.key();
      Published other = keys.sign(size() - 1, new byte[32]);
      Witness.parse(configured).cosign(other, proof -> List.of());
      CheckpointFile own = new CheckpointFile(directory.resolve("checkpoint"));
      Witnesses asked = asking(configured);
      Publisher restarted = restarted(own, List.of(), asked);

      BrokenLog refused = assertThrows(BrokenLog.class, () -> restarted.publish());
      assertTrue(
          refused
              .getMessage()
              .contains(
                  "The log forked: witness %s knows a checkpoint of %d entries"
                      .formatted(HonestWitness.NAME, other.size())),
          refused::getMessage);
      assertTrue(own.read().isEmpty());

      honest.follow(keys.current()); // the witness that was wrong begins anew
      asked.cosign();
      restarted.publish();
      assertTrue(own.read().isPresent());
    }
  }

  private Witnesses asking(String witness) {
    return new Witnesses(
        database, keys, new SimpleMeterRegistry(), clock, Optional.of(List.of(witness)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nonsense", "vigie.local/log\n0\n\n\u2014 vigie.local/log AAAAAAA=\n"})
  void aFileThatHoldsNoCheckpointOfThisLogStopsIt(String text) throws Exception {
    Path path = directory.resolve("checkpoint");
    Files.writeString(path, text);
    Publisher restarted = restarted(new CheckpointFile(path), List.of());

    BrokenLog refused = assertThrows(BrokenLog.class, () -> restarted.publish());
    assertTrue(refused.getMessage().contains("holds no checkpoint"), refused::getMessage);
    assertTrue(
        refused.getMessage().contains("Put the newest note of this log there"),
        refused::getMessage);
    assertFalse(refused.getMessage().contains("log succeed"), refused::getMessage);
    assertEquals(text, Files.readString(path));
  }

  @Test
  void aCheckpointOfAnEarlierSizeIsExtended() throws Exception {
    long before = size() - 1;
    CheckpointFile own = new CheckpointFile(directory.resolve("checkpoint"));
    own.replace(keys.sign(before, LogDatabase.root(before)).note());
    Publisher restarted = restarted(own, List.of());
    restarted.publish();
    assertTrue(Checkpoint.parse(Note.parse(own.read().get()).text()).size() > before);
  }

  private Publisher restarted(CheckpointFile own, List<String> onTopic) {
    return restarted(own, onTopic, witnesses);
  }

  private Publisher restarted(CheckpointFile own, List<String> onTopic, Witnesses asked) {
    CheckpointTopic found =
        new CheckpointTopic(Map.of()) {
          @Override
          List<String> read(String origin) {
            return onTopic;
          }

          @Override
          synchronized void send(String origin, String note) {
            topic.send(origin, note);
          }
        };
    return new Publisher(database, keys, own, found, asked, new SimpleMeterRegistry(), clock);
  }
}
