package io.vigie.asset;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Header;
import io.restassured.response.Response;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What answers of every service say beside what was asked, and what they do not; shown here. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ClosedAnswersTest {

  private static final String TOKEN = Tokens.of(STAFF, TOOL);

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/assets, 200",
    "GET, /v1/assets?what=ever, 400",
    "GET, /v1/assets/0198c0de-0000-7000-8000-000000000001, 404",
    "DELETE, /v1/assets, 405",
    "GET, /nowhere, 404",
    "GET, /q/health/live, 200",
    "GET, /q/metrics, 200",
    "GET, /q/openapi, 200",
    "GET, /q/nowhere, 403"
  })
  void everyAnswerForbidsWhatABrowserNeedNotDoWithItAndTellsNoProduct(
      String method, String path, int status) {
    assertClosed(Rest.as(TOKEN).request(method, path), status);
  }

  @Test
  void soDoRefusalsOfWhoIsNobodyAndOfWhoMayNot() {
    assertClosed(Rest.anonymous().get("/v1/assets"), 401);
    assertClosed(Rest.anonymous().get("/q/metrics"), 401);
    assertClosed(Rest.as("not.a.token").get("/v1/assets"), 401);
    assertClosed(Rest.as(Tokens.of(STAFF)).body("{}").post("/v1/assets"), 403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/assets", "/q/health/live", "/q/openapi", "/nowhere"})
  void aPageOfAnotherSiteIsAllowedNothing(String path) {
    Response read = Rest.as(TOKEN).header("Origin", "https://elsewhere.example").get(path);
    Response preflight =
        Rest.anonymous()
            .header("Origin", "https://elsewhere.example")
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "authorization")
            .options(path);

    for (Response answer : List.of(read, preflight)) {
      assertEquals(
          List.of(),
          answer.headers().asList().stream()
              .map(header -> header.getName().toLowerCase(Locale.ROOT))
              .filter(name -> name.startsWith("access-control-"))
              .toList());
    }
  }

  @Test
  void aFailureThatNobodyForesawTellsItsCallerItsNameAndTheLogItsCause() throws SQLException {
    // Given a service that may not read what it must, and somebody who listens to its log
    CopyOnWriteArrayList<LogRecord> said = new CopyOnWriteArrayList<>();
    Handler listener = listener(said);
    Logger log = Logger.getLogger("io.vigie.kernel.web.Problems");
    log.addHandler(listener);
    String request = UUID.randomUUID().toString();
    try {
      sql("revoke select on asset from asset");

      // When
      Response answer = Rest.as(TOKEN).header("X-Request-Id", request).get("/v1/assets");

      // Then the caller learns by what name to ask, and nothing of what is inside
      problem(answer, 500, "internal").body("requestId", equalTo(request));
      assertClosed(answer, 500);
      String body = answer.asString().toLowerCase(Locale.ROOT);
      for (String inside :
          List.of("exception", "select", "permission", "sql", "hibernate", "\\tat ", "java")) {
        assertFalse(body.contains(inside), body);
      }
    } finally {
      sql("grant select on asset to asset");
      log.removeHandler(listener);
    }

    // And under that name the log has it
    assertEquals(1, said.size());
    ExtLogRecord line = (ExtLogRecord) said.get(0);
    assertEquals(request, line.getMdc("requestId"));
    assertTrue(causes(line.getThrown()).contains("permission denied for table asset"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6f9619ff-8b86-d011-b42d-00cf4fc964ff", "job-17_of.3", "A"})
  void theNameThatACallerGivesARequestIsItsNameInTheAnswerAndInRefusals(String name) {
    Rest.as(TOKEN)
        .header("X-Request-Id", name)
        .get("/v1/assets")
        .then()
        .header("X-Request-Id", name);
    problem(Rest.anonymous().header("X-Request-Id", name).get("/v1/assets"), 401, "unauthenticated")
        .header("X-Request-Id", name)
        .body("requestId", equalTo(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with a space",
        "<script>",
        "ERROR [io.vigie] forged",
        "0123456789012345678901234567890123456789012345678901234567890123x"
      })
  void aNameThatALogWouldNotTakeForAWordIsReplacedByOneThatIsMade(String name) {
    Response answer = Rest.as(TOKEN).header("X-Request-Id", name).get("/v1/assets");

    answer.then().statusCode(200).header("X-Request-Id", not(equalTo(name)));
    UUID.fromString(answer.header("X-Request-Id"));
  }

  private static void assertClosed(Response answer, int status) {
    assertEquals(status, answer.statusCode());
    assertEquals(List.of("nosniff"), answer.headers().getValues("X-Content-Type-Options"));
    assertEquals(List.of("no-store"), answer.headers().getValues("Cache-Control"));
    assertEquals(
        List.of("default-src 'none'; frame-ancestors 'none'"),
        answer.headers().getValues("Content-Security-Policy"));
    assertEquals(List.of("no-referrer"), answer.headers().getValues("Referrer-Policy"));
    assertEquals(1, answer.headers().getValues("X-Request-Id").size());
    List<String> names = answer.headers().asList().stream().map(Header::getName).toList();
    assertTrue(names.stream().noneMatch(name -> name.matches("(?i)server|via|x-powered-by")));
    // TLS does not end here
    assertTrue(names.stream().noneMatch("Strict-Transport-Security"::equalsIgnoreCase));
  }

  private static Handler listener(List<LogRecord> said) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        ((ExtLogRecord) record).copyMdc();
        said.add(record);
      }

      @Override
      public void flush() {
        // nothing is kept back
      }

      @Override
      public void close() {
        // nothing is open
      }
    };
  }

  private static String causes(Throwable failure) {
    StringBuilder causes = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      causes.append(cause).append('\n');
    }
    return causes.toString();
  }

  private static void sql(String statement) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement()) {
      sql.execute(statement);
    }
  }
}
