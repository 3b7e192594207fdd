package io.vigie.kernel.outbox;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vigie.kernel.Contracts;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The relay on a real database and a real broker, with a failure between every two of its steps.
 * Each failure has a twin: the step failed and had no effect; it failed and had its effect all the
 * same.
 */
class RelayTest {

  private static final Infrastructure RUNNING = Infrastructure.running();
  private static final Duration TAKE_OVER = Duration.ofSeconds(8);

  private final String service = "relay" + UUID.randomUUID().toString().replace("-", "");
  private final String topic = "vigie." + service + ".events";
  private final RelayMetrics metrics = new RelayMetrics(new SimpleMeterRegistry());
  private RelayDatabase.Source source;

  @BeforeEach
  void anEmptyOutbox() throws SQLException {
    RUNNING.createDatabase(service);
    String url = RUNNING.url(service);
    Flyway.configure()
        .dataSource(url, service + "_owner", "test")
        .locations("db/kernel")
        .placeholders(Map.of("runtime", service))
        .load()
        .migrate();
    source = new RelayDatabase.Source(url, service, "test");
  }

  @Test
  void factsArriveInOrderWithGaplessNumbersAndLeaveTheOutbox() throws SQLException {
    insert(1, 25, "a", "b", "c");

    try (RelayDatabase db = lock()) {
      RelayRun run = run(db, UnaryOperator.identity());
      run.start();
      while (run.step() > 0) {}
      run.close();
    }

    List<ConsumerRecord<String, byte[]>> records = read(25);
    assertNumbersAreGapless(records, 25);
    for (String key : List.of("a", "b", "c")) {
      List<String> payloads = payloads(records, key);
      assertEquals(payloads.stream().sorted().toList(), payloads, "order of " + key);
    }
    assertEquals(0, waiting());
  }

  @Test
  void aHeartbeatSaysHowManyFactsWereSent() throws Exception {
    insert(1, 3, "a");

    try (RelayDatabase db = lock()) {
      RelayRun run = run(db, UnaryOperator.identity());
      run.start();
      run.step();
      run.close();
    }

    try (Topic reader = Topic.named(topic)) {
      byte[] data = reader.await(1, Topic.ofType("heartbeat.v1")).get(0).value();
      JsonNode heartbeat = new ObjectMapper().readTree(data);
      assertEquals(List.of(), Contracts.violations("heartbeat.v1", heartbeat));
      assertEquals(3, heartbeat.get("lastSourceNumber").asLong());
    }
  }

  @Test
  void aLowerIdThatCommitsLateIsNotSkipped() throws SQLException {
    try (Connection late = RUNNING.superuser(service);
        RelayDatabase db = lock()) {
      late.setAutoCommit(false);
      insert(late, "late", "0001");
      insert(1, 3, "a");
      RelayRun run = run(db, UnaryOperator.identity());
      run.start();
      run.step();
      late.commit();
      run.step();
      run.close();
    }

    assertNumbersAreGapless(read(4), 4);
    assertEquals(0, waiting());
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 25}) // half a batch; two and a half, of which the first is sent
  void aBrokerThatFailedGetsTheSameFactsWithTheSameNumbersAgain(int facts) throws SQLException {
    insert(1, facts, "a");
    failOnce(producer -> new FailingProducer(producer).beforeCommit());

    recover();

    assertAllCameOnce(facts);
  }

  @Test
  void aBrokerThatIsGoneWhileTheDatabaseWritesDownAFullBatchGetsItLater() throws SQLException {
    insert(1, 25, "a");
    failOnce(producer -> new FailingProducer(producer).beforeBegin());

    recover();

    assertAllCameOnce(25);
  }

  private void assertAllCameOnce(int facts) {
    List<ConsumerRecord<String, byte[]>> records = read(facts);
    assertNumbersAreGapless(records, facts);
    assertEquals(
        LongStream.rangeClosed(1, facts).mapToObj("%04d"::formatted).toList(),
        payloads(records, "a"));
  }

  @Test
  void aLostAcknowledgementSendsTheSameFactsTwiceUnderTheSameIdsAndNumbers() throws SQLException {
    insert(1, 5, "a");
    failOnce(producer -> new FailingProducer(producer).afterCommit());

    recover();

    List<ConsumerRecord<String, byte[]>> records = read(10);
    assertEquals(10, records.size());
    assertEquals(identities(records.subList(0, 5)), identities(records.subList(5, 10)));
    insert(6, 6, "a");
    recover();
    assertEquals("6", Topic.header(last(read(11)), "ce_sourcenumber"));
  }

  @Test
  void aCrashBeforeTheDeleteSendsTheSameFactsAgain() throws SQLException {
    insert(1, 5, "a");
    try (RelayDatabase db = lock()) {
      RelayRun run =
          run(
              db,
              producer -> new FailingProducer(producer).thenAfterCommit(this::killTheConnection));
      run.start();
      assertThrows(SQLException.class, run::step);
      run.close();
    } catch (SQLException alreadyDead) {
      // the connection was killed under it
    }
    assertEquals(5, waiting());

    recover();

    List<ConsumerRecord<String, byte[]>> records = read(10);
    assertEquals(identities(records.subList(0, 5)), identities(records.subList(5, 10)));
    assertEquals(0, waiting());
  }

  @Test
  void aCrashAfterTheDeleteSendsNothingAgain() throws SQLException {
    insert(1, 5, "a");
    try (RelayDatabase db = lock()) {
      RelayRun run = run(db, UnaryOperator.identity());
      run.start();
      run.step();
      // neither the run nor its producer is closed: the process is gone
    }
    insert(6, 6, "a");

    recover();

    assertNumbersAreGapless(read(6), 6);
  }

  @Test
  void aCrashBetweenTwoBatchesSendsTheFirstAgainAndTheSecondUnderItsOwnNumbers()
      throws SQLException {
    insert(1, 15, "a"); // a batch and a half
    try (RelayDatabase db = lock()) {
      RelayRun run = run(db, UnaryOperator.identity());
      run.start();
      run.step();
      // neither the run nor its producer is closed: the process is gone
    }

    recover();

    List<ConsumerRecord<String, byte[]>> records = read(25);
    assertEquals(identities(records.subList(0, 10)), identities(records.subList(10, 20)));
    assertNumbersAreGapless(records.subList(10, 25), 15);
    assertEquals(
        LongStream.rangeClosed(1, 15).mapToObj("%04d"::formatted).toList(),
        payloads(records.subList(10, 25), "a"));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 25}) // what is not written down is half a batch, or a full one
  void whatWasSentAndNotWrittenDownIsNeverRead(int facts) throws SQLException {
    insert(1, facts, "a");
    try (RelayDatabase db = lock()) {
      RelayRun run = run(db, UnaryOperator.identity());
      run.start();
      run.step();
      killTheConnection();
      assertThrows(SQLException.class, run::step);
    } catch (SQLException alreadyDead) {
      // the connection was killed under it
    }
    insert(facts + 1, facts + 1, "a");

    recover();

    List<ConsumerRecord<String, byte[]>> records = read(facts + 11);
    assertNumbersAreGapless(records.subList(10, facts + 11), facts + 1);
  }

  @Test
  void whatWasReadBehindARefusedFactOfItsKeyWaitsToo() throws SQLException {
    insert(1, 8, "a");
    insertSized("a", "x".repeat(3_000));
    insert(10, 14, "a"); // one in the same batch, the others in the next
    insert(15, 15, "b");

    try (RelayDatabase db = lock()) {
      RelayRun run = run(db, UnaryOperator.identity(), 2_000);
      run.start();
      while (run.step() > 0) {}
      run.close();
    }

    assertEquals(8, payloads(read(9), "a").size());
    assertEquals(6, waiting());

    execute("update outbox set blocked_at = null");
    recover();

    List<ConsumerRecord<String, byte[]>> all = read(15);
    assertNumbersAreGapless(all, 15);
    assertEquals(
        List.of("0010", "0014"), List.of(payloads(all, "a").get(9), payloads(all, "a").get(13)));
  }

  @Test
  void aFactThatTheBrokerRefusesStallsItsOwnKeyAloneUntilAnOperatorUnblocksIt()
      throws SQLException {
    insert(1, 2, "a");
    insertSized("a", "x".repeat(3_000));
    insert(4, 4, "a");
    insert(5, 6, "b");

    try (RelayDatabase db = lock()) {
      RelayRun run = run(db, UnaryOperator.identity(), 2_000);
      run.start();
      while (run.step() > 0) {}
      run.close();
    }

    List<ConsumerRecord<String, byte[]>> passed = read(4);
    assertNumbersAreGapless(passed, 4);
    assertEquals(List.of("0001", "0002"), payloads(passed, "a"));
    assertEquals(List.of("0005", "0006"), payloads(passed, "b"));
    assertEquals(1, count("select count(*) from outbox where blocked_at is not null"));

    execute("update outbox set blocked_at = null");
    recover();

    List<ConsumerRecord<String, byte[]>> all = read(6);
    assertNumbersAreGapless(all, 6);
    assertEquals("0004", payloads(all, "a").get(3));
    assertEquals(0, waiting());
  }

  @Test
  void aHeartbeatSaysSinceWhenFactsWaitThatAreNotSent() throws SQLException {
    insert(1, 11, "a"); // one more than a batch
    execute("update outbox set occurred_at = '2026-01-02T03:04:05Z'");
    try (RelayDatabase db = lock()) {
      RelayRun run = run(db, UnaryOperator.identity());
      run.start();
      run.step();
      run.close();
    }
    recover();

    try (Topic reader = Topic.named(topic)) {
      List<String> said =
          reader.await(2, Topic.ofType("heartbeat.v1")).stream()
              .map(record -> new String(record.value()))
              .toList();
      assertTrue(said.get(0).contains("\"sentUntil\":\"2026-01-02T03:04:05Z\""), said.get(0));
      assertTrue(said.get(1).matches(".*\"sentUntil\":\"(.*)\",\"at\":\"\\1\".*"), said.get(1));
    }
  }

  @Test
  void aPausedHolderThatWakesAfterTheTakeOverCanNeitherSendNorDelete() throws SQLException {
    // Given a holder that is paused with its records sent and not committed
    insert(1, 5, "a");
    try (RelayDatabase paused = lock()) {
      RelayRun former =
          run(
              paused,
              producer ->
                  new FailingProducer(producer)
                      .thenBeforeCommit(
                          () -> {
                            // When another takes over meanwhile, finishes the batch, and goes on
                            try (RelayDatabase db = lock()) {
                              RelayRun next = run(db, UnaryOperator.identity());
                              next.start();
                              insert(6, 7, "a");
                              next.step();
                              next.close();
                            } catch (SQLException e) {
                              throw new IllegalStateException(e);
                            }
                          }));
      former.start();
      // Then the former one is shut out by the broker
      assertThrows(KafkaException.class, former::step);
      // and by the database
      assertThrows(SQLException.class, paused::lastNumber);
      former.close();
    } catch (SQLException connectionEnded) {
      // closing what the database has ended
    }

    assertNumbersAreGapless(read(7), 7);
    assertEquals(7, read(7).size());
    assertEquals(0, waiting());
  }

  @Test
  void theRoomOfWhatWasSentIsUsedAgain() throws SQLException {
    insert(1, 100, "a");
    recover();
    long before = count("select pg_relation_size('outbox')");
    try (RelayDatabase db = source.connect(TAKE_OVER)) {
      db.vacuum();
    }
    insert(101, 200, "a");

    assertEquals(before, count("select pg_relation_size('outbox')"));
  }

  @Test
  void onlyOneHolderRelaysAtATime() throws SQLException {
    try (RelayDatabase first = lock();
        RelayDatabase second = source.connect(TAKE_OVER)) {
      assertFalse(second.lock());
      first.lastNumber();
    }
    try (RelayDatabase next = source.connect(TAKE_OVER)) {
      await().untilAsserted(() -> assertTrue(next.lock()));
    }
  }

  private void failOnce(UnaryOperator<Producer<String, byte[]>> broken) throws SQLException {
    try (RelayDatabase db = lock()) {
      RelayRun run = run(db, broken);
      run.start();
      assertThrows(KafkaException.class, run::step);
      run.close();
    }
  }

  private void recover() throws SQLException {
    try (RelayDatabase db = lock()) {
      RelayRun run = run(db, UnaryOperator.identity());
      run.start();
      while (run.step() > 0) {}
      run.close();
    }
  }

  /** A connection that holds the lock, as soon as a former holder's is gone. */
  private RelayDatabase lock() throws SQLException {
    RelayDatabase db = source.connect(TAKE_OVER);
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> db.lock());
    return db;
  }

  private RelayRun run(RelayDatabase db, UnaryOperator<Producer<String, byte[]>> wrap) {
    return run(db, wrap, 1_048_576);
  }

  private RelayRun run(
      RelayDatabase db, UnaryOperator<Producer<String, byte[]>> wrap, int maxRequest) {
    return new RelayRun(
        db,
        place -> {
          Map<String, Object> config =
              Relay.producerConfig(Map.of("bootstrap.servers", RUNNING.kafka()), service, place);
          config.put("max.request.size", maxRequest);
          return wrap.apply(
              new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer()));
        },
        service,
        topic,
        10,
        Clock.systemUTC(),
        metrics);
  }

  private void insert(int from, int to, String... keys) throws SQLException {
    try (Connection connection = RUNNING.superuser(service)) {
      for (int i : IntStream.rangeClosed(from, to).toArray()) {
        insert(connection, keys[i % keys.length], "%04d".formatted(i));
      }
    }
  }

  private void insertSized(String key, String payload) throws SQLException {
    try (Connection connection = RUNNING.superuser(service)) {
      insert(connection, key, payload);
    }
  }

  private static void insert(Connection connection, String key, String payload)
      throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.executeUpdate(
          """
          insert into outbox (event_id, type, subject, message_key, payload, actor, occurred_at)
          values ('%s', 'test.done.v1', 'test/%s', '%s', '%s', 'system:test', now())"""
              .formatted(UUID.randomUUID(), key, key, payload));
    }
  }

  /** Ends, as the death of its process would, whatever connection relays from this outbox. */
  private void killTheConnection() {
    try {
      execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'vigie-relay' and datname = '"
              + service
              + "'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void execute(String statement) throws SQLException {
    try (Connection connection = RUNNING.superuser(service);
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  private long waiting() throws SQLException {
    return count("select count(*) from outbox");
  }

  private long count(String query) throws SQLException {
    try (Connection connection = RUNNING.superuser(service);
        Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** The committed facts on the topic, heartbeats left out, in source number order of arrival. */
  private List<ConsumerRecord<String, byte[]>> read(int expected) {
    try (Topic reader = Topic.named(topic)) {
      return reader.await(expected, Topic.ofType("test.done.v1"));
    }
  }

  private static void assertNumbersAreGapless(
      List<ConsumerRecord<String, byte[]>> records, int expected) {
    assertEquals(
        LongStream.rangeClosed(1, expected).boxed().toList(),
        records.stream()
            .map(r -> Long.valueOf(Topic.header(r, "ce_sourcenumber")))
            .sorted()
            .toList());
  }

  private static List<String> payloads(List<ConsumerRecord<String, byte[]>> records, String key) {
    return records.stream()
        .filter(record -> record.key().equals(key))
        .map(record -> new String(record.value()))
        .toList();
  }

  private static List<String> identities(List<ConsumerRecord<String, byte[]>> records) {
    return records.stream()
        .map(r -> Topic.header(r, "ce_id") + " " + Topic.header(r, "ce_sourcenumber"))
        .toList();
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }
}
