package io.vigie.system;

import java.io.IOException;
import java.util.Base64;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;

/** The log of the platform, as callers see it. */
final class Log {

  private Log() {}

  /** The lines of the newest checkpoint: origin, size, root, and then its signatures. */
  static String[] checkpoint() {
    return RestAssured.given()
        .baseUri(Platform.url("audit").toString())
        .get("/log/checkpoint")
        .asString()
        .split("\n");
  }

  /** Makes an asset; the address of the receipt. */
  static String register() {
    return Platform.as("asset-manager", "asset")
        .body(Map.of("name", "succession", "kind", "SERVER", "production", false))
        .post("/v1/assets")
        .header("Vigie-Receipt");
  }

  static boolean isLogged(String receipt) {
    String path = receipt.substring(receipt.indexOf("/v1/receipts/"));
    return Platform.as("asset-manager", "audit").get(path).statusCode() == 200;
  }

  /** What an entry says. */
  static JsonNode payload(long index) throws IOException {
    String base64 =
        Platform.as("auditor", "audit")
            .get("/v1/log/entries/" + index)
            .jsonPath()
            .getString("payload");
    return new ObjectMapper().readTree(Base64.getDecoder().decode(base64));
  }
}
