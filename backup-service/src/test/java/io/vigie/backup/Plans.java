package io.vigie.backup;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.Tokens;

import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;
import static org.hamcrest.Matchers.equalTo;

/** What the tests of this service do again and again, through its API. */
public final class Plans {

  public static final UUID ADMIN = UUID.randomUUID();
  public static final String SYSADMIN_TOKEN = Tokens.of(ADMIN, SYSADMIN);
  public static final String TOOL_TOKEN = Tokens.of(TOOL);
  public static final Map<String, String> DAILY = Map.of("interval", "PT24H", "tolerance", "PT2H");

  private Plans() {}

  public static Response create(Map<String, ?> body) {
    return Rest.as(SYSADMIN_TOKEN).body(body).post("/v1/plans");
  }

  public static Map<String, Object> nightly(UUID asset) {
    return Map.of("asset", asset, "name", "nightly", "site", "paris-2", "schedule", DAILY);
  }

  /** A plan with a run a day and two hours of tolerance. */
  public static String daily(UUID asset) {
    return create(nightly(asset))
        .then()
        .statusCode(201)
        .header("ETag", equalTo("\"0\""))
        .extract()
        .path("id");
  }

  public static Response get(String id) {
    return Rest.as(SYSADMIN_TOKEN).get("/v1/plans/" + id);
  }

  /** A decision on the plan as it is now. */
  public static Response change(String id, String method, String what, Map<String, ?> body) {
    return Rest.as(SYSADMIN_TOKEN)
        .header("If-Match", get(id).header("ETag"))
        .body(body)
        .request(method, "/v1/plans/" + id + "/" + what);
  }

  public static Map<String, Object> success(Instant startedAt) {
    Map<String, Object> report = new HashMap<>();
    report.put("startedAt", startedAt.toString());
    report.put("endedAt", startedAt.plusSeconds(30).toString());
    report.put("outcome", "SUCCEEDED");
    report.put("bytes", 73_014_444_032L);
    report.put("sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    report.put("location", "tape://vault-3/0042");
    report.put("message", "41 files by jeanne");
    return report;
  }

  public static Response report(String plan, Map<String, ?> body) {
    return Rest.as(TOOL_TOKEN).body(body).post("/v1/plans/" + plan + "/runs");
  }

  /** Two people delete the copy of the asset that this run made. */
  public static void delete(UUID asset, String run) {
    String ciso = Tokens.of(CISO);
    String access =
        ask(
            "/v1/backup-accesses",
            Map.of("assets", List.of(asset), "reason", "It is not needed", "minutes", 60));
    decide(ciso, access, "approval");
    String deletion =
        ask(
            "/v1/backup-deletions",
            Map.of(
                "access",
                access.substring(access.lastIndexOf('/') + 1),
                "run",
                run,
                "reason",
                "It is not needed"));
    decide(ciso, deletion, "approval");
    decide(SYSADMIN_TOKEN, deletion, "completion");
  }

  private static String ask(String path, Map<String, ?> body) {
    return path
        + "/"
        + Rest.as(SYSADMIN_TOKEN).body(body).post(path).then().statusCode(201).extract().path("id");
  }

  private static void decide(String token, String path, String what) {
    Rest.as(token)
        .header("If-Match", Rest.as(SYSADMIN_TOKEN).get(path).header("ETag"))
        .post(path + "/" + what)
        .then()
        .statusCode(200);
  }

  /** The subjects of the tasks that wait for system administrators, with their kinds. */
  public static List<String> tasks() {
    return tasks(SYSADMIN_TOKEN);
  }

  /** The same for whoever has this token. */
  public static List<String> tasks(String token) {
    List<String> tasks = new ArrayList<>();
    String next = "/v1/tasks?limit=200";
    while (next != null) {
      Response page = Rest.as(token).urlEncodingEnabled(false).get(next);
      page.then().statusCode(200);
      tasks.addAll(page.jsonPath().getList("items.collect { it.kind + ' ' + it.subject }"));
      String link = page.header("Link");
      next = link == null ? null : link.replaceAll("<(.*)>.*", "$1");
    }
    return tasks;
  }
}
