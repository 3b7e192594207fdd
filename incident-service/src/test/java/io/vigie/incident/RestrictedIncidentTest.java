package io.vigie.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.incident.Calls.RESPONDER_ID;
import static io.vigie.incident.Calls.RESPONDER_TOKEN;
import static io.vigie.incident.Calls.aReport;
import static io.vigie.incident.Calls.change;
import static io.vigie.incident.Calls.playbook;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * An incident with all that belongs to one, restricted to the responder and the CISO: for others
 * nothing of it is there, wherever they look and whatever they ask for.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RestrictedIncidentTest {

  private static final String CISO_TOKEN = Tokens.of(CISO);
  private static final Map<String, Object> PROMOTION =
      Map.of("category", "TEST", "impact", "HIGH", "urgency", "HIGH");
  private static final String DUE = Instant.now().plus(Duration.ofDays(300)).toString();

  private final UUID adaId = UUID.randomUUID();
  private final String ada = Tokens.of(adaId, STAFF);

  private String event;
  private String incident;
  private String task;
  private String clock;
  private String run;
  private String lesson;
  private String evidence;
  private String picture;

  private static Response as(String token, String method, String path, Object body) {
    RequestSpecification request = Rest.as(token).header("If-Match", "*");
    return (body == null ? request : request.body(body)).request(method, path);
  }

  private static String last(String path) {
    return path.replaceAll(".*/", "");
  }

  private static String attach(String object) {
    return "/v1/attachments/"
        + Rest.as(RESPONDER_TOKEN)
            .contentType("application/octet-stream")
            .body(("From: Mr Doe " + UUID.randomUUID()).getBytes())
            .post(object + "/attachments?name=mail")
            .then()
            .statusCode(200)
            .extract()
            .path("id");
  }

  @BeforeEach
  void anIncidentWithAllThatBelongsToOne() {
    String reporter = Tokens.of(STAFF);
    event = "/v1/security-events/" + Calls.report(reporter, aReport());
    picture = attach(event);
    incident = "/v1/incidents/" + change("POST", event, "promotion", PROMOTION).path("id");
    task =
        incident
            + "/tasks/"
            + change(
                    "POST",
                    incident,
                    "tasks",
                    Map.of("title", "Call Mr Doe", "assignee", adaId, "dueAt", DUE))
                .path("id");
    change("POST", incident, "timeline", Map.of("kind", "STATUS", "text", "We know"))
        .then()
        .statusCode(201);
    change("POST", incident, "crisis", Map.of("decision", "It is one")).then().statusCode(200);
    clock =
        "/v1/notification-clocks/"
            + change(
                    "POST",
                    incident,
                    "classification",
                    Map.of("regimes", List.of("agency"), "awareAt", Instant.now().toString()))
                .path("clocks[0].id");
    run =
        "/v1/playbook-runs/"
            + Rest.as(RESPONDER_TOKEN)
                .body(Map.of("playbook", playbook("TEST"), "incident", last(incident)))
                .post("/v1/playbook-runs")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    change("POST", run, "lessons", Map.of("text", "Slow", "owner", adaId, "dueAt", DUE))
        .then()
        .statusCode(200);
    lesson = run + "/lessons/" + Rest.as(RESPONDER_TOKEN).get(run + "/lessons").path("items[0].id");
    evidence = attach(incident);
  }

  private void restrict() {
    change("PUT", incident, "restriction", Map.of("accounts", List.of(RESPONDER_ID)))
        .then()
        .statusCode(200);
  }

  private List<String> readable() {
    return List.of(
        incident,
        incident + "/steps",
        incident + "/times",
        incident + "/tasks",
        task,
        incident + "/timeline",
        incident + "/timeline/status-page",
        incident + "/crisis",
        event,
        clock,
        clock + "/draft",
        clock + "/draft/pdf",
        run,
        run + "/steps",
        run + "/lessons",
        picture,
        picture + "/content",
        evidence,
        evidence + "/content",
        evidence + "/custody");
  }

  @Test
  void nothingOfItIsReadByOthers() {
    for (String path : readable()) {
      Rest.as(Tokens.of(RESPONDER)).get(path).then().statusCode(200);
    }
    restrict();

    for (String path : readable()) {
      for (String role : List.of(RESPONDER, AUDITOR)) {
        assertEquals(404, Rest.as(Tokens.of(role)).get(path).statusCode(), role + " reads " + path);
      }
      for (String token : List.of(RESPONDER_TOKEN, CISO_TOKEN)) {
        assertEquals(200, Rest.as(token).get(path).statusCode(), path);
      }
    }
  }

  /** What is asked for, as method, path and body; each is possible for who may know of it. */
  private List<Object[]> commands(String other) {
    Map<String, ?> note = Map.of("note", "x");
    List<Object[]> commands = new ArrayList<>();
    commands.add(new Object[] {"PUT", incident + "/assignee", Map.of("assignee", "ben")});
    commands.add(
        new Object[] {
          "PUT",
          incident + "/assessment",
          Map.of("category", "TEST", "impact", "LOW", "urgency", "LOW", "tlp", "RED")
        });
    commands.add(new Object[] {"PUT", incident + "/affected", Map.of()});
    commands.add(new Object[] {"POST", incident + "/triage", note});
    commands.add(new Object[] {"POST", incident + "/closure", note});
    commands.add(
        new Object[] {
          "POST",
          incident + "/steps",
          Map.of("supersedes", UUID.randomUUID(), "at", Instant.now().toString(), "note", "x")
        });
    commands.add(
        new Object[] {"POST", incident + "/merge", Map.of("into", last(other), "note", "x")});
    commands.add(
        new Object[] {"POST", other + "/merge", Map.of("into", last(incident), "note", "x")});
    commands.add(
        new Object[] {
          "POST", incident + "/tasks", Map.of("title", "x", "assignee", "x", "dueAt", DUE)
        });
    commands.add(new Object[] {"POST", task + "/completion", null});
    commands.add(new Object[] {"POST", task + "/cancellation", Map.of("reason", "x")});
    commands.add(
        new Object[] {"POST", incident + "/timeline", Map.of("kind", "FACT", "text", "x")});
    commands.add(new Object[] {"POST", incident + "/crisis", Map.of("decision", "x")});
    commands.add(
        new Object[] {"PUT", incident + "/crisis/roles/LEAD", Map.of("person", UUID.randomUUID())});
    commands.add(
        new Object[] {
          "POST",
          incident + "/classification",
          Map.of("regimes", List.of("gdpr-33-1"), "awareAt", Instant.now().toString())
        });
    commands.add(new Object[] {"POST", clock + "/notification", Map.of("reference", "C-1")});
    commands.add(
        new Object[] {
          "POST",
          "/v1/playbook-runs",
          Map.of("playbook", playbook("TEST"), "incident", last(incident))
        });
    commands.add(new Object[] {"POST", run + "/steps", Map.of("step", 1, "outcome", "DONE")});
    commands.add(
        new Object[] {"POST", run + "/lessons", Map.of("text", "x", "owner", "x", "dueAt", DUE)});
    commands.add(new Object[] {"POST", lesson + "/follow-up", Map.of("outcome", "x")});
    commands.add(new Object[] {"POST", event + "/dismissal", Map.of("reason", "x")});
    commands.add(new Object[] {"POST", event + "/promotion", PROMOTION});
    commands.add(
        new Object[] {
          "POST",
          "/v1/security-events/" + Calls.report(RESPONDER_TOKEN, aReport()) + "/merge",
          Map.of("into", last(incident), "note", "x")
        });
    commands.add(new Object[] {"POST", evidence + "/check", null});
    return commands;
  }

  @Test
  void nothingOfItIsChangedByOthers() {
    String other = "/v1/incidents/" + Calls.incident(aReport(), PROMOTION);
    restrict();
    UUID benId = UUID.randomUUID();
    String ben = Tokens.of(benId, RESPONDER);
    long version = Rest.as(RESPONDER_TOKEN).get(incident).jsonPath().getLong("version");

    for (Object[] command : commands(other)) {
      assertEquals(
          404,
          as(ben, (String) command[0], (String) command[1], command[2]).statusCode(),
          command[0] + " " + command[1]);
    }
    problem(
        as(ben, "PUT", incident + "/restriction", Map.of("accounts", List.of(benId))),
        404,
        "not-found");
    for (String object : List.of(event, incident)) {
      Rest.as(ben)
          .contentType("application/octet-stream")
          .body(new byte[] {'x'})
          .post(object + "/attachments?name=x")
          .then()
          .statusCode(404);
    }
    Rest.as(RESPONDER_TOKEN).get(incident).then().body("version", is((int) version));
    Rest.as(RESPONDER_TOKEN).get(run).then().body("done", is(0)).body("lessons", is(1));
  }

  @Test
  void noListOfOthersHasAnythingOfIt() {
    change("PUT", incident, "assignee", Map.of("assignee", RESPONDER_ID)).then().statusCode(200);
    restrict();
    String id = last(incident);

    for (String role : List.of(RESPONDER, AUDITOR)) {
      String token = Tokens.of(role);
      for (String list :
          List.of(
              "/v1/security-events?incident=" + id,
              "/v1/notification-clocks?incident=" + id,
              "/v1/playbook-runs?incident=" + id,
              "/v1/attachments?incident=" + id,
              "/v1/attachments?securityEvent=" + last(event))) {
        Rest.as(token).get(list).then().statusCode(200).body("items", empty());
        Rest.as(CISO_TOKEN).get(list).then().body("items.size()", is(1));
      }
    }
    Rest.as(RESPONDER_TOKEN)
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.subject", hasItems("incident/" + id, "playbook-run/" + last(run)));
  }

  @Test
  void whoHadSomethingToDoAboutItHasNotAnyMoreAndTheCisoDoesItInTheirPlace() {
    Rest.as(ada)
        .get("/v1/tasks")
        .then()
        .body("items.id", hasItems(last(task), last(lesson)))
        .body("items.size()", is(2));
    Rest.as(ada).get(task).then().statusCode(200).body("title", is("Call Mr Doe"));
    restrict();

    Rest.as(ada).get("/v1/tasks").then().body("items", empty());
    for (String path : List.of(task, run + "/lessons")) {
      Rest.as(ada).get(path).then().statusCode(404);
    }
    for (String what : List.of(task + "/completion", lesson + "/follow-up")) {
      Object body = what.endsWith("follow-up") ? Map.of("outcome", "done") : null;
      assertEquals(404, as(ada, "POST", what, body).statusCode(), what);
      assertEquals(200, as(CISO_TOKEN, "POST", what, body).statusCode(), what);
    }
  }
}
