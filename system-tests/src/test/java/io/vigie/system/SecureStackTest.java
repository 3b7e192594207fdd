package io.vigie.system;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.vigie.stack.Site;
import io.vigie.stack.Stack;
import io.vigie.stack.Vigie;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A whole platform of its own with every connection encrypted, as {@code ./vigie up --secure}. */
@OnOneMachine("starts a stack of its own")
class SecureStackTest {
  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));

  /**
   * The documented ports of the database, and of the broker: clients', the controller's, its own.
   */
  private static final int DATABASE = 15432;

  private static final List<Integer> BROKER = List.of(9092, 9093, 9094);

  /** The first byte of what TLS says to who does not speak it. */
  private static final int TLS_ALERT = 0x15;

  @TempDir static Path directory;
  private static Site site;
  private static Stack stack;

  @BeforeAll
  static void aPlatformThatIsSecured() {
    site =
        new Site(
            ROOT, directory.resolve("state"), ROOT.resolve(".vigie/cache"), Stack.freeOffset());
    stack = new Stack(site);
    stack.secure();
    Runtime.getRuntime().addShutdownHook(new Thread(stack::stop));
    stack.start((component, what) -> System.out.println(component + " " + what));
  }

  @AfterAll
  static void nothingIsLeft() {
    stack.stop();
  }

  private static int vigie(String... arguments) {
    return Vigie.run(checkout -> stack, arguments);
  }

  @Test
  void theDemoEndsWithAVerifiedTrailAndTheServedLogVerifies() {
    assertEquals(0, vigie("demo"));
    assertEquals(0, vigie("status"));
    assertEquals(0, vigie("verify", "log"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"asset", "access", "incident", "backup", "audit", "console", "keycloak", "mail"})
  void whoSpeaksPlainHttpIsRefused(String component) {
    URI address = stack.url(component);
    assertEquals("https", address.getScheme());

    assertThrows(
        IOException.class,
        () ->
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(URI.create("http://" + address.getAuthority())).build(),
                    BodyHandlers.discarding()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"asset", "access", "incident", "backup", "audit", "console", "keycloak"})
  void whoConnectsToADatabaseInPlainIsRefusedBeforeTheyAreAskedForAPassword(String role) {
    String plain =
        "jdbc:postgresql://127.0.0.1:%d/%s?sslmode=disable"
            .formatted(DATABASE + site.offset(), role);

    SQLException refusal =
        assertThrows(SQLException.class, () -> DriverManager.getConnection(plain, role, "any"));

    assertTrue(refusal.getMessage().contains("no encryption"), refusal.getMessage());
  }

  @Test
  void whoSpeaksPlainlyWithTheBrokerIsRefusedOnEachOfItsPorts() throws IOException {
    for (int port : BROKER) {
      // No client of Kafka: it would take an alert of TLS for a length, and make room for it.
      try (Socket socket = new Socket("127.0.0.1", port + site.offset())) {
        socket.setSoTimeout(10_000);
        // length 10, request 18 (which versions are there) in its version 0, number 1, from nobody
        socket.getOutputStream().write(HexFormat.of().parseHex("0000000a0012000000000001ffff"));
        int answer = socket.getInputStream().read();
        assertTrue(answer == TLS_ALERT || answer == -1, port + " answers " + answer);
      }
    }
  }

  @Test
  void aServiceMayNotWriteToTheTopicOfAnotherNorASiemToAny() {
    for (String principal : List.of("asset-kafka", "siem")) {
      Map<String, Object> client = stack.kafkaClient(principal);
      // Whoever may write nothing would be refused a number of its own first.
      client.put("enable.idempotence", false);
      try (KafkaProducer<String, String> producer =
          new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
        ExecutionException refusal =
            assertThrows(
                ExecutionException.class,
                () ->
                    producer
                        .send(new ProducerRecord<>("vigie.access.events", "fact"))
                        .get(30, TimeUnit.SECONDS));
        assertInstanceOf(TopicAuthorizationException.class, refusal.getCause(), principal);
      }
    }
  }
}
