package io.vigie.audit.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.smallrye.common.annotation.Identifier;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.SigningEnvironment;
import io.vigie.audit.intake.FailingDatabase;
import io.vigie.audit.note.Checkpoint;
import io.vigie.audit.note.Note;
import io.vigie.audit.note.VerifierKey;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.vigie.audit.LogDatabase.number;
import static io.vigie.audit.LogDatabase.size;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the log publishes of itself, and what failures in between leave behind. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SigningEnvironment.class)
class PublishingTest {

  static final Duration LONG = Duration.ofSeconds(120);

  @Inject DataSource database;
  @Inject LogKeys keys;
  @Inject CheckpointTopic topic;
  @Inject Witnesses witnesses;
  @Inject Clock clock;

  @Inject
  @Identifier("default-kafka-broker")
  Map<String, Object> kafka;

  @ConfigProperty(name = "vigie.log.checkpoint-file")
  Path file;

  @TempDir Path directory;

  private static Note served() {
    Response answer = Rest.anonymous().get("/log/checkpoint");
    answer.then().statusCode(200).contentType("text/plain");
    return Note.parse(answer.asString());
  }

  private static VerifierKey key() {
    return VerifierKey.parse(Rest.anonymous().get("/log/vkey").asString().strip());
  }

  private static long published() {
    return number("select coalesce(max(size), -1) from checkpoint");
  }

  private static void awaitPublished() {
    await().atMost(LONG).untilAsserted(() -> assertEquals(size(), published()));
  }

  @Test
  void whoeverShowsATokenGetsTheCheckpointAsEverybodyDoesWhateverItIs() {
    for (String token : List.of(Tokens.of(AUDITOR), "not.a.token")) {
      assertEquals(200, Rest.as(token).get("/log/checkpoint").statusCode());
    }
  }

  @Test
  void everyBatchEndsUpCoveredByASignedCheckpointThatEverybodyCanRead() throws IOException {
    long last = LogDatabase.logged(3).get(2);
    awaitPublished();

    Note note = served();
    assertTrue(note.isSignedBy(List.of(key())));
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    assertEquals(SigningEnvironment.ORIGIN, checkpoint.origin());
    assertTrue(checkpoint.size() > last);
    assertArrayEquals(
        LogDatabase.bytes(checkpoint.rootText()),
        LogDatabase.root(checkpoint.size()),
        "the signed root is that of the stored entries");
    assertEquals(note.toString(), Files.readString(file));
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertTrue(topic.read(keys.origin()).contains(note.toString())));
  }

  @Test
  void theTopicKeepsTheNewestCheckpointForEver() throws Exception {
    awaitPublished();
    ConfigResource topicConfig =
        new ConfigResource(ConfigResource.Type.TOPIC, CheckpointTopic.TOPIC);
    try (Admin admin = Admin.create(kafka)) {
      assertEquals(
          "compact",
          admin
              .describeConfigs(List.of(topicConfig))
              .all()
              .get()
              .get(topicConfig)
              .get("cleanup.policy")
              .value());
    }
  }

  @Test
  void checkpointsMayNotBeKeptLongByCaches() {
    awaitPublished();
    Rest.anonymous().get("/log/checkpoint").then().header("Cache-Control", "max-age=1");
    Rest.anonymous().get("/log/checkpoint?size=1").then().statusCode(400);
  }

  @Test
  void thePublishedSizesOnlyGrowAndEachHasOneRoot() {
    long before = published();
    LogDatabase.logged(2);
    LogDatabase.logged(2);
    awaitPublished();
    assertEquals(
        0,
        number(
            "select count(*) from (select size - lag(size, 1, -1::bigint) over (order by signed_at, size) as step"
                + " from checkpoint where size > %d) s where step <= 0".formatted(before)));
  }

  /** A publisher of a process of its own, with its own file. */
  private Publisher publisher(DataSource through, CheckpointFile into) {
    return new Publisher(through, keys, into, topic, witnesses, new SimpleMeterRegistry(), clock);
  }

  private CheckpointFile fileOf(String name) {
    return new CheckpointFile(directory.resolve(name));
  }

  @Test
  void aCrashAfterTheCommitAndBeforeTheSignatureIsMadeGoodByTheNextStart() throws Exception {
    CheckpointFile own = fileOf("checkpoint");
    publisher(database, own).publish();
    LogDatabase.logged(2); // committed; this process never hears of it
    publisher(database, own).publish();

    assertEquals(size(), published());
    assertEquals(size(), Checkpoint.parse(Note.parse(own.read().get()).text()).size());
  }

  @Test
  void aFileThatCannotBeWrittenLeavesNothingPublishedAndTheNextCallPublishesIt() throws Exception {
    Path blocked = directory.resolve("blocked");
    Publisher publisher = publisher(database, new CheckpointFile(blocked.resolve("checkpoint")));
    Files.writeString(blocked, "a file where the directory should be");
    long before = number("select count(*) from checkpoint where note like '%never%'");

    assertThrows(IOException.class, () -> publisher.publish());
    publisher.logGrew(); // the log itself does not fail
    assertTrue(publisher.failure().contains("blocked"), publisher::failure);

    Files.delete(blocked);
    publisher.logGrew();
    assertEquals(null, publisher.failure());
    assertEquals(size(), publisher.newest().get().size());
    assertEquals(before, 0);
  }

  @Test
  void replicasThatShareTheFileAlwaysLeaveAWholeNoteInIt() throws Exception {
    Map<String, CheckpointFile> replicas =
        Map.of("short\n", fileOf("c"), "long\n".repeat(500), fileOf("c"));
    List<CompletableFuture<Void>> writing =
        replicas.entrySet().stream()
            .map(each -> CompletableFuture.runAsync(() -> replace(each.getValue(), each.getKey())))
            .toList();
    for (CompletableFuture<Void> each : writing) {
      each.get();
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(directory.resolve("c")), left.toList());
    }
  }

  private void replace(CheckpointFile own, String note) {
    try {
      for (int i = 0; i < 200; i++) {
        own.replace(i % 2 == 0 ? note : note + "more\n");
        String read = own.read().get();
        assertTrue(read.matches("(short\n|(long\n){500})(more\n)?"), read);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aLineThatBreaksAtAnyStepLosesRepeatsAndForksNothing() throws Exception {
    int broken = 1;
    while (breaksAndIsMadeGood(
        new FailingDatabase.Line().beforeStatement(broken), fileOf("at" + broken))) {
      broken++;
    }
    assertTrue(broken > 5, "broken before each of " + broken + " statements");
    assertTrue(
        breaksAndIsMadeGood(new FailingDatabase.Line().beforeCommit(), fileOf("before-commit")));
    assertTrue(
        breaksAndIsMadeGood(new FailingDatabase.Line().afterCommit(), fileOf("after-commit")));
  }

  /** Whether the line broke; either way nothing is lost, repeated or forked afterwards. */
  private boolean breaksAndIsMadeGood(FailingDatabase.Line line, CheckpointFile own)
      throws Exception {
    LogDatabase.logged(1);
    Publisher failing = publisher(FailingDatabase.behind(line, database), own);
    boolean isBroken = false;
    try {
      failing.publish();
    } catch (SQLException e) {
      isBroken = true;
    }
    String left = own.read().orElse(null);

    Publisher restarted = publisher(database, own);
    restarted.publish();
    Published newest = restarted.newest().get();
    assertEquals(newest.note(), own.read().get());
    assertTrue(newest.size() >= size() - 1);
    if (left != null) {
      Published then = keys.verified(left);
      assertTrue(then.size() <= newest.size());
      assertFalse(then.size() == newest.size() && !then.note().equals(newest.note()));
    }
    assertEquals(
        1, number("select count(*) from checkpoint where size = " + newest.size()), "one a size");
    return isBroken;
  }

  @Test
  void aWriterThatIsPausedInItsTransactionHoldsTheHeadForTenSecondsAtMost() throws Exception {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      publisher(database, fileOf("limit")).requireUnbroken(connection);
      try (Statement statement = connection.createStatement();
          ResultSet limit = statement.executeQuery("show idle_in_transaction_session_timeout")) {
        limit.next();
        assertEquals("10s", limit.getString(1));
      }
      connection.rollback();
    }
  }

  @Test
  void aTopicThatCannotBeReachedStopsNothingAndIsShown() throws Exception {
    CheckpointTopic unreachable =
        new CheckpointTopic(Map.of("bootstrap.servers", "127.0.0.1:1")) {
          @Override
          List<String> read(String origin) {
            return topic.read(origin); // it was there at the start
          }
        };
    Publisher publisher =
        new Publisher(
            database, keys, fileOf("c"), unreachable, witnesses, new SimpleMeterRegistry(), clock);
    publisher.logGrew();

    assertEquals(null, publisher.failure());
    assertTrue(publisher.newest().isPresent());
    await().atMost(LONG).until(() -> unreachable.failure() != null);
    unreachable.close();
  }

  @Test
  void aLogThatIsWholeHasNoSuccessor() {
    awaitPublished();
    Rest.as(Tokens.of(SYSADMIN))
        .body("{\"origin\": \"log.example/two\", \"reason\": \"to hide something\"}")
        .post("/v1/log/succession")
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:log-intact"));
  }
}
