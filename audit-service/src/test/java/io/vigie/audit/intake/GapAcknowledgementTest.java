package io.vigie.audit.intake;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vigie.audit.SigningEnvironment;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A log of the test's own misses events of a source, and somebody says that they will not come. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SigningEnvironment.class)
@TestProfile(GapAcknowledgementTest.OfItsOwn.class)
class GapAcknowledgementTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String NAME = "conceding";
  private static final String SOURCE = "conceded";
  private static final String WHY = "the disks of Kafka were lost";

  /** A service that hears of itself, and of a source whose topic no other test has. */
  public static final class OfItsOwn implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "vigie.name",
          NAME,
          "vigie.log.sources",
          NAME + "," + SOURCE,
          "vigie.log.gap-after",
          "0s",
          "vigie.siem.kafka",
          "false");
    }
  }

  private final UUID operator = UUID.randomUUID();

  private static String text(String query) {
    try (Connection database = Infrastructure.running().superuser(NAME);
        Statement sql = database.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  private static long facts() {
    return Long.parseLong(
        text("select count(*) from entry where type = 'audit.log-gap-acknowledged.v1'"));
  }

  private static Draft event() {
    UUID id = UUID.randomUUID();
    return Records.eventOf(
        SOURCE,
        "audit.siem-position-moved.v1",
        "siem-feed/" + id,
        """
        {"aggregateId":"%s","target":"kafka","from":512,"to":0,"at":"2026-01-02T03:04:05Z"}"""
            .formatted(id));
  }

  private static long number(Draft draft) {
    return Long.parseLong(draft.headers().get("ce_sourcenumber"));
  }

  private static void publish(Draft... drafts) {
    Records.publishOf(SOURCE, List.of(drafts));
  }

  private static void awaitLogged(Draft draft) {
    await()
        .atMost(LONG)
        .until(
            () ->
                text("select count(*) from entry where event_id = '" + draft.id() + "'")
                    .equals("1"));
  }

  private static String trouble() {
    Map<String, String> data =
        Rest.anonymous()
            .get("/q/health/well")
            .jsonPath()
            .getMap("checks.find { it.name == 'log complete' }.data");
    return data == null ? "" : data.getOrDefault("/vigie/" + SOURCE, "");
  }

  private Response acknowledge(long first, long last, String role) {
    return acknowledge(Map.of("first", first, "last", last, "reason", WHY), role);
  }

  private Response acknowledge(Map<String, Object> body, String role) {
    Map<String, Object> whole = new HashMap<>(body);
    whole.putIfAbsent("source", "/vigie/" + SOURCE);
    return Rest.as(Tokens.of(operator, role)).body(whole).post("/v1/log/gap-acknowledgement");
  }

  private static void assertNoGap(Response answer, String detail) {
    answer
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:no-gap"))
        .body("detail", containsString(detail));
  }

  @Test
  void numbersThatSomebodySaysWillNotComeAreMissingNoMoreAndWhoSaidSoIsInTheLog() {
    // Given a source of which two gaps stay open
    Draft before = event();
    Draft late = event();
    Draft lost = event();
    Draft between = event();
    Draft alsoLost = event();
    Draft after = event();
    publish(before, between, after);
    awaitLogged(before);
    awaitLogged(between);
    awaitLogged(after);
    await().atMost(LONG).until(() -> trouble().startsWith("misses 3 numbers, the first is "));
    assertNoGap(
        acknowledge(number(late), number(between), SYSADMIN), number(late) + " to " + number(lost));
    long facts = facts();

    // When a sysadmin says of one that it will not close, twice
    String id =
        acknowledge(number(late), number(lost), SYSADMIN)
            .then()
            .statusCode(200)
            .header("Vigie-Receipt", notNullValue())
            .body("source", equalTo("/vigie/" + SOURCE))
            .body("reason", equalTo(WHY))
            .extract()
            .path("id");
    acknowledge(Map.of("first", number(late), "last", number(lost), "reason", "another"), SYSADMIN)
        .then()
        .statusCode(200)
        .body("id", equalTo(id))
        .body("reason", equalTo(WHY));

    // Then the other is left
    assertTrue(
        trouble().startsWith("misses 1 numbers, the first is " + number(alsoLost) + ","),
        GapAcknowledgementTest::trouble);

    // When the CISO says it of the other, then none is
    acknowledge(number(alsoLost), number(alsoLost), CISO).then().statusCode(200);
    assertEquals("", trouble());
    assertNoGap(acknowledge(number(lost), number(lost), CISO), "No number");

    // and who said what is listed, and in the log, once each
    String source = "sources.find { it.source == '/vigie/" + SOURCE + "' }.";
    String gap =
        source
            + "acknowledged.find { it.first == %d && it.last == %d }."
                .formatted(number(late), number(lost));
    Rest.as(Tokens.of(AUDITOR))
        .get("/v1/log")
        .then()
        .statusCode(200)
        .body(source + "missing", equalTo(0))
        .body(gap + "reason", equalTo(WHY))
        .body(gap + "acknowledgedBy", equalTo(operator.toString()));
    await().atMost(LONG).until(() -> facts() == facts + 2);
    assertEquals(
        operator + " " + WHY,
        text(
            """
            select actor || ' ' || (convert_from(body, 'UTF8')::json ->> 'reason')
            from payload join entry using (index) where subject = 'log-gap/%s'"""
                .formatted(id)));

    // When one comes all the same, then it is logged like any other, and the next gap is told
    publish(late);
    awaitLogged(late);
    assertEquals(
        "", text("select coalesce(alert, '') from entry where event_id = '" + late.id() + "'"));
    Draft missed = event();
    Draft last = event();
    publish(last);
    awaitLogged(last);
    await()
        .atMost(LONG)
        .until(() -> trouble().startsWith("misses 1 numbers, the first is " + number(missed)));
    publish(missed);
    awaitLogged(missed);
    assertEquals("", trouble());
  }

  @Test
  void eventsOfAnObjectThatSomebodySaysWillNotComeAreMissingNoMore() {
    // Given an object of which the log misses three events in two gaps
    Draft first = event();
    String object = first.headers().get("ce_subject");
    publish(first, numbered(first, 4), numbered(first, 6));
    await().atMost(LONG).until(() -> kept(object).equals("{[1,2),[4,5),[6,7)}"));
    assertNoGap(acknowledge(object, 1, 3), "2 to 3, 5 to 5.");

    // When somebody says of one that it will not close, then the other is left
    acknowledge(object, 2, 3).then().statusCode(200).body("subject", equalTo(object));
    assertEquals("{[1,2),[4,5),[6,7)}", kept(object));
    assertNoGap(acknowledge(object, 1, 6), "themselves: 5 to 5.");

    // When they say it of the other, then nothing is
    acknowledge(object, 5, 5).then().statusCode(200);
    assertEquals("", kept(object));
    assertNoGap(acknowledge(object, 1, 6), "No number");
    acknowledge(object, 5, 5).then().statusCode(200);

    // and what is in order or comes late changes nothing about that, and the next gap is told
    publish(numbered(first, 7), numbered(first, 2), numbered(first, 9));
    await().atMost(LONG).until(() -> kept(object).equals("{[1,3),[4,5),[6,8),[9,10)}"));
    assertNoGap(acknowledge(object, 1, 9), "themselves: 8 to 8.");
  }

  /** Another event of the same object, the source's next. */
  private static Draft numbered(Draft first, int number) {
    return event()
        .with("ce_subject", first.headers().get("ce_subject"))
        .with("ce_eventnumber", Integer.toString(number));
  }

  /** Which numbers of its events are kept, as some of them are missing. */
  private static String kept(String object) {
    return text(
        "select coalesce(max(cast(numbers as text)), '') from object_gap where subject = '"
            + object
            + "'");
  }

  private Response acknowledge(String object, long first, long last) {
    return acknowledge(
        Map.of("subject", object, "first", first, "last", last, "reason", WHY), SYSADMIN);
  }

  @Test
  void ofASourceThatNobodyHasHeardNothingIsMissing() {
    acknowledge(Map.of("source", "/vigie/unheard", "first", 1, "last", 1, "reason", WHY), SYSADMIN)
        .then()
        .statusCode(404);
  }

  @Test
  void numbersThatNobodyHasGivenYetCannotBeAcknowledgedAhead() {
    Draft newest = event();
    publish(newest);
    awaitLogged(newest);
    assertNoGap(acknowledge(number(newest) + 1, Long.MAX_VALUE, CISO), "nothing was acknowledged");
  }

  @ParameterizedTest
  @CsvSource({"0, 1, x", "2, 1, x", "-1, 1, x", "1, 1, ''"})
  void aRangeThatIsNoneOrNoReasonIsRefused(long first, long last, String reason) {
    acknowledge(Map.of("first", first, "last", last, "reason", reason), CISO)
        .then()
        .statusCode(400);
  }
}
