package io.vigie.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/** PostgreSQL from the binaries on Maven Central; stops with the JVM. */
final class EmbeddedDatabase {

  private EmbeddedDatabase() {}

  static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder()
          .setServerConfig("max_connections", "200")
          .setServerConfig("fsync", "off") // no test cuts the power
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL does not start for the tests", e);
    }
  }
}
