package io.vigie.audit.tlog;

import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vigie.audit.LogDatabase;
import io.vigie.kernel.Ids;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.verifier.InclusionProof;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@TestProfile(GrowingLog.Profile.class)
class ReceiptResourceTest {

  @Inject MovableClock clock;

  private GrowingLog log;

  @BeforeEach
  void open() throws SQLException {
    log = new GrowingLog();
  }

  @AfterEach
  void close() throws SQLException {
    clock.backToNow();
    log.close();
  }

  private static Response receipt(UUID event, String token) {
    return Rest.as(token).get("/v1/receipts/" + event);
  }

  @Test
  void aReceiptProvesTheEntryInTheNewestCheckpointAndSaysWhichItIs() throws Exception {
    // Given an event within a log that has grown since it was published first
    UUID event = Ids.next();
    log.growTo(300);
    log.identify(77, event, "somebody");
    log.publish();
    log.growTo(1_000);
    String checkpoint = log.publish() + log.cosign();
    log.growTo(1_001); // not published

    // When
    Response answer = receipt(event, Tokens.of(AUDITOR));

    // Then
    answer
        .then()
        .statusCode(200)
        .contentType("text/plain")
        .header(
            "Content-Disposition", equalTo("attachment; filename=\"" + event + ".tlog-proof\""));
    String[] parts = answer.asString().split("\n\n", 2);
    List<String> lines = List.of(parts[0].split("\n"));
    assertEquals("c2sp.org/tlog-proof@v1", lines.get(0));
    assertEquals("index 77", lines.get(2));
    assertEquals(checkpoint, parts[1]);
    byte[] entry = LogDatabase.bytes(lines.get(1).substring("extra ".length()));
    assertArrayEquals(log.entries().get(77), entry);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update((byte) 0);
    assertTrue(
        InclusionProof.verify(
            77,
            1_000,
            sha256.digest(entry),
            lines.subList(3, lines.size()).stream().map(LogDatabase::bytes).toList(),
            LogDatabase.bytes(parts[1].split("\n")[2])));
  }

  @Test
  void whoCausedAnEventAndWhoWatchesOverTheLogGetItsReceiptAndNobodyElseLearnsOfIt()
      throws SQLException {
    UUID event = Ids.next();
    UUID actor = UUID.randomUUID();
    log.growTo(3);
    log.identify(1, event, actor.toString());
    log.publish();

    for (String allowed :
        List.of(
            Tokens.of(actor, STAFF),
            Tokens.of(actor, TOOL),
            Tokens.of(AUDITOR),
            Tokens.of(CISO),
            Tokens.of(SYSADMIN))) {
      receipt(event, allowed).then().statusCode(200);
    }
    for (String other :
        List.of(
            Tokens.of(STAFF), Tokens.of(TOOL), Tokens.of(RESPONDER), Tokens.of(ASSET_MANAGER))) {
      problem(receipt(event, other), 404, "not-found");
    }
    Rest.anonymous().get("/v1/receipts/" + event).then().statusCode(401);
  }

  @Test
  void anEntryThatNoCheckpointCoversIsToBeAskedForAgain() throws SQLException {
    UUID event = Ids.next();
    log.growTo(1);
    log.publish();
    log.growTo(2);
    log.identify(1, event, "somebody");
    clock.move(Duration.ofHours(1)); // however long that takes

    receipt(event, Tokens.of(AUDITOR)).then().statusCode(202).header("Retry-After", "1");
    log.publish();
    receipt(event, Tokens.of(AUDITOR)).then().statusCode(200);
  }

  @Test
  void whatAnOutageMayHoldBackIsNotCalledNever() throws SQLException {
    UUID event = Ids.next();
    Instant made = clock.instant();
    assertAnswers(event, 202, "1");

    clock.move(Duration.ofHours(2));
    assertAnswers(event, 202, "10"); // the source was never heard
    log.heard(made.minusSeconds(5), null);
    assertAnswers(event, 202, "10"); // it has not said yet that all of that time is sent
    log.heard(made.plus(Duration.ofHours(1)), 3L);
    assertAnswers(event, 202, "10"); // it has, and what it sent is not all here
    log.heard(made.plus(Duration.ofHours(1)), null);
    assertAnswers(event, 404, null);
  }

  @Test
  void anIdThatSaysNoTimeOrOneToComeNeverWasAnEvents() {
    clock.move(Duration.ofMinutes(-2));
    assertAnswers(Ids.next(), 404, null);
    assertAnswers(UUID.randomUUID(), 404, null);
  }

  private static void assertAnswers(UUID event, int status, String retryAfter) {
    for (String path : List.of("/v1/receipts/", "/v1/log/entries/by-event/")) {
      Response answer = Rest.as(Tokens.of(AUDITOR)).get(path + event);
      assertEquals(status, answer.statusCode(), path);
      assertEquals(retryAfter, answer.header("Retry-After"), path);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/log/tile/0",
        "/log/tile/0/",
        "/log/tile/0/0",
        "/log/tile/0/00",
        "/log/tile/0/0000",
        "/log/tile/0/001",
        "/log/tile/0/-01",
        "/log/tile/0/+01",
        "/log/tile/0/0x1",
        "/log/tile/0/x000/000",
        "/log/tile/0/x000/001",
        "/log/tile/0/x001",
        "/log/tile/0/001/000",
        "/log/tile/0/x001/x000",
        "/log/tile/0/000.p/",
        "/log/tile/0/000.p/0",
        "/log/tile/0/000.p/00",
        "/log/tile/0/000.p/01",
        "/log/tile/0/000.p/-1",
        "/log/tile/0/000.p/%2B1",
        "/log/tile/0/000.p/4",
        "/log/tile/0/000.p/255",
        "/log/tile/0/000.p/256",
        "/log/tile/0/000.p/257",
        "/log/tile/0/000.p/9999999999999999999999",
        "/log/tile/0/000.p/1/1",
        "/log/tile/0/000.P/1",
        "/log/tile/0/000;a=b.p/1",
        "/log/tile/0/000%00.p/1",
        "/log/tile/0/٠٠٠.p/1",
        "/log/tile/0/x999/x999/x999/x999/999",
        "/log/tile/0/x999/x999/x999/x999/x999/999.p/1",
        "/log/tile/0/x922/x337/x203/x685/x477/x580/807.p/1",
        "/log/tile/1/000.p/1",
        "/log/tile/7/000.p/1",
        "/log/tile/8/000.p/1",
        "/log/tile/00/000.p/1",
        "/log/tile/01/000.p/1",
        "/log/tile/-1/000.p/1",
        "/log/tile/63/000.p/1",
        "/log/tile/64/000.p/1",
        "/log/tile/256/000.p/1",
        "/log/tile/18446744073709551616/000.p/1",
        "/log/tile/x/000.p/1",
        "/log/tile/data/000.p/1",
        "/log/tile/entries",
        "/log/tile/entries/000",
        "/log/tile/entries/000.p/0",
        "/log/tile/entries/000.p/4",
        "/log/tile/entries/000.p/256",
        "/log/tile/entries/x999/x999/x999/x999/x999/999",
        "/log/tile/entries/0",
        "/v1/receipts/1",
        "/v1/receipts/",
        "/v1/receipts/0190a1b2-c3d4-7e5f-8a6b",
        "/v1/log/entries/3/tlog-proof",
        "/v1/log/entries/3/proof",
        "/v1/log/entries/-1/tlog-proof",
        "/v1/log/entries/9223372036854775808/tlog-proof",
        "/v1/log/entries/x/tlog-proof"
      })
  void whatNoPublishedTreeHasIsNotFound(String path) throws SQLException {
    publishThreeOfFour();
    problem(Rest.as(Tokens.of(AUDITOR)).urlEncodingEnabled(false).get(path), 404, "not-found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/log/tile/0/000.p/1?width=1",
        "/log/tile/entries/000.p/1?size=1",
        "/v1/log/entries/0/proof?size=0",
        "/v1/log/entries/0/proof?size=4",
        "/v1/log/entries/0/proof?size=-1",
        "/v1/log/entries/0/proof?size=9223372036854775808",
        "/v1/log/entries/2/proof?size=2",
        "/v1/log/entries/0/tlog-proof?size=1",
        "/v1/log/consistency?from=0",
        "/v1/log/consistency?from=1&to=4",
        "/v1/log/consistency?from=4",
        "/v1/receipts/0190a1b2-c3d4-7e5f-8a6b-0123456789ab?wait=1"
      })
  void whatCannotBeAskedIsABadRequest(String path) throws SQLException {
    publishThreeOfFour();
    Response answer = Rest.as(Tokens.of(AUDITOR)).get(path);
    answer
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("status", equalTo(400));
  }

  @Test
  void hashesAreForEverybodyAndEntriesForAuditors() throws SQLException {
    publishThreeOfFour();
    Rest.anonymous().get("/log/tile/0/000.p/3").then().statusCode(200);
    problem(Rest.anonymous().get("/log/tile/0/000.p/4"), 404, "not-found");
    Rest.anonymous().get("/log/tile/entries/000.p/3").then().statusCode(401);
    Rest.as(Tokens.of(SYSADMIN)).get("/log/tile/entries/000.p/3").then().statusCode(403);
    Rest.as(Tokens.of(CISO)).get("/log/tile/entries/000.p/3").then().statusCode(200);
    Rest.as("no token at all").get("/log/tile/0/000.p/3").then().statusCode(200);
  }

  @Test
  void hashesThatTheLogHasLostAreNotMadeUp() throws SQLException {
    publishThreeOfFour();
    log.execute("delete from entry where index = 1");
    for (String path : List.of("/log/tile/0/000.p/3", "/log/tile/entries/000.p/3")) {
      problem(Rest.as(Tokens.of(AUDITOR)).get(path), 500, "internal");
    }
  }

  private void publishThreeOfFour() throws SQLException {
    log.growTo(3);
    log.publish();
    log.growTo(4);
  }
}
