package io.vigie.asset;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What is no HTTP, of which the server below REST decides before anything of ours sees it. All
 * services have the same; shown on this one.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@Timeout(300)
class MalformedRequestsTest {

  private static final String READ = "GET /v1/assets HTTP/1.1\r\nHost: vigie\r\n";
  private static final String REGISTER =
      "POST /v1/assets HTTP/1.1\r\nHost: vigie\r\nContent-Type: application/json\r\n";
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

  /** Bytes that are refused, and how. */
  record Malformed(String why, String bytes, int status) {
    @Override
    public String toString() {
      return why;
    }
  }

  static Stream<Malformed> malformed() {
    return Stream.of(
        new Malformed("it is one word", "NONSENSE\r\n\r\n", 400),
        new Malformed(
            "its line is too long",
            "GET /v1/assets?name=" + "x".repeat(17_000) + " HTTP/1.1\r\nHost: vigie\r\n\r\n",
            414),
        new Malformed(
            "a header is too long", READ + "X-Long: " + "x".repeat(21_000) + "\r\n\r\n", 431),
        new Malformed(
            "there are too many headers", READ + "X-A: b\r\n".repeat(5_000) + "\r\n", 431),
        new Malformed(
            "it has two lengths",
            REGISTER + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
            400),
        new Malformed("its length is a word", REGISTER + "Content-Length: two\r\n\r\n{}", 400),
        new Malformed(
            "its length is less than none", REGISTER + "Content-Length: -2\r\n\r\n{}", 400));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatIsNoRequestIsRefusedInAWordAndHungUpOn(Malformed malformed) throws IOException {
    String answer = answers(malformed.bytes());

    assertEquals(List.of(malformed.status()), statuses(answer), answer);
    for (String inside : List.of("exception", "netty", "vertx", "java")) {
      assertFalse(answer.toLowerCase().contains(inside), answer);
    }
    assertEquals(List.of(200), statuses(answers(health())));
  }

  @Test
  void aPathWithHalfAnEscapeIsRefused() throws IOException {
    String answer =
        answers("GET /v1/assets/%2 HTTP/1.1\r\nHost: vigie\r\nConnection: close\r\n\r\n");

    assertEquals(List.of(400), statuses(answer), answer);
  }

  @Test
  void aLengthBesideChunksHidesNoRequestInABody() throws IOException {
    // Given a body in chunks that reads as a request from where another length says it ends
    String hidden = "GET /v1/nowhere HTTP/1.1\r\nHost: vigie\r\n\r\n";
    String size = Integer.toHexString(hidden.length()) + "\r\n";
    String both =
        REGISTER + "Content-Length: " + size.length() + "\r\nTransfer-Encoding: chunked\r\n\r\n";

    // When it is sent, and then something that is answered
    String answer = answers(both + size + hidden + "\r\n0\r\n\r\n" + health());

    // Then it was one request, or none
    assertTrue(List.of(List.of(401, 200), List.of(400)).contains(statuses(answer)), answer);
  }

  private static String health() {
    return "GET /q/health/live HTTP/1.1\r\nHost: vigie\r\nConnection: close\r\n\r\n";
  }

  private static List<Integer> statuses(String answers) {
    return STATUS
        .matcher(answers)
        .results()
        .map(status -> Integer.valueOf(status.group(1)))
        .toList();
  }

  /** What is said until the other end hangs up. */
  private static String answers(String bytes) throws IOException {
    StringBuilder said = new StringBuilder();
    try (Socket client = new Socket("127.0.0.1", RestAssured.port)) {
      client.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
      client.setSoTimeout(60_000);
      InputStream in = client.getInputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        said.append((char) next);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("nobody hung up after: " + said, e);
    } catch (SocketException e) {
      // what came after its end was answered with a reset
    }
    return said.toString();
  }
}
