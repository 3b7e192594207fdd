package io.vigie.audit.checkpoint;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vigie.audit.checkpoint.CheckpointEvent.LogSucceeded;
import io.vigie.audit.intake.Batches;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.audit.merkle.Edge;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.merkle.TreeHash;
import io.vigie.audit.note.Checkpoint;
import io.vigie.audit.note.Note;
import io.vigie.audit.note.SigningKey;
import io.vigie.audit.payload.KeysDirectory;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.kernel.Problem;
import io.vigie.testkit.Infrastructure;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A log that lost entries for good goes on as another, in a database of its own. */
class SuccessionTest {

  private static final String OLD = "log.example/one";
  private static final String NEW = "log.example/two";
  private static final String KEY = SigningKey.generate(OLD);
  private static final List<String> TABLES =
      List.of("entry", "payload", "tile", "event_id", "alert", "checkpoint", "head", "log_offset");

  private static int databases;

  @TempDir Path directory;
  private String name;
  private PGSimpleDataSource database;
  private CheckpointFile file;
  private Publisher publisher;
  private LogKeys keys;
  private final PersonKeys personKeys = KeysDirectory.keysOfOnesOwn();
  private final List<String> topic = new ArrayList<>();

  @BeforeEach
  void aDatabaseOfOnesOwn() throws SQLException {
    name = "succession" + databases++;
    Infrastructure running = Infrastructure.running();
    running.createDatabase(name);
    Flyway.configure()
        .dataSource(running.url(name), name + "_owner", "test")
        .locations("db/kernel", "db/migration")
        .placeholders(Map.of("runtime", name))
        .load()
        .migrate();
    database = new PGSimpleDataSource();
    database.setUrl(running.url(name));
    database.setUser(name);
    database.setPassword("test");
    file = new CheckpointFile(directory.resolve("checkpoint"));
    restart(KEY, Optional.empty());
  }

  private void restart(String key, Optional<Path> nextKey) {
    keys = new LogKeys(OLD, Optional.empty(), Optional.of(key), nextKey, Optional.empty());
    CheckpointTopic inMemory =
        new CheckpointTopic(Map.of()) {
          @Override
          List<String> read(String origin) {
            return topic.stream().filter(note -> note.startsWith(origin + "\n")).toList();
          }

          @Override
          synchronized void send(String origin, String note) {
            topic.add(note);
          }
        };
    publisher =
        new Publisher(
            database,
            keys,
            file,
            inMemory,
            witnesses(),
            new SimpleMeterRegistry(),
            Clock.systemUTC());
  }

  private Witnesses witnesses(String... configured) {
    return new Witnesses(
        database,
        keys,
        new SimpleMeterRegistry(),
        Clock.systemUTC(),
        Optional.of(List.of(configured)));
  }

  private void sql(String... statements) throws SQLException {
    try (Connection superuser = Infrastructure.running().superuser(name);
        Statement sql = superuser.createStatement()) {
      for (String statement : statements) {
        sql.execute(statement);
      }
    }
  }

  private long number(String query) throws SQLException {
    try (Connection superuser = Infrastructure.running().superuser(name);
        Statement sql = superuser.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private String text(String query) throws SQLException {
    try (Connection superuser = Infrastructure.running().superuser(name);
        Statement sql = superuser.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  /** The root of what the entries say, in a schema. */
  private byte[] root(String schema) throws SQLException {
    List<byte[]> leaves = new ArrayList<>();
    TreeHash hash = new TreeHash();
    try (Connection superuser = Infrastructure.running().superuser(name);
        Statement sql = superuser.createStatement();
        ResultSet rows =
            sql.executeQuery("select canonical from " + schema + ".entry order by index")) {
      while (rows.next()) {
        leaves.add(hash.leaf(rows.getBytes(1)));
      }
    }
    return MerkleTree.append(Edge.EMPTY, leaves.size()).apply(leaves, tile -> null).edge().root();
  }

  private static List<Draft> drafts(int count) {
    return IntStream.range(0, count).mapToObj(i -> Records.registration()).toList();
  }

  private LogSucceeded succeed(String origin) throws SQLException {
    return succeed(origin, publisher.newest().orElseThrow());
  }

  private LogSucceeded succeed(String origin, Published last) throws SQLException {
    Succession succession =
        new Succession(
            Infrastructure.running().url(name),
            name + "_owner",
            "test",
            personKeys,
            keys,
            new ObjectMapper().registerModule(new JavaTimeModule()),
            Clock.systemUTC());
    return succession.succeed(keys.origin(), last, origin, "the disk died", "operator");
  }

  /** 300 entries restored, 5 more published and lost. Returns those that were lost. */
  private List<Draft> restoreAnOldBackup() throws Exception {
    Batches.write(database, personKeys, publisher, drafts(299));
    Batches.write(
        database, personKeys, publisher, List.of(Records.registration().withValue("no JSON")));
    for (String table : TABLES) {
      sql("create table %s_old as select * from %1$s".formatted(table));
    }
    List<Draft> lost = drafts(5);
    Batches.write(database, personKeys, publisher, lost);
    assertEquals(305, publisher.newest().get().size());
    sql(
        "set session_replication_role = replica; begin;"
            + String.join(
                "",
                TABLES.stream()
                    .map("delete from %s; insert into %1$s select * from %1$s_old;"::formatted)
                    .toList())
            + "commit");
    for (String table : TABLES) {
      sql("drop table " + table + "_old");
    }
    assertThrows(BrokenLog.class, () -> Batches.write(database, personKeys, publisher, drafts(1)));
    return lost;
  }

  @Test
  void theNewLogCommitsToTheOldOneAndGoesOnWithWhatIsLeftOfIt() throws Exception {
    List<Draft> lost = restoreAnOldBackup();
    String last = publisher.newest().get().note();
    byte[] rootLeft = root("public");

    LogSucceeded event = succeed(NEW);
    publisher.publish();

    assertEquals(300, event.restoredSize());
    assertEquals(List.of(300L, 304L), List.of(event.lostFrom(), event.lostTo()));
    assertFalse(event.altered());
    JsonNode first =
        new ObjectMapper()
            .readTree(text("select convert_from(body, 'UTF8') from payload where index = 0"));
    assertEquals(last, first.get("lastCheckpoint").textValue());
    assertEquals(event.restoredRoot(), first.get("restoredRoot").textValue());
    assertArrayEquals(rootLeft, java.util.Base64.getDecoder().decode(event.restoredRoot()));
    assertArrayEquals(rootLeft, root("predecessor_1"));

    Note note = Note.parse(file.read().get());
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    assertEquals(NEW, checkpoint.origin());
    assertEquals(301, checkpoint.size());
    assertArrayEquals(root("public"), checkpoint.root());
    assertTrue(note.isSignedBy(keys.verifiers()));
    assertEquals(NEW, keys.current().name());

    assertEquals(
        300,
        number(
            """
            select count(*) from entry e join predecessor_1.entry p on e.index = p.index + 1
            where e.canonical = p.canonical and e.leaf = p.leaf and e.event_id is not distinct from p.event_id"""));
    assertEquals(
        0,
        number(
            "select count(*) from event_id i join entry e using (index) where i.id <> e.event_id"));
    assertEquals(300, number("select count(*) from event_id"));
    assertEquals(300, number("select index from alert"));
    assertEquals(
        301,
        number(
            "select count(*) from entry join payload using (index)"
                + " where sha256(salt || body) = decode(convert_from(canonical, 'UTF8')::json ->> 'commitment', 'base64')"));

    Batches.write(database, personKeys, publisher, lost); // they still waited in Kafka
    assertEquals(306, publisher.newest().get().size());
    assertArrayEquals(root("public"), publisher.newest().get().root());
  }

  @Test
  void whoReadsTheLogGetsTheSuccessionNextAndThenWhatItHadNotRead() throws Exception {
    restoreAnOldBackup();
    sql(
        "set session_replication_role = replica",
        "delete from entry where index between 10 and 19",
        "insert into siem_position values ('new', 0, now()), ('amid', 15, now()), ('done', 305, now())",
        "update detection set position = 120",
        "update control_reading set position = 120, reads = 'what controls read'");
    succeed(NEW);

    assertEquals(0, number("select max(next_index) from siem_position"));
    assertEquals(1, number("select resume_at from siem_position where target = 'new'"));
    assertEquals(11, number("select resume_at from siem_position where target = 'amid'"));
    assertEquals(
        19 + 1,
        number(
            "select place.old from predecessor_1.place join siem_position on resume_at = index where target = 'amid'"));
    assertEquals(291, number("select resume_at from siem_position where target = 'done'"));
    assertEquals(0, number("select position from detection"));
    assertEquals(111, number("select resume_at from detection"));
    // Controls begin anew.
    assertEquals(1, number("select count(*) from control_reading where reads = ''"));
  }

  @Test
  void theNewLogIsAsWellGuardedAsTheOldOneWas() throws Exception {
    restoreAnOldBackup();
    succeed(NEW);
    for (String table : List.of("entry", "payload", "tile", "checkpoint", "event_id_0")) {
      SQLException refused =
          assertThrows(
              SQLException.class, () -> sql("set role " + name + "_owner", "delete from " + table));
      assertTrue(refused.getMessage().contains("append-only"), refused::getMessage);
    }
    publisher.publish();
    sql("update head set size = 0, edge = '', root = sha256('')");
    assertThrows(BrokenLog.class, () -> publisher.publish());
  }

  @Test
  void whatTheOldLogLeftBehindDoesNotStopTheNewOneAfterARestart() throws Exception {
    restoreAnOldBackup();
    String ofTheOld = file.read().get();
    succeed(NEW); // and the process dies before it publishes
    assertEquals(ofTheOld, Files.readString(directory.resolve("checkpoint")));

    restart(KEY, Optional.empty());
    publisher.publish();
    assertTrue(file.read().get().startsWith(NEW + "\n301\n"));
    assertFalse(topic.get(topic.size() - 1).equals(ofTheOld));
  }

  @Test
  void aForkWithHolesIsSucceededByWhatItsEntriesSay() throws Exception {
    restoreAnOldBackup();
    sql(
        "set session_replication_role = replica",
        "delete from entry where index between 10 and 19",
        "update entry set leaf = sha256('other') where index = 30",
        "delete from tile");
    LogSucceeded event = succeed(NEW);
    publisher.publish();

    assertEquals(290, event.restoredSize());
    assertEquals(291, number("select count(*) from entry"));
    assertEquals(290, number("select max(index) from entry"));
    assertArrayEquals(root("public"), publisher.newest().get().root());
  }

  @Test
  void entriesThatWereChangedAreToldThoughNoneIsMissing() throws Exception {
    // Given
    Batches.write(database, personKeys, publisher, drafts(300));
    sql(
        "set session_replication_role = replica",
        "update entry set canonical = canonical || ' '::bytea where index = 30");
    // When
    LogSucceeded event = succeed(NEW);
    // Then
    assertEquals(Arrays.asList(null, null), Arrays.asList(event.lostFrom(), event.lostTo()));
    assertTrue(event.altered());
    assertTrue(
        new ObjectMapper()
            .readTree(text("select convert_from(body, 'UTF8') from payload where index = 0"))
            .get("altered")
            .booleanValue());
  }

  @Test
  void entriesThatAreAsPublishedAreNotToldToBeChangedThoughTilesAreAndOthersCameBehind()
      throws Exception {
    // Given
    Batches.write(database, personKeys, publisher, drafts(300));
    Published last = publisher.newest().get();
    Batches.write(database, personKeys, publisher, drafts(3));
    sql("set session_replication_role = replica", "delete from tile");
    // When
    LogSucceeded event = succeed(NEW, last);
    // Then
    assertEquals(303, event.restoredSize());
    assertFalse(event.altered());
  }

  @Test
  void aSuccessionHoldsAfterTheKeyThatSignedItWasChanged() throws Exception {
    restoreAnOldBackup();
    succeed(NEW);
    publisher.publish();
    String nextKey = SigningKey.generate(OLD);
    Path nextFile = Files.writeString(directory.resolve("next"), nextKey);
    Files.setPosixFilePermissions(nextFile, PosixFilePermissions.fromString("rw-------"));

    restart(KEY, Optional.of(nextFile));
    Batches.write(database, personKeys, publisher, drafts(1));
    restart(nextKey, Optional.empty());
    Batches.write(database, personKeys, publisher, drafts(1));

    assertTrue(file.read().get().startsWith(NEW + "\n303\n"));
    assertTrue(Note.parse(file.read().get()).isSignedBy(keys.verifiers()));

    restart(SigningKey.generate(OLD), Optional.empty()); // announced by nobody
    BrokenLog refused = assertThrows(BrokenLog.class, () -> publisher.publish());
    assertTrue(refused.getMessage().contains("no key of this log signed"), refused::getMessage);
  }

  /** Each word, and the event that is found by it, but for the succession's own. */
  private static final String FOUND_BY_WORDS =
      """
      select string_agg(word || ' ' || coalesce(event_id::text, 'none'), ',' order by word, event_id)
      from search_text w cross join unnest(array[0::int2] || more) behind join entry e on e.index = w.index + behind
      where e.type is distinct from 'audit.log-succeeded.v1'""";

  @Test
  void wordsAreFoundInTheNewLogAndNotKeptOfTheOldOne() throws Exception {
    restoreAnOldBackup();
    assertTrue(number("select count(*) from search_text where more is not null") > 0);
    // and an entry is gone, behind which all get other places
    sql("set session_replication_role = replica", "delete from entry where index = 150");
    String words = text(FOUND_BY_WORDS);
    // and somebody made rows that say again what is in others
    sql(
        "insert into search_text select word, index + more[1] from search_text where more is not null");

    succeed(NEW);

    assertEquals(words, text(FOUND_BY_WORDS));
    assertEquals(
        List.of(1L, 0L),
        List.of(
            number("select (to_regclass('predecessor_1.payload') is not null)::int"),
            number("select (to_regclass('predecessor_1.search_text') is not null)::int")));
  }

  /** Runs a migration on a log that succeeded another before it. */
  private void upgrade(String migration) throws Exception {
    try (InputStream script =
        SuccessionTest.class.getResourceAsStream("/db/migration/" + migration)) {
      sql(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static Draft numbered(long number) {
    return Records.registration().with("ce_sourcenumber", Long.toString(number));
  }

  /** Numbers logged of the one source there is, the last it gave, and the first that is missing. */
  private String numbers() throws SQLException {
    return text(
        "select concat_ws(' ', numbers, announced, first_missing) from source"
            + " where (first_missing is null) = (missing_since is null)");
  }

  @Test
  void whatWasLostIsMissingFromTheNumbersOfItsSourceUntilItIsLoggedAgain() throws Exception {
    // Given
    List<Draft> drafts = LongStream.rangeClosed(1, 10).mapToObj(SuccessionTest::numbered).toList();
    Batches.write(database, personKeys, publisher, drafts);
    assertEquals("{[1,11)} 0", numbers());
    sql("set session_replication_role = replica", "delete from entry where index in (3, 4, 9)");
    // When
    succeed(NEW);
    publisher.publish();
    // Then
    assertEquals("{[1,4),[6,10)} 10 4", numbers());
    Batches.write(
        database, personKeys, publisher, List.of(drafts.get(3), drafts.get(4), drafts.get(9)));
    assertEquals("{[1,11)} 10", numbers());
    assertEquals(0, number("select count(*) from alert"));
  }

  @Test
  void ofASourceOfWhichNothingIsLeftAllNumbersAreMissing() throws Exception {
    // Given
    Batches.write(database, personKeys, publisher, drafts(1));
    sql("insert into source (name, numbers) values ('gone', '{[1,3)}'), ('mute', '{}')");
    // When
    succeed(NEW);
    // Then
    assertEquals(
        "gone {} 2 1, mute {} 0",
        text(
            """
            select string_agg(concat_ws(' ', name, numbers, announced, first_missing), ', ' order by name)
            from source where name in ('gone', 'mute')"""));
  }

  @Test
  void theNumbersThatAnEarlierReleaseKeptOfWhatWasLostGoWithItsUpgrade() throws Exception {
    // Given
    restoreAnOldBackup();
    String kept = text("select numbers from source");
    succeed(NEW);
    String counted = text("select numbers from source");
    assertNotEquals(kept, counted);
    sql("update source set numbers = '" + kept + "'");
    // When
    upgrade("V1_252__numbers_of_entries.sql");
    // Then
    assertEquals(counted, text("select numbers from source"));
  }

  @Test
  void whoDidWhatAnEarlierReleaseLoggedIsFoundAfterItsUpgrade() throws Exception {
    // Given
    Batches.write(database, personKeys, publisher, drafts(300));
    String found = text(FOUND_BY_WORDS);
    String who = "select count(*) from search_text where position(':' in word) > 0";
    assertTrue(number(who) > 0);
    sql(
        "drop trigger keep_who on search_text",
        "drop function keep_who",
        "delete from search_text where position(':' in word) > 0",
        "create index entry_actor on entry (actor, index)",
        "create index entry_source on entry (source, index)");
    // When
    upgrade("V1_255__who_in_search_text.sql");
    // Then
    assertEquals(found, text(FOUND_BY_WORDS));
    // and an erasure of that release, which takes all rows of an entry for its words, leaves them
    long rows = number(who);
    sql("delete from search_text");
    assertEquals(rows, number("select count(*) from search_text"));
  }

  @Test
  void theWordsThatAnEarlierReleaseKeptGoWithItsUpgrade() throws Exception {
    // Given
    restoreAnOldBackup();
    succeed(NEW);
    sql("create table predecessor_1.search_text as table search_text");
    // When
    upgrade("V1_251__no_words_of_predecessors.sql");
    // Then
    assertEquals(0, number("select (to_regclass('predecessor_1.search_text') is not null)::int"));
    assertTrue(number("select count(*) from search_text") > 0);
  }

  @Test
  void aWitnessOfTheOldLogIsShownTheNewOneThoughItIsShorter() throws Exception {
    restoreAnOldBackup();
    try (HonestWitness honest = new HonestWitness(keys.current())) {
      Witnesses witnesses = witnesses(honest.address() + " " + honest.key());
      witnesses.cosign();
      assertEquals(300, honest.size());
      sql("set session_replication_role = replica", "delete from entry where index >= 290");

      succeed(NEW);
      publisher.publish();
      honest.follow(keys.current());
      witnesses.cosign();
      assertEquals(291, honest.size(), () -> witnesses.troubles().toString());
    }
  }

  @Test
  void anotherLossBeginsAnotherLog() throws Exception {
    restoreAnOldBackup();
    succeed(NEW);
    publisher.publish();
    sql("set session_replication_role = replica", "delete from entry where index = 300");
    assertThrows(BrokenLog.class, () -> publisher.publish());

    LogSucceeded again = succeed("log.example/three");
    publisher.publish();

    assertEquals(NEW, again.predecessor());
    assertEquals(
        List.of(300L, 300L, 300L),
        Arrays.asList(again.restoredSize(), again.lostFrom(), again.lostTo()));
    assertEquals(301, number("select count(*) from entry"));
    assertTrue(keys.hasBeen(OLD) && keys.hasBeen(NEW));
    assertEquals(2, number("select count(*) from pg_namespace where nspname like 'predecessor%'"));
  }

  /** What is logged from here on is published under the name of the one that won. */
  private void assertGoesOnAs(String origin) throws Exception {
    publisher.publish();
    Batches.write(database, personKeys, publisher, drafts(1));
    assertEquals(302, publisher.newest().get().size());
    assertTrue(file.read().get().startsWith(origin + "\n302\n"), file.read()::get);
    assertEquals(1, number("select count(*) from log_origin where predecessor = '" + OLD + "'"));
    assertEquals(1, number("select count(*) from log_origin"));
    assertEquals(1, number("select count(*) from pg_namespace where nspname like 'predecessor%'"));
  }

  @Test
  void aSecondSuccessionIsRefusedThoughItsReplicaHasNotHeardOfTheFirst() throws Exception {
    // Given one succession, after which nothing was published yet
    restoreAnOldBackup();
    succeed(NEW);
    // When
    Problem refused = assertThrows(Problem.class, () -> succeed("log.example/three"));
    // Then
    assertEquals(409, refused.status());
    assertEquals("log-succeeded", refused.code());
    assertTrue(refused.getMessage().contains(NEW + " is in force"), refused::getMessage);
    assertGoesOnAs(NEW);
  }

  @Test
  void ofTwoSuccessionsAtOnceOneWins() throws Exception {
    // Given
    restoreAnOldBackup();
    List<Callable<LogSucceeded>> both =
        List.of(() -> succeed(NEW), () -> succeed("log.example/three"));
    // When
    List<String> begun = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(both.size());
    try {
      for (Future<LogSucceeded> each : threads.invokeAll(both)) {
        try {
          begun.add(each.get().origin());
        } catch (ExecutionException e) {
          assertEquals("log-succeeded", assertInstanceOf(Problem.class, e.getCause()).code());
        }
      }
    } finally {
      threads.shutdown();
    }
    // Then
    assertEquals(1, begun.size());
    assertGoesOnAs(begun.get(0));
  }

  @Test
  void noSuccessionFollowsOneThatNoKeyOfThisLogSigned() throws Exception {
    restoreAnOldBackup();
    sql("insert into log_origin values (1, 'x/log', '" + OLD + "', now())");
    Problem refused = assertThrows(Problem.class, () -> succeed(NEW));
    assertEquals("succession-unsigned", refused.code());
    assertEquals(300, number("select count(*) from entry"));
    assertEquals(1, number("select count(*) from log_origin"));
  }

  @Test
  void theDatabaseItselfTakesOneSuccessorOfALogAlone() throws Exception {
    restoreAnOldBackup();
    succeed(NEW);
    String second = "insert into log_origin values (2, 'log.example/three', '" + OLD + "', now())";
    SQLException refused = assertThrows(SQLException.class, () -> sql(second));
    assertEquals("23505", refused.getSQLState()); // unique violation
  }

  @Test
  void aSuccessionThatFailsLeavesEverythingAsItWas() throws Exception {
    restoreAnOldBackup();
    sql("create schema predecessor_1");
    assertThrows(SQLException.class, () -> succeed(NEW));
    assertEquals(300, number("select count(*) from entry"));
    assertEquals(0, number("select count(*) from log_origin"));
    assertThrows(BrokenLog.class, () -> publisher.publish());
  }
}
