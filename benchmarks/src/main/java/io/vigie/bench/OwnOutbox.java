package io.vigie.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import io.vigie.kernel.outbox.RelayForBenchmarks;
import org.flywaydb.core.Flyway;

/** An outbox in a database of its own, beside the platform's, that begins empty. */
final class OwnOutbox implements AutoCloseable {

  /** The role that may do everything there, with its name as the password. */
  static final String ROLE = "bench";

  private final Bed bed;
  private final String name;

  OwnOutbox(Bed bed, String name) throws SQLException {
    this.bed = bed;
    this.name = name;
    close();
    server(
        """
        do $$ begin
          if not exists (select from pg_roles where rolname = 'bench') then
            create role bench login superuser password 'bench';
          end if;
        end $$""");
    server("create database " + name);
    Flyway.configure()
        .dataSource(url(), ROLE, ROLE)
        .locations("db/kernel")
        .placeholders(Map.of("runtime", ROLE))
        .load()
        .migrate();
  }

  Debezium.Outbox forDebezium() {
    return new Debezium.Outbox(
        name,
        ROLE,
        "outbox",
        "event_id",
        "message_key",
        "type:header:ce_type,subject:header:ce_subject,actor:header:ce_actor,"
            + "event_number:header:ce_eventnumber,occurred_at:header:ce_time");
  }

  String url() throws SQLException {
    return "jdbc:postgresql://" + bed.stack().address("postgresql") + "/" + name;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), ROLE, ROLE);
  }

  /** The kernel's relay from here into the topic. */
  RelayForBenchmarks relay(String topic) throws SQLException {
    return new RelayForBenchmarks(url(), ROLE, ROLE, bed.stack().address("kafka"), name, topic);
  }

  private void server(String statement) throws SQLException {
    try (Connection server = bed.stack().superuser("postgres");
        Statement sql = server.createStatement()) {
      sql.execute(statement);
    }
  }

  @Override
  public void close() throws SQLException {
    server("drop database if exists %s with (force)".formatted(name));
  }
}
