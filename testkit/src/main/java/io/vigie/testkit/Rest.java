package io.vigie.testkit;

import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;

import static org.hamcrest.Matchers.equalTo;

/** Requests as callers send them; a change that succeeds without a receipt fails the test. */
public final class Rest {

  private static final Receipts RECEIPTS = new Receipts();
  private static final PlainPaths PLAIN_PATHS = new PlainPaths();
  private static final RestAssuredConfig CONFIG =
      RestAssuredConfig.config()
          .encoderConfig(
              EncoderConfig.encoderConfig()
                  .encodeContentTypeAs("application/x-ndjson", ContentType.TEXT)
                  .appendDefaultContentCharsetToContentTypeIfUndefined(false));

  private Rest() {}

  /** A JSON request with this bearer token. */
  public static RequestSpecification as(String token) {
    return anonymous().header("Authorization", "Bearer " + token);
  }

  /** A JSON request of nobody. */
  public static RequestSpecification anonymous() {
    return RestAssured.given()
        .filter(PLAIN_PATHS)
        .filter(RECEIPTS)
        .config(CONFIG)
        .contentType(ContentType.JSON);
  }

  /** Asserts that the answer is the problem document of this code, and goes on with its body. */
  public static ValidatableResponse problem(Response answer, int status, String code) {
    return answer
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("type", equalTo("urn:vigie:problem:" + code))
        .body("status", equalTo(status));
  }
}
