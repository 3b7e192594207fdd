package io.vigie.audit.checkpoint;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.vigie.audit.merkle.Proof;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Has the newest checkpoint cosigned by the witnesses in {@code vigie.log.witnesses}, each {@code
 * <submission prefix> <vkey>}. One that is away never holds up the log: it is asked again, with
 * whatever is the newest then. One that has cosigned more than the database holds, or another past,
 * does: see {@link #ahead} and {@link #contradicting}.
 *
 * <p>Figure: {@code vigie_log_cosigned} (entries covered), by witness.
 */
@ApplicationScoped
class Witnesses {

  private final DataSource database;
  private final LogKeys keys;
  private final Clock clock;
  private final List<Witness> witnesses;
  private final Map<String, String> troubles = new ConcurrentHashMap<>();
  private final Map<String, Long> ahead = new ConcurrentHashMap<>();
  private final Map<String, Long> contradicting = new ConcurrentHashMap<>();

  /** The log whose checkpoints they are shown; what they know is of this one. */
  private String origin;

  Witnesses(
      DataSource database,
      LogKeys keys,
      MeterRegistry registry,
      Clock clock,
      @ConfigProperty(name = "vigie.log.witnesses") Optional<List<String>> configured) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
    try {
      witnesses = configured.orElse(List.of()).stream().map(Witness::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("vigie.log.witnesses: " + e.getMessage());
    }
    for (Witness witness : witnesses) {
      registry.gauge(
          "vigie.log.cosigned", Tags.of("witness", witness.name()), witness, Witness::size);
    }
  }

  /** Asks each witness that has not cosigned the newest checkpoint, one after the other. */
  @Scheduled(every = "2s", concurrentExecution = ConcurrentExecution.SKIP)
  void cosign() throws SQLException, InterruptedException {
    ask(false);
  }

  /**
   * Asks every witness what it makes of the newest checkpoint, also one that has cosigned it: of a
   * database that went back in time, it alone may know.
   */
  void askAll() throws SQLException {
    try {
      ask(true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the witnesses were asked", e);
    }
  }

  private synchronized void ask(boolean all) throws SQLException, InterruptedException {
    if (witnesses.isEmpty()) {
      return;
    }
    Published newest = newest();
    if (newest == null || newest.size() == 0) {
      return;
    }
    for (Witness witness : witnesses) {
      if (all || witness.size() < newest.size() || contradicting.containsKey(witness.name())) {
        ask(newest, witness);
      }
    }
  }

  /** No connection is held while a witness is waited for. */
  private void ask(Published newest, Witness witness) throws SQLException, InterruptedException {
    try {
      String line = witness.cosign(newest, this::hashes);
      keep(newest.size(), witness.name(), line);
      troubles.remove(witness.name());
      ahead.remove(witness.name());
      contradicting.remove(witness.name());
    } catch (IOException | BrokenLog e) {
      troubles.put(witness.name(), e.getMessage() == null ? e.toString() : e.getMessage());
      if (e instanceof Witness.Ahead later && !isPublished(later.size())) {
        ahead.put(witness.name(), later.size());
      }
      if (e instanceof Witness.Contradiction other) {
        contradicting.put(witness.name(), other.size());
      }
    }
  }

  /** Another replica may have published and shown it in the meantime. */
  private boolean isPublished(long size) throws SQLException {
    Published newest = newest();
    return newest != null && newest.size() >= size;
  }

  /** The newest checkpoint in the table, or null where there is none that this log signed. */
  private Published newest() throws SQLException {
    try (Connection connection = database.getConnection()) {
      start(connection);
      Published newest = StoredTree.read(connection).newest();
      return newest == null ? null : keys.verified(newest.note());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private List<byte[]> hashes(Proof proof) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return StoredTree.read(connection).hashes(proof);
    }
  }

  private void start(Connection connection) throws SQLException {
    if (keys.origin().equals(origin)) {
      return;
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "select coalesce(max(size), 0) from cosignature where witness = ?")) {
      for (Witness witness : witnesses) {
        select.setString(1, witness.name());
        try (ResultSet row = select.executeQuery()) {
          row.next();
          witness.startFrom(row.getLong(1));
        }
      }
    }
    ahead.clear();
    contradicting.clear();
    origin = keys.origin();
  }

  private void keep(long size, String witness, String line) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into cosignature (size, witness, line, signed_at) values (?, ?, ?, ?::timestamptz) on conflict do nothing")) {
      insert.setLong(1, size);
      insert.setString(2, witness);
      insert.setString(3, line);
      insert.setString(4, clock.instant().toString());
      insert.executeUpdate();
    }
  }

  /**
   * Witnesses that said they had cosigned more than was published here, and how many entries: the
   * database went back in time unless it has that many.
   */
  Map<String, Long> ahead() {
    return Map.copyOf(ahead);
  }

  /**
   * Witnesses that said they had cosigned what the log does not extend, and how many entries, until
   * they cosign again: the log that they know and this one are two.
   */
  Map<String, Long> contradicting() {
    return Map.copyOf(contradicting);
  }

  /** Why a witness has not cosigned what it was shown last, by its name. */
  Map<String, String> troubles() {
    return Map.copyOf(troubles);
  }
}
