package io.vigie.access;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.Tokens;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static org.hamcrest.Matchers.equalTo;

/** What the tests of this service ask it again and again. */
public final class Api {

  public static final UUID MANAGER = UUID.randomUUID();
  public static final String TOKEN = Tokens.of(MANAGER, ACCESS_MANAGER);

  private Api() {}

  /** A profile that nobody else has; {@code subject} may be null. */
  public static Map<String, Object> profile(UUID subject) {
    Map<String, Object> profile = new HashMap<>();
    profile.put("givenName", "Ada");
    profile.put("familyName", "Lovelace");
    profile.put("email", UUID.randomUUID() + "@example.org");
    profile.put("businessProfile", "developer");
    profile.put("joinedOn", "2025-09-01");
    if (subject != null) {
      profile.put("subject", subject.toString());
    }
    return profile;
  }

  /** Registers somebody; returns their id. */
  public static String join(UUID subject) {
    return Rest.as(TOKEN)
        .body(profile(subject))
        .post("/v1/people")
        .then()
        .statusCode(201)
        .header("ETag", equalTo("\"0\""))
        .extract()
        .path("id");
  }

  /** Puts something normal into the catalogue that is had for a year at most; returns its id. */
  public static String entitlement(UUID asset, String name) {
    return entitlement(asset, name, "NORMAL");
  }

  public static String entitlement(UUID asset, String name, String sensitivity) {
    return Rest.as(TOKEN)
        .body(
            Map.of(
                "asset",
                asset,
                "name",
                name,
                "type",
                "APPLICATION_ROLE",
                "terms",
                Map.of("owner", join(null), "sensitivity", sensitivity, "longest", "P365D")))
        .post("/v1/entitlements")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** What asks for an entitlement on the asset that the catalogue did not have before. */
  public static Map<String, Object> request(String person, UUID asset) {
    return Map.of(
        "person", person, "entitlement", entitlement(asset, "admin"), "reason", "Maintains it");
  }

  /** Asks for a right on some asset as the access manager {@link #TOKEN}; returns its id. */
  public static String requestFor(String person) {
    return request(TOKEN, request(person, UUID.randomUUID()))
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** Makes a bundle of these, with somebody else's approval where it needs that; returns its id. */
  public static String bundle(String name, String... entitlements) {
    String id =
        Rest.as(TOKEN)
            .body(Map.of("name", name, "entitlements", List.of(entitlements)))
            .post("/v1/business-profiles")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    approveBundle(id);
    return id;
  }

  /** Approves what was proposed for it, if anything, as somebody else. */
  public static void approveBundle(String id) {
    String path = "/v1/business-profiles/" + id;
    if (!Rest.as(TOKEN).get(path).<List<String>>path("proposed").isEmpty()) {
      change(Tokens.of(ACCESS_MANAGER), "POST", path, "/approval", Map.of()).then().statusCode(200);
    }
  }

  /** Gives somebody a profile from now on; returns the assignment's id. */
  public static String assign(String person, String profile) {
    return Rest.as(TOKEN)
        .body(Map.of("person", person, "profile", profile))
        .post("/v1/profile-assignments")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  public static Response request(String token, Map<String, Object> body) {
    return Rest.as(token).body(body).post("/v1/rights");
  }

  /** Approves as somebody who has nothing to do with the request. */
  public static Response approve(String right) {
    return act(Tokens.of(ACCESS_MANAGER), right, "approval", Map.of());
  }

  /** Takes a step with a right, in the version that it has now. */
  public static Response act(String token, String right, String step, Map<String, ?> body) {
    return change(token, "POST", "/v1/rights/" + right, "/" + step, body);
  }

  public static Response leave(String person) {
    return change(TOKEN, "POST", "/v1/people/" + person, "/departure", Map.of());
  }

  /** Changes what stands under {@code path}, in the version that it has now. */
  public static Response change(
      String token, String method, String path, String what, Map<String, ?> body) {
    return Rest.as(token)
        .header("If-Match", Rest.as(TOKEN).get(path).header("ETag"))
        .body(body)
        .request(method, path + what);
  }

  /** The kind of what waits for access managers about {@code kind/id}; null where nothing does. */
  public static String taskOf(String subject) {
    String path = "/v1/tasks?limit=200";
    while (path != null) {
      Response tasks = Rest.as(TOKEN).urlEncodingEnabled(false).get(path);
      String kind = tasks.path("items.find { it.subject == '" + subject + "' }?.kind");
      if (kind != null) {
        return kind;
      }
      String link = tasks.header("Link");
      path = link == null ? null : link.substring(link.indexOf("/v1/"), link.indexOf('>'));
    }
    return null;
  }

  public static String stateOf(String right) {
    return Rest.as(TOKEN).get("/v1/rights/" + right).path("state");
  }
}
