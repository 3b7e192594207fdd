package io.vigie.asset;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.testkit.Rest.problem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What bad input gets, in every service alike; shown on this one. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class BadInputTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);
  private static final Map<String, Object> SERVER =
      Map.of("name", "web-1", "kind", "SERVER", "production", true);

  @Test
  void anUnknownPropertyIsRefusedByName() {
    problem(
            Rest.as(TOKEN)
                .body(Map.of("name", "x", "kind", "SERVER", "production", true, "colour", "red"))
                .post("/v1/assets"),
            400,
            "validation")
        .body("errors.field", hasItem("colour"));
  }

  @Test
  void everyInvalidFieldIsListed() {
    problem(
            Rest.as(TOKEN).body(Map.of("name", " ", "production", true)).post("/v1/assets"),
            400,
            "validation")
        .body("errors.field", hasItems("name", "kind"));
  }

  @Test
  void aValueOfTheWrongTypeIsAFieldError() {
    problem(
            Rest.as(TOKEN)
                .body("{\"name\":\"x\",\"kind\":\"SPACESHIP\",\"production\":true}")
                .post("/v1/assets"),
            400,
            "validation")
        .body("errors.field", hasItem("kind"));
  }

  @Test
  void aTextThatNoDatabaseKeepsIsAFieldError() {
    for (String name : List.of("a\\u0000b", "\\ud800")) {
      problem(
              Rest.as(TOKEN)
                  .body("{\"name\":\"" + name + "\",\"kind\":\"SERVER\",\"production\":true}")
                  .post("/v1/assets"),
              400,
              "validation")
          .body("errors.field", hasItem("name"));
    }
  }

  @Test
  void aTimeIsAnRfc3339TextAndNothingElse() {
    String id = register();
    for (String time : List.of("17", "\"-999999999-01-01T00:00:00Z\"", "\"yesterday\"")) {
      problem(
              Rest.as(TOKEN)
                  .body("{\"stolen\":true,\"circumstances\":\"x\",\"occurredAt\":" + time + "}")
                  .post("/v1/assets/" + id + "/loss"),
              400,
              "validation")
          .body("errors.field", hasItem("occurredAt"));
    }
  }

  @Test
  void whatIsNotJsonIsABadRequest() {
    for (String body : List.of("{\"name\":", "", "[]", "null", "{\"name\":1}{}")) {
      Response answer = Rest.as(TOKEN).body(body).post("/v1/assets");
      assertEquals(400, answer.statusCode(), body);
      answer.then().contentType("application/problem+json");
    }
    problem(Rest.as(TOKEN).body("{\"name\":").post("/v1/assets"), 400, "bad-request");
  }

  @Test
  void aBodyOverOneMebibyteIsTooLarge() {
    problem(
        Rest.as(TOKEN).body("{\"name\":\"" + "x".repeat(1 << 20) + "\"}").post("/v1/assets"),
        413,
        "too-large");
  }

  @Test
  void aBodyOfUnannouncedLengthIsTooLargeAtTheSameLimit() throws Exception {
    HttpResponse<String> tooLarge =
        postInChunks("/v1/assets", "{\"name\":\"" + "x".repeat(2 << 20) + "\"}");
    assertEquals(413, tooLarge.statusCode());
    assertEquals("application/problem+json", tooLarge.headers().firstValue("Content-Type").get());
    assertTrue(tooLarge.body().contains("\"urn:vigie:problem:too-large\""), tooLarge.body());

    String small = "{\"name\":\"x\",\"kind\":\"SERVER\",\"production\":false}";
    assertEquals(201, postInChunks("/v1/assets", small).statusCode());
  }

  @Test
  void anImportEndpointHasALimitOfItsOwn() throws Exception {
    String overTheUsual = "[\"" + "x".repeat(3 << 19) + "\"]";
    String overItsOwn = "[\"" + "x".repeat(2 << 20) + "\"]";

    Rest.as(TOKEN).body(overTheUsual).post("/test/import").then().statusCode(200);
    HttpResponse<String> inChunks = postInChunks("/test/import", overTheUsual);
    assertEquals(200, inChunks.statusCode(), inChunks.body());
    problem(Rest.as(TOKEN).body(overItsOwn).post("/test/import"), 413, "too-large")
        .body("detail", containsString("2097152"));
    assertEquals(413, postInChunks("/test/import", overItsOwn).statusCode());
  }

  private static HttpResponse<String> postInChunks(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + path))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(body.getBytes(UTF_8))))
            .build();
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void anotherContentTypeIsUnsupported() {
    problem(
        Rest.as(TOKEN).contentType("text/csv").body("a,b").post("/v1/assets"),
        415,
        "unsupported-media-type");
  }

  @Test
  void anIdThatIsNoUuidIsNotFound() {
    problem(Rest.as(TOKEN).get("/v1/assets/42"), 404, "not-found");
    problem(Rest.as(TOKEN).get("/v1/assets/" + UUID.randomUUID()), 404, "not-found");
    problem(Rest.as(TOKEN).get("/v1/nothing-here"), 404, "not-found");
  }

  @Test
  void anotherMethodIsNotAllowed() {
    problem(Rest.as(TOKEN).delete("/v1/assets"), 405, "method-not-allowed");
  }

  @Test
  void anUnknownOrMalformedFilterIsRefused() {
    problem(Rest.as(TOKEN).get("/v1/assets?stat=RETIRED"), 400, "validation")
        .body("errors.field", hasItem("stat"));
    problem(Rest.as(TOKEN).get("/v1/assets?owner="), 400, "validation")
        .body("errors.field", hasItem("owner"));
    problem(
            Rest.as(TOKEN).urlEncodingEnabled(false).get("/v1/assets?serialNumber=%00"),
            400,
            "validation")
        .body("errors.field", hasItem("serialNumber"));
    problem(Rest.as(TOKEN).get("/v1/assets?state=BROKEN"), 400, "bad-request");
    problem(Rest.as(TOKEN).get("/v1/assets?owner=me"), 400, "bad-request");
    problem(Rest.as(TOKEN).get("/v1/assets?limit=0"), 400, "validation");
    problem(Rest.as(TOKEN).get("/v1/assets?limit=many"), 400, "bad-request");
  }

  @Test
  void theApiDescriptionNamesEveryOperationItsRolesAndItsRefusals() {
    Map<String, Map<String, Map<String, Object>>> paths =
        Rest.anonymous().get("/q/openapi?format=json").jsonPath().getMap("paths");
    paths.forEach(
        (path, operations) ->
            operations.forEach(
                (method, operation) -> {
                  assertTrue(operation.get("operationId") != null, method + " " + path);
                  assertTrue(operation.get("x-roles") != null, method + " " + path);
                  assertTrue(
                      ((Map<?, ?>) operation.get("responses")).containsKey("default"),
                      method + " " + path);
                }));
    assertTrue(paths.size() > 5);
    Map<?, ?> registration = paths.get("/v1/assets").get("post");
    assertEquals(List.of("asset-manager", "internal-tool"), registration.get("x-roles"));
    assertTrue(((Map<?, ?>) registration.get("responses")).containsKey("201"));
  }

  static String register() {
    return Rest.as(TOKEN)
        .body(SERVER)
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }
}
