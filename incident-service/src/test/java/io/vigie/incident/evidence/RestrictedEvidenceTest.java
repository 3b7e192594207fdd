package io.vigie.incident.evidence;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Files of a restricted incident, and of the report that it was, at each endpoint. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RestrictedEvidenceTest {

  private static final String ATTACHMENTS = "/v1/attachments/";
  private static final Map<String, String> HAND_OVER =
      Map.of("to", "somebody", "purpose", "ANALYSIS", "reason", "x");

  private final UUID named = UUID.randomUUID();
  private final String reporter = Tokens.of(UUID.randomUUID(), STAFF);
  private final String responder = Tokens.of(named, RESPONDER);
  private String event;
  private String incident;
  private String report;
  private String evidence;

  @BeforeEach
  void restrict() {
    event =
        Rest.as(reporter)
            .body(
                Map.of(
                    "title", "Odd mail",
                    "description", "from a colleague",
                    "occurredAt", "2024-05-06T07:08:09Z"))
            .post("/v1/security-events")
            .path("id");
    report = add(reporter, "/v1/security-events/" + event).path("id");
    incident =
        Rest.as(responder)
            .header("If-Match", "*")
            .body(Map.of("category", "FRAUD", "severity", 2))
            .post("/v1/security-events/" + event + "/promotion")
            .path("id");
    evidence = add(responder, "/v1/incidents/" + incident).path("id");
    Rest.as(responder)
        .header("If-Match", "*")
        .body(Map.of("accounts", List.of(named)))
        .put("/v1/incidents/" + incident + "/restriction")
        .then()
        .statusCode(200);
  }

  private static Response add(String token, String to) {
    return Rest.as(token)
        .contentType("application/octet-stream")
        .body(("mail " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8))
        .post(to + "/attachments?name=mail");
  }

  private static Response act(String token, String file, String what, Object body) {
    var request = Rest.as(token).header("If-Match", "*");
    return (body == null ? request : request.body(body)).post(ATTACHMENTS + file + what);
  }

  @Test
  void whoIsNotNamedIsToldThatTheyAreNotThere() {
    String unknown =
        problem(Rest.as(responder).get(ATTACHMENTS + UUID.randomUUID()), 404, "not-found")
            .extract()
            .path("detail");

    for (String other : List.of(Tokens.of(RESPONDER), Tokens.of(AUDITOR))) {
      for (String file : List.of(report, evidence)) {
        for (String path : List.of("", "/content", "/custody")) {
          String detail =
              problem(Rest.as(other).get(ATTACHMENTS + file + path), 404, "not-found")
                  .extract()
                  .path("detail");
          assertEquals(unknown, detail, path);
        }
      }
      for (String filter : List.of("securityEvent=" + event, "incident=" + incident)) {
        Rest.as(other)
            .get("/v1/attachments?" + filter)
            .then()
            .statusCode(200)
            .body("items", empty());
      }
    }
    String other = Tokens.of(RESPONDER);
    for (String history :
        List.of(
            ATTACHMENTS + report + "/history",
            ATTACHMENTS + evidence + "/history",
            "/v1/security-events/" + event + "/history")) {
      problem(Rest.as(Tokens.of(AUDITOR)).get(history), 404, "not-found");
      problem(Rest.as(other).get(history), 403, "forbidden");
    }
    for (String file : List.of(report, evidence)) {
      problem(act(other, file, "/hand-over", HAND_OVER), 404, "not-found");
      problem(act(other, file, "/check", null), 404, "not-found");
    }
    problem(add(other, "/v1/incidents/" + incident), 404, "not-found");
    problem(add(other, "/v1/security-events/" + event), 404, "not-found");
  }

  @Test
  void whoIsNamedAndTheCisoSeeAllOfThem() {
    for (String reads : List.of(responder, Tokens.of(CISO))) {
      for (String file : List.of(report, evidence)) {
        for (String path : List.of("", "/content", "/custody")) {
          Rest.as(reads).get(ATTACHMENTS + file + path).then().statusCode(200);
        }
        act(reads, file, "/check", null).then().statusCode(200);
      }
      Rest.as(reads)
          .get("/v1/attachments?securityEvent=" + event)
          .then()
          .body("items.id", containsInAnyOrder(report));
      Rest.as(reads)
          .get("/v1/attachments?incident=" + incident)
          .then()
          .body("items.id", containsInAnyOrder(evidence));
    }
    add(responder, "/v1/security-events/" + event).then().statusCode(200);
  }

  @Test
  void whoReportedStillSeesTheirOwnFilesAndNoEvidence() {
    Rest.as(reporter).get(ATTACHMENTS + report + "/content").then().statusCode(200);
    Rest.as(reporter)
        .get("/v1/attachments?securityEvent=" + event)
        .then()
        .body("items.id", containsInAnyOrder(report));
    add(reporter, "/v1/security-events/" + event).then().statusCode(200);
    problem(Rest.as(reporter).get(ATTACHMENTS + evidence), 404, "not-found");
  }
}
