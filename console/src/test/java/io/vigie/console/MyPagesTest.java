package io.vigie.console;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
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
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** One's own courses and documents, with services that answer what they are told to. */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
@TestSecurity(user = "sacha", roles = "staff")
class MyPagesTest {

  private static final String ADA = "01937f0a-2c55-7b02-8f3e-6a1b9c7d4e22";
  private static final String COURSE = "01938001-0a10-7c44-8b2e-5d6f7a8b9c01";
  private static final String OTHER = "01938001-0a10-7c44-8b2e-5d6f7a8b9c02";
  private static final String DOCUMENT = "01937f2a-0b1c-7d2e-8f30-415263748510";
  private static final String VERSION = "01937f2a-0b1c-7d2e-8f30-415263748511";
  private static final String RECEIPT = "0199a000-0000-7000-8000-000000000002";
  private static final String LOG = "http://127.0.0.1:8085/v1/receipts/" + RECEIPT;
  private static final String NOTHING = "{\"items\": []}";
  private static final String HOSTILE =
      "<script>alert(1)</script>'\\\"><img src=x>{inject:viewer.name}";

  private static final Pattern HIDDEN =
      Pattern.compile("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]+)\"");

  @BeforeEach
  void somebodyOfWhomNothingIsAsked() {
    Services.reset();
    Services.say("access/v1/people/me", 200, "{\"id\": \"%s\"}".formatted(ADA));
    Services.say("access/v1/people/" + ADA + "/training", 200, NOTHING);
    Services.say("access/v1/attendances", 200, NOTHING);
    Services.say("asset/v1/documents", 200, NOTHING);
    courses(true, "OWASP Top Ten", "https://training.agency.example/owasp");
  }

  private static void courses(boolean selfStudy, String title, String reference) {
    Services.say(
        "access/v1/courses",
        200,
        """
        {"items": [
          {"id": "%s", "titleFr": "Dix failles", "titleEn": "%s", "selfStudy": %s,
           "content": {"reference": "%s", "version": "2025"}},
          {"id": "%s", "titleFr": "Accueil", "titleEn": "Welcome", "selfStudy": false,
           "content": {"reference": "javascript:alert(1)", "version": "1"}}]}"""
            .formatted(COURSE, title, selfStudy, reference, OTHER));
  }

  private static void training(String standings) {
    Services.say(
        "access/v1/people/" + ADA + "/training", 200, "{\"items\": [%s]}".formatted(standings));
  }

  private static String standing(String course, String due, String dueOn) {
    return """
        {"person": "%s", "course": "%s", "code": "a-code", "due": "%s", "since": "2026-01-01",
         "dueOn": "%s", "validUntil": null, "attendance": null}"""
        .formatted(ADA, course, due, dueOn);
  }

  private static void documents(String title) {
    Services.say(
        "asset/v1/documents",
        200,
        """
        {"items": [{"id": "%s", "sheet": {"titleFr": "Charte", "titleEn": "%s", "kind": "CHARTER"},
          "state": "IN_FORCE", "current": "%s", "currentNumber": 3, "version": 7}]}"""
            .formatted(DOCUMENT, title, VERSION));
  }

  private static RequestSpecification browser() {
    return RestAssured.given().redirects().follow(false).header("Accept", "text/html,*/*;q=0.8");
  }

  private static String page(String path) {
    return browser().get(path).then().statusCode(200).extract().asString();
  }

  /** Sends the page's form that leads there, as it came. */
  private static Response send(String path, String to) {
    Response page = browser().get(path);
    String form = page.asString().split("action=\"" + to + "\"", 2)[1].split("</form>", 2)[0];
    RequestSpecification sent = browser().cookie("csrf-token", page.getCookie("csrf-token"));
    HIDDEN.matcher(form).results().forEach(field -> sent.formParam(field.group(1), field.group(2)));
    return sent.post(to);
  }

  @Test
  void coursesAreWhatIsAskedOfOneTheMostUrgentFirstAndWhatOneAttended() {
    training(
        String.join(
            ",", standing(OTHER, "DUE", "2026-05-01"), standing(COURSE, "OVERDUE", "2026-06-01")));
    Services.say(
        "access/v1/attendances",
        200,
        """
        {"items": [
          {"course": "%s", "attendedOn": "2024-03-02", "validUntil": "2025-03-02", "certificate": "FIRST"},
          {"course": "%s", "attendedOn": "2025-03-02", "validUntil": null, "certificate": "SECOND"}]}"""
            .formatted(COURSE, OTHER));

    String page = page("/my/courses");

    assertTrue(page.indexOf("OWASP Top Ten") < page.indexOf("Welcome"), page);
    assertTrue(page.contains("href=\"https://training.agency.example/owasp\""), page);
    assertFalse(page.contains("href=\"javascript:"), page);
    assertTrue(page.contains(">Overdue<") && page.contains("Jun 1, 2026"), page);
    assertTrue(page.indexOf("SECOND") < page.indexOf("FIRST"), page);
    assertTrue(page.contains("for ever"), page);
    assertTrue(
        Services.asked()
            .contains("access/v1/attendances?person=" + ADA + "&annulled=false&limit=200"),
        () -> Services.asked().toString());
    assertTrue(
        browser()
            .header("Accept-Language", "fr")
            .get("/my/courses")
            .asString()
            .contains("Dix failles"));
  }

  @Test
  void whoDidACourseByThemselfSaysSoOnceWithOneButton() {
    training(standing(COURSE, "DUE", "2026-05-01") + "," + standing(OTHER, "DUE", "2026-05-01"));
    String to = "/my/courses/" + COURSE + "/self-study";
    Services.say("access/v1/courses/" + COURSE + "/self-study", 201, LOG, "{}");
    String page = page("/my/courses");
    assertFalse(page.contains(OTHER), "others teach it: " + page);
    assertTrue(page.contains("taught by others"), page);

    send("/my/courses", to)
        .then()
        .statusCode(303)
        .header("Location", endsWith("/my/courses?recorded=true&receipt=" + RECEIPT));

    assertEquals(1, Services.posted().size());
    assertEquals(36, Services.posted().get(0).key().length());
    assertEquals("Bearer " + TestToken.TOKEN, Services.posted().get(0).authorization());
    page = page("/my/courses?recorded=true&receipt=" + RECEIPT);
    assertTrue(page.contains("Thank you. It is recorded."), page);
    assertTrue(page.contains("/receipts/" + RECEIPT), page);

    // And a second time on one day is refused, with how it stands
    Services.say("access/v1/courses/" + COURSE + "/self-study", 409, "{}");
    send("/my/courses", to)
        .then()
        .statusCode(409)
        .body(containsString("It was not recorded."))
        .body(containsString("OWASP Top Ten"));
    browser().get(to).then().statusCode(303).header("Location", endsWith("/my/courses"));
  }

  @Test
  void whomNobodyKnowsIsToldWhatToDoAndWhatIsAwayCostsItsPart() {
    assertTrue(page("/my/courses").contains("No course is asked of you."));
    Services.say("access/v1/attendances", 503, "{}");
    assertTrue(page("/my/courses").contains("What you attended does not answer"));
    Services.say("access/v1/people/" + ADA + "/training", 503, "{}");
    browser().get("/my/courses").then().statusCode(503).body(containsString("A part is away"));
    Services.say("access/v1/people/me", 404, "{}");
    assertTrue(page("/my/courses").contains("Ask an access manager to link it."));
  }

  @Test
  void aDocumentIsReadThenAcknowledgedInTheVersionThatWasShown() {
    documents("Charter");
    String to = "/my/documents/" + DOCUMENT + "/acknowledgement";
    String asked = "asset/v1/documents/" + DOCUMENT + "/acknowledgements";
    Services.say(asked, 200, LOG, "{}");
    String page = page("/my/documents");
    assertTrue(
        page.contains("href=\"/my/documents/" + DOCUMENT + "/versions/" + VERSION + "\""), page);
    assertTrue(Services.asked().contains("asset/v1/documents?awaiting=me"));

    send("/my/documents", to)
        .then()
        .statusCode(303)
        .header("Location", endsWith("/my/documents?acknowledged=true&receipt=" + RECEIPT));

    assertTrue(
        Services.asked().contains(asked + "?version=" + VERSION),
        () -> Services.asked().toString());
    assertEquals(36, Services.posted().get(0).key().length());
    assertTrue(
        page("/my/documents?acknowledged=true&receipt=" + RECEIPT)
            .contains("Thank you. You acknowledged it."));

    // And where another version came meanwhile nothing is acknowledged
    Services.say(asked, 409, "{\"type\": \"urn:vigie:problem:version-superseded\"}");
    send("/my/documents", to)
        .then()
        .statusCode(409)
        .body(containsString("Another version is in force by now"));
    // Nor by a form from elsewhere
    int before = Services.posted().size();
    browser().formParam("version", VERSION).post(to).then().statusCode(400);
    assertEquals(before, Services.posted().size());
  }

  @Test
  void aDocumentIsDownloadedAsTheServiceHasItAndNeverShown() {
    String path = "/v1/documents/" + DOCUMENT + "/versions/" + VERSION + "/content";
    Services.say("asset" + path, MyPagesTest::aPage);
    browser()
        .get("/my/documents/" + DOCUMENT + "/versions/" + VERSION)
        .then()
        .statusCode(200)
        .header("Content-Type", startsWith("text/html"))
        .header("Content-Disposition", "attachment; filename=\"charter-3.html\"")
        .header("X-Content-Type-Options", "nosniff")
        .body(equalTo("<script>alert(1)</script>"));
  }

  private static void aPage(HttpExchange exchange) throws IOException {
    byte[] page = "<script>alert(1)</script>".getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "text/html");
    exchange
        .getResponseHeaders()
        .add("Content-Disposition", "attachment; filename=\"charter-3.html\"");
    exchange.sendResponseHeaders(200, page.length);
    exchange.getResponseBody().write(page);
  }

  @Test
  void hostileTitlesAreShownInert() {
    courses(true, HOSTILE, HOSTILE);
    training(standing(COURSE, "DUE", "2026-05-01"));
    documents(HOSTILE);
    for (String path : List.of("/my/courses", "/my/documents")) {
      String page = page(path);
      assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), page);
      assertTrue(page.contains("{inject:viewer.name}"), page);
      assertFalse(page.contains("<script>alert") || page.contains("<img src=x"), page);
    }
  }

  @Test
  void thereIsNothingToAcknowledgeAndTheServiceThatIsAwayIsSaid() {
    assertTrue(page("/my/documents").contains("There is nothing that you are asked"));
    Services.say("asset/v1/documents", 503, "{}");
    browser().get("/my/documents").then().statusCode(503).body(containsString("A part is away"));
  }
}
