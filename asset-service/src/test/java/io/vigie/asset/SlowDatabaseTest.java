package io.vigie.asset;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.OwnRealm;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * That the database ends what takes it too long, so that it holds neither a connection nor others
 * up when its caller is long gone; in every service alike, shown on this one.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@WithTestResource(OwnRealm.class)
@Timeout(300)
class SlowDatabaseTest {

  @Test
  void aStatementThatTakesTooLongIsGivenUpAndItsCallerToldToComeBack() throws SQLException {
    Response answer = Rest.as(OwnRealm.token(STAFF)).get("/test/long-statement");

    assertUnavailable(answer, "The database took too long with this. Try again shortly.");
    // And nothing goes on behind that answer
    assertEquals(
        "0",
        text(
            "select count(*) from pg_stat_activity where query like '%pg_sleep(4%'"
                + " and state = 'active' and pid <> pg_backend_pid()"));
  }

  @Test
  void whatWaitsTooLongForALockIsGivenUpAndPassesWhenTheLockIsFree() throws SQLException {
    String token = OwnRealm.token(STAFF);
    try (Connection other = Infrastructure.running().superuser("asset");
        Statement sql = other.createStatement()) {
      // Given somebody who keeps everybody from a table
      other.setAutoCommit(false);
      sql.execute("lock table asset in access exclusive mode");

      // When one asks for what is in it
      Response answer = Rest.as(token).get("/v1/assets");

      // Then they are told to come back
      assertUnavailable(answer, "The database is away, or busy with this. Try again shortly.");
      other.rollback();
    }

    assertEquals(200, Rest.as(token).get("/v1/assets").statusCode());
  }

  @Test
  void everyConnectionSaysHowLongATransactionMayWaitForItsNextStatement() throws Throwable {
    String setting = "select current_setting('idle_in_transaction_session_timeout')";

    String said =
        VertxContextSupport.subscribeAndAwait(
            () ->
                Panache.withSession(
                    () ->
                        Panache.getSession()
                            .chain(
                                session ->
                                    session
                                        .createNativeQuery(setting, String.class)
                                        .getSingleResult())));

    assertEquals("2s", said);
  }

  @Test
  void whatWorksForLongBesideATransactionIsRememberedForWhoRepeatsItAllTheSame() {
    // Given a request whose work takes longer than a transaction may wait
    RejectingResource.gate = new CompletableFuture<>();
    RejectingResource.entered = new CompletableFuture<>();
    String token = OwnRealm.token(STAFF);
    String key = UUID.randomUUID().toString();
    CompletableFuture<Response> first = CompletableFuture.supplyAsync(() -> work(token, key));
    RejectingResource.entered.join();
    String waiting =
        "select count(*) from pg_stat_activity where usename = 'asset'"
            + " and state = 'idle in transaction'"
            + " and state_change < now() - interval '2.5 seconds'";
    await().until(() -> text(waiting).equals("1"));

    // When it is done
    RejectingResource.gate.complete(null);

    // Then it is answered, and who repeats it gets the same answer
    assertEquals(200, first.join().statusCode());
    assertEquals("true", work(token, key).header("Idempotent-Replayed"));
  }

  private static Response work(String token, String key) {
    return Rest.as(token).header("Idempotency-Key", key).post("/test/slow-work");
  }

  private static void assertUnavailable(Response answer, String detail) {
    problem(answer, 503, "unavailable").header("Retry-After", "2").body("detail", equalTo(detail));
  }

  private static String text(String query) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
