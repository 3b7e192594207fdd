package io.vigie.audit.intake;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.verifier.ExportVerifier.Verdict;
import io.vigie.verifier.ExportVerifier.Verified;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import static io.vigie.audit.LogDatabase.entriesOf;
import static io.vigie.audit.LogDatabase.number;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** From a real broker into a real database, with other replicas coming and going. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class IntakeTest {

  private static final Duration LONG = Duration.ofMinutes(3);
  private static final int SESSION_MILLIS = 6_000;
  private static final Duration PAUSE = Duration.ofMillis(20);

  @Inject LogWriter writer;
  @Inject MeterRegistry registry;

  @Inject
  @Identifier("default-kafka-broker")
  Map<String, Object> kafka;

  private static List<Draft> registrations(int count) {
    return IntStream.range(0, count).mapToObj(i -> Records.registration()).toList();
  }

  /** So many registrations, published before the next so many are. */
  private static List<Draft> publishedInTurn(int times, int many) {
    List<Draft> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      List<Draft> some = registrations(many);
      Records.publish(some);
      all.addAll(some);
    }
    return all;
  }

  private static String ids(List<Draft> drafts) {
    return drafts.stream()
        .map(draft -> "'" + draft.id() + "'")
        .collect(Collectors.joining(",", "(", ")"));
  }

  private static long logged(List<Draft> drafts) {
    return number("select count(*) from entry where event_id in " + ids(drafts));
  }

  private static void awaitLogged(List<Draft> drafts) {
    await().atMost(LONG).untilAsserted(() -> assertEquals(drafts.size(), logged(drafts)));
  }

  private static void assertVerified() {
    Verdict verdict = LogDatabase.verifyExport();
    assertInstanceOf(Verified.class, verdict, verdict::toString);
  }

  private static IntakeMetrics ownMetrics() {
    return new IntakeMetrics(new SimpleMeterRegistry());
  }

  @Test
  void committedEventsAreLoggedOnceAndAbortedOnesNever() {
    List<Draft> first = registrations(40);
    List<Draft> aborted = registrations(10);
    List<Draft> second = registrations(40);
    Records.publish(first);
    Records.publishAndAbort(aborted);
    Records.publish(second);
    Records.publish(first); // delivered again, at other offsets

    Draft last = Records.registration();
    Records.publish(List.of(last));
    awaitLogged(first);
    awaitLogged(second);
    awaitLogged(List.of(last));
    assertEquals(0, logged(aborted));
    assertEquals(40, logged(first));
    assertVerified();
  }

  @Test
  void eachBatchEndsInACheckpointOfItsOwn() {
    long before = number("select size from head");
    List<Draft> all = publishedInTurn(20, 50);
    awaitLogged(all);
    await()
        .atMost(LONG)
        .until(() -> number("select max(size) from checkpoint") >= number("select size from head"));
    // A batch is a transaction of the database, which each row names.
    String batches =
        "(select max(index) + 1 as size from entry where index >= "
            + before
            + " group by xmin::text) b";
    assertTrue(number("select count(*) from " + batches) > 1);
    assertEquals(
        0,
        number(
            "select count(*) from "
                + batches
                + " where not exists (select from checkpoint c where c.size = b.size)"));
  }

  @Test
  void eventsOfOneObjectAreLoggedInTheirOrder() {
    UUID asset = UUID.randomUUID();
    List<Draft> drafts = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      drafts.add(Records.registration(asset).with("ce_eventnumber", Integer.toString(i)));
      drafts.add(Records.registration());
    }
    Records.publish(drafts);
    awaitLogged(drafts);
    assertEquals(
        0,
        number(
            "select count(*) from (select event_number - lag(event_number, 1, 0::bigint) over (order by index) as step"
                + " from entry where subject = 'asset/"
                + asset
                + "') s where step <> 1"));
  }

  @Test
  void replicasThatComeAndGoLoseNothingAndRepeatNothing() throws Exception {
    List<Draft> all = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      Intake replica =
          new Intake(
              writer,
              ownMetrics(),
              kafka,
              List.of("asset", "audit"),
              "audit-log",
              50,
              PAUSE,
              SESSION_MILLIS);
      replica.start();
      all.addAll(publishedInTurn(5, 60));
      replica.stop();
    }
    awaitLogged(all);
    assertVerified();
  }

  @Test
  void aReaderThatBelievesToOwnPartitionsThatAnotherReadsDoesNoHarm() throws Exception {
    // Another group: the broker stops neither, as with a replica that was paused past a rebalance
    Intake zombie =
        new Intake(
            writer, ownMetrics(), kafka, List.of("asset"), "zombies", 50, PAUSE, SESSION_MILLIS);
    zombie.start();
    List<Draft> all = publishedInTurn(20, 50);
    awaitLogged(all);
    zombie.stop();

    List<Draft> after = registrations(50);
    Records.publish(after);
    awaitLogged(after);
    assertVerified();
  }

  @Test
  void aDatabaseThatIsAwayForAWhileLosesNothing() throws Exception {
    List<Draft> all = new ArrayList<>();
    double failures = registry.counter("vigie.log.failures").count();
    try {
      LogDatabase.execute(
          "alter role audit nologin",
          "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'audit'");
      List<Draft> missed = registrations(200);
      Records.publish(missed);
      all.addAll(missed);
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertTrue(registry.counter("vigie.log.failures").count() > failures));
      assertEquals(0, logged(all));
    } finally {
      LogDatabase.execute("alter role audit login");
    }
    awaitLogged(all);

    for (int i = 0; i < 10; i++) {
      List<Draft> some = registrations(100);
      Records.publish(some);
      all.addAll(some);
      LogDatabase.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'audit'");
    }
    awaitLogged(all);
    assertVerified();
  }

  @Test
  void whatComesWhileABatchIsWrittenIsReadAndWrittenTogether() throws Exception {
    String topic = "vigie.ahead.events";
    SimpleMeterRegistry figures = new SimpleMeterRegistry();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    CompletableFuture<Void> mayEnd = new CompletableFuture<>();
    List<Integer> batches = new CopyOnWriteArrayList<>();
    LogWriter slow =
        new LogWriter(null, null, Clock.systemUTC(), null) {
          @Override
          Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions) {
            return partitions.stream().collect(Collectors.toMap(each -> each, each -> 0L));
          }

          @Override
          Outcome log(List<Arrival> arrivals, Collection<Move> moves, Runnable beforeCommit) {
            batches.add(arrivals.size());
            begun.complete(null);
            mayEnd.join();
            return new Outcome(0, 0, List.of());
          }
        };
    Intake intake =
        new Intake(
            slow,
            new IntakeMetrics(figures),
            kafka,
            List.of("ahead"),
            "ahead",
            1,
            PAUSE,
            SESSION_MILLIS);
    try (Admin admin = Admin.create(kafka);
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", Infrastructure.running().kafka(), "linger.ms", 10_000),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
      // Three at once, which are polled one by one: who has the first knows of two more.
      for (byte each = 1; each <= 3; each++) {
        producer.send(new ProducerRecord<>(topic, new byte[] {each}));
      }
      producer.flush();
      intake.start();
      begun.get(LONG.toSeconds(), TimeUnit.SECONDS);

      await()
          .atMost(LONG)
          .until(
              () -> figures.get("vigie.log.lag").tag("topic", topic).gauge().value(),
              lag -> lag == 0);
      assertEquals(List.of(1), batches);
      mayEnd.complete(null);

      await().atMost(LONG).until(() -> batches.size() > 1);
      assertEquals(List.of(1, 2), batches);
    } finally {
      mayEnd.complete(null);
      intake.stop();
    }
  }

  @Test
  void notEvenAnErrorOfTheVirtualMachineEndsTheIntake() throws Exception {
    IntakeMetrics metrics = ownMetrics();
    AtomicInteger attempts = new AtomicInteger();
    LogWriter broken =
        new LogWriter(null, null, Clock.systemUTC(), null) {
          @Override
          Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions) {
            attempts.incrementAndGet();
            throw new NoClassDefFoundError("a jar was replaced");
          }
        };
    Intake intake =
        new Intake(broken, metrics, kafka, List.of("asset"), "broken", 50, PAUSE, SESSION_MILLIS);
    intake.start();
    await().atMost(LONG).until(() -> attempts.get() >= 2);
    intake.stop();
    assertTrue(metrics.failure().contains("a jar was replaced"), metrics::failure);
  }

  @Test
  void garbageOnATopicIsKeptWithAnAlertAndNothingStops() {
    double before = registry.counter("vigie.log.alerts", "kind", "unrecognised").count();
    Draft garbage = Records.registration().withValue("not even JSON");
    Draft bare = new Draft(garbage.id(), garbage.asset(), Map.of(), null);
    Draft large = Records.registration().withValue("x".repeat(1_000_000));
    Draft after = Records.registration(garbage.asset());
    Records.publish(List.of(garbage, bare, large, after));

    awaitLogged(List.of(after));
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertTrue(
                    registry.counter("vigie.log.alerts", "kind", "unrecognised").count()
                        >= before + 3));
    assertEquals(0, entriesOf(garbage.id()));
    assertVerified();
  }

  @Test
  void lostRecordsAlarmAndAreNotSkipped() throws Exception {
    String topic = "vigie.lost.events";
    try (Admin admin = Admin.create(kafka);
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", Infrastructure.running().kafka()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
      for (int i = 0; i < 10; i++) {
        producer.send(new ProducerRecord<>(topic, new byte[] {1})).get();
      }
      admin
          .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(5)))
          .all()
          .get();
    }
    IntakeMetrics metrics = ownMetrics();
    Intake intake =
        new Intake(writer, metrics, kafka, List.of("lost"), "late", 50, PAUSE, SESSION_MILLIS);
    intake.start();
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertTrue(
                    String.valueOf(metrics.failure()).contains("OutOfRange"), metrics::failure));
    intake.stop();
    assertEquals(0, number("select count(*) from log_offset where topic = '" + topic + "'"));
  }
}
