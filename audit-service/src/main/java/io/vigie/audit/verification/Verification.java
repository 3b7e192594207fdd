package io.vigie.audit.verification;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.checkpoint.Checkpoints;
import io.vigie.audit.detect.Alerts;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.audit.verification.StoredLog.Problem;
import io.vigie.audit.verification.VerificationEvent.LogVerified;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import io.vigie.verifier.ExportVerifier;
import io.vigie.verifier.ExportVerifier.Mismatch;
import io.vigie.verifier.ExportVerifier.NoExport;
import io.vigie.verifier.ExportVerifier.Verdict;
import io.vigie.verifier.ExportVerifier.Verified;
import io.vigie.verifier.ExportVerifier.WrongRoot;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Verifies the log as it is stored: each night, and when somebody asks. One run at a time among all
 * replicas, told by an advisory lock on the run's own connection. A run that is cut short leaves
 * nothing behind but the age of the last one, which grows.
 */
@ApplicationScoped
class Verification {

  private static final Logger LOG = Logger.getLogger(Verification.class);
  private static final long LOCK = 0x5647_5645_5249_4659L; // "VGVERIFY"
  private static final Duration ONE_NIGHT = Duration.ofHours(1);

  private final VerificationRows results;
  private final Alerts alerts;
  private final Outbox outbox;
  private final Relay relay;
  private final Actor actor;
  private final Clock clock;
  private final ObjectMapper json;
  private final Checkpoints checkpoints;
  private final PersonKeys keys;
  private final PGSimpleDataSource database = new PGSimpleDataSource();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "log-verification");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicBoolean underWay = new AtomicBoolean();

  Verification(
      VerificationRows results,
      Alerts alerts,
      Outbox outbox,
      Relay relay,
      Actor actor,
      Clock clock,
      ObjectMapper json,
      Checkpoints checkpoints,
      PersonKeys keys,
      @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url,
      @ConfigProperty(name = "quarkus.datasource.username") String user,
      @ConfigProperty(name = "quarkus.datasource.password") String password) {
    this.results = results;
    this.alerts = alerts;
    this.outbox = outbox;
    this.relay = relay;
    this.actor = actor;
    this.clock = clock;
    this.json = json;
    this.checkpoints = checkpoints;
    this.keys = keys;
    database.setUrl(url);
    database.setUser(user);
    database.setPassword(password);
    database.setApplicationName("vigie-verification");
  }

  @Scheduled(cron = "{vigie.log.verify-at}", timeZone = "UTC")
  void nightly() {
    start(actor.system(), clock.instant().minus(ONE_NIGHT));
  }

  void stop(@Observes ShutdownEvent event) {
    thread.shutdownNow();
  }

  /** Verifies soon, unless a run is under way. Returns at once. */
  void start(String by) {
    start(by, null);
  }

  private void start(String by, /* nullable */ Instant unlessSince) {
    if (underWay.compareAndSet(false, true)) {
      thread.execute(
          () -> {
            try {
              run(by, unlessSince);
            } catch (Throwable e) {
              LOG.errorf(e, "the log could not be verified");
            } finally {
              underWay.set(false);
            }
          });
    }
  }

  /** Whether this replica verifies just now. */
  boolean isUnderWay() {
    return underWay.get();
  }

  private void run(String by, Instant unlessSince) throws Throwable {
    try (Connection connection = database.getConnection()) {
      if (!lock(connection) || hasRunSince(connection, unlessSince)) {
        return;
      }
      LogVerified result = verify(connection);
      VertxContextSupport.subscribeAndAwait(() -> publish(result, by));
      relay.wake();
    }
  }

  private static boolean lock(Connection connection) throws SQLException {
    return isTrue(connection, "select pg_try_advisory_lock(" + LOCK + ")");
  }

  /** Another replica, whose clock is ahead, may have done this night's work already. */
  private static boolean hasRunSince(Connection connection, Instant since) throws SQLException {
    return since != null
        && isTrue(
            connection,
            "select exists (select from verification where finished_at > '" + since + "')");
  }

  private static boolean isTrue(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /** The verdict on what this connection sees in one snapshot. */
  private LogVerified verify(Connection connection) throws SQLException, IOException {
    connection.setAutoCommit(false);
    connection.setReadOnly(true);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    long start = System.nanoTime();
    try (Connection latest = database.getConnection();
        StoredLog log = stored(connection, new DestroyedKeys(latest, json, clock));
        InputStream export = log.export()) {
      Problem problem = first(inExport(export), log.problem());
      return new LogVerified(
          Ids.next(),
          problem == null,
          log.size(),
          Base64.getEncoder().encodeToString(log.root()),
          log.signedSize(),
          problem == null ? null : problem.index(),
          problem == null ? null : problem.reason(),
          Duration.ofNanos(System.nanoTime() - start).toMillis(),
          clock.instant());
    } finally {
      connection.rollback();
    }
  }

  private StoredLog stored(Connection connection, DestroyedKeys destroyed) throws SQLException {
    return new StoredLog(connection, new Payloads(keys), destroyed, json, checkpoints);
  }

  /** What the offline verifier finds; null when it finds nothing. */
  private static Problem inExport(InputStream export) throws IOException {
    try {
      Verdict verdict = ExportVerifier.verify(export);
      if (verdict instanceof Mismatch mismatch) {
        return new Problem(mismatch.index(), mismatch.reason());
      }
      if (verdict instanceof WrongRoot root) {
        return new Problem(
            null,
            "the entries have the root %s, the head says %s"
                .formatted(root.computed(), root.promised()));
      }
      return verdict instanceof Verified ? null : new Problem(null, verdict.toString());
    } catch (NoExport e) {
      return new Problem(null, e.getMessage());
    }
  }

  private static Problem first(Problem one, Problem other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    boolean isOther = one.index() == null || other.index() != null && other.index() < one.index();
    return isOther ? other : one;
  }

  private Uni<Void> publish(LogVerified result, String by) {
    return Panache.withTransaction(
        () ->
            results
                .insert(result)
                .chain(() -> outbox.appendFact("verification", "log", by, result, result.state()))
                .chain(() -> result.intact() ? Uni.createFrom().voidItem() : alert(result)));
  }

  private Uni<Void> alert(LogVerified result) {
    String place = result.index() == null ? "the log: " : "entry " + result.index() + " ";
    return alerts
        .found("log.verification-failed", null, null, result.at(), place + result.reason())
        .replaceWithVoid();
  }
}
