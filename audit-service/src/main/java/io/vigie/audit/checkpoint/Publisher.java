package io.vigie.audit.checkpoint;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.vigie.audit.intake.Seal;
import io.vigie.audit.note.Checkpoint;
import io.vigie.audit.note.Note;
import org.jboss.logging.Logger;

/**
 * Signs the head after each batch and publishes the checkpoint: first to the file, then to the
 * table, in a transaction that holds the publishers' lock, then to the topic. Every few seconds it
 * looks again, so that what a crash or a full disk left unpublished is published then.
 *
 * <p>Crashes: before the file is written nothing was published, the next call signs. Between file
 * and table, the file's checkpoint is known again after the restart and goes into the table as it
 * is. After the table, the topic gets it with the next call. A database that crashes may lose the
 * newest rows of that table, and none of the entries that they are of: it gets the newest note
 * again, or one that extends it, and until then a replica that did not sign it may serve an older
 * one. The lock lets one replica publish at a time and each signs the head, which is on the disk by
 * then, so sizes that are signed never go back. The same tree gets the same note, since Ed25519
 * signatures are deterministic.
 *
 * <p>It refuses, and lets nothing be appended, while the database does not extend the newest
 * checkpoint that the file, the topic, the table and its own memory know, or does not extend what a
 * witness knows. The refusal ends by itself once the database holds the published log again.
 *
 * <p>Figures: {@code vigie_log_published} (entries covered), {@code vigie_log_refusing} (1 while it
 * refuses), {@code vigie_log_checkpoint_failures_total}.
 */
@ApplicationScoped
class Publisher implements Seal {

  private static final Logger LOG = Logger.getLogger(Publisher.class);

  /** Key of the advisory lock that publishers hold, whichever replica they are in. */
  static final long LOCK = 0x7669676965L;

  private static final Comparator<String> NEWEST_FIRST =
      Comparator.comparingLong(Publisher::claimedSize).reversed();

  private final DataSource database;
  private final LogKeys keys;
  private final CheckpointFile file;
  private final CheckpointTopic topic;
  private final Witnesses witnesses;
  private final Clock clock;
  private final Counter failures;

  /** What the tree must extend, the newest last; null until file and topic were read. */
  private volatile List<Published> known;

  private volatile String refusal;
  private volatile String failure;

  Publisher(
      DataSource database,
      LogKeys keys,
      CheckpointFile file,
      CheckpointTopic topic,
      Witnesses witnesses,
      MeterRegistry registry,
      Clock clock) {
    this.database = database;
    this.keys = keys;
    this.file = file;
    this.topic = topic;
    this.witnesses = witnesses;
    this.clock = clock;
    failures = registry.counter("vigie.log.checkpoint.failures");
    registry.gauge("vigie.log.published", this, publisher -> publisher.newestSize());
    registry.gauge("vigie.log.refusing", this, publisher -> publisher.refusal == null ? 0 : 1);
  }

  @Override
  public void requireUnbroken(Connection connection) throws SQLException {
    try {
      List<Published> published = known(Origins.read(connection, keys));
      StoredTree tree = StoredTree.lock(connection);
      require(tree, published);
      if (refusal != null || tree.newest() == null || tree.newest().size() != tree.size()) {
        // Otherwise the head is what was signed, and that was looked at.
        tree.requireWhole();
        accept();
      }
    } catch (BrokenLog e) {
      refuse(e);
      throw e;
    }
  }

  @Override
  public void logGrew() {
    attempt();
  }

  @Scheduled(every = "{vigie.log.publish-every}", concurrentExecution = ConcurrentExecution.SKIP)
  void lookAgain() {
    attempt();
  }

  private void attempt() {
    try {
      publish();
      failure = null;
    } catch (BrokenLog e) {
      refuse(e);
    } catch (SQLException | IOException | RuntimeException e) {
      failures.increment();
      failure = e.toString();
      LOG.warnf("the newest checkpoint is published later: %s", e.toString());
    }
  }

  /**
   * Publishes the newest head unless that was done.
   *
   * @throws BrokenLog when the database does not extend what was published, or its head is not what
   *     its stored hashes make; nothing is signed
   * @throws IOException when the file cannot be written; the table and the topic stay as they were
   */
  synchronized void publish() throws SQLException, IOException {
    Published newest;
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        lock(connection);
        Origins origins = Origins.read(connection, keys);
        List<Published> published = known(origins);
        StoredTree tree = StoredTree.read(connection);
        require(tree, published);
        tree.requireWhole();
        newest =
            newestOf(published)
                .filter(last -> last.size() == tree.size())
                .or(() -> signedOf(tree))
                .orElseGet(() -> keys.sign(tree.size(), tree.root()));
        file.replace(newest.note());
        insert(connection, newest);
        origins.sign(connection, keys);
        connection.commit();
      } catch (SQLException | IOException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
    known = List.of(newest);
    accept();
    topic.send(keys.origin(), newest.note());
  }

  /**
   * File and topic are read and the witnesses asked once: from then on this process knows what it
   * published. After a succession it starts anew, with what is known of the log that is there now.
   */
  private List<Published> known(Origins origins) throws SQLException {
    List<Published> found = known;
    boolean isOfThisLog = found != null && origins.inForce().equals(keys.origin());
    // Without the lock: a batch is stored while the one before it is published.
    return isOfThisLog ? found : readKnown(origins);
  }

  private synchronized List<Published> readKnown(Origins origins) throws SQLException {
    if (!origins.inForce().equals(keys.origin())) {
      // In this order: who takes the name first never gets what is known of the log before it.
      known = null;
      keys.follow(origins);
    }
    if (known == null) {
      List<Published> found = newestSigned(topic.read(keys.origin()));
      readFile().ifPresent(found::add);
      witnesses.askAll();
      found.sort(Comparator.comparingLong(Published::size));
      known = List.copyOf(found);
    }
    return known;
  }

  /**
   * The newest note that this log signed, and what else it signed of that size: who extends it,
   * extends those before it. Anybody with access to the broker can write to the topic, so what
   * somebody else put there proves nothing, and stops nothing.
   */
  private List<Published> newestSigned(Collection<String> notes) {
    List<Published> newest = new ArrayList<>();
    for (String note : notes.stream().distinct().sorted(NEWEST_FIRST).toList()) {
      if (!newest.isEmpty() && claimedSize(note) < newest.get(0).size()) {
        break;
      }
      try {
        newest.add(keys.verified(note));
      } catch (IllegalArgumentException e) {
        LOG.warnf("topic %s holds a note of somebody else: %s", CheckpointTopic.TOPIC, e);
      }
    }
    return newest;
  }

  private static long claimedSize(String note) {
    try {
      return Checkpoint.parse(Note.parse(note).text()).size();
    } catch (IllegalArgumentException e) {
      return -1;
    }
  }

  private Optional<Published> readFile() {
    try {
      return file.read().filter(note -> !keys.isOfPredecessor(note)).map(keys::verified);
    } catch (IllegalArgumentException e) {
      throw fileTellsNothing("holds no checkpoint of this log: " + e.getMessage());
    } catch (IOException e) {
      throw fileTellsNothing("cannot be read: " + e);
    }
  }

  /** What was published is not known, so no log can succeed it either. */
  private BrokenLog fileTellsNothing(String why) {
    return new BrokenLog(
        file + " " + why + ".",
        "Put the newest note of this log there, which the mails of checkpoints, the witnesses and"
            + " the topic "
            + CheckpointTopic.TOPIC
            + " have, readable for the service.");
  }

  private void require(StoredTree tree, List<Published> published) throws SQLException {
    for (Published each : published) {
      tree.requireExtends(each);
    }
    witnesses.ahead().forEach(tree::requireReaches);
    witnesses.contradicting().forEach(StoredTree::contradictedBy);
    Published newest = tree.newest();
    if (newest != null
        && published.stream().noneMatch(each -> each.isOf(newest.size(), newest.root()))) {
      tree.requireExtends(newest);
    }
  }

  private static Optional<Published> newestOf(List<Published> published) {
    return published.stream().max(Comparator.comparingLong(Published::size));
  }

  /** What another replica signed of this very tree. Anything else in the table is no signature. */
  private Optional<Published> signedOf(StoredTree tree) {
    try {
      return Optional.ofNullable(tree.newest())
          .filter(stored -> stored.size() == tree.size())
          .map(stored -> keys.verified(stored.note()))
          .filter(signed -> signed.isOf(tree.size(), tree.root()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // A publisher that is paused in its transaction must not keep the others from publishing. Its
      // commit need not wait for the disk, which has the entries, and the note in the file.
      statement.execute(
          "set local idle_in_transaction_session_timeout = '10s'; set local synchronous_commit = off;"
              + " select pg_advisory_xact_lock("
              + LOCK
              + ")");
    }
  }

  private void insert(Connection connection, Published published) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into checkpoint (size, root, note, signed_at) values (?, ?, ?, ?::timestamptz) on conflict do nothing")) {
      insert.setLong(1, published.size());
      insert.setBytes(2, published.root());
      insert.setString(3, published.note());
      insert.setString(4, clock.instant().toString());
      insert.executeUpdate();
    }
  }

  private void refuse(BrokenLog broken) {
    if (!broken.getMessage().equals(refusal)) {
      LOG.error(broken.getMessage());
    }
    refusal = broken.getMessage();
  }

  private void accept() {
    if (refusal != null) {
      LOG.info("the database holds the published log again");
    }
    refusal = null;
  }

  /** The newest checkpoint that this process knows of; empty before the first. */
  Optional<Published> newest() {
    List<Published> published = known;
    return published == null ? Optional.empty() : newestOf(published);
  }

  private long newestSize() {
    return newest().map(Published::size).orElse(0L);
  }

  /** Why nothing is signed nor appended, or null. */
  String refusal() {
    return refusal;
  }

  /** Why the newest head is not published yet, or null. */
  String failure() {
    return failure;
  }
}
