package io.vigie.access.review;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;

import static io.vigie.access.Api.TOKEN;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What the tests of reviews ask again and again. */
public final class Reviews {

  private Reviews() {}

  /** Somebody who can sign in, led by {@code manager}, who may be null; returns their id. */
  public static String person(UUID subject, String manager) {
    return personAt(null, subject, manager);
  }

  /** The same of somebody who works at a site. */
  public static String personAt(UUID site, UUID subject, String manager) {
    Map<String, Object> details = Api.profile(subject);
    details.put("manager", manager);
    details.put("site", site);
    return Rest.as(TOKEN)
        .body(details)
        .post("/v1/people")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** Registers the account of a program, with this subject; returns its id. */
  public static String program(UUID subject, String responsible) {
    return Rest.as(TOKEN)
        .body(
            Map.of(
                "subject",
                subject,
                "name",
                "agent " + subject,
                "purpose",
                "Reports",
                "responsible",
                responsible))
        .post("/v1/service-accounts")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** Puts something on the asset into the catalogue; returns its id. */
  public static String entitlement(UUID asset, String owner, String sensitivity) {
    return entitlement(asset, owner, sensitivity, null);
  }

  /** The same of something that is a role in the directory. */
  public static String entitlement(UUID asset, String owner, String sensitivity, String role) {
    Map<String, Object> terms = new HashMap<>();
    terms.put("owner", owner);
    terms.put("sensitivity", sensitivity);
    terms.put("longest", "P3650D");
    if (role != null) {
      terms.put("directory", Map.of("kind", "ROLE", "name", role));
    }
    return Rest.as(TOKEN)
        .body(
            Map.of(
                "asset",
                asset,
                "name",
                "right " + UUID.randomUUID(),
                "type",
                "APPLICATION_ROLE",
                "terms",
                terms))
        .post("/v1/entitlements")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** Has it be so sensitive from now on: who has it keeps it. */
  public static void become(String entitlement, String sensitivity) {
    String path = "/v1/entitlements/" + entitlement;
    Map<String, Object> terms = new HashMap<>(Rest.as(TOKEN).get(path).path("terms"));
    terms.put("sensitivity", sensitivity);
    Api.change(TOKEN, "PUT", path, "", terms).then().statusCode(200);
  }

  /** Asks for something normal and approves it; returns the right's id. */
  public static String right(String person, String entitlement) {
    String right =
        Api.request(TOKEN, Map.of("person", person, "entitlement", entitlement, "reason", "x"))
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    Api.approve(right).then().statusCode(200);
    return right;
  }

  /** A plan about the rights on one asset: a day to answer, a day of grace, once. */
  public static Map<String, Object> plan(UUID asset, ReviewerRule rule) {
    Map<String, Object> plan = new HashMap<>();
    plan.put("name", "Review of " + asset);
    plan.put("scope", Map.of("assets", List.of(asset)));
    plan.put("reviewers", rule);
    plan.put("answerWithinDays", 1);
    plan.put("graceDays", 1);
    plan.put("everyMonths", 0);
    return plan;
  }

  /** Plans a campaign and waits until it is open; returns its id. */
  public static String open(Map<String, Object> plan) {
    String id =
        Rest.as(TOKEN).body(plan).post("/v1/campaigns").then().statusCode(201).extract().path("id");
    await().untilAsserted(() -> assertEquals("OPEN", stateOf(id)));
    return id;
  }

  public static String stateOf(String campaign) {
    return Rest.as(TOKEN).get("/v1/campaigns/" + campaign).path("state");
  }

  public static List<Map<String, Object>> items(String token, String campaign, String query) {
    return Rest.as(token)
        .get("/v1/campaigns/" + campaign + "/items?limit=200&" + query)
        .then()
        .statusCode(200)
        .extract()
        .path("items");
  }

  /** What waits for whoever has this token. */
  public static List<Map<String, Object>> mine(String token, String campaign) {
    return items(token, campaign, "state=PENDING");
  }

  /** The item about a right, as it is now. */
  public static Map<String, Object> item(String campaign, String right) {
    return items(TOKEN, campaign, "reviewer=all").stream()
        .filter(item -> right.equals(item.get("right")))
        .findFirst()
        .orElseThrow();
  }

  /** An answer about an item, with further fields as pairs. */
  public static Map<String, Object> line(
      Map<String, Object> item, String decision, Object... more) {
    Map<String, Object> line = new HashMap<>();
    line.put("item", item.get("id"));
    line.put("version", item.get("version"));
    line.put("decision", decision);
    for (int i = 0; i < more.length; i += 2) {
      line.put((String) more[i], more[i + 1]);
    }
    return line;
  }

  @SafeVarargs
  public static Response decide(String token, String campaign, Map<String, Object>... lines) {
    return Rest.as(token)
        .body(Map.of("decisions", List.of(lines)))
        .post("/v1/campaigns/" + campaign + "/decisions");
  }

  /** Says that what was revoked by these items is gone. */
  public static Response confirm(String token, String campaign, Object... items) {
    return Rest.as(token)
        .body(Map.of("items", List.of(items)))
        .post("/v1/campaigns/" + campaign + "/confirmations");
  }

  public static Response close(String campaign) {
    return Api.change(TOKEN, "POST", "/v1/campaigns/" + campaign, "/closure", Map.of());
  }
}
