package io.vigie.asset;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.OwnRealm;
import io.vigie.testkit.ServiceEnvironment;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * That there is a way back from an upgrade: what a service does with its database when it starts,
 * where a newer release was there before; in every service alike, shown on this one.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@WithTestResource(OwnRealm.class)
class NewerDatabaseTest {

  @Inject Flyway flyway;

  @AfterEach
  void theDatabaseOfThisRelease() throws SQLException {
    sql("delete from flyway_schema_history where script = 'newer.sql'");
  }

  @Test
  void migrationsThatAReleaseDoesNotKnowArePassedOverWhereverTheyStand() throws SQLException {
    // Given one between those of this release, and one behind all of them
    sql(
        """
        insert into flyway_schema_history
          (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
        values (1000001, '0.1.1', 'newer', 'SQL', 'newer.sql', 1, 'asset_owner', 1, true),
          (1000002, '1000', 'newer', 'SQL', 'newer.sql', 1, 'asset_owner', 1, true)""");

    // When
    int migrated = flyway.migrate().migrationsExecuted;

    // Then
    assertEquals(0, migrated);
  }

  private static void sql(String statement) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement()) {
      sql.execute(statement);
    }
  }
}
