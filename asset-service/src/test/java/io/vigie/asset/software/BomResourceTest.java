package io.vigie.asset.software;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static io.vigie.asset.software.Software.TOKEN;
import static io.vigie.asset.software.Software.TOOL_TOKEN;
import static io.vigie.asset.software.Software.advisoryId;
import static io.vigie.asset.software.Software.asset;
import static io.vigie.asset.software.Software.bom;
import static io.vigie.asset.software.Software.of;
import static io.vigie.asset.software.Software.osv;
import static io.vigie.asset.software.Software.publish;
import static io.vigie.asset.software.Software.take;
import static io.vigie.asset.software.Software.unique;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class BomResourceTest {

  @Test
  void aNewBillSaysWhatChangedAndTheSameOneAgainSaysNothing() {
    // Given
    String app = asset("APPLICATION", true);
    String a = unique("a");
    String b = unique("b");
    take(app, "pkg:npm/" + a + "@1.0.0", "pkg:npm/" + b + "@1.0.0")
        .then()
        .statusCode(200)
        .body("components", equalTo(2))
        .header("ETag", equalTo("\"0\""));

    // When
    Response second = take(app, "pkg:npm/" + a + "@1.1.0", "not a package URL");
    second.then().statusCode(200).body("withoutPurl", equalTo(1)).header("ETag", equalTo("\"1\""));
    Response again =
        Rest.as(TOKEN)
            .header("If-Match", "\"1\"")
            .body(bom("pkg:npm/" + a + "@1.1.0", "not a package URL"))
            .put("/v1/assets/" + app + "/bom");

    // Then
    again
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"1\""))
        .header("Vigie-Receipt", equalTo(null));
    Rest.as(TOKEN)
        .get("/v1/components?asset=" + app)
        .then()
        .body("items.purl", contains("pkg:npm/" + a + "@1.1.0"));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<ConsumerRecord<String, byte[]>> records =
          topic.await(2, about("bom/" + app).and(ofType("bom.taken.v1")));
      String published = new String(records.get(1).value());
      assertTrue(published.contains("\"added\":0,\"removed\":1,\"changed\":1"), published);
      assertTrue(published.contains(second.<String>path("digest")));
    }
  }

  @Test
  void theReceiptIsOfTheBillWhateverFollowsFromIt() {
    // Given
    String app = asset("APPLICATION", true);
    String name = unique("flawed");
    publish(osv(advisoryId(), "2026-01-01T00:00:00Z", name, "0", "2.0.0")).then().statusCode(201);

    // When
    String found = take(app, "pkg:npm/" + name + "@1.0.0").header("Vigie-Receipt");
    String fixed = take(app, "pkg:npm/" + name + "@2.0.0").header("Vigie-Receipt");

    // Then
    Software.get(of(app)).then().body("state", equalTo("FIXED"));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(
          Stream.of(found, fixed).map(receipt -> receipt.replaceFirst(".*/", "")).toList(),
          topic.await(2, about("bom/" + app)).stream()
              .map(event -> Topic.header(event, "ce_id"))
              .toList());
    }
  }

  @Test
  void anExistingBillIsReplacedInTheVersionThatWasRead() {
    String app = asset("APPLICATION", false);
    String path = "/v1/assets/" + app + "/bom";
    problem(Rest.as(TOKEN).get(path), 404, "not-found");
    Rest.as(TOOL_TOKEN).body(bom()).put(path).then().statusCode(200);
    for (String version : List.of("", "\"7\"")) {
      RequestSpecification again = Rest.as(TOOL_TOKEN).body(bom());
      (version.isEmpty() ? again : again.header("If-Match", version))
          .put(path)
          .then()
          .statusCode(200)
          .header("ETag", equalTo("\"0\""));
    }

    problem(Rest.as(TOOL_TOKEN).body(bom("pkg:npm/x@1")).put(path), 428, "precondition-required");
    problem(
        Rest.as(TOOL_TOKEN).header("If-Match", "\"7\"").body(bom("pkg:npm/x@1")).put(path),
        412,
        "stale");
    problem(
        Rest.as(TOOL_TOKEN).body(bom()).put("/v1/assets/" + UUID.randomUUID() + "/bom"),
        404,
        "not-found");
  }

  @Test
  void whichAssetsHoldAComponentIsAskedByPackageUrl() {
    String name = unique("held");
    String one = asset("APPLICATION", true);
    String two = asset("WEB_PROPERTY", true);
    take(one, "pkg:npm/" + name + "@1.0.0");
    take(two, "pkg:npm/" + name + "@2.0.0", "pkg:pypi/" + name + "@1");

    holders("purl=pkg:npm/" + name).body("items.asset", containsInAnyOrder(one, two));
    holders("purl=pkg:npm/" + name + "@2.0.0").body("items.asset", contains(two));
    holders("name=" + name + "&type=pypi").body("items.asset", contains(two));
    problem(Rest.as(TOKEN).get("/v1/components?purl=x"), 400, "validation")
        .body("errors.field", hasItem("purl"));

    Response page = Rest.as(TOKEN).get("/v1/components?limit=1&asset=" + two);
    Rest.as(TOKEN)
        .get(page.header("Link").replaceAll("<(.*)>.*", "$1"))
        .then()
        .body("items.size()", equalTo(1))
        .header("Link", equalTo(null));
  }

  private static io.restassured.response.ValidatableResponse holders(String query) {
    return Rest.as(TOKEN).get("/v1/components?" + query).then().statusCode(200);
  }

  @Test
  void aBillThatIsNotValidIsNotHalfImported() {
    String app = asset("APPLICATION", true);
    take(app, "pkg:npm/kept@1.0.0").then().statusCode(200);

    problem(
            Rest.as(TOOL_TOKEN)
                .header("If-Match", "*")
                .body(bom("pkg:npm/new@1.0.0").replace("]}", ",{}]}"))
                .put("/v1/assets/" + app + "/bom"),
            400,
            "validation")
        .body("errors.field", hasItem("components[1].name"));
    problem(
        Rest.as(TOOL_TOKEN)
            .contentType("application/xml")
            .body("<bom/>")
            .put("/v1/assets/" + app + "/bom"),
        415,
        "unsupported-media-type");
    problem(
        Rest.as(TOOL_TOKEN).body("x".repeat((16 << 20) + 1)).put("/v1/assets/" + app + "/bom"),
        413,
        "too-large");

    holders("asset=" + app).body("items.purl", contains("pkg:npm/kept@1.0.0"));
  }

  @Test
  void aRetiredAssetTakesNoBill() {
    String app = asset("APPLICATION", true);
    Rest.as(TOKEN)
        .header("If-Match", "\"0\"")
        .body(Map.of("reason", "replaced"))
        .post("/v1/assets/" + app + "/retirement")
        .then()
        .statusCode(200);
    problem(take(app, "pkg:npm/x@1"), 409, "asset-not-held");
  }

  @Test
  void aRealBillAndALargeOneAreTaken() throws IOException {
    Path file = DocumentReaderTest.SHARED.resolve("cyclonedx/dropwizard-1.3.15.bom.json");
    assumeTrue(Files.exists(file));
    String app = asset("APPLICATION", true);
    Rest.as(TOOL_TOKEN)
        .contentType("application/vnd.cyclonedx+json")
        .body(Files.readString(file))
        .put("/v1/assets/" + app + "/bom")
        .then()
        .statusCode(200)
        .body("components", equalTo(167));

    String[] many = new String[20_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = "pkg:npm/large-" + i + "@1.0." + i;
    }
    take(app, many).then().statusCode(200).body("components", equalTo(20_000));
    assertEquals(1, take(app, "pkg:npm/large-1@1.0.1").<Integer>path("components"));
  }
}
