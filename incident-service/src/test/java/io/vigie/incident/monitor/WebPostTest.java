package io.vigie.incident.monitor;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WebPostTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private WebServer server;

  @BeforeEach
  void start() throws IOException {
    server = new WebServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private record Settings(List<String> allowedNetworks) implements MonitorSettings {

    @Override
    public Duration lookEvery() {
      return PATIENCE;
    }

    @Override
    public Duration condenseEvery() {
      return PATIENCE;
    }

    @Override
    public Duration timeLimit() {
      return PATIENCE;
    }

    @Override
    public Duration tlsTimeLimit() {
      return PATIENCE;
    }

    @Override
    public Optional<String> trustAnchors() {
      return Optional.empty();
    }
  }

  private static void post(String address, String... networks) {
    new WebPost(new Settings(List.of(networks)))
        .post(URI.create(address), Map.of("webhook-id", "1"), "{}")
        .await()
        .atMost(PATIENCE);
  }

  @Test
  void whatIsTakenIsDone() {
    server.says("/hook", 200, "thanks");

    post(server.url("/hook"), "127.0.0.0/8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:%d/hook?k=s3cret", "http://localhost:%d/hook?k=s3cret"})
  void noNetworkIsReachedThatIsNotAllowed(String address) {
    server.says("/hook?k=s3cret", 200, "thanks");

    String why =
        assertThrows(
                IllegalStateException.class, () -> post(address.formatted(server.port()), "public"))
            .getMessage();

    assertTrue(why.contains("is not connected to"), why);
    assertFalse(why.contains("s3cret"), why);
  }

  @Test
  void aRedirectIsNotFollowedAndARefusalIsAFailure() {
    server.redirects("/hook", server.url("/other"));
    server.says("/other", 200, "thanks");
    server.says("/no", 403, "no");

    for (Map.Entry<String, Integer> answer : Map.of("/hook", 302, "/no", 403).entrySet()) {
      String address = server.url(answer.getKey());
      assertEquals(
          "the other end answered " + answer.getValue(),
          assertThrows(IllegalStateException.class, () -> post(address, "127.0.0.0/8"))
              .getMessage());
    }
  }
}
