package io.vigie.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;

import org.flywaydb.core.Flyway;

/** A database of its own, beside the platform's, with the empty tables of one service. */
final class OwnDatabase implements AutoCloseable {

  private final Bed bed;
  private final String name;
  private final Connection connection;

  /**
   * @param service whose tables
   */
  OwnDatabase(Bed bed, String name, String service) throws SQLException {
    this.bed = bed;
    this.name = name;
    drop();
    try (Connection server = bed.stack().superuser("postgres");
        Statement statement = server.createStatement()) {
      statement.execute("create database " + name);
    }
    connection = another();
    // From the checkout: on the class path the services' migrations have one name.
    String migrations =
        bed.root().resolve(service + "-service/src/main/resources/db/migration").toString();
    Flyway.configure()
        .dataSource(dataSource())
        .locations("db/kernel", "filesystem:" + migrations)
        .outOfOrder(true)
        .placeholders(Map.of("runtime", service))
        .load()
        .migrate();
  }

  Connection connection() {
    return connection;
  }

  /** {@link #connection()} as a pool of one. */
  DataSource dataSource() {
    return PoolOfOne.of(connection);
  }

  /** One more connection, to be closed by whoever asked. */
  Connection another() throws SQLException {
    return bed.stack().superuser(name);
  }

  private void drop() throws SQLException {
    try (Connection server = bed.stack().superuser("postgres");
        Statement statement = server.createStatement()) {
      statement.execute("drop database if exists %s with (force)".formatted(name));
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    drop();
  }
}
