package io.vigie.access.physical;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.join;
import static io.vigie.access.physical.Premises.admit;
import static io.vigie.access.physical.Premises.badge;
import static io.vigie.access.physical.Premises.key;
import static io.vigie.access.physical.Premises.step;
import static io.vigie.access.physical.Premises.tasks;
import static io.vigie.access.physical.Premises.unique;
import static io.vigie.access.physical.Premises.zone;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class LeaversTest {

  @Inject DataSource database;

  @Test
  void aLeaversBadgeOpensNothingAtOnceTheirVisitsAreOffAndWhatTheyHaveIsToComeBack() {
    // Given somebody with a badge, a key, a visitor to come and one who is there
    UUID account = UUID.randomUUID();
    String person = join(account);
    String zone = zone();
    admit(person, zone);
    String badge = badge(unique("B"), person);
    String key = key(zone);
    step(TOKEN, "/v1/keys/" + key, "handout", Map.of("person", person)).then().statusCode(200);
    String ahead = VisitResourceTest.plan(TOKEN, person, zone);
    String there = VisitResourceTest.plan(TOKEN, person, zone);
    step(Tokens.of(account), "/v1/visits/" + there, "approval", Map.of()).then().statusCode(200);
    step(TOKEN, "/v1/visits/" + there, "arrival", Map.of()).then().statusCode(200);

    // When
    Api.leave(person).then().statusCode(200);

    // Then
    Rest.as(TOKEN)
        .get("/v1/badges/" + badge)
        .then()
        .body("state", equalTo("REVOKED"))
        .body("endedReason", equalTo("The person left."));
    Rest.as(TOKEN).get("/v1/visits/" + ahead).then().body("state", equalTo("CANCELLED"));
    Rest.as(TOKEN).get("/v1/visits/" + there).then().body("state", equalTo("PRESENT"));
    tasks(TOKEN).then().body("items.id", hasItems(badge, key));

    // And when all is back, nothing waits
    step(TOKEN, "/v1/badges/" + badge, "return", Map.of()).then().statusCode(200);
    step(TOKEN, "/v1/keys/" + key, "return", Map.of()).then().statusCode(200);
    tasks(TOKEN).then().body("items.id", not(hasItem(badge))).body("items.id", not(hasItem(key)));
  }

  @Test
  void whoLeavesWhileARightOfTheirsEndsKeepsNobodyFromTheirBadge() throws SQLException {
    // Given somebody with a badge and a right to it, which ends in a transaction that has it locked
    String person = join(UUID.randomUUID());
    String right = admit(person, zone(), "BADGE");
    String badge = badge(unique("B"), person);
    try (Connection end = database.getConnection()) {
      end.setAutoCommit(false);
      lock(end, "access_right", right);

      // When they leave meanwhile
      CompletableFuture<Response> departure =
          CompletableFuture.supplyAsync(() -> Api.leave(person));
      await().until(() -> isAwaited(end));

      // Then the badge is that transaction's to take, and the departure goes on after it
      lock(end, "badge", badge);
      end.rollback();
      departure.join().then().statusCode(200);
    }
    Rest.as(TOKEN).get("/v1/badges/" + badge).then().body("state", equalTo("REVOKED"));
  }

  private static void lock(Connection connection, String table, String id) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "select id from %s where id = '%s' for no key update nowait".formatted(table, id));
    }
  }

  /** Whether anybody waits for a lock that {@code holder} has. */
  private boolean isAwaited(Connection holder) throws SQLException {
    int pid = holder.unwrap(PGConnection.class).getBackendPID();
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "select count(*) > 0 from pg_stat_activity where ? = any(pg_blocking_pids(pid))")) {
      statement.setInt(1, pid);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }
}
