package io.vigie.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLHandshakeException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The real components with every connection encrypted, but for Keycloak and the services, which the
 * system tests start.
 */
@Timeout(1800)
class EncryptionTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final String[] COMPONENTS = {Postgres.NAME, Kafka.NAME, Mail.NAME};

  /** The first byte of what TLS says to who does not speak it. */
  private static final int TLS_ALERT = 0x15;

  /** One that is secure and runs, for whoever leaves it so. */
  private static Stack shared;

  @TempDir static Path common;
  @TempDir Path directory;
  private Site site;
  private Stack stack;

  @BeforeEach
  void onFreePorts() {
    site = site(directory);
    stack = new Stack(site, COMPONENTS);
  }

  private static Site site(Path directory) {
    return new Site(
        ROOT, directory.resolve("state"), ROOT.resolve(".vigie/cache"), Stack.freeOffset());
  }

  private void takeTheSharedOne() {
    if (shared == null) {
      shared = new Stack(site(common), COMPONENTS);
      shared.secure();
      shared.start((component, what) -> {});
    }
    stack = shared;
    site = shared.site();
  }

  @AfterEach
  void nothingIsLeft() {
    if (stack != shared) {
      stack.stop();
    }
  }

  @AfterAll
  static void norOfTheSharedOne() {
    if (shared != null) {
      shared.stop();
    }
  }

  @Test
  void aStackThatIsSecuredKeepsWhatItHoldsAndABackupOfItIsSecureToo() throws Exception {
    // Given one with data, which is not secured while it runs
    stack.start((component, what) -> {});
    execute("create table kept (id int)");
    StackException refusal = assertThrows(StackException.class, stack::secure);
    assertEquals(
        "This stack runs without encryption. Stop it before: ./vigie down", refusal.getMessage());
    assertFalse(stack.isSecure());

    // When
    stack.stop();
    stack.secure();
    stack.start((component, what) -> {});

    // Then
    execute("insert into kept values (1)");
    assertEquals("t", encrypted());

    // When another launcher restores a backup of it
    Path folder = directory.resolve("backup");
    new Backup(stack).into(folder);
    stack.wipe();
    assertFalse(stack.isSecure());
    new Restore(stack).from(folder, false, null);
    stack = new Stack(site, COMPONENTS);
    stack.start((component, what) -> {});

    // Then
    assertTrue(stack.isSecure());
    execute("insert into kept values (2)");
  }

  @Test
  void aBackupOfAPlainStackMakesNoSecureOnePlain() {
    stack.start((component, what) -> {});
    Path folder = directory.resolve("backup");
    new Backup(stack).into(folder);
    stack.stop();
    stack.secure();

    new Restore(stack).from(folder, true, null);

    assertTrue(stack.isSecure());
  }

  @Test
  void aPlainClientIsRefusedOnEveryPort() throws Exception {
    takeTheSharedOne();

    // PostgreSQL, with the right password
    String plain = "jdbc:postgresql://127.0.0.1:" + site.port(15432) + "/asset?sslmode=disable";
    String password = new Secrets(site.secrets()).of("asset");
    SQLException unencrypted =
        assertThrows(
            SQLException.class, () -> DriverManager.getConnection(plain, "asset", password));
    assertTrue(unencrypted.getMessage().contains("no encryption"), unencrypted.getMessage());
    // Kafka, on each of its ports
    for (int port : stack.component(Kafka.NAME).ports()) {
      int answer = answerToPlainKafka(port);
      assertTrue(answer == TLS_ALERT || answer == -1, port + " answers " + answer);
    }
    // the mail sink, and its page
    assertTrue(answerToPlainMail().startsWith("530 "));
    int page = site.port(8025);
    assertThrows(IOException.class, () -> get("http://127.0.0.1:" + page + "/"));
    // and who believes nobody but those whom Java believes gets nothing, either
    assertInstanceOf(
        SSLHandshakeException.class,
        assertThrows(IOException.class, () -> get("https://127.0.0.1:" + page + "/")));
    assertEquals("[]", Http.get(stack.url(Mail.NAME).resolve("/api/messages")));
  }

  @Test
  void aPrincipalWritesItsOwnTopicAndIsRefusedThatOfAnother() throws Exception {
    takeTheSharedOne();

    send("asset-kafka", "vigie.asset.events");
    ExecutionException refusal =
        assertThrows(ExecutionException.class, () -> send("asset-kafka", "vigie.access.events"));

    assertInstanceOf(TopicAuthorizationException.class, refusal.getCause());
  }

  @Test
  void nobodyComesInWithoutTheirPasswordOrTheBrokersOwnCertificate() throws Exception {
    takeTheSharedOne();

    Map<String, Object> guess = stack.kafkaClient("asset-kafka");
    guess.compute(
        "sasl.jaas.config",
        (setting, known) -> known.toString().replaceAll("password=\"[^\"]+", "password=\"guess"));
    assertInstanceOf(SaslAuthenticationException.class, refusal(guess));
    // The broker is asked where it speaks with itself, and its controller where it does
    Map<String, Integer> inner =
        Map.of(
            "bootstrap.servers", site.port(Kafka.OWN_PORT),
            "bootstrap.controllers", site.port(9093));
    for (Map.Entry<String, Integer> each : inner.entrySet()) {
      Map<String, Object> stranger = stack.kafkaClient("asset-kafka");
      stranger.remove("bootstrap.servers");
      stranger.put(each.getKey(), "127.0.0.1:" + each.getValue());
      stranger.put("security.protocol", "SSL");
      assertEquals(1, nodes(showing(Kafka.NAME, stranger)), each::toString);
      assertInstanceOf(SslAuthenticationException.class, refusal(stranger), each::toString);
      assertInstanceOf(
          SslAuthenticationException.class, refusal(showing(Mail.NAME, stranger)), each::toString);
    }
  }

  @Test
  void whoIsDeclaredNoMoreComesInNoMoreFromTheNextStartOn() throws Exception {
    // Given somebody whom the files do not name, with a password and something they may do
    takeTheSharedOne();
    Map<String, Object> former = stack.kafkaClient("former");
    AclBinding rule =
        new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, "vigie.siem", PatternType.LITERAL),
            new AccessControlEntry("User:former", "*", AclOperation.READ, AclPermissionType.ALLOW));
    Kafka broker = (Kafka) stack.component(Kafka.NAME);
    try (Admin operator = Admin.create(broker.operator())) {
      operator
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      "former",
                      new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                      new Secrets(site.secrets()).of("former"))))
          .all()
          .get(30, TimeUnit.SECONDS);
      operator.createAcls(List.of(rule)).all().get(30, TimeUnit.SECONDS);
    }

    // When
    stack.stop(Kafka.NAME);
    stack.start(Kafka.NAME);

    // Then
    assertInstanceOf(SaslAuthenticationException.class, refusal(former));
    assertEquals(1, nodes(stack.kafkaClient("siem")));
    try (Admin operator = Admin.create(broker.operator())) {
      Set<AclBinding> left =
          Set.copyOf(
              operator.describeAcls(AclBindingFilter.ANY).values().get(30, TimeUnit.SECONDS));
      assertEquals(Set.copyOf(new KafkaAccess(Kafka.declared(site)).rules()), left);
    }
  }

  @Test
  void whatGrantsAccessInAContainerAnswersWhenEachMayDoWhatIsDeclared() throws Exception {
    // Given a broker at which nobody may do anything
    takeTheSharedOne();
    Kafka broker = (Kafka) stack.component(Kafka.NAME);
    try (Admin operator = Admin.create(broker.operator())) {
      operator.deleteAcls(List.of(AclBindingFilter.ANY)).all().get(30, TimeUnit.SECONDS);

      // When
      int port = site.port(8085);
      ProcessBuilder container =
          Tool.java(
              List.of(
                  "-cp",
                  Tool.classpath(site, Kafka.NAME),
                  KafkaAccess.class.getName(),
                  Kafka.declared(site).toString(),
                  site.secrets().toString()));
      container.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
      broker
          .operator()
          .forEach(
              (setting, value) ->
                  container
                      .environment()
                      .put(
                          "KAFKA_" + setting.toUpperCase(Locale.ROOT).replace('.', '_'),
                          value.toString()));
      Path said = directory.resolve("granting.log");
      Process granting = container.redirectErrorStream(true).redirectOutput(said.toFile()).start();
      try {
        await()
            .atMost(Duration.ofMinutes(1))
            .ignoreExceptions()
            .until(() -> get("http://127.0.0.1:" + port + "/q/health/ready").isEmpty());
      } finally {
        granting.destroyForcibly().waitFor();
      }

      // Then
      Set<AclBinding> inForce =
          Set.copyOf(
              operator.describeAcls(AclBindingFilter.ANY).values().get(30, TimeUnit.SECONDS));
      assertEquals(Set.copyOf(new KafkaAccess(Kafka.declared(site)).rules()), inForce);
    }
  }

  @Test
  void aComponentThatLacksACertificateIsNotAddedToWhatRuns() {
    // Given a stack that knew of fewer components
    Stack mail = new Stack(site, Mail.NAME);
    mail.secure();
    mail.start((component, what) -> {});

    StackException refusal =
        assertThrows(StackException.class, () -> stack.start((component, what) -> {}));

    assertEquals(
        "A component has no certificate yet. Stop the stack before: ./vigie down",
        refusal.getMessage());
    assertTrue(stack.healthy(Mail.NAME), "it goes on");
  }

  @Test
  void theTopicsAreThoseThatAreDeclaredAndNoneIsMadeByAsking() throws Exception {
    takeTheSharedOne();

    Map<String, Object> log = stack.kafkaClient("audit-kafka");
    log.put("max.block.ms", 2_000);
    assertThrows(ExecutionException.class, () -> send(log, "vigie.other"));

    try (Admin auditor = Admin.create(stack.kafkaClient("audit-kafka"))) {
      Set<String> seen = auditor.listTopics().names().get(30, TimeUnit.SECONDS);
      Set<String> declared =
          new KafkaAccess(Kafka.declared(site))
              .topics().stream().map(NewTopic::name).collect(Collectors.toSet());
      assertEquals(declared, seen, "the log's principal reads or writes each of them");
    }
  }

  private void execute(String statement) throws SQLException {
    try (Connection asset = stack.superuser("asset");
        Statement sql = asset.createStatement()) {
      sql.execute(statement);
    }
  }

  /** Whether the database says that this connection is. */
  private String encrypted() throws SQLException {
    try (Connection asset = stack.superuser("asset");
        Statement sql = asset.createStatement();
        ResultSet row =
            sql.executeQuery("select ssl from pg_stat_ssl where pid = pg_backend_pid()")) {
      row.next();
      return row.getString(1);
    }
  }

  private static Throwable refusal(Map<String, Object> client) {
    return assertThrows(ExecutionException.class, () -> nodes(client)).getCause();
  }

  /** How many brokers or controllers there are, for a client that is let in. */
  private static int nodes(Map<String, Object> client) throws Exception {
    try (Admin admin = Admin.create(client)) {
      return admin.describeCluster().nodes().get(30, TimeUnit.SECONDS).size();
    }
  }

  /** The same client with the certificate of a component. */
  private Map<String, Object> showing(String component, Map<String, Object> client)
      throws IOException {
    Map<String, Object> shows = new HashMap<>(client);
    shows.put("ssl.keystore.type", "PEM");
    shows.put("ssl.keystore.key", Files.readString(site.tls().key(component)));
    shows.put(
        "ssl.keystore.certificate.chain", Files.readString(site.tls().certificate(component)));
    return shows;
  }

  private void send(String principal, String topic) throws Exception {
    send(stack.kafkaClient(principal), topic);
  }

  private static void send(Map<String, Object> client, String topic) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, "fact")).get(30, TimeUnit.SECONDS);
    }
  }

  /**
   * The first byte of the answer to a plain request for the versions of Kafka's protocol: 0, as it
   * is of its length, from who speaks plainly; -1 without an answer. No client of Kafka asks, as it
   * would take an alert of TLS for a length, and make room for it.
   */
  private static int answerToPlainKafka(int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(Site.LOOPBACK, port), 3_000);
      socket.setSoTimeout(60_000);
      // length 10, request 18 in its version 0, number 1, from nobody
      socket.getOutputStream().write(HexFormat.of().parseHex("0000000a0012000000000001ffff"));
      return socket.getInputStream().read();
    }
  }

  private String answerToPlainMail() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(Site.LOOPBACK, site.port(1025)), 3_000);
      socket.setSoTimeout(60_000);
      BufferedReader answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      assertTrue(answers.readLine().startsWith("220 "));
      say(socket, "EHLO here");
      String line = answers.readLine();
      while (line.startsWith("250-")) {
        line = answers.readLine();
      }
      say(socket, "MAIL FROM:<staff@vigie.example>");
      return answers.readLine();
    }
  }

  private static void say(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** By a client that knows nothing of the stack. */
  private static String get(String address) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(address)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
