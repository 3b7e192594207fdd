package io.vigie.console;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.path.xml.XmlPath;
import io.restassured.path.xml.XmlPath.CompatibilityMode;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Pages as a browser without scripts gets them, with services that answer what they are told to.
 */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
@TestSecurity(user = "sacha", roles = "staff")
class PagesTest {

  private static final String ID = "0199a000-0000-7000-8000-000000000001";
  private static final String RECEIPT = "0199a000-0000-7000-8000-000000000002";
  private static final List<String> SERVICES =
      List.of("asset", "access", "incident", "backup", "audit");

  /** What people type, and what a tool may have sent. */
  private static final String HOSTILE =
      "<script>alert(1)</script>'\\\"><img src=x onerror=alert(1)>{inject:viewer.name}{#include base/}javascript:alert(1)";

  @BeforeEach
  void servicesWithoutAnything() {
    Services.reset();
    SERVICES.forEach(service -> Services.say(service + "/v1/tasks", 200, "{\"items\": []}"));
  }

  private static RequestSpecification browser() {
    return RestAssured.given().redirects().follow(false).header("Accept", "text/html,*/*;q=0.8");
  }

  /** The form that is answered with this, as it came with its cookie. */
  private record Form(String token, String key, String when) {

    static Form open() {
      Response home = browser().get("/");
      XmlPath page = new XmlPath(CompatibilityMode.HTML, home.asString());
      return new Form(home.getCookie("csrf-token"), value(page, "key"), value(page, "when"));
    }

    private static String value(XmlPath page, String name) {
      return page.getString("**.find { it.@name == '" + name + "' }.@value");
    }

    RequestSpecification filled(String title, String description) {
      return browser()
          .cookie("csrf-token", token)
          .formParam("csrf-token", token)
          .formParam("key", key)
          .formParam("when", when)
          .formParam("title", title)
          .formParam("description", description);
    }
  }

  private static String event(String title) {
    return """
        {"id": "%s", "title": "%s", "description": "%s", "state": "REPORTED", "reporter": "someone",
         "occurredAt": "2026-01-31T16:05:00Z", "reportedAt": "2026-01-31T16:06:00Z", "version": 1}"""
        .formatted(ID, title, title);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/tasks", "/signed-out", "/nowhere", "/controls"})
  void everyPageForbidsWhatItDoesNotNeed(String path) {
    browser()
        .get(path)
        .then()
        .header(
            "Content-Security-Policy",
            allOf(
                startsWith("default-src 'none'; script-src 'self'; style-src 'self';"),
                containsString("frame-ancestors 'none'"),
                not(containsString("unsafe"))))
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "same-origin")
        .header("Cache-Control", "no-store")
        .body(containsString("<main"))
        .body(not(containsString("style=")))
        .body(not(containsString("onclick")));
  }

  @Test
  void aRequestHasOneNameInItsAnswerAndWhereverItIsAskedForIt() {
    List<String> told = new CopyOnWriteArrayList<>();
    byte[] nothing = "{\"items\": []}".getBytes(UTF_8);
    Services.say(
        "asset/v1/tasks",
        exchange -> {
          told.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Request-Id")));
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, nothing.length);
          exchange.getResponseBody().write(nothing);
        });

    browser().header("X-Request-Id", "of-the-proxy.1").get("/tasks").then().statusCode(200);
    Response answer = browser().header("X-Request-Id", "two words").get("/tasks");

    String made = UUID.fromString(answer.header("X-Request-Id")).toString();
    assertEquals(Set.of("of-the-proxy.1", made), Set.copyOf(told));
  }

  @Test
  void whatPagesNameIsServedFromHereAndKept() {
    String home = browser().get("/").asString();
    List<String> addresses =
        Pattern.compile("(?:href|src)=\"(/(?:vendor|own)/[^\"]+)\"")
            .matcher(home)
            .results()
            .map(found -> found.group(1))
            .distinct()
            .toList();
    assertEquals(5, addresses.size(), addresses::toString);
    for (String address : addresses) {
      browser()
          .urlEncodingEnabled(false)
          .get(address)
          .then()
          .statusCode(200)
          .header("Cache-Control", containsString("immutable"));
    }
    assertFalse(home.contains("http://") || home.contains("https://"), home);
  }

  @Test
  void aReportIsSentOnceUnderTheKeyOfItsFormAndLeadsToItsReceipt() {
    Services.say(
        "incident/v1/security-events",
        201,
        "http://127.0.0.1:8085/v1/receipts/" + RECEIPT,
        event("A strange mail"));
    Form form = Form.open();

    form.filled("A strange mail", "It asks for my password.")
        .post("/")
        .then()
        .statusCode(303)
        .header("Location", endsWith("/security-events/" + ID + "?receipt=" + RECEIPT));

    assertEquals(1, Services.posted().size());
    Services.Request sent = Services.posted().get(0);
    assertEquals(form.key(), sent.key());
    assertEquals("Bearer " + TestToken.TOKEN, sent.authorization());
    assertTrue(sent.body().contains("\"title\":\"A strange mail\""), sent.body());
    assertTrue(sent.body().matches(".*\"occurredAt\":\"20[^\"]*Z\".*"), sent.body());

    Services.say("incident/v1/security-events/" + ID, 200, event("A strange mail"));
    browser()
        .get("/security-events/" + ID + "?receipt=" + RECEIPT)
        .then()
        .statusCode(200)
        .body(containsString(ID))
        .body(containsString("/receipts/" + RECEIPT));
  }

  @Test
  void whereItWasAndWhenItWasNoticedAreSentWhereSomebodySaysSo() {
    Services.say("incident/v1/security-events", 201, event("A strange mail"));

    Form.open()
        .filled("A strange mail", "It asks for my password.")
        .formParam("place", " The office in Lyon ")
        .formParam("noticed", Form.open().when())
        .post("/")
        .then()
        .statusCode(303);
    Form.open()
        .filled("A strange mail", "It asks for my password.")
        .formParam("place", " ")
        .formParam("noticed", "")
        .post("/")
        .then()
        .statusCode(303);

    String said = Services.posted().get(0).body();
    assertTrue(said.contains("\"place\":\"The office in Lyon\""), said);
    assertTrue(said.matches(".*\"noticedAt\":\"20[^\"]*Z\".*"), said);
    String silent = Services.posted().get(1).body();
    assertFalse(silent.contains("\"place\":\"") || silent.contains("\"noticedAt\":\""), silent);
  }

  @Test
  void threeFieldsAreSeenAndWhatNeedNotBeSaidIsFoldedAway() {
    String page = browser().get("/").asString();

    String seen = page.substring(0, page.indexOf("<details class=\"mb-3\">"));
    String folded = page.substring(seen.length(), page.indexOf("</details>", seen.length()));
    assertEquals(3, seen.split("<label class=\"form-label required\"", -1).length - 1, seen);
    assertFalse(seen.contains("<label class=\"form-label\""), seen);
    for (String name : List.of("noticed", "place", "file")) {
      assertTrue(folded.contains("name=\"" + name + "\""), folded);
    }
  }

  /** Of a form in which more was said than need be. */
  private static final String UNFOLDED = "<details class=\"mb-3\" open>";

  /** Where the files of the report go that has {@link #ID}. */
  private static final String FILES = "incident/v1/security-events/" + ID + "/attachments";

  private static List<String> added() {
    return Services.asked().stream().filter(path -> path.startsWith(FILES)).toList();
  }

  @Test
  void filesGoWithAReportUnderTheirNames() {
    Services.say(
        "incident/v1/security-events",
        201,
        "http://127.0.0.1:8085/v1/receipts/" + RECEIPT,
        event("A strange mail"));
    Services.say(FILES, 200, "{}");

    Form.open()
        .filled("A strange mail", "It asks for my password.")
        .multiPart("file", "mails/mail.eml", "From: Mr Doe".getBytes(UTF_8))
        .multiPart("file", "log.txt", "10:00 odd".getBytes(UTF_8))
        .post("/")
        .then()
        .statusCode(303)
        .header("Location", endsWith("/security-events/" + ID + "?receipt=" + RECEIPT));

    assertEquals(List.of(FILES + "?name=mail.eml", FILES + "?name=log.txt"), added());
    assertEquals(
        List.of("From: Mr Doe", "10:00 odd"),
        Services.posted().stream().skip(1).map(Services.Request::body).toList());
    assertEquals("Bearer " + TestToken.TOKEN, Services.posted().get(1).authorization());
    String report = Services.posted().get(0).body();
    assertTrue(report.contains("\"description\":\"It asks for my password.\""), report);
  }

  @Test
  void aFileThatIsNotTakenIsNamedUnderTheReportThatIsSentNevertheless() {
    Services.say("incident/v1/security-events", 201, event("A strange mail"));
    Services.say("incident/v1/security-events/" + ID, 200, event("A strange mail"));
    Services.say(FILES, 422, "{}");
    Services.say("incident/v1/attachments", 200, "{\"items\": []}");

    Form.open()
        .filled("A strange mail", "It asks for my password.")
        .multiPart("file", "<b>.exe", "MZ".getBytes(UTF_8))
        .multiPart("file", "large.pdf", new byte[(10 << 20) + 1])
        .post("/")
        .then()
        .statusCode(200)
        .body(containsString("These files were not taken"))
        .body(containsString("&lt;b&gt;.exe"))
        .body(containsString("large.pdf"))
        .body(containsString(ID));

    assertEquals(1, added().size(), "of the one that is too large nothing is sent");
  }

  @Test
  void moreFilesAreAddedOnTheReportsOwnPage() {
    Services.say("incident/v1/security-events/" + ID, 200, event("A strange mail"));
    Services.say(FILES, 200, "{}");
    Services.say(
        "incident/v1/attachments",
        200,
        "{\"items\": [{\"id\": \"%s\", \"name\": \"mail.eml\", \"size\": 3}]}".formatted(ID));
    Response page = browser().get("/security-events/" + ID);
    String file = "<a href=\"/reports/%s/attachments/%s\">mail.eml</a>".formatted(ID, ID);
    page.then().statusCode(200).body(containsString(file));
    String token = page.getCookie("csrf-token");

    browser()
        .cookie("csrf-token", token)
        .multiPart("csrf-token", token)
        .multiPart("file", "log.txt", "10:00 odd".getBytes(UTF_8))
        .post("/security-events/" + ID)
        .then()
        .statusCode(303)
        .header("Location", endsWith("/security-events/" + ID));

    assertEquals(List.of(FILES + "?name=log.txt"), added());
    assertTrue(
        Services.asked().contains("incident/v1/attachments?securityEvent=" + ID),
        Services.asked()::toString);
  }

  @Test
  void whoseReportIsNotSentIsToldToChooseTheFilesAgain() {
    Form.open()
        .filled("A strange mail", " ")
        .multiPart("file", "log.txt", "10:00 odd".getBytes(UTF_8))
        .post("/")
        .then()
        .statusCode(400)
        .body(containsString("Choose your files again."))
        .body(containsString(UNFOLDED));
    assertEquals(List.of(), Services.posted());
  }

  /** A form with files, as its bytes. */
  private static HttpResponse<Void> send(String form, String token, byte[] body) throws Exception {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + form))
                .header("Content-Type", "multipart/form-data; boundary=part")
                .header("Cookie", "csrf-token=" + token)
                .POST(BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.discarding());
  }

  private static String part(String disposition, String content) {
    return "--part\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n"
        .formatted(disposition, content);
  }

  @Test
  void aReportWithoutFilesIsSentByAFormThatCouldHaveSome() throws Exception {
    Services.say("incident/v1/security-events", 201, event("A strange mail"));
    Form form = Form.open();
    String body =
        part("name=\"csrf-token\"", form.token())
            + part("name=\"key\"", form.key())
            + part("name=\"title\"", "A strange mail")
            + part("name=\"description\"", "It asks for my password.")
            + part("name=\"when\"", form.when())
            // As browsers send what nobody chose
            + part("name=\"file\"; filename=\"\"\r\nContent-Type: application/octet-stream", "")
            + "--part--\r\n";

    HttpResponse<Void> answer = send("/", form.token(), body.getBytes(UTF_8));

    assertEquals(303, answer.statusCode());
    assertTrue(
        answer.headers().firstValue("Location").orElseThrow().endsWith("/security-events/" + ID));
    assertEquals(1, Services.posted().size());
  }

  @ParameterizedTest
  @CsvSource({
    "/, Your files were more than 30 MB together",
    "/security-events/" + ID + ", None was added"
  })
  void whoSendsTooManyBytesOfFilesIsLedBackAndToldSo(String form, String told) throws Exception {
    Services.say("incident/v1/security-events/" + ID, 200, event("A strange mail"));

    HttpResponse<Void> led = send(form, "", new byte[32 << 20]);

    assertEquals(303, led.statusCode());
    String to = led.headers().firstValue("Location").orElseThrow();
    assertEquals(form + "?tooLarge=true", to);
    browser()
        .get(to)
        .then()
        .body(containsString(told))
        .body(form.equals("/") ? containsString(UNFOLDED) : not(containsString(UNFOLDED)));
    assertEquals(List.of(), Services.posted());
  }

  @Test
  void whatIsLongerThanFormsAreIsRefusedWhereNoFilesAreTaken() {
    Form form = Form.open();
    browser()
        .cookie("csrf-token", form.token())
        .formParam("csrf-token", form.token())
        .formParam("theme", "d".repeat(256 * 1_024))
        .post("/preferences")
        .then()
        .statusCode(413);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2001-01-01T00:00", "2999-01-01T00:00", "yesterday"})
  void whatWasNoticedBeforeItWasOrIsYetToBeIsRefusedAndStaysInTheForm(String noticed) {
    Form.open()
        .filled("A mail", "It asks.")
        .formParam("noticed", noticed)
        .formParam("place", "Lyon")
        .post("/")
        .then()
        .statusCode(400)
        .body(containsString("between when it was and now"))
        .body(containsString("value=\"" + noticed + "\""))
        .body(containsString("value=\"Lyon\""))
        .body(containsString(UNFOLDED));
    assertEquals(List.of(), Services.posted());
  }

  @Test
  void aReportThatCannotBeSentIsStillInTheFormUnderItsKey() {
    Services.say("incident/v1/security-events", 503, "{}");
    Form form = Form.open();
    form.filled("A strange mail", "It asks for my password.")
        .post("/")
        .then()
        .statusCode(503)
        .body(containsString("does not answer"))
        .body(containsString("value=\"A strange mail\""))
        .body(containsString("It asks for my password."))
        .body(containsString("value=\"" + form.key() + "\""));
  }

  @Test
  void theLongestReportIsSentAndALongerOneIsRefused() {
    Services.say("incident/v1/security-events", 201, event("Long"));
    Form.open().filled("Long", "\u20ac".repeat(10_000)).post("/").then().statusCode(303);
    assertEquals(1, Services.posted().size());
    Form.open()
        .filled("Long", "\u20ac".repeat(10_001))
        .post("/")
        .then()
        .statusCode(400)
        .body(containsString("That is too long"));
    assertEquals(1, Services.posted().size());
  }

  @ParameterizedTest
  @CsvSource({"'  ',There was,Say what happened", "A mail,'',Say what happened"})
  void whatIsMissingIsSaidAndNothingIsSent(String title, String description, String words) {
    Form.open()
        .filled(title, description)
        .post("/")
        .then()
        .statusCode(400)
        .body(containsString(words));
    assertEquals(List.of(), Services.posted());
  }

  @ParameterizedTest
  @ValueSource(strings = {"2999-01-01T00:00", "yesterday", ""})
  void aTimeThatIsNoneInThePastIsRefused(String when) {
    Form form = Form.open();
    new Form(form.token(), form.key(), when)
        .filled("A mail", "It asks.")
        .post("/")
        .then()
        .statusCode(400)
        .body(containsString("must be a time in the past"));
    assertEquals(List.of(), Services.posted());
  }

  @Test
  void aFormFromElsewhereChangesNothingAndIsToldWhy() {
    Form form = Form.open();
    for (RequestSpecification forged :
        List.of(
            browser().formParam("title", "x").formParam("description", "y"),
            browser()
                .cookie("csrf-token", form.token())
                .formParam("csrf-token", Form.open().token())
                .formParam("title", "x")
                .formParam("description", "y")
                .formParam("when", form.when())
                .formParam("key", form.key()))) {
      forged
          .post("/")
          .then()
          .statusCode(400)
          .body(containsString("did not come from this console"));
    }
    browser().formParam("theme", "dark").post("/preferences").then().statusCode(400);
    assertEquals(List.of(), Services.posted());
  }

  @Test
  void theTasksOfAllServicesAreOneListThatSaysWhoIsAway() {
    Services.say(
        "asset/v1/tasks",
        200,
        """
        {"items": [{"id": "%1$s", "kind": "asset.reassign", "subject": "asset/%1$s", "href": "/v1/assets",
          "since": "2026-01-01T00:00:00Z"},
          {"id": "%1$s", "kind": "disposal.approve", "subject": "asset/%1$s", "href": "/v1/disposals/%1$s",
          "since": "2026-01-01T00:00:00Z"}]}"""
            .formatted(ID));
    Services.say(
        "access/v1/tasks",
        200,
        """
        {"items": [{"id": "%s", "kind": "training.attend", "subject": "course/%s", "href": "/v1/courses",
          "since": "2026-01-02T00:00:00Z", "due": "2026-01-03T00:00:00Z"}]}"""
            .formatted(ID, ID));
    Services.say("backup/v1/tasks", 500, "{}");

    String page = browser().get("/tasks").then().statusCode(200).extract().asString();
    assertTrue(page.contains("<title>What waits for me"), page);
    assertTrue(page.indexOf("Attend a course") < page.indexOf("Find a new owner"), page);
    assertTrue(page.contains("Not answering at the moment: backup."), page);
    assertTrue(page.contains("Late"), page);
    assertTrue(page.contains("<a href=\"/assets/" + ID + "\">Find a new owner"), page);
    assertTrue(page.contains("<a href=\"/disposals/" + ID + "\">Approve a disposal"), page);
    assertTrue(page.contains("<a href=\"/my/courses\">Attend a course"), page);
    String laptop = "<dd class=\"text-break\">%s <span class=\"font-monospace\">" + ID + "</span>";
    assertTrue(page.contains(laptop.formatted("Asset")), page);
    assertTrue(page.contains(laptop.formatted("Course")), page);
    String french = browser().header("Accept-Language", "fr").get("/tasks").asString();
    assertTrue(french.contains(laptop.formatted("Bien")), french);

    // And for a script, the list alone
    String list = browser().header("HX-Request", "true").get("/tasks").asString();
    assertTrue(list.contains("Attend a course") && !list.contains("<title>"), list);
  }

  @Test
  void hostileTextIsShownInert() {
    Services.say("incident/v1/security-events/" + ID, 200, event(HOSTILE));
    Services.say(
        "asset/v1/tasks",
        200,
        """
        {"items": [{"id": "%s", "kind": "%s", "subject": "%s", "since": "2026-01-01T00:00:00Z"}]}"""
            .formatted(ID, HOSTILE, HOSTILE));
    Services.say("incident/v1/security-events", 503, "{}");
    String typed = HOSTILE.replace("\\\"", "\"");
    for (String page :
        List.of(
            browser().get("/security-events/" + ID).asString(),
            browser().get("/tasks").asString(),
            Form.open().filled(typed, "</textarea>" + typed).post("/").asString())) {
      assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), page);
      assertTrue(page.contains("{inject:viewer.name}{#include base/}"), page);
      assertFalse(page.contains("<script>alert"), page);
      assertFalse(page.contains("<img src=x"), page);
      assertFalse(page.contains("</textarea><"), page);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'fr,en;q=0.5',,fr,Signaler un incident",
    "'fr-CA',,fr,Signaler un incident",
    "'de,en;q=0.5',,en,Report an incident",
    "'de',,en,Report an incident",
    "'fr',en,en,Report an incident",
    "'en',fr,fr,Signaler un incident",
    "'fr','\u00e9\u00e9',fr,Signaler un incident"
  })
  void aPageIsInTheLanguageThatWasChosenOrThatTheBrowserAsksFor(
      String accepted, String chosen, String language, String words) {
    RequestSpecification request = browser().header("Accept-Language", accepted);
    (chosen == null ? request : request.cookie("vigie-language", chosen))
        .get("/")
        .then()
        .statusCode(200)
        .contentType("text/html")
        .body(containsString("<html lang=\"" + language + "\""))
        .body(containsString(words));
  }

  @ParameterizedTest
  @CsvSource({
    "'en-GB,en;q=0.9',,Reported,'31 Jan 2026',17:06",
    "'en-US',,Reported,'Jan 31, 2026',5:06",
    "'en',,Reported,'Jan 31, 2026',5:06",
    "'de-DE,en-GB;q=0.5',,Reported,'31 Jan 2026',17:06",
    "'fr-FR,en-GB;q=0.5',en,Reported,'31 Jan 2026',17:06",
    "'fr-FR',en,Reported,'Jan 31, 2026',5:06",
    "'en-GB',fr,Signalé,'31 janv. 2026',17:06"
  })
  void daysAndTimesAreAsTheViewersRegionWritesThemInTheLanguageOfThePage(
      String accepted, String chosen, String words, String day, String time) {
    Services.say("incident/v1/security-events/" + ID, 200, event("A strange mail"));
    RequestSpecification request = browser().header("Accept-Language", accepted);
    String page =
        (chosen == null ? request : request.cookie("vigie-language", chosen))
            .get("/security-events/" + ID)
            .asString();
    assertTrue(page.contains(words), page);
    assertTrue(page.contains(day), page);
    assertTrue(page.contains(time), page);
  }

  /** No browser sends such a header. */
  @Test
  void aLanguageThatNobodyCanReadIsNoFailureOfOurs() {
    int status = browser().header("Accept-Language", "nonsense;;q").get("/").statusCode();
    assertTrue(status < 500, "answered " + status);
  }

  @Test
  void aChoiceIsKeptAndLeadsBackToItsPageAndNowhereElse() {
    String token = Form.open().token();
    browser()
        .cookie("csrf-token", token)
        .formParam("csrf-token", token)
        .formParam("theme", "dark")
        .formParam("to", "/tasks")
        .post("/preferences")
        .then()
        .statusCode(303)
        .cookie("vigie-theme", "dark")
        .header("Location", endsWith("/tasks"));
    browser()
        .cookie("vigie-theme", "dark")
        .get("/")
        .then()
        .body(containsString("data-bs-theme=\"dark\""));
    for (String elsewhere : List.of("//evil.example", "https://evil.example", "/\\evil.example")) {
      String location =
          browser()
              .cookie("csrf-token", token)
              .formParam("csrf-token", token)
              .formParam("language", "fr")
              .formParam("to", elsewhere)
              .post("/preferences")
              .getHeader("Location");
      assertFalse(location.contains("evil"), location);
    }
  }

  @Test
  void whoSignsOutEverywhereEndsTheirOtherSessionsAndThenThisOne() {
    List<String> asked = new CopyOnWriteArrayList<>();
    Services.say(
        "realm/account/sessions",
        exchange -> {
          asked.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Accept")
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.sendResponseHeaders(204, -1);
        });
    signOutEverywhere().then().statusCode(303).header("Location", endsWith("/logout"));
    assertEquals(List.of("DELETE application/json Bearer " + TestToken.TOKEN), asked);

    // Not by a form of another site
    browser().formParam("x", "y").post("/sign-out-everywhere").then().statusCode(400);
    browser().get("/sign-out-everywhere").then().statusCode(303).header("Location", endsWith("/"));
    assertEquals(1, asked.size());

    // Nor is anybody signed out here whose other sessions go on
    servicesWithoutAnything();
    Services.say("realm/account/sessions", 403, "{}");
    signOutEverywhere()
        .then()
        .statusCode(503)
        .body(containsString("<h1 class=\"empty-title\">You are still signed in</h1>"));
  }

  private static Response signOutEverywhere() {
    String token = Form.open().token();
    return browser()
        .cookie("csrf-token", token)
        .formParam("csrf-token", token)
        .post("/sign-out-everywhere");
  }

  @Test
  void whoMayNotSeeControlsIsToldSoAndIsNotOfferedThem() {
    browser()
        .get("/controls")
        .then()
        .statusCode(403)
        .body(containsString("This page is not for you"));
    browser().get("/").then().body(not(containsString("href=\"/controls\"")));
  }

  @Test
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void theRulesOfThePolicyLeadToTheObjectsThatDoNotKeepThem() {
    twoObjectsFail();

    browser()
        .get("/controls")
        .then()
        .statusCode(200)
        .body(containsString("href=\"/controls/R3.3\""))
        .body(containsString("Every asset has an owner"))
        .body(containsString("2 of 1,200"))
        .body(containsString("Not kept"))
        .body(containsString("Excepted"));
    browser()
        .get("/controls/R3.3")
        .then()
        .statusCode(200)
        .body(containsString(ID))
        .body(containsString("Nobody owns it"))
        .body(containsString("href=\"/trace?rule=R3.3\""))
        .body(containsString("href=\"/trace?type=asset.registered.v1\""))
        .body(not(containsString("id=\"tests\"")))
        .body(containsString("select 1 &lt;&gt; 2"));

    Services.say("audit/v1/controls/R9.9", 404, "{}");
    browser().get("/controls/R9.9").then().statusCode(404).body(containsString("no such page"));
    Services.say("audit/v1/controls", 503, "{}");
    browser().get("/controls").then().statusCode(503).body(containsString("A part is away"));
  }

  @Test
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void whoMayAskForAnExceptionIsLedThereFromEachObjectThatHasNone() {
    twoObjectsFail();
    String to = "href=\"/control-exceptions/new?rule=R3.3&amp;object=asset/";

    browser()
        .get("/controls/R3.3")
        .then()
        .body(containsString(to + ID + "\">Ask for an exception</a>"))
        .body(containsString("/objects/asset/" + RECEIPT))
        .body(not(containsString(to + RECEIPT)));
  }

  @Test
  @TestSecurity(
      user = "avery",
      roles = {"staff", "auditor"})
  void whoMayAskForNoExceptionIsNotLedToAsk() {
    twoObjectsFail();
    browser()
        .get("/controls/R3.3")
        .then()
        .body(containsString("/objects/asset/" + ID))
        .body(not(containsString("Ask for an exception")));
  }

  /** Of R3.3; the second under an exception. */
  private static void twoObjectsFail() {
    String control =
        """
        {"rule": "R3.3", "section": 3, "sectionTitle": {"en": "Inventory", "fr": "Inventaire"}, "title": {"en": "Every asset has an owner", "fr": "Chaque bien a un responsable"},
         "asks": {"en": "Somebody answers for it.", "fr": "Quelqu'un en répond."}, "owners": ["asset"], "decided": "QUERY",
         "state": "RED", "since": "2026-01-01T00:00:00Z", "inScope": 1200, "failing": 2, "current": true}""";
    String excepted = control.replace("R3.3", "R3.4").replace("RED", "AMBER");
    Services.say("audit/v1/controls", 200, "[" + control + "," + excepted + "]");
    Services.say(
        "audit/v1/controls/R3.3",
        200,
        """
        {"control": %s, "provenBy": ["asset.registered.v1"], "query": "select 1 <> 2",
         "whys": {"no-owner": {"en": "Nobody owns it", "fr": "Personne n'en répond"}},
         "notApplicable": {"en": "No asset", "fr": "Aucun bien"}}"""
            .formatted(control));
    Services.say(
        "audit/v1/controls/R3.3/objects",
        200,
        """
        {"items": [
          {"kind": "asset", "id": "%s", "holds": false, "why": "no-owner", "since": "2026-01-01T00:00:00Z"},
          {"kind": "asset", "id": "%s", "holds": false, "why": "no-owner", "since": "2026-01-01T00:00:00Z",
            "exception": {"reason": "It is sold.", "decidedBy": "charlie", "endsAt": "2026-12-01T00:00:00Z"}}]}"""
            .formatted(ID, RECEIPT));
  }

  @ParameterizedTest
  @CsvSource({"en,Tests that prove it", "fr,Tests qui la prouvent"})
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void whatTheBuildDecidesHasTheTestsThatProveItAndNoObjects(String language, String title) {
    Services.say(
        "audit/v1/controls/R11.10",
        200,
        """
        {"control": {"rule": "R11.10", "section": 11, "sectionTitle": {"en": "Development", "fr": "Développement"},
          "title": {"en": "Deny by default", "fr": "Refus par défaut"}, "asks": {"en": "It is closed.", "fr": "C'est fermé."},
          "owners": ["platform"], "decided": "BUILD", "current": false},
         "provenBy": ["security.refused.v1"], "tests": ["io.vigie.access.RolesTest", "io.vigie.audit.log.RolesTest"]}""");

    String page = browser().header("Accept-Language", language).get("/controls/R11.10").asString();

    assertTrue(page.contains("id=\"tests\">" + title + "<"), page);
    for (String test : List.of("io.vigie.access.RolesTest", "io.vigie.audit.log.RolesTest")) {
      assertTrue(page.contains("<li class=\"font-monospace text-break\">" + test + "</li>"), page);
    }
    assertFalse(page.contains("id=\"failing\""), page);
    assertFalse(Services.asked().stream().anyMatch(path -> path.contains("/objects")));
  }

  @ParameterizedTest
  @CsvSource({
    "en,nobody by name; in charge: incident responders",
    "fr,personne en particulier ; en charge : équipe de réponse aux incidents"
  })
  @TestSecurity(
      user = "charlie",
      roles = {"staff", "ciso"})
  void whatFailsAndNobodyOwnsByItsNatureHasTheRoleInCharge(String language, String says) {
    String both = "\"title\": {\"en\": \"Tools\", \"fr\": \"Outils\"}";
    Services.say(
        "audit/v1/controls/R14.3",
        200,
        """
        {"control": {"rule": "R14.3", "section": 14, "sectionTitle": {"en": "Continuity", "fr": "Continuité"}, %s,
          "asks": {"en": "It is watched.", "fr": "C'est surveillé."}, "owners": ["incident"], "decided": "QUERY",
          "state": "RED", "since": "2026-01-01T00:00:00Z", "inScope": 2, "failing": 2, "current": true},
         "provenBy": [], "query": "select 1", "whys": {}, "notApplicable": {"en": "None", "fr": "Aucun"}}"""
            .formatted(both));
    Services.say(
        "audit/v1/controls/R14.3/objects",
        200,
        """
        {"items": [
          {"kind": "monitor", "id": "%s", "holds": false, "why": "off", "inCharge": "responder", "since": "2026-01-01T00:00:00Z"},
          {"kind": "monitor", "id": "%s", "holds": false, "why": "off", "owner": "%s", "since": "2026-01-01T00:00:00Z"}]}"""
            .formatted(ID, RECEIPT, RECEIPT));

    String page = browser().header("Accept-Language", language).get("/controls/R14.3").asString();

    assertEquals(1, page.split(Pattern.quote("<td>" + says + "</td>"), -1).length - 1, page);
    assertTrue(page.contains("<td><span class=\"font-monospace\">" + RECEIPT), page);
  }

  @Test
  void whatIsNotThereHasAPageThatSaysSo() {
    for (String path :
        List.of("/nowhere", "/security-events/none", "/receipts/" + UUID.randomUUID() + "/x")) {
      browser()
          .header("Accept-Language", "fr")
          .get(path)
          .then()
          .statusCode(404)
          .body(containsString("Cette page n&#39;existe pas"));
    }
  }

  @Test
  @TestSecurity(user = "guest", roles = "visitor")
  void whoDoesNotWorkHereSeesNothing() {
    for (String path : List.of("/", "/tasks", "/controls", "/security-events/" + ID)) {
      assertEquals(403, browser().get(path).statusCode(), path);
    }
    assertThatHealthNeedsNobody();
  }

  private static void assertThatHealthNeedsNobody() {
    browser().get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
  }
}
