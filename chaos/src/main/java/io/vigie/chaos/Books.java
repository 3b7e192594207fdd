package io.vigie.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.stack.Stack;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Fetches from a platform at rest what {@link Reconciliation} compares, and has the log verified.
 */
final class Books {

  private static final long SETTLED_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final Duration PAUSE = Duration.ofSeconds(3);
  private static final Duration A_MOMENT = Duration.ofMillis(200);
  private static final long COUNTS_AFTER_NANOS = TimeUnit.SECONDS.toNanos(20);

  /**
   * Longer than any pause before a retry that is waited for, and than services' clocks stand still
   * between two looks: what differs in ever new ways after that does not come right by itself.
   */
  private static final long BALANCED_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final Pattern NOTICE = Pattern.compile("<notification\\.([0-9a-f-]{36})@");
  private static final String ACCOUNTS_WAITING =
      "select (select count(*) from directory_change) + (select count(*) from directory_examination)";

  /** What audit-service says is wrong with its log, and what it has not judged yet. */
  private static final Map<String, String> WRONG_IN_LOG =
      Map.of(
          "source of which numbers are missing",
          "select count(*) from source where first_missing is not null",
          "object of which events are missing",
          "select count(*) from object_gap",
          "alert about an entry",
          "select count(*) from alert",
          "verification that failed",
          "select count(*) from verification where not intact");

  /** What works through the log, by the query of how far it is. */
  private static final Map<String, String> READERS =
      Map.of(
          "controls", "select min(r.position) from control_reading r",
          "detections", "select min(r.position) from detection r",
          "SIEMs", "select coalesce(min(next_index), 0) from siem_position");

  /** Where SIEMs read the log. */
  private static final String FEED = "vigie.siem";

  private static final String RIGHTS_DUE = "select count(*) from rights_due";
  private static final String DUTIES_DUE = "select count(*) from duty_due";
  private static final String TO_MATCH = "select count(*) from to_match";

  /** Somebody is told of each at once, unless a silence holds it. */
  private static final String UNTOLD_ALERTS =
      """
      select count(*) from alert
      where severity = 'CRITICAL' and state <> 'RESOLVED' and mails = 0 and held_by is null""";

  private static final String NOTICES = "select 'notification/' || id, attempts from notice ";

  /**
   * Those that wait, with what the last attempt failed of, and whether the next one is due soon:
   * they are tried again after 1 minute, then after 2, 4 and so on. One or two attempts that failed
   * of a fault are worth waiting for; what failed more often may be tried an hour later.
   */
  private static final String NOTICES_WAITING =
      """
      select 'notification/' || id, attempts, coalesce(last_error, 'no failure is noted'),
        next_attempt_at <= now() + interval '2 minutes'
      from notice where state = 'WAITING'""";

  private static final String UNDELIVERABLE =
      "select count(*) from notice where reason = 'UNDELIVERABLE'";
  private static final String CHECKPOINTS_MAILED = "select count(*) from checkpoint_mail";

  /** The groups that services read topics as, each other's and their own. */
  static final List<String> LISTENERS =
      List.of(
          "access",
          "access-duties",
          "asset",
          "asset-clearances",
          "asset-clients",
          "asset-postures",
          "asset-profiles",
          "asset-software",
          "incident",
          "incident-affectables",
          "incident-clients",
          "incident-documents",
          "incident-findings",
          "incident-inventory",
          "incident-reactions",
          "backup",
          "backup-coverage",
          "backup-holds",
          "backup-clients",
          "asset-revocations",
          "access-revocations",
          "incident-revocations",
          "backup-revocations",
          "audit-revocations");

  /** A mail that arrived, once or more often, by its {@code Message-ID}. */
  private record Mail(String messageId, List<String> to, long times) {

    Mail again() {
      return new Mail(messageId, to, times + 1);
    }

    /** The notice that it is, {@code notification/id}; empty where it is another mail. */
    Optional<String> notice() {
      Matcher notice = NOTICE.matcher(messageId);
      return notice.find() ? Optional.of("notification/" + notice.group(1)) : Optional.empty();
    }
  }

  private final Platform platform;
  private final Stack stack;
  private final Api api;
  private final Path verifier;
  private final Map<String, Long> triedBefore;

  /** Null once the platform came to rest. */
  private String waitsFor;

  private long repeatedMails;

  /**
   * Of a platform that nothing strikes any more: an attempt to send a notice that begins from now
   * on has no excuse.
   *
   * @param verifier the offline verifier's jar
   */
  Books(Platform platform, Api api, Path verifier) throws SQLException {
    this.platform = platform;
    this.stack = platform.stack();
    this.api = api;
    this.verifier = verifier;
    this.triedBefore = count("incident", NOTICES);
  }

  /**
   * What is not as it must be. Services learn of each other's events with a delay, after a crash
   * with one of 8 s: what differs counts once it has not changed for longer than that, or keeps
   * changing for ten minutes.
   */
  List<Difference> balance(Ledger ledger, Checkpoints checkpoints)
      throws IOException, SQLException, InterruptedException {
    List<Difference> differences = compare(ledger);
    long since = System.nanoTime();
    long deadline = since + BALANCED_WITHIN_NANOS;
    while (!differences.isEmpty()
        && System.nanoTime() - since < COUNTS_AFTER_NANOS
        && System.nanoTime() < deadline) {
      LockSupport.parkNanos(PAUSE.toNanos());
      List<Difference> now = compare(ledger);
      if (!now.equals(differences)) {
        since = System.nanoTime();
      }
      differences = now;
    }
    List<Difference> all = new ArrayList<>(differences);
    all.addAll(checkpoints.differences());
    all.addAll(verifyLog(checkpoints));
    return all;
  }

  /**
   * Until no fact waits in an outbox, nor mail that is due, the log grows no more and has read all
   * that there is, as every service has.
   *
   * @return what waited last; empty where nothing did
   */
  Optional<String> awaitRest() throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + SETTLED_WITHIN_NANOS;
    Optional<String> last = Optional.empty();
    long size = -1;
    while (System.nanoTime() < deadline) {
      long now = number("audit", "select size from head");
      Optional<String> waiting = waiting();
      if (waiting.isEmpty() && now == size) {
        waitsFor = null;
        return last;
      }
      last = waiting.isPresent() ? waiting : Optional.of("the log, which grew");
      size = now;
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    waitsFor = last.orElseThrow();
    return last;
  }

  private Optional<String> waiting() throws SQLException, InterruptedException {
    for (String service : Platform.SERVICES) {
      if (number(service, "select count(*) from outbox where blocked_at is null") > 0) {
        return Optional.of("facts in the outbox of " + service);
      }
    }
    if (number("access", ACCOUNTS_WAITING) > 0) {
      return Optional.of("accounts that are to be made or looked at in the directory");
    }
    long size = number("audit", "select size from head");
    for (Map.Entry<String, String> reader : READERS.entrySet()) {
      if (number("audit", reader.getValue()) < size) {
        return Optional.of("what " + reader.getKey() + " had not read of the log");
      }
    }
    Optional<String> behind = whoIsBehind();
    return behind.isPresent()
        ? behind.map(group -> "what " + group + " had not read")
        : unsentMail();
  }

  /**
   * Mail that is to go out. The log's checkpoint is tried each minute until it has, so that there
   * is one after the shortest of runs.
   */
  private Optional<String> unsentMail() throws SQLException {
    return number("audit", CHECKPOINTS_MAILED) == 0
        ? Optional.of("the mail of the checkpoint")
        : noticesLate().keySet().stream().findFirst().map(notice -> "the mail of " + notice);
  }

  /**
   * The notices that wait although they are due, or soon, or were tried since nothing strikes any
   * more, with what the last attempt failed of. One whose next attempt is further ahead failed of
   * faults alone, as far as anybody knows, and is none of them.
   */
  private Map<String, String> noticesLate() throws SQLException {
    Map<String, String> late = new TreeMap<>();
    try (Connection connection = stack.superuser("incident");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(NOTICES_WAITING)) {
      while (row.next()) {
        String notice = row.getString(1);
        if (row.getBoolean(4) || row.getLong(2) > triedBefore.getOrDefault(notice, 0L)) {
          late.put(notice, row.getString(3));
        }
      }
    }
    return late;
  }

  /** A group that has events to read that it has not worked, or the log. */
  private Optional<String> whoIsBehind() throws SQLException, InterruptedException {
    Map<String, Object> broker = Map.of("bootstrap.servers", stack.address(Platform.BROKER));
    try (Admin admin = Admin.create(broker);
        KafkaConsumer<byte[], byte[]> reader = reader(broker)) {
      Map<String, Map<TopicPartition, Long>> worked = new LinkedHashMap<>();
      Map<TopicPartition, Long> first = new HashMap<>();
      for (String group : LISTENERS) {
        Map<TopicPartition, Long> offsets = worked(admin, group);
        if (offsets.isEmpty()) {
          return Optional.of(group); // it has read nothing, and there is something for each
        }
        beginOthers(reader, offsets);
        worked.put(group, offsets);
        offsets.forEach((partition, offset) -> first.merge(partition, offset, Math::min));
      }
      Map<TopicPartition, Long> logged = logged();
      worked.put("the log", logged);
      logged.forEach((partition, offset) -> first.merge(partition, offset, Math::min));
      Map<TopicPartition, Long> newest = newestEvents(reader, first);
      return worked.entrySet().stream()
          .filter(group -> isBehind(group.getValue(), newest))
          .map(Map.Entry::getKey)
          .findFirst();
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return Optional.of("nobody can tell who"); // the broker does not answer yet
    }
  }

  /** Partitions of the same topics of which a group has worked nothing yet. */
  private static void beginOthers(
      KafkaConsumer<byte[], byte[]> reader, Map<TopicPartition, Long> offsets) {
    Set<String> topics =
        offsets.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
    for (String topic : topics) {
      reader
          .partitionsFor(topic)
          .forEach(
              partition ->
                  offsets.putIfAbsent(new TopicPartition(topic, partition.partition()), 0L));
    }
  }

  private static Map<TopicPartition, Long> worked(Admin admin, String group)
      throws ExecutionException, TimeoutException, InterruptedException {
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get(10, TimeUnit.SECONDS)
        .entrySet()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, worked -> worked.getValue().offset()));
  }

  /** Until where the log has what each partition holds, whatever became of it there. */
  private Map<TopicPartition, Long> logged() throws SQLException {
    Map<TopicPartition, Long> logged = new HashMap<>();
    try (Connection connection = stack.superuser("audit");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select topic, partition, next_offset from log_offset")) {
      while (row.next()) {
        logged.put(new TopicPartition(row.getString(1), row.getInt(2)), row.getLong(3));
      }
    }
    return logged;
  }

  /** The indexes of the entries on the topic of SIEMs. */
  private List<Long> fed() {
    List<Long> indexes = new ArrayList<>();
    TopicPartition feed = new TopicPartition(FEED, 0);
    try (KafkaConsumer<byte[], byte[]> reader =
        reader(Map.of("bootstrap.servers", stack.address(Platform.BROKER)))) {
      reader.assign(List.of(feed));
      reader.seekToBeginning(List.of(feed));
      long end = reader.endOffsets(List.of(feed)).get(feed);
      while (reader.position(feed) < end) {
        reader
            .poll(A_MOMENT)
            .forEach(
                entry ->
                    indexes.add(Long.valueOf(new String(entry.key(), StandardCharsets.US_ASCII))));
      }
    }
    return indexes;
  }

  private static boolean isBehind(
      Map<TopicPartition, Long> worked, Map<TopicPartition, Long> newest) {
    return worked.entrySet().stream()
        .anyMatch(each -> newest.getOrDefault(each.getKey(), -1L) >= each.getValue());
  }

  /**
   * The place of the newest event from {@code first} on, where there is one. The ends of partitions
   * do not tell: those of transactions have a place too, and those that were aborted when their
   * service was killed have nothing else.
   */
  private static Map<TopicPartition, Long> newestEvents(
      KafkaConsumer<byte[], byte[]> reader, Map<TopicPartition, Long> first) {
    Map<TopicPartition, Long> newest = new HashMap<>();
    reader.assign(first.keySet());
    Map<TopicPartition, Long> ends = reader.endOffsets(first.keySet());
    first.forEach(reader::seek);
    while (ends.entrySet().stream()
        .anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
      reader
          .poll(A_MOMENT)
          .forEach(
              event ->
                  newest.put(new TopicPartition(event.topic(), event.partition()), event.offset()));
    }
    return newest;
  }

  private static KafkaConsumer<byte[], byte[]> reader(Map<String, Object> broker) {
    Map<String, Object> settings = new HashMap<>(broker);
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", false);
    settings.put("default.api.timeout.ms", 10_000);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private List<Difference> compare(Ledger ledger)
      throws IOException, SQLException, InterruptedException {
    awaitRest();
    Map<String, Long> told = lastNumbers();
    Path export = platform.state().resolve("log.ndjson");
    api.download("auditor", "audit", "/v1/log/export", export);
    Set<String> marks =
        ledger.writes().stream()
            .filter(Write::isMarked)
            .map(Write::text)
            .collect(Collectors.toSet());
    Reconciliation books = new Reconciliation(LogCopy.of(export, marks));
    books.checkRest(waitsFor);
    books.checkLog();
    books.checkFeed(fed());
    books.checkSources(told);
    books.checkWrites(ledger);
    for (Kind kind : Kind.ALL) {
      Map<String, Reconciliation.Row> rows;
      try (Connection database = stack.superuser(kind.service())) {
        rows = Reconciliation.rows(kind, database);
      }
      books.checkRows(kind, rows);
      if (kind.path() != null) {
        List<JsonNode> views = api.all("auditor", kind.service(), kind.path());
        books.checkList(kind, rows.keySet(), views);
        books.checkViews(kind, views);
      }
    }
    for (ReadModel model : ReadModel.ALL) {
      try (Connection database = stack.superuser(model.service())) {
        books.checkReadModel(model, Reconciliation.known(model, database));
      }
    }
    for (String service : Platform.SERVICES) {
      books.checkNothingIsStuck(
          service, "parked event", number(service, "select count(*) from parked"));
      books.checkNothingIsStuck(
          service, "waiting fact", number(service, "select count(*) from outbox"));
    }
    for (Map.Entry<String, String> wrong : WRONG_IN_LOG.entrySet()) {
      books.checkNothingIsStuck("audit", wrong.getKey(), number("audit", wrong.getValue()));
    }
    try (Connection audit = stack.superuser("audit")) {
      books.checkObjects(Reconciliation.objects(audit));
    }
    books.checkNothingIsStuck("access", "waiting account", number("access", ACCOUNTS_WAITING));
    books.checkNothingIsStuck(
        "access", "person whose rights are due", number("access", RIGHTS_DUE));
    books.checkNothingIsStuck("access", "conflict of duties due", number("access", DUTIES_DUE));
    books.checkNothingIsStuck("asset", "asset to be matched", number("asset", TO_MATCH));
    books.checkNothingIsStuck(
        "incident", "critical alert that nobody was told of", number("incident", UNTOLD_ALERTS));
    books.checkNothingIsStuck(
        "incident", "undeliverable notice", number("incident", UNDELIVERABLE));
    books.checkNoNoticeIsLate(noticesLate());
    Collection<Mail> mails = mails();
    Map<String, Long> mailed = mailed();
    books.checkSomeMailIsSent(mailed);
    books.checkMails(mailed, received(mails));
    books.checkTries(count("incident", NOTICES), arrivals(mails));
    repeatedMails = mails.stream().mapToLong(mail -> mail.times() - 1).sum();
    return books.differences();
  }

  /** The last number that each source gave. */
  private Map<String, Long> lastNumbers() throws SQLException {
    Map<String, Long> numbers = new HashMap<>();
    for (String service : Platform.SERVICES) {
      numbers.put("/vigie/" + service, number(service, "select last_number from relay"));
    }
    return numbers;
  }

  /** How many mails came again under their {@code Message-ID}. */
  long repeatedMails() {
    return repeatedMails;
  }

  /**
   * The mails that were noted as sent: the checkpoints by recipient, the notices each by itself,
   * {@code notification/id}.
   */
  private Map<String, Long> mailed() throws SQLException {
    Map<String, Long> mailed =
        count("audit", "select recipient, count(*) from checkpoint_mail group by recipient");
    count("incident", NOTICES + "where state = 'SENT'")
        .keySet()
        .forEach(notice -> mailed.put(notice, 1L));
    return mailed;
  }

  /**
   * The mails that arrived, in the same way; the same one twice counts once, and one does not count
   * whose sender has tried it and not noted that it was sent: it was killed between the two, and
   * may have given the mail up since, because what it told was over.
   */
  private Map<String, Long> received(Collection<Mail> mails) throws SQLException {
    Map<String, Long> unsettled =
        count("incident", NOTICES + "where state in ('WAITING', 'ABANDONED') and attempts > 0");
    Map<String, Long> received = new HashMap<>();
    for (Mail mail : mails) {
      Optional<String> notice = mail.notice();
      if (notice.isEmpty()) {
        mail.to().forEach(to -> received.merge(to, 1L, Long::sum));
      } else if (!unsettled.containsKey(notice.get())) {
        received.put(notice.get(), 1L);
      }
    }
    return received;
  }

  /** How often each notice arrived. */
  private static Map<String, Long> arrivals(Collection<Mail> mails) {
    Map<String, Long> arrivals = new HashMap<>();
    mails.forEach(mail -> mail.notice().ifPresent(notice -> arrivals.put(notice, mail.times())));
    return arrivals;
  }

  private Collection<Mail> mails() throws IOException {
    Map<String, Mail> mails = new LinkedHashMap<>();
    for (JsonNode mail : api.get("auditor", "mail", "/api/messages")) {
      String messageId = mail.path("messageId").asText();
      List<String> to = new ArrayList<>();
      mail.path("to").forEach(address -> to.add(address.asText()));
      mails.merge(messageId, new Mail(messageId, to, 1), (known, same) -> known.again());
    }
    return mails.values();
  }

  private Map<String, Long> count(String database, String query) throws SQLException {
    Map<String, Long> counts = new HashMap<>();
    try (Connection connection = stack.superuser(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        counts.put(row.getString(1), row.getLong(2));
      }
    }
    return counts;
  }

  private long number(String database, String query) throws SQLException {
    try (Connection connection = stack.superuser(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** By the program that outsiders get: the export, and the log with all that was seen of it. */
  private List<Difference> verifyLog(Checkpoints checkpoints)
      throws IOException, InterruptedException {
    Path folder = platform.state().resolve("verification");
    Files.createDirectories(folder);
    String key = Files.writeString(folder.resolve("vkey"), text("/log/vkey")).toString();
    String token = Files.writeString(folder.resolve("token"), stack.token("auditor")).toString();
    List<String> log = new ArrayList<>(List.of("log", stack.url("audit") + "/log"));
    log.addAll(List.of("--vkey", key, "--token", token));
    for (Path checkpoint : checkpoints.files(folder.resolve("seen"))) {
      log.addAll(List.of("--checkpoint", checkpoint.toString()));
    }
    String export = platform.state().resolve("log.ndjson").toString();
    List<Difference> differences = new ArrayList<>(verify(log));
    differences.addAll(verify(List.of("export", export, "--vkey", key)));
    Files.delete(folder.resolve("token"));
    return differences;
  }

  private String text(String path) throws IOException {
    return api.send("auditor", "GET", "audit", path, null, request -> {}).body();
  }

  private List<Difference> verify(List<String> arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                verifier.toString()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output;
    try (InputStream said = process.getInputStream()) {
      output = new String(said.readAllBytes(), StandardCharsets.UTF_8);
    }
    int exit = process.waitFor();
    return exit == 0
        ? List.of()
        : List.of(
            new Difference(
                "the log, by " + arguments.get(0), "verified", "exit " + exit + ": " + output));
  }
}
