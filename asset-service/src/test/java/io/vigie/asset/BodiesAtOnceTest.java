package io.vigie.asset;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** That bodies together take no more memory than there is, in every service alike; shown here. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class BodiesAtOnceTest {

  private static final String PATH = "/v1/inventories";
  private static final int LARGE = 16 << 20; // vigie.body-limit of inventories
  private static final int FIT = 3; // of them in vigie.http.body-bytes-at-once
  private static final String ANNOUNCED = "Content-Length: " + LARGE;
  private static final String CHUNKED = "Transfer-Encoding: chunked";

  @Inject MeterRegistry metrics;
  @Inject MovableClock clock;

  @BeforeEach
  void nothingIsOnItsWay() {
    awaitTaken(0);
  }

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/assets, 0, 0, 200",
    "POST, /v1/nowhere, 9, 9, 404",
    "POST, /v1/nowhere, 9, 2, 404"
  })
  void aRequestIsNotKeptOnceItIsAnsweredAndOver(
      String method, String path, int announced, int sent, int status) throws IOException {
    // Given an answered request of which no more comes
    try (Socket client = new Socket("127.0.0.1", RestAssured.port)) {
      String request =
          "%s %s HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(method, path, Tokens.of(STAFF), announced);
      client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertEquals("HTTP/1.1 " + status, answer);
      client.getOutputStream().write(new byte[sent]);
    }

    // Then nothing waits for its body, which would hold all of it
    await()
        .until(
            () -> {
              System.gc();
              return SeenRequests.last.get() == null;
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {ANNOUNCED, CHUNKED})
  void bodiesThatDoNotFitBesideOthersAreToldToComeBackAndSmallOnesPass(String length)
      throws IOException {
    List<Socket> slow = new ArrayList<>();
    try {
      // Given as many large bodies on their way as there is room for
      for (int begun = 1; begun <= FIT; begun++) {
        slow.add(begin(Tokens.of(TOOL), PATH, length));
        awaitTaken((long) begun * LARGE);
      }

      // When another one begins, then none of it is read
      for (String another : List.of(ANNOUNCED, CHUNKED)) {
        try (Socket client = begin(Tokens.of(TOOL), PATH, another)) {
          String answer = answer(client);
          assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
          assertTrue(answer.contains("urn:vigie:problem:overloaded"), answer);
          assertTrue(answer.toLowerCase().contains("retry-after: 1"), answer);
        }
      }
      assertEquals((long) FIT * LARGE, taken());

      // And who asks for little is answered all the same
      assertEquals(201, register("").statusCode());
    } finally {
      for (Socket client : slow) {
        client.close();
      }
    }

    // And once they are gone there is room again
    awaitTaken(0);
    assertEquals(201, register(" ".repeat(1 << 17)).statusCode());
    awaitTaken(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {ANNOUNCED, CHUNKED})
  void whoHasTheirShareOnItsWayIsToldSoIsInTheLogAndKeepsNobodyElseOut(String length)
      throws IOException {
    UUID subject = UUID.randomUUID();
    String tool = Tokens.of(subject, TOOL);
    try (Socket own = begin(tool, PATH, length)) {
      // Given a body that is a third of what there is room for
      awaitTaken(LARGE);
      assertUnanswered(own);

      // When its sender begins others, however large
      for (String another : List.of(ANNOUNCED, CHUNKED, "Content-Length: 70000")) {
        try (Socket client = begin(tool, PATH, another)) {
          String answer = answer(client);
          assertTrue(answer.startsWith("HTTP/1.1 429 "), answer);
          assertTrue(answer.contains("urn:vigie:problem:too-many"), answer);
          assertTrue(answer.contains("Send large bodies one after the other"), answer);
          assertTrue(answer.toLowerCase().contains("retry-after: 1"), answer);
        }
      }

      // Then each is refused and a fact, and what others send is taken
      try (Topic topic = Topic.named("vigie.asset.events")) {
        assertEquals(
            3,
            topic
                .await(
                    3,
                    ofType("security.refused.v1")
                        .and(r -> subject.toString().equals(r.key()))
                        .and(r -> new String(r.value()).contains("\"status\":429")))
                .size());
      }
      try (Socket other = begin(Tokens.of(TOOL), PATH, length)) {
        awaitTaken(2L * LARGE);
        assertUnanswered(other);
      }
      assertEquals(201, register("").statusCode());
    }

    // And when it is gone, there is room for the next one
    awaitTaken(0);
    try (Socket next = begin(tool, PATH, length)) {
      awaitTaken(LARGE);
      assertUnanswered(next);
    }
  }

  @ParameterizedTest
  @CsvSource({"429, too-many", "401, unauthenticated"})
  void whoReadsNoAnswerBeforeAllIsSentReadsItThen(int status, String problem) throws IOException {
    String tool = Tokens.of(TOOL);
    try (Socket own = begin(tool, PATH, ANNOUNCED)) {
      // Given somebody who has their share on its way
      awaitTaken(LARGE);
      assertUnanswered(own);

      // When what is refused is sent to its end all the same
      try (Socket client = begin(status == 429 ? tool : stale(), PATH, ANNOUNCED)) {
        client.getOutputStream().write(new byte[LARGE]);

        // Then the answer is there
        String answer = answer(client);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertTrue(answer.contains("urn:vigie:problem:" + problem), answer);
      }
      assertEquals(LARGE, taken());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ANNOUNCED, CHUNKED})
  void whoIsNotSignedInIsRefusedOnceAndReadNoFurtherThanASmallBody(String length)
      throws IOException {
    clock.move(Duration.ofMinutes(27)); // a minute in which no other test was refused as nobody
    String path = "/v1/assets/" + UUID.randomUUID() + "/inventory";
    try (Socket client = begin(stale(), path, length)) {
      if (length.equals(CHUNKED)) {
        send(client, 2 << 16);
      }
      assertUnauthenticated(client); // the body goes on, and the answer is there
    }

    // And that is logged once, before what follows
    String next = "/v1/assets/" + UUID.randomUUID() + "/inventory";
    problem(Rest.anonymous().body("{}").put(next), 401, "unauthenticated");
    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(1, topic.await(1, refused(next)).size());
      assertEquals(1, topic.await(1, refused(path)).size());
    }
  }

  @Test
  void aSmallBodyOfWhoIsNotSignedInIsRefusedAsEver() throws IOException {
    try (Socket client = begin(stale(), PATH, CHUNKED)) {
      send(client, 100);
      client.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertUnauthenticated(client);
    }
  }

  private static Predicate<ConsumerRecord<String, byte[]>> refused(String path) {
    return ofType("security.refused.v1").and(r -> new String(r.value()).contains(path));
  }

  /** A part of a body whose length was not announced. */
  private static void send(Socket client, int bytes) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write((Integer.toHexString(bytes) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(new byte[bytes]);
    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private void assertUnauthenticated(Socket client) throws IOException {
    String answer = answer(client);
    assertTrue(answer.startsWith("HTTP/1.1 401 "), answer);
    assertTrue(answer.contains("urn:vigie:problem:unauthenticated"), answer);
    assertEquals(0, taken());
  }

  private static void assertUnanswered(Socket client) throws IOException {
    assertEquals(0, client.getInputStream().available());
  }

  private static String stale() {
    return Tokens.expired(UUID.randomUUID(), TOOL);
  }

  /** Says what comes, and sends nothing of it yet. */
  private static Socket begin(String token, String path, String length) throws IOException {
    Socket client = new Socket("127.0.0.1", RestAssured.port);
    client.setSoTimeout(60_000);
    client
        .getOutputStream()
        .write(
            "%s %s HTTP/1.1\r\nHost: vigie\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n%s\r\n\r\n"
                .formatted(path.endsWith("/inventory") ? "PUT" : "POST", path, token, length)
                .getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  private static String answer(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("}") < 0) {
      int next = in.read();
      assertTrue(next >= 0, answer.toString());
      answer.append((char) next);
    }
    return answer.toString();
  }

  private static Response register(String space) {
    return Rest.as(Tokens.of(ASSET_MANAGER))
        .body("{\"name\":\"web-1\",\"kind\":\"SERVER\",\"production\":true}" + space)
        .post("/v1/assets");
  }

  private void awaitTaken(long bytes) {
    await().until(() -> taken() == bytes);
  }

  private long taken() {
    return (long) metrics.get("vigie.http.body.bytes").gauge().value();
  }
}
