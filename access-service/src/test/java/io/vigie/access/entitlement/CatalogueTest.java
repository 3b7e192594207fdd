package io.vigie.access.entitlement;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.bundle;
import static io.vigie.access.Api.entitlement;
import static io.vigie.access.Api.join;
import static io.vigie.access.Api.leave;
import static io.vigie.access.Api.request;
import static io.vigie.access.Api.stateOf;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class CatalogueTest {

  private final UUID asset = UUID.randomUUID();
  private final String mark = UUID.randomUUID().toString().substring(0, 8);

  private Map<String, Object> terms(String owner) {
    return new HashMap<>(Map.of("owner", owner, "sensitivity", "SENSITIVE", "longest", "P30D"));
  }

  private Response create(String name, Map<String, Object> terms) {
    return Rest.as(TOKEN)
        .body(Map.of("asset", asset, "name", name, "type", "DATABASE_ROLE", "terms", terms))
        .post("/v1/entitlements");
  }

  private static Response change(String path, String method, String what, Map<String, ?> body) {
    return Api.change(TOKEN, method, path, what, body);
  }

  @Test
  void anEntitlementIsCreatedChangedAndRetiredAndItsEventsAreInOrder() {
    // Given
    String owner = join(null);
    Map<String, Object> terms = terms(owner);
    terms.put("directory", Map.of("kind", "GROUP", "name", "db-readers"));
    terms.put("courses", List.of(UUID.randomUUID()));
    Map<String, Object> withPath = new HashMap<>(terms);
    withPath.put("directory", Map.of("kind", "GROUP", "name", "/db/readers"));
    problem(create("reader", withPath), 400, "validation");
    String id =
        create("reader", terms)
            .then()
            .statusCode(201)
            .body("terms.longest", equalTo("PT720H"))
            .body("terms.directory.name", equalTo("db-readers"))
            .body("terms.courses", hasSize(1))
            .extract()
            .path("id");
    String path = "/v1/entitlements/" + id;

    // When
    Map<String, Object> others = terms(owner);
    change(path, "PUT", "", others).then().statusCode(200).header("ETag", equalTo("\"1\""));
    change(path, "PUT", "", others).then().statusCode(200).header("ETag", equalTo("\"1\""));
    change(path, "POST", "/retirement", Map.of("reason", "merged"))
        .then()
        .statusCode(200)
        .body("state", equalTo("RETIRED"))
        .body("retired.reason", equalTo("merged"));

    // Then
    problem(change(path, "PUT", "", others), 409, "entitlement-retired");
    problem(
        change(path, "POST", "/retirement", Map.of("reason", "again")), 409, "entitlement-retired");
    try (Topic topic = Topic.named("vigie.access.events")) {
      assertEquals(
          List.of("entitlement.created.v1", "entitlement.changed.v1", "entitlement.retired.v1"),
          topic.await(3, about(id)).stream().map(event -> header(event, "ce_type")).toList());
    }
  }

  @Test
  void aNameIsOneThingOnAnAssetUntilThatIsRetired() {
    String id = create("Reader", terms(join(null))).path("id");
    problem(create(" reader", terms(join(null))), 409, "already-exists");

    change("/v1/entitlements/" + id, "POST", "/retirement", Map.of("reason", "wrong type"))
        .then()
        .statusCode(200);
    create("reader", terms(join(null))).then().statusCode(201);
  }

  @Test
  void whoeverHasOrAskedForWhatIsRetiredLosesIt() {
    String entitlement = entitlement(asset, "writer");
    String person = join(null);
    String approved = Api.request(TOKEN, requestOf(person, entitlement)).path("id");
    Api.approve(approved).then().statusCode(200);
    String waiting = Api.request(TOKEN, requestOf(join(null), entitlement)).path("id");
    String profile = bundle("writers " + mark, entitlement);
    String holder = join(null);
    Api.assign(holder, profile);

    change("/v1/entitlements/" + entitlement, "POST", "/retirement", Map.of("reason", "gone"))
        .then()
        .statusCode(200);

    await().untilAsserted(() -> assertEquals("REVOKED", stateOf(approved)));
    await().untilAsserted(() -> assertEquals("REVOKED", stateOf(waiting)));
    await()
        .untilAsserted(
            () ->
                Rest.as(TOKEN)
                    .get("/v1/rights?person=" + holder)
                    .then()
                    .body("items.state", contains("REVOKED"))
                    .body("items[0].revoked.reason", equalTo("The entitlement was retired.")));
    problem(request(TOKEN, requestOf(person, entitlement)), 422, "entitlement-retired");
    problem(
        Rest.as(TOKEN)
            .body(Map.of("name", "x " + mark, "entitlements", List.of(entitlement)))
            .post("/v1/business-profiles"),
        422,
        "unknown-entitlement");
  }

  private static Map<String, Object> requestOf(String person, String entitlement) {
    return Map.of("person", person, "entitlement", entitlement, "reason", "needs it");
  }

  @Test
  void whatHasNoOwnerAnyMoreWaitsForOne() {
    String owner = join(null);
    String id = create("owned", terms(owner)).path("id");
    String task = "entitlement/" + id;
    tasks().then().body("items.subject", not(hasItem(task)));

    leave(owner).then().statusCode(200);
    tasks().then().body("items.subject", hasItem(task));
    problem(create("other", terms(owner)), 422, "person-left");

    change("/v1/entitlements/" + id, "PUT", "", terms(join(null))).then().statusCode(200);
    tasks().then().body("items.subject", not(hasItem(task)));
  }

  @Test
  void theCatalogueIsFoundByWhatItSays() {
    String owner = join(null);
    String first = create("reader", terms(owner)).path("id");
    String second = create("writer", terms(owner)).path("id");

    Rest.as(Tokens.of(STAFF))
        .get("/v1/entitlements?asset=" + asset)
        .then()
        .body("items.id", contains(first, second));
    for (String query :
        List.of("owner=" + owner + "&name=WRITER", "asset=" + asset + "&after=" + first)) {
      Rest.as(TOKEN).get("/v1/entitlements?" + query).then().body("items.id", contains(second));
    }
    Rest.as(TOKEN)
        .get("/v1/entitlements?asset=" + asset + "&sensitivity=NORMAL")
        .then()
        .body("items", hasSize(0));
  }

  @Test
  void anEntitlementIsCompleteAndBounded() {
    Rest.as(TOKEN)
        .body(Map.of("asset", asset))
        .post("/v1/entitlements")
        .then()
        .statusCode(400)
        .body("errors.field", contains("name", "terms", "type"));
    for (String wrong : List.of("P4000D", "PT1S", "a while", "P1Y")) {
      Map<String, Object> terms = terms(join(null));
      terms.put("longest", wrong);
      create("x", terms).then().statusCode(400).body("errors.field", contains("terms.longest"));
    }
  }

  @Test
  void aBundleGainsAndLosesAndSaysWhat() {
    String one = entitlement(asset, "one");
    String two = entitlement(asset, "two");
    String id = bundle("clerk " + mark, one);
    String path = "/v1/business-profiles/" + id;
    problem(
        Rest.as(TOKEN)
            .body(Map.of("name", "CLERK " + mark, "entitlements", List.of()))
            .post("/v1/business-profiles"),
        409,
        "already-exists");
    problem(
        Rest.as(TOKEN)
            .body(Map.of("name", "clerk\n" + mark, "entitlements", List.of()))
            .post("/v1/business-profiles"),
        400,
        "validation");

    Map<String, Object> content =
        Map.of("name", "clerk " + mark, "description", "keeps books", "entitlements", List.of(two));
    change(path, "PUT", "", content)
        .then()
        .statusCode(200)
        .body("entitlements", contains(two))
        .header("ETag", equalTo("\"1\""));
    change(path, "PUT", "", content).then().statusCode(200).header("ETag", equalTo("\"1\""));
    Rest.as(TOKEN)
        .get("/v1/business-profiles?entitlement=" + two)
        .then()
        .body("items.id", contains(id));
    Rest.as(TOKEN).get("/v1/business-profiles?entitlement=" + one).then().body("items", hasSize(0));

    change(path, "POST", "/retirement", Map.of("reason", "merged")).then().statusCode(200);
    problem(change(path, "PUT", "", content), 409, "profile-retired");
    problem(
        Rest.as(TOKEN)
            .body(Map.of("person", join(null), "profile", id))
            .post("/v1/profile-assignments"),
        422,
        "profile-retired");
    try (Topic topic = Topic.named("vigie.access.events")) {
      String changed = new String(topic.await(3, about(id)).get(1).value());
      assertEquals(
          List.of(true, true),
          List.of(
              changed.contains("\"gained\":[\"" + two + "\"]"),
              changed.contains("\"lost\":[\"" + one + "\"]")),
          changed);
    }
  }

  @Test
  void whatIsSensitiveIsGivenByABundleOnceSomebodyElseApprovedThat() {
    // Given a bundle that somebody holds, with something privileged
    String normal = entitlement(asset, "read");
    String root = entitlement(asset, "root", "PRIVILEGED");
    String id =
        Rest.as(TOKEN)
            .body(Map.of("name", "admin " + mark, "entitlements", List.of(normal, root)))
            .post("/v1/business-profiles")
            .then()
            .statusCode(201)
            .body("entitlements", contains(normal))
            .body("proposed", contains(root))
            .extract()
            .path("id");
    String path = "/v1/business-profiles/" + id;
    String holder = join(null);
    Api.assign(holder, id);
    granted(holder).body("items.entitlementId", contains(normal));

    // Then it waits for somebody else
    String other = Tokens.of(CISO);
    problem(change(path, "POST", "/approval", Map.of()), 422, "self-approval");
    tasks().then().body("items.subject", not(hasItem("business-profile/" + id)));
    Rest.as(other)
        .get("/v1/tasks?limit=200")
        .then()
        .body(
            "items.findAll { it.kind == 'business-profile.approve' }.subject",
            hasItem("business-profile/" + id));

    // And when they approve, holders get it
    Api.change(other, "POST", path, "/approval", Map.of())
        .then()
        .statusCode(200)
        .body("proposed", hasSize(0))
        .body("entitlements", containsInAnyOrder(normal, root));
    await()
        .untilAsserted(
            () -> granted(holder).body("items.entitlementId", containsInAnyOrder(normal, root)));
    problem(Api.change(other, "POST", path, "/approval", Map.of()), 409, "nothing-proposed");

    // And a change that leaves out what is proposed takes the proposal back
    Map<String, Object> more =
        Map.of(
            "name",
            "admin " + mark,
            "entitlements",
            List.of(normal, root, entitlement(asset, "wipe", "SENSITIVE")));
    change(path, "PUT", "", more).then().statusCode(200).body("proposed", hasSize(1));
    Map<String, Object> less =
        Map.of("name", "admin " + mark, "entitlements", List.of(normal, root));
    change(path, "PUT", "", less).then().statusCode(200).body("proposed", hasSize(0));
    try (Topic topic = Topic.named("vigie.access.events")) {
      assertEquals(
          List.of(
              "business-profile.created.v1",
              "business-profile.proposed.v1",
              "business-profile.changed.v1",
              "business-profile.proposed.v1",
              "business-profile.changed.v1"),
          topic.await(5, about(id)).stream().map(record -> header(record, "ce_type")).toList());
    }
  }

  private static ValidatableResponse granted(String person) {
    return Rest.as(TOKEN).get("/v1/rights?person=" + person).then().statusCode(200);
  }

  private static Response tasks() {
    return Rest.as(TOKEN).get("/v1/tasks?limit=200");
  }
}
