package io.vigie.audit.intake;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Arrival.Sound;
import io.vigie.audit.intake.LogWriter.Move;
import io.vigie.audit.intake.LogWriter.Outcome;
import io.vigie.audit.intake.LogWriter.Overtaken;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.verifier.ExportVerifier.Verdict;
import io.vigie.verifier.ExportVerifier.Verified;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.entriesOf;
import static io.vigie.audit.LogDatabase.number;
import static io.vigie.audit.LogDatabase.size;
import static io.vigie.audit.LogDatabase.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The writer by itself, on a partition that no broker has, beside the running service. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class LogWriterTest {

  private static final AtomicInteger PARTITIONS = new AtomicInteger(1_000);

  @Inject LogWriter writer;
  @Inject DataSource database;
  @Inject PersonKeys keys;
  @Inject Clock clock;
  @Inject Seal seal;

  private TopicPartition partition;

  @BeforeEach
  void aPartitionOfOnesOwn() {
    partition = new TopicPartition(Records.TOPIC, PARTITIONS.incrementAndGet());
  }

  private List<Arrival> arrivals(long firstOffset, Draft... drafts) {
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < drafts.length; i++) {
      arrivals.add(RecordReader.read(drafts[i].at(partition.partition(), firstOffset + i)));
    }
    return arrivals;
  }

  private List<Move> move(long expected, long next) {
    return List.of(new Move(partition, expected, next));
  }

  private long offset() throws SQLException {
    return writer.offsets(List.of(partition)).get(partition);
  }

  private static String alert(Draft draft) {
    return "select count(*) from alert join entry using (index) where event_id = '"
        + draft.id()
        + "' and kind = ";
  }

  @Test
  void aBatchIsLoggedWithItsOffset() throws SQLException {
    Draft first = Records.registration();
    Draft second = Records.registration();
    assertEquals(0, offset());

    Outcome outcome = writer.write(arrivals(5, first, second), move(0, 9));

    assertEquals(new Outcome(2, 0, List.of()), outcome);
    assertEquals(9, offset());
    assertEquals(1, entriesOf(first.id()));
    assertEquals(1, entriesOf(second.id()));
  }

  @Test
  void aLogWithoutAPartitionForItsNextEntryMakesOne() throws SQLException {
    // In one transaction: what the service logs meanwhile is neither missed here nor put there.
    LogDatabase.execute(
        "begin",
        "lock table search_text in exclusive mode",
        "create table spare as select * from search_text",
        "drop table search_text_0",
        "commit");
    try {
      Draft event = Records.registration();

      writer.write(arrivals(0, event), move(0, 1));

      assertEquals(1, entriesOf(event.id()));
      assertEquals(
          2,
          number(
              "select count(*) from search_text join entry using (index) where position(':' in word) = 0 and event_id = '"
                  + event.id()
                  + "'"));
    } finally {
      LogDatabase.execute(
          "insert into search_text select * from spare on conflict do nothing", "drop table spare");
    }
  }

  @Test
  void entriesOfABatchShareARowForAWordButForThoseAboutPeople() throws SQLException {
    // Given
    Draft first = Records.registration();
    Draft asked = Records.request(UUID.randomUUID().toString());
    Draft aboutSomebody =
        asked.withValue(new String(asked.value(), UTF_8).replace("because", "server"));
    // When
    writer.write(
        arrivals(
            0,
            first,
            Records.registration(),
            aboutSomebody,
            Records.registration(),
            Records.registration()),
        move(0, 5));
    // Then
    long index = number("select index from entry where event_id = '" + first.id() + "'");
    assertEquals(
        "0 {1}, 2 none, 3 {1}",
        text(
            """
            select string_agg((index - %1$d) || ' ' || coalesce(more::text, 'none'), ', ' order by index)
            from search_text where word = 'server' and index >= %1$d and index < %1$d + 5"""
                .formatted(index)));
  }

  @Test
  void theTimeOfLoggingNeverGoesBackAlongTheLog() throws SQLException {
    writer.write(arrivals(0, Records.registration()), move(0, 1));
    LogWriter late = new LogWriter(database, keys, Clock.offset(clock, Duration.ofHours(-1)), seal);
    late.write(arrivals(1, Records.registration()), move(1, 2));

    assertEquals(
        0,
        number(
            "select count(*) from (select logged_at, lag(logged_at) over (order by index) last from entry) e where logged_at < last"));
  }

  @Test
  void aWriterWhoseOffsetsAreNotTheStoredOnesChangesNothing() throws SQLException {
    writer.write(arrivals(0, Records.registration()), move(0, 1));
    Draft late = Records.registration();
    for (long expected : new long[] {0, 2}) {
      assertThrows(
          Overtaken.class,
          () -> writer.write(arrivals(expected, late), move(expected, expected + 1)));
    }
    assertEquals(0, entriesOf(late.id()));
    assertEquals(1, offset());
  }

  @Test
  void anEventThatComesAgainIsSkipped() throws SQLException {
    Draft event = Records.registration();
    Outcome once = writer.write(arrivals(0, event, event), move(0, 2));
    Outcome again =
        writer.write(arrivals(2, event.with("ce_traceparent", "00-1-2-01")), move(2, 3));

    assertEquals(new Outcome(1, 1, List.of()), once);
    assertEquals(new Outcome(0, 1, List.of()), again);
    assertEquals(1, entriesOf(event.id()));
  }

  @Test
  void anotherEventUnderALoggedIdIsLoggedWithAnAlert() throws SQLException {
    Draft event = Records.registration();
    Draft otherPayload = event.withValue(new String(Records.registration().value()));
    Draft otherActor = event.with("ce_actor", "mallory");
    Outcome inOneBatch = writer.write(arrivals(0, event, otherPayload), move(0, 2));
    Outcome later = writer.write(arrivals(2, otherActor), move(2, 3));

    assertEquals(List.of(Alert.ID_REUSED), inOneBatch.alerts());
    assertEquals(List.of(Alert.ID_REUSED), later.alerts());
    assertEquals(3, entriesOf(event.id()));
    assertEquals(2, number(alert(event) + "'id-reused'"));
    assertEquals(
        0,
        number(
            "select count(*) from event_id join entry using (index) where id = '"
                + event.id()
                + "' and alert is not null"));
  }

  @Test
  void anotherEventUnderALoggedIdCountsUnderItsNumberAndIsLoggedOnce() throws SQLException {
    Draft event = Records.registration();
    Draft other = Records.registration().with("ce_id", event.id().toString());
    String counted =
        "select count(*) from source where name = '/vigie/asset' and numbers @> "
            + other.headers().get("ce_sourcenumber")
            + "::bigint";
    writer.write(arrivals(0, event), move(0, 1));
    assertEquals(0, number(counted));

    Outcome once = writer.write(arrivals(1, other, other), move(1, 3));
    Outcome again = writer.write(arrivals(3, other, event), move(3, 5));

    assertEquals(new Outcome(1, 1, List.of(Alert.ID_REUSED)), once);
    assertEquals(new Outcome(0, 2, List.of()), again);
    assertEquals(1, number(counted));
    assertEquals(2, entriesOf(event.id()));
  }

  @Test
  void anotherEventUnderAGivenNumberIsLoggedWithAnAlert() throws SQLException {
    Draft event = Records.registration();
    Draft other =
        Records.registration().with("ce_sourcenumber", event.headers().get("ce_sourcenumber"));
    Outcome outcome = writer.write(arrivals(0, event, other), move(0, 2));

    assertEquals(List.of(Alert.NUMBER_REUSED), outcome.alerts());
    assertEquals(1, number(alert(other) + "'number-reused'"));
    assertEquals(new Outcome(0, 1, List.of()), writer.write(arrivals(2, other), move(2, 3)));
  }

  @Test
  void whatIsNotUnderstoodIsKeptAndTheStreamGoesOn() throws SQLException {
    Draft garbage = Records.registration().withValue("\u0000garbage");
    Draft after = Records.registration();
    long before = size();
    Outcome outcome = writer.write(arrivals(0, garbage, after), move(0, 2));

    assertEquals(new Outcome(2, 0, List.of(Alert.UNRECOGNISED)), outcome);
    assertEquals(1, entriesOf(after.id()));
    assertTrue(
        number(
                "select count(*) from alert join payload using (index) where kind = 'unrecognised' and index >= "
                    + before
                    + " and length(body) > 100")
            >= 1);
  }

  @Test
  void aTimeWhoseOffsetTheDatabaseDoesNotKnowIsLoggedAsItsInstant() throws SQLException {
    Draft far = Records.registration().with("ce_time", "2026-01-01T00:00:00+17:00");

    assertEquals(new Outcome(1, 0, List.of()), writer.write(arrivals(0, far), move(0, 1)));
    assertEquals(
        1,
        number(
            "select count(*) from entry where event_time = '2025-12-31T07:00:00Z' and event_id = '"
                + far.id()
                + "' and convert_from(canonical, 'UTF8') like '%2026-01-01T00:00:00+17:00%'"));
  }

  @Test
  void theLongestTextsThatAreTakenFitTheIndexes() throws SQLException {
    String longest = "a" + random(333);
    Draft draft = Records.registration().with("ce_actor", longest).with("ce_subject", longest);

    assertEquals(new Outcome(1, 0, List.of()), writer.write(arrivals(0, draft), move(0, 1)));
  }

  /** Characters of three bytes each that do not compress. */
  private static String random(int length) {
    return new Random(5)
        .ints(length, 0x4e00, 0x9fff)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  static Stream<String> actorsThatTheDatabaseRefuses() {
    return Stream.of("a\u0000b", random(3_000));
  }

  @ParameterizedTest
  @MethodSource("actorsThatTheDatabaseRefuses")
  void aRecordThatTheDatabaseRefusesIsKeptAsItCameAndTheOthersAreLogged(String actor)
      throws SQLException {
    Draft first = Records.registration();
    Draft poison = Records.registration();
    Draft last = Records.registration();
    List<Arrival> batch = arrivals(0, first, poison, last, first);
    Sound read = (Sound) batch.get(1);
    batch.set(1, withActor(read, actor)); // as though the reader had let it through

    Outcome outcome = writer.write(batch, move(0, 4));

    assertEquals(new Outcome(3, 1, List.of(Alert.UNRECOGNISED)), outcome);
    assertEquals(4, offset());
    assertEquals(1, entriesOf(first.id()));
    assertEquals(0, entriesOf(poison.id()));
    assertEquals(1, entriesOf(last.id()));
    assertEquals(
        1,
        number(
            "select count(*) from payload join alert using (index) where detail like '%SQLSTATE%' and body = '\\x"
                + HexFormat.of().formatHex(read.whole().get())
                + "'"));
    assertVerified();
  }

  private static Sound withActor(Sound read, String actor) {
    Entry.Event event = read.event();
    Entry.Event changed =
        new Entry.Event(
            event.id(),
            event.source(),
            event.type(),
            event.time(),
            event.instant(),
            actor,
            event.subject(),
            event.eventNumber(),
            event.sourceNumber(),
            event.dataSchema());
    return new Sound(
        read.position(),
        read.id(),
        changed,
        read.contentType(),
        read.payload(),
        read.person(),
        read.found(),
        Leaf.of(null, changed, read.position(), read.contentType(), read.payload()),
        read.whole());
  }

  @Test
  void aHeartbeatIsCheckedAndNotLogged() throws SQLException {
    Draft event = Records.registration();
    long last = Long.parseLong(event.headers().get("ce_sourcenumber"));
    Outcome outcome = writer.write(arrivals(0, event, Records.heartbeat(last)), move(0, 2));

    assertEquals(1, outcome.logged());
    assertTrue(number("select announced from source where name = '/vigie/asset'") >= last);
  }

  @Test
  void aLineThatBreaksBeforeAnyStatementLeavesNothingAndTheRetryLogsAll() throws SQLException {
    for (int broken = 1; ; broken++) {
      aPartitionOfOnesOwn();
      Draft[] drafts = many(300);
      FailingDatabase.Line line = new FailingDatabase.Line().beforeStatement(broken);
      LogWriter failing = behind(line);
      try {
        // Then it is whole only when all its statements came before the break; how many they are
        // depends on the tiles that the log was about to fill
        assertEquals(300, failing.write(arrivals(0, drafts), move(0, 300)).logged());
        assertTrue(line.statements() < broken && broken > 8, "statements: " + line.statements());
        break;
      } catch (SQLException broke) {
        assertEquals(0, offset());
        assertEquals(0, entriesOf(drafts[0].id()));
      }
      assertEquals(300, writer.write(arrivals(0, drafts), move(0, 300)).logged());
    }
    assertVerified();
  }

  @Test
  void failedAndNotPersistedIsWrittenAgain() throws SQLException {
    Draft event = Records.registration();
    LogWriter failing = behind(new FailingDatabase.Line().beforeCommit());

    assertThrows(SQLException.class, () -> failing.write(arrivals(0, event), move(0, 1)));
    assertEquals(0, offset());
    writer.write(arrivals(0, event), move(0, 1));

    assertEquals(1, entriesOf(event.id()));
    assertVerified();
  }

  @Test
  void failedButPersistedIsNotWrittenAgain() throws SQLException {
    Draft event = Records.registration();
    LogWriter failing = behind(new FailingDatabase.Line().afterCommit());

    assertThrows(SQLException.class, () -> failing.write(arrivals(0, event), move(0, 1)));
    assertEquals(1, offset());
    assertThrows(Overtaken.class, () -> writer.write(arrivals(0, event), move(0, 1)));

    assertEquals(1, entriesOf(event.id()));
    assertVerified();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 1_000})
  void theTreeIsRightWhateverTheSizeOfABatch(int size) throws SQLException {
    assertEquals(size, writer.write(arrivals(0, many(size)), move(0, size)).logged());
    assertVerified();
    assertEquals(size() / 256, number("select count(*) from tile where level = 0"));
  }

  @Test
  void writersInParallelGiveContiguousIndexes() throws Exception {
    Set<Integer> partitions =
        Set.of(
            PARTITIONS.incrementAndGet(),
            PARTITIONS.incrementAndGet(),
            PARTITIONS.incrementAndGet());
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    long before = size();
    for (int each : partitions) {
      writers.add(
          CompletableFuture.runAsync(
              () -> {
                TopicPartition own = new TopicPartition(Records.TOPIC, each);
                for (int i = 0; i < 20; i++) {
                  try {
                    writer.write(
                        List.of(RecordReader.read(Records.registration().at(each, i))),
                        List.of(new Move(own, i, i + 1)));
                  } catch (SQLException e) {
                    throw new IllegalStateException(e);
                  }
                }
              }));
    }
    writers.forEach(CompletableFuture::join);

    assertTrue(size() >= before + 60);
    assertEquals(0, number("select size - (select count(*) from entry) from head"));
    assertEquals(1, number("select size - (select max(index) from entry) from head"));
    assertVerified();
  }

  private static Draft[] many(int count) {
    return IntStream.range(0, count).mapToObj(i -> Records.registration()).toArray(Draft[]::new);
  }

  private LogWriter behind(FailingDatabase.Line line) {
    return new LogWriter(FailingDatabase.behind(line, database), keys, clock, seal);
  }

  private static void assertVerified() {
    Verdict verdict = LogDatabase.verifyExport();
    assertInstanceOf(Verified.class, verdict, verdict::toString);
  }
}
