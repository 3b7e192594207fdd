package io.vigie.access.duty;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.Tokens;

import static io.vigie.kernel.security.Roles.CISO;

/** What the tests of duties ask the service again and again. */
final class Rules {

  static final UUID OFFICER = UUID.randomUUID();
  static final String CISO_TOKEN = Tokens.of(OFFICER, CISO);

  private Rules() {}

  static Map<String, Object> side(String... entitlements) {
    return Map.of("name", "side", "entitlements", List.of(entitlements));
  }

  @SafeVarargs
  static Map<String, Object> content(String scope, String mode, Map<String, Object>... sides) {
    Map<String, Object> content = new HashMap<>();
    content.put("name", "rule " + UUID.randomUUID());
    content.put("explanation", "Whoever orders must not pay.");
    content.put("scope", scope);
    content.put("mode", mode);
    content.put("sides", Arrays.asList(sides));
    return content;
  }

  /** Makes the rule; returns its id. */
  static String make(Map<String, Object> content) {
    return Rest.as(CISO_TOKEN)
        .body(content)
        .post("/v1/duty-rules")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  static Response retire(String rule) {
    return Api.change(
        CISO_TOKEN, "POST", "/v1/duty-rules/" + rule, "/retirement", Map.of("reason", "x"));
  }

  static Response ask(String person, String entitlement) {
    return Api.request(
        Api.TOKEN, Map.of("person", person, "entitlement", entitlement, "reason", "x"));
  }

  /** Asks for it and has it approved; returns the right's id. */
  static String give(String person, String entitlement) {
    String right = ask(person, entitlement).then().statusCode(201).extract().path("id");
    Api.approve(right).then().statusCode(200);
    return right;
  }

  static Response conflicts(String query) {
    return Rest.as(CISO_TOKEN).get("/v1/duty-conflicts?limit=200&" + query);
  }

  static Response decide(String token, String conflict, String step, Map<String, ?> body) {
    return Rest.as(token)
        .header(
            "If-Match", Rest.as(CISO_TOKEN).get("/v1/duty-conflicts/" + conflict).header("ETag"))
        .body(body)
        .post("/v1/duty-conflicts/" + conflict + "/" + step);
  }

  static Map<String, Object> exception(MovableClock clock, int days) {
    return Map.of(
        "reason",
        "Two people run the office",
        "compensatingControl",
        "The accountant checks each payment",
        "until",
        clock.instant().plus(java.time.Duration.ofDays(days)).toString());
  }
}
