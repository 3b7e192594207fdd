package io.vigie.bench;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;

import io.vigie.audit.intake.Appender;
import io.vigie.audit.payload.KeysForBenchmarks;
import org.flywaydb.core.Flyway;

/** A log in a database of its own, beside the platform's, that begins empty. */
final class OwnLog implements AutoCloseable {

  private final Bed bed;
  private final String name;
  private final Connection connection;

  OwnLog(Bed bed, String name) throws SQLException {
    this.bed = bed;
    this.name = name;
    drop();
    try (Connection server = bed.stack().superuser("postgres");
        Statement statement = server.createStatement()) {
      statement.execute("create database " + name);
    }
    connection = bed.stack().superuser(name);
    Flyway.configure()
        .dataSource(only(connection))
        .locations("db/kernel", "db/migration")
        .outOfOrder(true)
        .placeholders(Map.of("runtime", "audit"))
        .load()
        .migrate();
  }

  Connection connection() {
    return connection;
  }

  /** Its writer; the log's last source number tells where to go on. */
  Appender appender() throws Exception {
    long lastNumber;
    try (Statement statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "select coalesce(max(source_number), 0) from entry where source = '%s'"
                    .formatted(Events.SOURCE))) {
      row.next();
      lastNumber = row.getLong(1);
    }
    Path keys = bed.root().resolve("benchmarks/target/keys-" + name);
    if (!Files.isDirectory(keys)) {
      Files.createDirectory(
          keys, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return new Appender(
        only(connection), KeysForBenchmarks.in(keys), new Events(bed.root(), lastNumber));
  }

  /** As a pool of one connection: closing it gives it back. */
  private static DataSource only(Connection connection) {
    Connection borrowed =
        (Connection)
            Proxy.newProxyInstance(
                OwnLog.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("close")) {
                    connection.setAutoCommit(true);
                    return null;
                  }
                  try {
                    return method.invoke(connection, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return (DataSource)
        Proxy.newProxyInstance(
            OwnLog.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) ->
                method.getName().equals("getConnection") ? borrowed : null);
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
