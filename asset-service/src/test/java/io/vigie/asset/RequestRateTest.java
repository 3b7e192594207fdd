package io.vigie.asset;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;

import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.OwnRealm;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** That one caller takes no places from others, in every service alike; shown here. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@WithTestResource(OwnRealm.class)
class RequestRateTest {

  /** {@code vigie.http.requests-per-minute} */
  private static final int PER_MINUTE = 200;

  private static final String PATH = "/v1/assets?limit=1";

  @Inject MovableClock clock;
  @Inject MeterRegistry metrics;

  /** In which no other test sends anything. */
  private static Instant minute;

  @BeforeEach
  void seventeenSecondsIntoAMinuteOfItsOwn() {
    minute =
        minute == null
            ? clock.instant().plus(Duration.ofHours(2)).truncatedTo(ChronoUnit.MINUTES)
            : minute.plus(Duration.ofMinutes(2));
    clock.stopAt(minute.plusSeconds(17));
  }

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void whoSentTooManyInAMinuteIsToldWhenTheNextOneBeginsAndOthersGoOn() {
    String busy = OwnRealm.token(STAFF);
    double refused = refused();

    // Given somebody who sends as many requests as a minute has, all of which are answered
    assertEquals(PER_MINUTE, answered(() -> as(busy).get(PATH), 200));

    // When they send another one, whatever it asks for
    List<Response> further = List.of(as(busy).get(PATH), as(busy).body("{}").post("/v1/assets"));

    // Then it is refused until the minute is over, and counted
    for (Response answer : further) {
      problem(answer, 429, "too-many");
      assertEquals("43", answer.header("Retry-After"));
    }
    assertEquals(refused + 2, refused());

    // And nobody else is, nor are they where no place of others is taken
    as(OwnRealm.token(STAFF)).get(PATH).then().statusCode(200);
    as(busy).get("/q/health/live").then().statusCode(200);

    // And in the next minute they are answered again
    clock.stopAt(minute.plusSeconds(60));
    as(busy).get(PATH).then().statusCode(200);
  }

  @Test
  void aLargeBodyOfWhoSentTooManyIsNotWaitedFor() throws IOException {
    String busy = OwnRealm.token(STAFF);
    answered(() -> as(busy).get(PATH), 200);

    String head =
        "POST /v1/assets HTTP/1.1\r\nHost: vigie\r\nAuthorization: Bearer "
            + busy
            + "\r\nContent-Type: application/json\r\nContent-Length: 131072\r\n\r\n";
    try (Socket client = new Socket("127.0.0.1", RestAssured.port)) {
      client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));

      String status = new String(client.getInputStream().readNBytes(13), StandardCharsets.US_ASCII);
      assertEquals("HTTP/1.1 429 ", status);
    }
  }

  @Test
  void whoIsNobodyCountsAsTheirAddressWhateverTheySend() {
    // Given as many requests as a minute has, of nobody and with what is no token
    int half = PER_MINUTE / 2;
    for (int sent = 0; sent < half; sent++) {
      assertEquals(401, nobody().get(PATH).statusCode());
      assertEquals(401, as("not.a.token").get(PATH).statusCode());
    }

    // Then the next ones are refused
    problem(nobody().get(PATH), 429, "too-many");
    problem(as("not.a.token").get(PATH), 429, "too-many");

    // And who is signed in, from the same address, is not
    as(OwnRealm.token(STAFF)).get(PATH).then().statusCode(200);
  }

  /** How many requests, one after the other, of a minute's were answered with this status. */
  private static int answered(Supplier<Response> request, int status) {
    int answered = 0;
    for (int sent = 0; sent < PER_MINUTE; sent++) {
      answered += request.get().statusCode() == status ? 1 : 0;
    }
    return answered;
  }

  private static RequestSpecification as(String token) {
    return nobody().header("Authorization", "Bearer " + token);
  }

  /** So many connections would not all find room. */
  private static RequestSpecification nobody() {
    return Rest.anonymous().header("Connection", "close");
  }

  private double refused() {
    return metrics.get("vigie.http.throttled").counter().count();
  }
}
