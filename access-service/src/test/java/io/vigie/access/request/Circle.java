package io.vigie.access.request;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.Tokens;

/** Somebody, who leads them, and who owns what they ask for: people with accounts. */
final class Circle {

  final UUID recipient = UUID.randomUUID();
  final UUID manager = UUID.randomUUID();
  final UUID owner = UUID.randomUUID();
  final String managerId = Api.join(manager);
  final String ownerId = Api.join(owner);
  final String recipientId = led(recipient, managerId);

  /** Registers somebody with a manager; returns their id. */
  static String led(UUID subject, String manager) {
    Map<String, Object> details = new HashMap<>(Api.profile(subject));
    details.put("manager", manager);
    return Rest.as(Api.TOKEN)
        .body(details)
        .post("/v1/people")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** Something new of the owner's that is had for 365 days at most; returns its id. */
  String entitlement(String type, String sensitivity) {
    return Rest.as(Api.TOKEN)
        .body(
            Map.of(
                "asset",
                UUID.randomUUID(),
                "name",
                "admin",
                "type",
                type,
                "terms",
                Map.of("owner", ownerId, "sensitivity", sensitivity, "longest", "P365D")))
        .post("/v1/entitlements")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** The recipient asks for something new of this sensitivity; returns the right's id. */
  String asks(String sensitivity) {
    return asks(Map.of("entitlement", entitlement("SERVER_ACCOUNT", sensitivity)));
  }

  /** The same with a body of its own. */
  String asks(Map<String, ?> body) {
    return ask(Tokens.of(recipient), body).then().statusCode(201).extract().path("id");
  }

  /** Asks for the recipient. */
  Response ask(String token, Map<String, ?> body) {
    Map<String, Object> request = new HashMap<>(body);
    request.put("person", recipientId);
    request.putIfAbsent("reason", "Maintains it");
    return Api.request(token, request);
  }

  static Response approve(String token, String right) {
    return Api.act(token, right, "approval", Map.of());
  }

  /** The rights that wait for who has this token. */
  static Response awaiting(String token) {
    return Rest.as(token).get("/v1/rights?awaiting=me&limit=200");
  }

  static Response tasks(String token) {
    return Rest.as(token).get("/v1/tasks?limit=200");
  }
}
