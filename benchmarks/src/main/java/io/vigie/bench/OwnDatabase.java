package io.vigie.bench;

import java.nio.file.Path;
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
    migrate(bed.root(), connection, service);
  }

  /** Makes the tables of a service as it does itself. */
  static void migrate(Path root, Connection connection, String service) {
    // From the checkout: on the class path the services' migrations have one name.
    Path migrations = root.resolve(service + "-service/src/main/resources/db/migration");
    Flyway.configure()
        .dataSource(PoolOfOne.of(connection))
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
