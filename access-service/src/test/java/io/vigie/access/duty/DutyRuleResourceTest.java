package io.vigie.access.duty;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.duty.Rules.CISO_TOKEN;
import static io.vigie.access.duty.Rules.content;
import static io.vigie.access.duty.Rules.make;
import static io.vigie.access.duty.Rules.side;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** The rules of separation, who writes them, and what they must say. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DutyRuleResourceTest {

  private String orders;
  private String pays;

  @BeforeEach
  void twoThingsToKeepApart() {
    orders = Api.entitlement(UUID.randomUUID(), "orders");
    pays = Api.entitlement(UUID.randomUUID(), "pays");
  }

  @Test
  void aRuleIsMadeFoundChangedWithAReasonAndRetired() {
    // Given
    Map<String, Object> content = content("ANYWHERE", "RECORD", side(orders), side(pays));
    String rule = make(content);
    String path = "/v1/duty-rules/" + rule;
    Rest.as(Tokens.of(AUDITOR))
        .get(path)
        .then()
        .statusCode(200)
        .body("sides.entitlements.flatten()", contains(orders, pays))
        .body("state", equalTo("ACTIVE"));
    Rest.as(CISO_TOKEN)
        .get("/v1/duty-rules?entitlement=" + pays)
        .then()
        .body("items.id", contains(rule));

    // When
    Map<String, Object> stricter = new HashMap<>(content);
    stricter.put("mode", "ENFORCE");
    Api.change(Api.TOKEN, "PUT", path, "", Map.of("rule", stricter, "reason", "They had time"))
        .then()
        .statusCode(200)
        .body("mode", equalTo("ENFORCE"));
    Api.change(Api.TOKEN, "PUT", path, "", Map.of("rule", stricter, "reason", "Again"))
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"1\""));
    Rules.retire(rule).then().statusCode(200).body("retired.reason", equalTo("x"));

    // Then
    Rules.retire(rule)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:duty-rule-retired"));
    Rest.as(CISO_TOKEN).get("/v1/duty-rules?entitlement=" + pays).then().body("items", empty());
    try (Topic topic = Topic.named("vigie.access.events")) {
      assertEquals(3, topic.await(3, about(rule)).size());
      assertEquals(1, topic.await(1, about(rule).and(ofType("duty-rule.changed.v1"))).size());
    }
  }

  @Test
  void whatIsEnforcedTheCisoAloneLoosensOrRetires() {
    // Given
    String other = Api.entitlement(UUID.randomUUID(), "pays abroad");
    Map<String, Object> content = content("ANYWHERE", "ENFORCE", side(orders), side(pays, other));
    String rule = make(content);
    String path = "/v1/duty-rules/" + rule;

    // When, then
    for (Map<String, Object> looser :
        List.of(
            with(content, "mode", "RECORD"),
            with(content, "scope", "SAME_ASSET"),
            with(content, "sides", List.of(side(orders), side(pays))),
            with(content, "sides", List.of(side(orders), side(pays), side(other))))) {
      change(Api.TOKEN, path, looser)
          .then()
          .statusCode(403)
          .body("type", equalTo("urn:vigie:problem:forbidden"));
    }
    Api.change(Api.TOKEN, "POST", path, "/retirement", Map.of("reason", "x"))
        .then()
        .statusCode(403);
    String more = Api.entitlement(UUID.randomUUID(), "orders abroad");
    Map<String, Object> stricter =
        with(content, "sides", List.of(side(pays, other), side(orders, more)));
    change(Api.TOKEN, path, stricter).then().statusCode(200);
    change(CISO_TOKEN, path, content).then().statusCode(200);
    change(CISO_TOKEN, path, with(content, "mode", "RECORD")).then().statusCode(200);
    Api.change(Api.TOKEN, "POST", path, "/retirement", Map.of("reason", "x"))
        .then()
        .statusCode(200);
  }

  private static Map<String, Object> with(Map<String, Object> content, String field, Object value) {
    Map<String, Object> changed = new HashMap<>(content);
    changed.put(field, value);
    return changed;
  }

  private static Response change(String token, String path, Map<String, Object> rule) {
    return Api.change(token, "PUT", path, "", Map.of("rule", rule, "reason", "x"));
  }

  @Test
  void whatARuleMustSayIsSaidWhenItDoesNot() {
    refuse(content("ANYWHERE", "RECORD", side(orders)), "sides");
    refuse(content("ANYWHERE", "RECORD", side(orders), side()), "sides[1]");
    refuse(content("ANYWHERE", "RECORD", side(orders), side(orders)), "sides[1]");
    Map<String, Object> selectsNothing =
        Map.of("name", "all", "entitlements", List.of(), "selector", Map.of());
    refuse(content("ANYWHERE", "RECORD", side(orders), selectsNothing), "sides[1]");
    Rest.as(CISO_TOKEN)
        .body(content("ANYWHERE", "RECORD", side(orders), side(UUID.randomUUID().toString())))
        .post("/v1/duty-rules")
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:unknown-entitlement"));
  }

  private static void refuse(Map<String, Object> content, String field) {
    Rest.as(CISO_TOKEN)
        .body(content)
        .post("/v1/duty-rules")
        .then()
        .statusCode(400)
        .body("errors.field", hasItem(startsWith(field)));
  }

  @Test
  void staffAndAuditorsWriteNoRulesAndStaffReadNone() {
    Map<String, Object> content = content("ANYWHERE", "RECORD", side(orders), side(pays));
    Rest.as(Tokens.of(AUDITOR)).body(content).post("/v1/duty-rules").then().statusCode(403);
    Rest.as(Tokens.of(STAFF)).body(content).post("/v1/duty-rules").then().statusCode(403);
    Rest.as(Tokens.of(STAFF)).get("/v1/duty-rules").then().statusCode(403);
    Rest.as(Tokens.of(AUDITOR)).get("/v1/duty-rules").then().statusCode(200);
  }
}
