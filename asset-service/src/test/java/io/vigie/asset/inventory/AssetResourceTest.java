package io.vigie.asset.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.ApiDescription;
import io.vigie.testkit.HostileRequests;
import io.vigie.testkit.Rest;
import io.vigie.testkit.RoleMatrix;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.SortedLists;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class AssetResourceTest {

  private static final UUID MANAGER = UUID.randomUUID();
  private static final String TOKEN = Tokens.of(MANAGER, ASSET_MANAGER);
  private static final Map<String, Object> LEVELS =
      Map.of(
          "availability", 3,
          "integrity", 3,
          "confidentiality", 2,
          "proof", 1,
          "rationale", "It serves clients.");

  @Test
  void anAssetGoesFromRegistrationToRetirementAndEachStepIsPublishedInOrder() {
    // Given
    String id = register("web-1");
    UUID owner = UUID.randomUUID();

    // When
    change(id, "PUT", "classification", LEVELS).then().statusCode(200);
    change(id, "PUT", "owner", Map.of("owner", owner)).then().statusCode(200);
    change(id, "POST", "commissioning", Map.of()).then().statusCode(200);
    change(id, "POST", "retirement", Map.of("reason", "replaced"))
        .then()
        .statusCode(200)
        .body("state", equalTo("RETIRED"));

    // Then
    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(5, about("asset/" + id));
      assertEquals(
          List.of(
              "asset.registered.v1",
              "asset.classified.v1",
              "asset.owner-assigned.v1",
              "asset.commissioned.v1",
              "asset.retired.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      assertEquals(
          List.of("1", "2", "3", "4", "5"),
          records.stream().map(record -> header(record, "ce_eventnumber")).toList());
      assertTrue(records.stream().allMatch(r -> MANAGER.toString().equals(header(r, "ce_actor"))));
      assertTrue(
          new String(records.get(4).value())
              .contains("\"changes\":{\"state\":\"RETIRED\",\"retiredAt\":"));
    }
  }

  @Test
  void aListFiltersAndPagesWithoutRepeatingOrSkipping() {
    UUID owner = UUID.randomUUID();
    List<String> ids = List.of(register("a"), register("b"), register("c"));
    ids.forEach(id -> change(id, "PUT", "owner", Map.of("owner", owner)).then().statusCode(200));

    Response first = Rest.as(TOKEN).get("/v1/assets?limit=2&owner=" + owner);
    first.then().body("items.id", contains(ids.get(0), ids.get(1)));
    String next = first.header("Link").replaceAll("<(.*)>.*", "$1");
    Rest.as(TOKEN)
        .get(next)
        .then()
        .statusCode(200)
        .body("items.id", contains(ids.get(2)))
        .header("Link", equalTo(null));
  }

  @Test
  void anInventoryIsKeptAndItsDigestPublished() {
    String id = register("host-1");
    Map<String, Object> inventory =
        Map.of(
            "collectedAt",
            "2026-01-02T03:00:00Z",
            "hostname",
            "host-1",
            "operatingSystem",
            "Debian GNU/Linux 12",
            "kernel",
            "6.1.0",
            "processors",
            2,
            "memoryBytes",
            25_000_000_000L,
            "disks",
            List.of(Map.of("name", "/", "totalBytes", 250_000_000_000L)),
            "packages",
            List.of(Map.of("name", "bash", "version", "5.2")),
            "listeningPorts",
            List.of(22, 443));

    String digest =
        change(id, "PUT", "inventory", inventory)
            .then()
            .statusCode(200)
            .extract()
            .path("inventoryDigest");

    Rest.as(TOKEN)
        .get("/v1/assets/" + id + "/inventory")
        .then()
        .statusCode(200)
        .body("packages.name", contains("bash"));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      String published =
          new String(topic.await(1, about(id).and(ofType("asset.inventoried.v1"))).get(0).value());
      assertTrue(published.contains(digest) && !published.contains("bash"));
    }
  }

  @Test
  void anInventoryOfATimeToComeCountsAsOfNowAndLaterOnesCount() {
    String id = register("host-1");

    change(
            id,
            "PUT",
            "inventory",
            Map.of("collectedAt", "2999-01-01T00:00:00Z", "hostname", "before"))
        .then()
        .statusCode(200)
        .body("inventoriedAt", not(startsWith("2999")));
    change(
            id,
            "PUT",
            "inventory",
            Map.of("collectedAt", Instant.now().toString(), "hostname", "after"))
        .then()
        .statusCode(200);

    Rest.as(TOKEN).get("/v1/assets/" + id + "/inventory").then().body("hostname", equalTo("after"));
  }

  @Test
  void aSerialNumberIsRegisteredOnce() {
    String serial = "SN-" + UUID.randomUUID();
    Map<String, Object> body =
        Map.of("name", "x", "kind", "LAPTOP", "serialNumber", serial, "production", false);

    Rest.as(TOKEN).body(body).post("/v1/assets").then().statusCode(201);
    Rest.as(TOKEN)
        .body(body)
        .post("/v1/assets")
        .then()
        .statusCode(409)
        .contentType(containsString("application/problem+json"))
        .body("type", equalTo("urn:vigie:problem:already-exists"));
  }

  @Test
  void aHistoryNeedsTheLog() {
    Rest.as(TOKEN)
        .get("/v1/assets/" + register("x") + "/history")
        .then()
        .statusCode(503)
        .header("Retry-After", equalTo("2"));
  }

  @Test
  void everyOperationIsOpenToItsDeclaredRolesAlone() {
    assertTrue(RoleMatrix.check("asset-service") > 0);
  }

  @Test
  void theApiDescriptionSaysAllThatACallerNeeds() {
    assertTrue(ApiDescription.check() > 5);
  }

  @Test
  void sqlAndTooMuchInAnyParameterOfAnyListFindsNothingAndBreaksNothing() {
    assertTrue(HostileRequests.inParameters() > 50);
  }

  @Test
  void aNameOfAFileElsewhereInAnyPathLeadsNowhere() {
    assertTrue(HostileRequests.inPaths() > 50);
  }

  @Test
  void aBodyThatIsNoneBreaksNothingAndNothingOfItIsLogged() {
    assertTrue(HostileRequests.inBodies() > 10);
  }

  @Test
  void eachListIsSortedByEachFieldThatItNamesFromEitherEnd() {
    assertTrue(SortedLists.check() > 30);
  }

  private static String register(String name) {
    return Rest.as(TOKEN)
        .body(Map.of("name", name, "kind", "SERVER", "production", true))
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .header("ETag", equalTo("\"0\""))
        .extract()
        .path("id");
  }

  private static Response change(String id, String method, String what, Map<String, ?> body) {
    String etag = Rest.as(TOKEN).get("/v1/assets/" + id).header("ETag");
    return Rest.as(TOKEN)
        .header("If-Match", etag)
        .body(body)
        .request(method, "/v1/assets/" + id + "/" + what);
  }
}
