package io.vigie.console;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What people say of rules that no machine decides, as a browser without scripts gets it. */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
@TestSecurity(
    user = "charlie",
    roles = {"staff", "ciso"})
class AttestationPagesTest {

  private static final String ID = "0199a000-0000-7000-8000-0000000000c1";
  private static final String ACCOUNT = "0199a000-0000-7000-8000-0000000000c2";
  private static final String RULE = "audit/v1/controls/R10.4";
  private static final String ALL = RULE + "/attestations";
  private static final String PAGE = "/controls/R10.4/attestation";
  private static final String HOSTILE = "<script>alert(1)</script>";
  private static final Pattern KEY = Pattern.compile("name=\"key\" value=\"([^\"]+)\"");

  @BeforeEach
  void nobodyAttestsIt() {
    Services.reset();
    Services.say(RULE, 200, rule(""));
    Services.say("access/v1/people", 200, "{\"items\": []}");
  }

  private static String rule(String attested) {
    return """
        {"control": {"rule": "R10.4", "section": 10, "title": {"en": "No sale", "fr": "Rien de vendu"},
           "asks": {"en": "x", "fr": "x"}, "decided": "ATTESTATION", "current": true%s},
         "provenBy": [], "attestation": {"by": "ciso", "interval": "P1Y"}}"""
        .formatted(attested);
  }

  private static void somebodyAttestsIt() {
    String given =
        "\"givenBy\": \"%s\", \"givenAt\": \"2026-01-02T10:00:00Z\", \"validUntil\": \"2027-01-02T10:00:00Z\""
            .formatted(ACCOUNT);
    Services.say(
        RULE,
        200,
        rule(
            ", \"attested\": {\"id\": \"%s\", \"by\": \"%s\", \"at\": \"2026-01-02T10:00:00Z\", \"until\": \"2027-01-02T10:00:00Z\"}"
                .formatted(ID, ACCOUNT)));
    Services.say(
        ALL + "/" + ID,
        200,
        "{\"id\": \"%s\", \"basis\": \"The ledger %s\", \"statement\": \"Nothing is sold\", %s, \"version\": 7}"
            .formatted(ID, HOSTILE, given));
  }

  private static RequestSpecification browser() {
    return RestAssured.given().redirects().follow(false).header("Accept", "text/html,*/*;q=0.8");
  }

  /** A form of the page, as it came with its cookie. */
  private static RequestSpecification form(String act) {
    Response opened = browser().get(PAGE);
    opened.then().statusCode(200);
    String token = opened.getCookie("csrf-token");
    Matcher key = KEY.matcher(opened.asString());
    assertTrue(key.find());
    return browser()
        .cookie("csrf-token", token)
        .formParam("csrf-token", token)
        .formParam("key", key.group(1))
        .formParam("act", act);
  }

  @Test
  void aRuleIsAttestedOnceUnderTheKeyOfItsForm() {
    // Given
    browser().get("/controls/R10.4").then().body(containsString("href=\"" + PAGE + "\""));
    browser()
        .get(PAGE)
        .then()
        .body(containsString("Nobody attests it at present."))
        .body(not(containsString("withdrawal")));
    Services.say(ALL, 201, "http://127.0.0.1:8085/v1/receipts/" + ID, "{}");
    RequestSpecification form =
        form("giving")
            .formParam("basis", "Contracts\r\nledger")
            .formParam("statement", "None sold");

    // When
    for (int i = 0; i < 2; i++) {
      form.post(PAGE).then().statusCode(303).header("Location", endsWith(PAGE + "?receipt=" + ID));
    }

    // Then
    List<Services.Request> posted = Services.posted();
    assertEquals(2, posted.size());
    assertEquals(posted.get(0).key(), posted.get(1).key());
    assertEquals(
        "{\"basis\":\"Contracts\\nledger\",\"statement\":\"None sold\"}", posted.get(0).body());
  }

  @Test
  void whatIsNotWholeOrRefusedIsStillThereWithWhy() {
    form("giving")
        .formParam("basis", "Mind <b>this</b>")
        .formParam("statement", " ")
        .post(PAGE)
        .then()
        .statusCode(400)
        .body(containsString("Something that is needed was not filled in."))
        .body(containsString("Mind &lt;b&gt;this&lt;/b&gt;"));
    assertEquals(List.of(), Services.posted());
    form("nothing")
        .formParam("basis", "x")
        .formParam("statement", "x")
        .post(PAGE)
        .then()
        .statusCode(400);
    Services.say(ALL, 503, "{}");
    form("giving")
        .formParam("basis", "Mind this")
        .formParam("statement", "x")
        .post(PAGE)
        .then()
        .statusCode(503)
        .body(containsString("Mind this"));
  }

  @Test
  void theOneThatCountsIsShownAndWithdrawnInTheVersionThatThePageHad() {
    // Given
    somebodyAttestsIt();
    browser()
        .get(PAGE)
        .then()
        .statusCode(200)
        .body(containsString("Attested until Jan 2, 2027"))
        .body(containsString("Nothing is sold"))
        .body(not(containsString(HOSTILE)));
    AtomicReference<String> version = new AtomicReference<>();
    Services.say(
        ALL + "/" + ID + "/withdrawal",
        exchange -> {
          version.set(exchange.getRequestHeaders().getFirst("If-Match"));
          byte[] answer = "{}".getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
        });

    // When
    form("withdrawal")
        .formParam("id", ID)
        .formParam("version", "7")
        .formParam("reason", "A ledger was not looked at")
        .post(PAGE)
        .then()
        .statusCode(303);

    // Then
    assertEquals("\"7\"", version.get());
  }

  @Test
  @TestSecurity(
      user = "aude",
      roles = {"staff", "auditor"})
  void whoDoesNotHaveTheRuleSRoleReadsAlone() {
    somebodyAttestsIt();
    browser()
        .get(PAGE)
        .then()
        .statusCode(200)
        .body(containsString("Nothing is sold"))
        .body(not(containsString("<textarea")));
  }

  @Test
  void aRuleThatAQueryDecidesHasNoSuchPage() {
    Services.say(RULE, 200, rule("").replaceAll(",\\s*\"attestation\":.*", "}"));
    browser().get(PAGE).then().statusCode(404);
  }
}
