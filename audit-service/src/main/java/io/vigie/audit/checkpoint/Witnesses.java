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
 * <submission prefix> <vkey>}. They never hold up the log: whoever is away is asked again, with
 * whatever is the newest then.
 *
 * <p>Figure: {@code vigie_log_cosigned} (entries covered), by witness.
 */
@ApplicationScoped
class Witnesses {

  private final DataSource database;
  private final Clock clock;
  private final List<Witness> witnesses;
  private final Map<String, String> troubles = new ConcurrentHashMap<>();
  private boolean isStarted;

  Witnesses(
      DataSource database,
      MeterRegistry registry,
      Clock clock,
      @ConfigProperty(name = "vigie.log.witnesses") Optional<List<String>> configured) {
    this.database = database;
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
    if (witnesses.isEmpty()) {
      return;
    }
    Published newest = newest();
    if (newest == null || newest.size() == 0) {
      return;
    }
    for (Witness witness : witnesses) {
      if (witness.size() < newest.size()) {
        cosign(newest, witness);
      }
    }
  }

  /** No connection is held while a witness is waited for. */
  private void cosign(Published newest, Witness witness) throws SQLException, InterruptedException {
    try {
      String line = witness.cosign(newest, this::hashes);
      keep(newest.size(), witness.name(), line);
      troubles.remove(witness.name());
    } catch (IOException | BrokenLog e) {
      troubles.put(witness.name(), e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private Published newest() throws SQLException {
    try (Connection connection = database.getConnection()) {
      start(connection);
      return StoredTree.read(connection).newest();
    }
  }

  private List<byte[]> hashes(Proof proof) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return StoredTree.read(connection).hashes(proof);
    }
  }

  private void start(Connection connection) throws SQLException {
    if (isStarted) {
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
    isStarted = true;
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

  /** Why a witness has not cosigned what it was shown last, by its name. */
  Map<String, String> troubles() {
    return Map.copyOf(troubles);
  }
}
