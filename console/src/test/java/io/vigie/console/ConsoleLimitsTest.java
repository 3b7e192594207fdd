package io.vigie.console;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;

import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** That nobody takes the console's time from others, at a console that gives each little of it. */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
@TestProfile(ConsoleLimitsTest.Little.class)
@Timeout(300)
class ConsoleLimitsTest {

  /** {@code vigie.http.requests-per-minute} */
  private static final int PER_MINUTE = 20;

  /** A console behind a proxy, with a clock that stands still. */
  public static final class Little implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "vigie.http.requests-per-minute",
          Integer.toString(PER_MINUTE),
          "vigie.http.body-within",
          "1s",
          "quarkus.http.proxy.proxy-address-forwarding",
          "true",
          "quarkus.http.proxy.allow-x-forwarded",
          "true");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(StoppedClock.class);
    }
  }

  /** Seventeen seconds into a minute. */
  @Alternative
  @Singleton
  public static class StoppedClock extends Clock {

    private volatile Instant now = Instant.parse("2026-01-31T12:00:17Z");

    void nextMinute() {
      now = now.plusSeconds(60);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return Clock.fixed(now, zone);
    }
  }

  @Inject StoppedClock clock;
  @Inject MeterRegistry metrics;

  @BeforeEach
  void aMinuteOfItsOwn() {
    clock.nextMinute();
  }

  private static RequestSpecification from(String address) {
    return RestAssured.given()
        .redirects()
        .follow(false)
        .header("Accept", "text/html")
        .header("X-Forwarded-For", address);
  }

  /** Of whoever the test says is there; without one, or without a test that says so, of nobody. */
  private static RequestSpecification withSession(String address) {
    return from(address).cookie("q_session", "a-session");
  }

  private double refused() {
    return metrics.get("vigie.http.throttled").counter().count();
  }

  private static void assertTooMany(Response answer) {
    answer
        .then()
        .statusCode(429)
        .header("Retry-After", "43")
        .body(containsString("Too many requests"));
  }

  @Test
  @TestSecurity(user = "sacha", roles = "staff")
  void whoAskedForTooMuchInAMinuteReadsWhenToComeBackAndOthersGoOn() {
    double refused = refused();

    // Given somebody who asks for as many pages as a minute has, from anywhere
    for (int asked = 0; asked < PER_MINUTE; asked++) {
      withSession("198.51.100." + asked).get("/signed-out").then().statusCode(200);
    }

    // When they ask for another one, whatever it is
    try (Logged log = new Logged("io.vigie.console.page.Failures")) {
      assertTooMany(withSession("198.51.100.1").get("/tasks"));
      assertTooMany(from("198.51.100.1").cookie("q_session_chunk_1", "a-part").get("/nowhere"));
      withSession("198.51.100.1")
          .header("Accept-Language", "fr")
          .formParam("title", "A strange mail")
          .post("/")
          .then()
          .statusCode(429)
          .body(containsString("Trop de demandes"));

      // Then each is counted, and a line
      assertEquals(refused + 3, refused());
      List<String> lines = log.messages();
      assertEquals(3, lines.size(), lines::toString);
      assertTrue(lines.get(0).matches("refused: 429, GET \\S+ of sacha"), lines::toString);
    }

    // And nobody else is refused, nor are they what costs nothing
    from("198.51.100.1").get("/signed-out").then().statusCode(200);
    withSession("198.51.100.1").get("/own/vigie.svg").then().statusCode(200);
    withSession("198.51.100.1").get("/q/health/live").then().statusCode(200);

    // And in the next minute they get their pages again
    clock.nextMinute();
    withSession("198.51.100.1").get("/signed-out").then().statusCode(200);
  }

  @Test
  void whoIsNotSignedInCountsAsTheirAddressWhateverTheySend() {
    // Given as many requests as a minute has, with nothing and with what is no session
    for (int asked = 0; asked < PER_MINUTE / 2; asked++) {
      from("198.51.100.1").get("/signed-out").then().statusCode(200);
      withSession("198.51.100.1").get("/nowhere").then().statusCode(404);
    }

    // Then the next ones are refused, those of a sign-in among them, and those of another are not
    for (String path : List.of("/signed-out", "/nowhere", "/tasks", "/callback?code=x&state=x")) {
      assertTooMany(from("198.51.100.1").get(path));
      assertTooMany(withSession("198.51.100.1").get(path));
    }
    from("198.51.100.2").get("/signed-out").then().statusCode(200);
  }

  @Test
  void theAddressesOfOneNetworkOfIpv6AreOne() {
    for (int asked = 1; asked <= PER_MINUTE; asked++) {
      from("2001:db8:1:2::" + asked).get("/signed-out").then().statusCode(200);
    }

    assertTooMany(from("2001:db8:1:2:ffff::1").get("/signed-out"));
    from("2001:db8:1:3::1").get("/signed-out").then().statusCode(200);
  }

  @Test
  @TestSecurity(user = "sacha", roles = "staff")
  void aFormThatDoesNotArriveIsGivenUpAndItsConnectionClosed() throws IOException {
    try (Socket client = new Socket("127.0.0.1", RestAssured.port);
        Logged log = new Logged("io.vigie.console.page.BodyLimit")) {
      client
          .getOutputStream()
          .write(
              ("POST / HTTP/1.1\r\nHost: vigie\r\nContent-Length: 60000\r\n"
                      + "Content-Type: application/x-www-form-urlencoded\r\n\r\ntitle=A")
                  .getBytes(StandardCharsets.US_ASCII));

      String answer = rest(client);

      assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
      assertEquals(List.of("refused: 408, a form that took too long"), log.messages());
    }
  }

  @ParameterizedTest
  @CsvSource({"/nowhere, 404, false", "/tasks, 40, false", "/nowhere, 429, true"})
  void aFormHasNoLongerToArriveWhereItsAnswerDidNotWaitForIt(
      String path, String status, boolean isTooMuch) throws IOException {
    for (int asked = 0; isTooMuch && asked < PER_MINUTE; asked++) {
      RestAssured.get("/signed-out").then().statusCode(200);
    }
    try (Socket client = new Socket("127.0.0.1", RestAssured.port)) {
      client
          .getOutputStream()
          .write(
              ("POST "
                      + path
                      + " HTTP/1.1\r\nHost: vigie\r\nContent-Length: 60000\r\n"
                      + "Content-Type: application/x-www-form-urlencoded\r\n\r\ntitle=A")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);

      client.setSoTimeout(10);
      await().until(() -> isHungUpOn(client));
    }
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

  /** What is said until the other end hangs up. */
  private static String rest(Socket client) throws IOException {
    StringBuilder said = new StringBuilder();
    InputStream in = client.getInputStream();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        said.append((char) next);
      }
    } catch (SocketException e) {
      // it was hung up on with a reset
    }
    return said.toString();
  }
}
