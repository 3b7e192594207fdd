package io.vigie.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.vigie.stack.Site;
import io.vigie.stack.Stack;
import io.vigie.stack.Vigie;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A whole platform of its own with every connection encrypted, as {@code ./vigie up --secure}. */
@Order(0) // before the platform of the others is up, which takes most of a processor to wait
@OnOneMachine("starts a stack of its own")
class SecureStackTest {
  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));

  /** Every other component has a database, and a role, of its own name. */
  private static final Set<String> WITHOUT_DATABASE = Set.of("postgresql", "kafka", "mail");

  /** The first byte of what TLS says to who does not speak it. */
  private static final int TLS_ALERT = 0x15;

  @TempDir static Path directory;
  private static Stack stack;

  @BeforeAll
  static void aPlatformThatIsSecured() {
    Site site =
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

  /** Whose each port is that anything of the platform listens on. */
  static Stream<Arguments> ports() {
    return stack.names().stream()
        .flatMap(name -> stack.ports(name).stream().map(port -> Arguments.of(name, port)));
  }

  @ParameterizedTest
  @MethodSource("ports")
  void whoSpeaksPlainlyIsRefusedOnEachPortOfEachComponent(String component, int port)
      throws IOException {
    switch (component) {
      case "postgresql" -> assertDatabasesRefuse(port);
      case "kafka" -> assertBrokerRefuses(port);
      case "mail" -> {
        if (port == stack.url(component).getPort()) {
          assertHttpIsRefused(component, port);
        } else {
          assertMailIsRefused(port);
        }
      }
      default -> assertHttpIsRefused(component, port);
    }
  }

  private static void assertHttpIsRefused(String component, int port) {
    assertEquals("https", stack.url(component).getScheme());

    assertThrows(
        IOException.class,
        () ->
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build(),
                    BodyHandlers.discarding()));
  }

  /** Each of them before anybody is asked for a password. */
  private static void assertDatabasesRefuse(int port) {
    for (String role : stack.names()) {
      if (WITHOUT_DATABASE.contains(role)) {
        continue;
      }
      String plain = "jdbc:postgresql://127.0.0.1:%d/%s?sslmode=disable".formatted(port, role);

      SQLException refusal =
          assertThrows(SQLException.class, () -> DriverManager.getConnection(plain, role, "any"));

      assertTrue(refusal.getMessage().contains("no encryption"), refusal.getMessage());
    }
  }

  /** By no client of Kafka: it would take an alert of TLS for a length, and make room for it. */
  private static void assertBrokerRefuses(int port) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      // length 10, request 18 (which versions are there) in its version 0, number 1, from nobody
      socket.getOutputStream().write(HexFormat.of().parseHex("0000000a0012000000000001ffff"));
      int answer = socket.getInputStream().read();
      assertTrue(answer == TLS_ALERT || answer == -1, port + " answers " + answer);
    }
  }

  /** SMTP begins plainly, so that TLS can be asked for; no mail is taken before that. */
  private static void assertMailIsRefused(int port) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      BufferedReader answers =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      assertTrue(answers.readLine().startsWith("220 "));
      say(socket, "EHLO here");
      String line = answers.readLine();
      while (line.startsWith("250-")) {
        line = answers.readLine();
      }
      say(socket, "MAIL FROM:<staff@vigie.example>");
      assertEquals("530", answers.readLine().substring(0, 3));
    }
  }

  private static void say(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
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
