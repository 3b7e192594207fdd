package io.vigie.access.physical;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;

import static io.vigie.access.Api.TOKEN;

/** What the tests of the premises ask the service again and again. */
final class Premises {

  private Premises() {}

  /** A text that nobody else has. */
  static String unique(String prefix) {
    return prefix + "-" + UUID.randomUUID();
  }

  static Map<String, Object> definition(List<String> purposes, List<String> doors) {
    Map<String, Object> definition = new HashMap<>();
    definition.put("name", unique("zone"));
    definition.put("site", UUID.randomUUID().toString());
    definition.put("sensitivity", "SENSITIVE");
    definition.put("purposes", purposes);
    definition.put("doors", doors);
    return definition;
  }

  /** A zone for any purpose with these doors; returns its id. */
  static String zone(String... doors) {
    return created(
        Rest.as(TOKEN).body(definition(List.of(), List.of(doors))).post("/v1/physical-zones"));
  }

  /** A right on the zone, approved; returns its id. */
  static String admit(String person, String zone) {
    return admit(person, zone, "PHYSICAL_ZONE");
  }

  /** The same of another type: to a key or a badge. */
  static String admit(String person, String zone, String type) {
    String entitlement =
        created(
            Rest.as(TOKEN)
                .body(
                    Map.of(
                        "asset",
                        zone,
                        "name",
                        unique("enter"),
                        "type",
                        type,
                        "terms",
                        Map.of(
                            "owner", Api.join(null), "sensitivity", "NORMAL", "longest", "P365D")))
                .post("/v1/entitlements"));
    String right =
        created(
            Api.request(
                TOKEN,
                Map.of("person", person, "entitlement", entitlement, "reason", "Works there")));
    Api.approve(right).then().statusCode(200);
    return right;
  }

  static Response issue(String number, String person) {
    return Rest.as(TOKEN).body(Map.of("number", number, "person", person)).post("/v1/badges");
  }

  /** A badge for the person; returns its id. */
  static String badge(String number, String person) {
    return created(issue(number, person));
  }

  /** A key to the zones that is in the safe; returns its id. */
  static String key(String... zones) {
    return created(
        Rest.as(TOKEN)
            .body(Map.of("code", unique("K"), "copy", 1, "zones", List.of(zones)))
            .post("/v1/keys"));
  }

  static String created(Response answer) {
    return answer.then().statusCode(201).extract().path("id");
  }

  /** Takes a step with what stands under the path, in the version that it has now. */
  static Response step(String token, String path, String step, Map<String, ?> body) {
    return Api.change(token, "POST", path, "/" + step, body);
  }

  static Response tasks(String token) {
    return Rest.as(token).get("/v1/tasks?limit=200");
  }

  /** Whether such a task waits for access managers, on whatever page it stands. */
  static boolean waits(String kind, String id) {
    String path = "/v1/tasks?limit=200";
    while (path != null) {
      Response answer = Rest.as(TOKEN).urlEncodingEnabled(false).get(path);
      List<String> ids = answer.path("items.findAll { it.kind == '%s' }.id".formatted(kind));
      if (ids.contains(id)) {
        return true;
      }
      String link = answer.header("Link");
      path = link == null ? null : link.substring(link.indexOf("/v1/"), link.indexOf('>'));
    }
    return false;
  }
}
