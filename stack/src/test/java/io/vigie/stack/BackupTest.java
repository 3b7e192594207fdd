package io.vigie.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Backups of the real database and the real broker, while both are written to. */
@Timeout(1800)
class BackupTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final String[] COMPONENTS = {Postgres.NAME, Kafka.NAME};
  private static final TopicPartition TOPIC = new TopicPartition("told", 0);

  @TempDir Path directory;
  private Site site;
  private Stack stack;
  private Path folder;

  @BeforeEach
  void aRunningStack() {
    site =
        new Site(
            ROOT, directory.resolve("state"), ROOT.resolve(".vigie/cache"), Stack.freeOffset());
    stack = new Stack(site, COMPONENTS);
    stack.start((component, what) -> {});
    folder = directory.resolve("backups/first");
  }

  @AfterEach
  void nothingIsLeft() {
    stack.stop();
  }

  @Test
  void allOfItIsAsItWasAtOneMomentWhileItIsWrittenTo() throws Exception {
    // Given a relay, which tells the broker what the database has, and notes that the broker has it
    execute("create table fact (number bigint)", "create table told (number bigint)");
    AtomicLong last = new AtomicLong();
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Void> relay = CompletableFuture.runAsync(() -> relay(last, ended));
    await().atMost(Duration.ofMinutes(1)).until(() -> last.get() > 20);

    // When it is backed up, goes on, and all of it is lost
    long before = last.get();
    new Backup(stack).into(folder);
    await().atMost(Duration.ofMinutes(1)).until(() -> last.get() > before + 20);
    ended.set(true);
    relay.get(30, TimeUnit.SECONDS);
    stack.wipe();
    new Restore(stack).from(folder, false, null);
    stack = new Stack(site, COMPONENTS);
    stack.start((component, what) -> {});

    // Then the database has all facts up to a moment between
    List<Long> facts = numbers("fact");
    assertEquals(LongStream.rangeClosed(1, facts.size()).boxed().toList(), facts);
    assertTrue(facts.size() >= before, facts.size() + " of " + before);
    assertTrue(facts.size() < last.get(), "what came later is not there");
    // and the broker all that the database says it has, and nothing that the database has not
    List<Long> records = records();
    assertTrue(records.containsAll(numbers("told")), records::toString);
    assertTrue(facts.containsAll(records), records::toString);
    // and both go on
    execute("insert into fact values (0)");
    assertTrue(numbers("fact").contains(0L));
    try (KafkaProducer<Long, Long> producer = producer()) {
      tell(producer, 0);
    }
    assertTrue(records().contains(0L));
  }

  @Test
  void filesAndSecretsComeBackForTheirOwnerAlone() throws Exception {
    Path evidence = site.data("attachments").resolve("ab/abcd");
    Path key = Service.logFile(site, "key");
    LogKey.ensure(key);
    PersonKeys.prepare(site);
    Files.createDirectories(evidence.getParent());
    Files.writeString(evidence, "evidence");
    Files.writeString(PersonKeys.directory(site).resolve("some.key"), "sealed");
    List<Path> files =
        List.of(
            evidence,
            key,
            site.secrets(),
            PersonKeys.master(site),
            PersonKeys.directory(site).resolve("some.key"));
    List<String> texts = new ArrayList<>();
    for (Path file : files) {
      texts.add(Files.readString(file));
    }

    new Backup(stack).into(folder);
    stack.stop();
    new Restore(stack).from(folder, true, null);

    for (int i = 0; i < texts.size(); i++) {
      assertEquals(texts.get(i), Files.readString(files.get(i)));
      assertEquals("rw-------", permissions(files.get(i)));
    }
    assertEquals("rwx------", permissions(folder));
    try (Stream<Path> archives = Files.list(folder)) {
      for (Path archive : archives.toList()) {
        assertEquals("rw-------", permissions(archive), archive::toString);
      }
    }
  }

  @Test
  void aBackupThatFailsLeavesNothingBehindAndEverythingRunning() throws Exception {
    // Given a checkpoint that cannot be read, for it is a folder
    Path checkpoint = Files.createDirectories(Service.logFile(site, Service.CHECKPOINT));

    StackException failure =
        assertThrows(StackException.class, () -> new Backup(stack).into(folder));

    assertTrue(
        failure.getMessage().startsWith("There is no backup, since it failed: "),
        failure.getMessage());
    try (Stream<Path> left = Files.list(folder.getParent())) {
      assertEquals(List.of(), left.toList());
    }
    assertTrue(stack.healthy(Kafka.NAME));

    // When that is mended
    Files.delete(checkpoint);
    new Backup(stack).into(folder);
    assertEquals(
        List.of("database.tar", "events.tar", "files.tar", "person-keys.tar", "secrets.tar"),
        Manifest.verified(folder, Backup.NEEDED));
  }

  @Test
  void aBrokerThatAKilledBackupLeftFrozenGoesOnWithTheNextStart() {
    stack.freeze(Kafka.NAME);
    assertFalse(stack.healthy(Kafka.NAME));

    stack.start((component, what) -> {});

    assertTrue(stack.healthy(Kafka.NAME));
  }

  /** A fact, its record, and that the record is acknowledged: one after the other, for ever. */
  private void relay(AtomicLong last, AtomicBoolean ended) {
    try (Connection connection = stack.superuser("asset");
        Statement sql = connection.createStatement();
        KafkaProducer<Long, Long> producer = producer()) {
      for (long number = 1; !ended.get(); number++) {
        sql.execute("insert into fact values (" + number + ")");
        tell(producer, number);
        sql.execute("insert into told values (" + number + ")");
        last.set(number);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void tell(KafkaProducer<Long, Long> producer, long number) throws Exception {
    producer
        .send(new ProducerRecord<>(TOPIC.topic(), TOPIC.partition(), number, number))
        .get(30, TimeUnit.SECONDS);
  }

  private KafkaProducer<Long, Long> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", stack.address(Kafka.NAME), "acks", "all"),
        new LongSerializer(),
        new LongSerializer());
  }

  private List<Long> records() {
    List<Long> numbers = new ArrayList<>();
    try (KafkaConsumer<Long, Long> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", stack.address(Kafka.NAME), "enable.auto.commit", "false"),
            new LongDeserializer(),
            new LongDeserializer())) {
      consumer.assign(List.of(TOPIC));
      consumer.seekToBeginning(List.of(TOPIC));
      long end = consumer.endOffsets(List.of(TOPIC)).get(TOPIC);
      while (consumer.position(TOPIC) < end) {
        consumer.poll(Duration.ofMillis(500)).forEach(record -> numbers.add(record.value()));
      }
    }
    return numbers;
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = stack.superuser("asset");
        Statement sql = connection.createStatement()) {
      for (String statement : statements) {
        sql.execute(statement);
      }
    }
  }

  private List<Long> numbers(String table) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (Connection connection = stack.superuser("asset");
        Statement sql = connection.createStatement();
        ResultSet rows = sql.executeQuery("select number from " + table + " order by number")) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
    }
    return numbers;
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
