package io.vigie.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import io.vigie.audit.intake.Appender;
import io.vigie.audit.payload.KeysForBenchmarks;

/** A log in a database of its own, beside the platform's, that begins empty. */
final class OwnLog implements AutoCloseable {

  private final Bed bed;
  private final String name;
  private final OwnDatabase database;

  OwnLog(Bed bed, String name) throws SQLException {
    this.bed = bed;
    this.name = name;
    this.database = new OwnDatabase(bed, name, "audit");
  }

  Connection connection() {
    return database.connection();
  }

  /** One more connection, to be closed by whoever asked. */
  Connection another() throws SQLException {
    return database.another();
  }

  /** Its writer; the log's last source number tells where to go on. */
  Appender appender() throws Exception {
    long lastNumber;
    try (Statement statement = connection().createStatement();
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
        database.dataSource(), KeysForBenchmarks.in(keys), new Events(bed.root(), lastNumber));
  }

  @Override
  public void close() throws SQLException {
    database.close();
  }
}
