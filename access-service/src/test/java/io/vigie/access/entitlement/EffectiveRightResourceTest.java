package io.vigie.access.entitlement;

import java.util.ArrayList;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.approve;
import static io.vigie.access.Api.assign;
import static io.vigie.access.Api.bundle;
import static io.vigie.access.Api.entitlement;
import static io.vigie.access.Api.join;
import static io.vigie.access.Api.profile;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

/** What people have, why, and who sees it. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class EffectiveRightResourceTest {

  private String read;
  private String lead;

  @BeforeEach
  void aProfileThatGivesSomething() {
    read = entitlement(UUID.randomUUID(), "read");
    lead = bundle("lead " + UUID.randomUUID(), read);
  }

  @Test
  void everyReasonForAnEffectiveRightIsToldAndItsReadersAreFew() {
    // Given what a profile gives and a request got as well
    UUID subject = UUID.randomUUID();
    UUID leading = UUID.randomUUID();
    Map<String, Object> details = profile(subject);
    details.put("manager", join(leading));
    String person = Rest.as(TOKEN).body(details).post("/v1/people").path("id");
    assign(person, lead);
    Map<String, Object> body =
        Map.of("person", person, "entitlement", read, "reason", "for the migration");
    String asked =
        Api.request(Tokens.of(subject), body).then().statusCode(201).extract().path("id");
    effective(person).then().body("items[0].reasons", hasSize(1));
    approve(asked).then().statusCode(200);

    // Then
    effective(person)
        .then()
        .body("items", hasSize(1))
        .body("items[0].reasons.ground", containsInAnyOrder("PROFILE", "REQUEST"))
        .body(
            "items[0].reasons.find { it.ground == 'REQUEST' }.requested.reason",
            equalTo("for the migration"))
        .body("items[0].reasons.find { it.ground == 'REQUEST' }.approved.by", notNullValue())
        .body("items[0].reasons.find { it.ground == 'PROFILE' }.requested", nullValue());
    for (String token : List.of(Tokens.of(subject), Tokens.of(leading), Tokens.of(AUDITOR))) {
      Rest.as(token).get("/v1/people/" + person + "/effective-rights").then().statusCode(200);
      Rest.as(token).get("/v1/rights/" + asked).then().statusCode(200);
      Rest.as(token).get("/v1/rights?person=" + person).then().body("items", hasSize(2));
    }
    for (String path :
        List.of(
            "/v1/people/" + person + "/effective-rights",
            "/v1/entitlements/" + read + "/holders")) {
      problem(Rest.as(Tokens.of(STAFF)).get(path), 403, "forbidden");
    }
  }

  @Test
  void theHoldersOfAnEntitlementComePageByPageAndItsOwnerSeesThem() {
    List<String> people = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      people.add(join(null));
      assign(people.get(i), lead);
    }
    String path = "/v1/entitlements/" + read;
    UUID owner = UUID.randomUUID();
    Map<String, Object> terms = new HashMap<>(Rest.as(TOKEN).get(path).path("terms"));
    terms.put("owner", join(owner));
    change(path, "PUT", "", terms).then().statusCode(200);

    Response first = Rest.as(Tokens.of(owner)).get(path + "/holders?limit=2");
    first.then().body("items.person", contains(people.get(0), people.get(1)));
    Rest.as(Tokens.of(owner))
        .get(first.header("Link").replaceAll("<(.*)>.*", "$1"))
        .then()
        .body("items.person", contains(people.get(2)))
        .header("Link", nullValue());
  }

  private static Response change(String path, String method, String what, Map<String, ?> body) {
    return Api.change(TOKEN, method, path, what, body);
  }

  private static Response effective(String person) {
    return Rest.as(TOKEN).get("/v1/people/" + person + "/effective-rights");
  }
}
