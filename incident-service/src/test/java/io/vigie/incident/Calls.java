package io.vigie.incident;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;

import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static org.awaitility.Awaitility.await;

/** What reporters and responders do, as calls. */
final class Calls {

  static final UUID RESPONDER_ID = UUID.randomUUID();
  static final String RESPONDER_TOKEN = Tokens.of(RESPONDER_ID, RESPONDER);
  static final String OCCURRED_AT = "2024-05-06T07:08:09Z";

  private Calls() {}

  static Map<String, Object> aReport() {
    Map<String, Object> report = new HashMap<>();
    report.put("title", "Odd mail");
    report.put("description", "Mr Doe asks for my password");
    report.put("occurredAt", OCCURRED_AT);
    return report;
  }

  /** Reports and returns the id, once the asset is known that it names. */
  static String report(String token, Map<String, Object> report) {
    return await()
        .until(
            () -> Rest.as(token).body(report).post("/v1/security-events"),
            answer -> answer.statusCode() != 422)
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** Reports, promotes and returns the incident's id. */
  static String incident(Map<String, Object> report, Map<String, ?> promotion) {
    return change(
            "POST",
            "/v1/security-events/" + report(RESPONDER_TOKEN, report),
            "promotion",
            promotion)
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /**
   * What another service says of an asset, a client or a person; what is said of one keeps order.
   */
  static void tell(String type, UUID id, String more) {
    String kind = type.substring(0, type.indexOf('.'));
    try (Topic topic =
        Topic.named(kind.equals("asset") ? "vigie.asset.events" : "vigie.access.events")) {
      topic.publish(
          type, kind + "/" + id, id.toString(), "{\"aggregateId\":\"%s\"%s}".formatted(id, more));
    }
  }

  /** An asset of which asset-service told. */
  static String asset() {
    UUID asset = UUID.randomUUID();
    tell("asset.registered.v1", asset, ",\"changes\":{\"name\":\"web-1\",\"kind\":\"SERVER\"}");
    return asset.toString();
  }

  /** The approved playbook of this category, of two steps. */
  static String playbook(String category) {
    List<String> known =
        Rest.as(RESPONDER_TOKEN).get("/v1/playbooks?category=" + category).path("items.id");
    return known.isEmpty() ? newPlaybook(category) : known.get(0);
  }

  private static String newPlaybook(String category) {
    String id =
        Rest.as(RESPONDER_TOKEN)
            .body(Map.of("category", category, "title", "x", "steps", List.of("Call", "Tell")))
            .post("/v1/playbooks")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    Rest.as(Tokens.of(CISO))
        .header("If-Match", "*")
        .post("/v1/playbooks/" + id + "/approval")
        .then()
        .statusCode(200);
    return id;
  }

  /** Changes an object as the responder, in the version it has now. */
  static Response change(String method, String object, String what, Map<String, ?> body) {
    String etag = Rest.as(RESPONDER_TOKEN).get(object).header("ETag");
    return Rest.as(RESPONDER_TOKEN)
        .header("If-Match", etag)
        .body(body)
        .request(method, object + "/" + what);
  }
}
