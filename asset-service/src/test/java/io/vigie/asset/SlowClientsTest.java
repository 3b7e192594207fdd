package io.vigie.asset;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vigie.testkit.OwnRealm;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Clients that take their time, so that others get none, at a service that gives them little of it.
 * All services are as patient; shown on this one.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@WithTestResource(OwnRealm.class)
@Timeout(300)
class SlowClientsTest {

  /** {@code quarkus.http.limits.max-connections} */
  private static final int CONNECTIONS = 100;

  private static final Duration PAUSE = Duration.ofMillis(200);

  @Test
  void aBodyThatTricklesInIsGivenUpAndItsPlaceIsFree() throws Exception {
    String token = OwnRealm.token(STAFF, ASSET_MANAGER);
    List<Socket> clients = new ArrayList<>();
    try {
      // Given a service that is awake, and as many clients as it has places, each with a byte now
      // and then
      assertEquals(200, read(token));
      for (int n = 0; n < OwnRealm.AT_ONCE; n++) {
        clients.add(begin(token));
      }
      await()
          .until(
              () -> {
                trickle(clients);
                return read(token) == 503;
              });

      // When they go on like that for longer than a body may take
      await()
          .pollInterval(PAUSE)
          .until(
              () -> {
                trickle(clients);
                return read(token) == 200;
              });

      // Then they were told why, and hung up on
      for (Socket client : clients) {
        String answer = rest(client);
        assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
        assertTrue(answer.contains("urn:vigie:problem:too-slow"), answer);
      }

      // And each is in the log, under the name of who it was
      try (Topic topic = Topic.named("vigie.asset.events")) {
        List<ConsumerRecord<String, byte[]>> facts =
            topic.await(
                OwnRealm.AT_ONCE,
                ofType("security.refused.v1")
                    .and(r -> new String(r.value()).contains("\"problem\":\"too-slow\"")));
        assertEquals(OwnRealm.AT_ONCE, facts.size());
        assertTrue(facts.stream().noneMatch(r -> "anonymous".equals(header(r, "ce_actor"))));
      }
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"/v1/nowhere, 404", "/v1/assets, 401"})
  void aBodyHasNoLongerToArriveWhereItsAnswerDidNotWaitForIt(String path, int status)
      throws IOException {
    try (Socket client = post(path, 1000)) {
      String answer = new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertEquals("HTTP/1.1 " + status, answer);

      client.setSoTimeout(10);
      await().pollInterval(PAUSE).until(() -> isHungUpOn(client));
    }
  }

  @Test
  void whoHasSentAllOfABodyThatNobodyReadsKeepsTheirConnection() throws IOException {
    try (Socket client = post("/v1/nowhere", 1)) {
      await().during(Duration.ofSeconds(3)).pollInterval(PAUSE).until(() -> isAnswered(client));
    }
  }

  private static Socket post(String path, long length) throws IOException {
    Socket client = new Socket("127.0.0.1", RestAssured.port);
    client
        .getOutputStream()
        .write(
            bytes(
                ("POST %s HTTP/1.1\r\nHost: vigie\r\nContent-Type: application/json\r\n"
                        + "Content-Length: %d\r\n\r\n{")
                    .formatted(path, length)));
    return client;
  }

  /** Whether the other end has hung up; if not, it gets another byte, and what it said is read. */
  private static boolean isHungUpOn(Socket client) {
    try {
      client.getOutputStream().write(' ');
      while (client.getInputStream().read() >= 0) {
        // the rest of an answer
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // a reset
    }
  }

  @Test
  void whoBeginsARequestAndGoesSilentIsHungUpOn() throws IOException {
    try (Socket client = new Socket("127.0.0.1", RestAssured.port)) {
      client.getOutputStream().write(bytes("GET /v1/assets HTTP/1.1\r\nHost: vi"));

      assertEquals("", rest(client));
    }
  }

  @Test
  void whoComesPastTheLastConnectionIsHungUpOnUntilOthersHaveLeft() throws IOException {
    List<Socket> clients = new ArrayList<>();
    try {
      // Given clients that were answered, and stay
      boolean isAnswered = true;
      while (isAnswered && clients.size() <= CONNECTIONS) {
        Socket client = new Socket("127.0.0.1", RestAssured.port);
        clients.add(client);
        isAnswered = isAnswered(client);
      }

      // Then there is one too many
      assertFalse(isAnswered);
      assertTrue(clients.size() > 1);
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }

    // And when they have left, there is room again
    String token = OwnRealm.token(STAFF);
    await().ignoreExceptions().until(() -> read(token) == 200);
  }

  private static boolean isAnswered(Socket client) {
    try {
      client.getOutputStream().write(bytes("GET /q/health/live HTTP/1.1\r\nHost: vigie\r\n\r\n"));
      return client.getInputStream().read() >= 0;
    } catch (IOException e) {
      return false; // a reset
    }
  }

  private static int read(String token) {
    return Rest.as(token).get("/v1/assets").statusCode();
  }

  private static Socket begin(String token) throws IOException {
    Socket client = new Socket("127.0.0.1", RestAssured.port);
    client
        .getOutputStream()
        .write(
            bytes(
                "POST /v1/assets HTTP/1.1\r\nHost: vigie\r\nAuthorization: Bearer "
                    + token
                    + "\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"));
    return client;
  }

  private static void trickle(List<Socket> clients) throws IOException {
    for (Socket client : clients) {
      try {
        client.getOutputStream().write(' ');
      } catch (SocketException e) {
        // it was hung up on, as it should be
      }
    }
  }

  /** What is said until the other end hangs up. */
  private static String rest(Socket client) throws IOException {
    StringBuilder said = new StringBuilder();
    InputStream in = client.getInputStream();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        said.append((char) next);
      }
    } catch (SocketException e) {
      // what came after its end was answered with a reset
    }
    return said.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
