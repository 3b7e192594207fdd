package io.vigie.asset;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What goes on in the database after its caller was told that it took too long. */
@QuarkusTest
@TestProfile(LateRequestTest.Impatient.class)
@QuarkusTestResource(ServiceEnvironment.class)
class LateRequestTest {

  /** The deadline passes while a statement waits for a lock. */
  public static final class Impatient implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("vigie.request-deadline", "2s", "vigie.relay.enabled", "false");
    }
  }

  private static Response report(String serial) {
    return Rest.as(Tokens.of(TOOL))
        .header("Idempotency-Key", UUID.randomUUID())
        .body(
            Map.of(
                "deviceid",
                serial,
                "itemtype",
                "Computer",
                "content",
                Map.of(
                    "hardware",
                    Map.of("name", "late"),
                    "bios",
                    Map.of("ssn", serial),
                    "softwares",
                    List.of(Map.of("name", serial, "version", "1.0-1", "from", "deb")))))
        .post("/v1/inventories");
  }

  @Test
  void aReportThatIsLateIsThereWithItsFact() throws SQLException {
    // The first ones may be late by themselves.
    await().until(() -> report(UUID.randomUUID().toString()).statusCode() == 200);
    String serial = UUID.randomUUID().toString();

    // Given a report in the middle of its transaction when its caller is told to come back
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement()) {
      database.setAutoCommit(false);
      sql.execute("lock table asset in access exclusive mode");
      problem(report(serial), 503, "unavailable");
      database.rollback();
    }

    // Then all of it is done afterwards, and nothing of it alone
    await().until(() -> count("asset where serial_number = '%s'".formatted(serial)) == 1);
    assertEquals(
        1,
        count(
            "outbox where type = 'asset.discovered.v1' and payload like '%%%s%%'"
                .formatted(serial)));
  }

  private static int count(String what) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement();
        ResultSet row = sql.executeQuery("select count(*) from " + what)) {
      row.next();
      return row.getInt(1);
    }
  }
}
