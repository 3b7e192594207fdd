package io.vigie.asset;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.OwnRealm;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    assertEquals(429, statusOfALargeBody(busy));
  }

  /** Of which nothing is sent. */
  private static int statusOfALargeBody(String token) throws IOException {
    return statusOf(
        "POST /v1/assets HTTP/1.1\r\nHost: vigie\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Type: application/json\r\nContent-Length: 131072\r\n\r\n");
  }

  /** As it stands there: clients would put it right. */
  private static int statusOf(String request) throws IOException {
    try (Socket client = new Socket("127.0.0.1", RestAssured.port)) {
      client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

      String status = new String(client.getInputStream().readNBytes(13), StandardCharsets.US_ASCII);
      return Integer.parseInt(status.substring("HTTP/1.1 ".length()).strip());
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

  /** Of nobody, by ways on which nobody needs to know whose it is, or sees what it asks for. */
  enum Way {
    ANOTHER_SCHEME(401) {
      @Override
      int send() {
        return nobody().header("Authorization", "Basic eDp5").get(PATH).statusCode();
      }
    },
    A_PATH_THAT_IS_NONE(404) {
      @Override
      int send() {
        return as("not.a.token").get("/v1/nowhere").statusCode();
      }
    },
    A_PATH_IN_ESCAPES(404) {
      @Override
      int send() throws IOException {
        return statusOf("GET /%761/nowhere HTTP/1.1\r\nHost: vigie\r\n\r\n");
      }
    },
    A_PATH_WITH_TWO_SLASHES(401) {
      @Override
      int send() throws IOException {
        return statusOf("GET //v1/assets HTTP/1.1\r\nHost: vigie\r\n\r\n");
      }
    },
    A_LARGE_BODY(401) {
      @Override
      int send() throws IOException {
        return statusOfALargeBody("not.a.token");
      }
    };

    private final int usual;

    Way(int usual) {
      this.usual = usual;
    }

    abstract int send() throws IOException;
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void neitherAHeaderNorAPathKeepsARequestOfNobodyFromBeingCounted(Way way) throws IOException {
    // Given as many requests as a minute has
    for (int sent = 0; sent < PER_MINUTE; sent++) {
      assertEquals(way.usual, way.send());
    }

    // Then the next one is refused, and who is signed in is not
    assertEquals(429, way.send());
    as(OwnRealm.token(STAFF)).get("/v1/nowhere").then().statusCode(404);
  }

  @Test
  void whoeverIsRefusedForTheirNumberIsInTheLog() {
    // Given somebody who has had their requests of the minute, and an address that has
    String busy = OwnRealm.token(STAFF);
    answered(() -> as(busy).get(PATH), 200);
    answered(() -> nobody().get(PATH), 401);

    // When they send another one
    String path = "/v1/assets/" + UUID.randomUUID();
    problem(as(busy).get(path), 429, "too-many");
    problem(nobody().get(path), 429, "too-many");

    // Then that is a fact of each of them
    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<ConsumerRecord<String, byte[]>> facts =
          topic.await(
              1, ofType("security.refused.v1").and(r -> new String(r.value()).contains(path)));
      assertEquals(List.of(subject(busy)), facts.stream().map(r -> header(r, "ce_actor")).toList());
      assertTrue(new String(facts.get(0).value()).contains("\"problem\":\"too-many\""));

      // of nobody one among so many
      clock.stopAt(minute.plusSeconds(90));
      Predicate<ConsumerRecord<String, byte[]>> flood =
          ofType("security.refusals.v1")
              .and(r -> new String(r.value()).contains("\"refusedActor\":\"anonymous\""))
              .and(r -> new String(r.value()).contains("\"count\":" + (PER_MINUTE + 1)));
      topic.await(1, flood);
    }
  }

  private static String subject(String token) {
    byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
    return new JsonObject(Buffer.buffer(claims)).getString("sub");
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
