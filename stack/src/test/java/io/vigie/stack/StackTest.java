package io.vigie.stack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The real components, but for Keycloak, which the system tests start. */
class StackTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final String[] COMPONENTS = {Postgres.NAME, Kafka.NAME, Mail.NAME};

  @TempDir Path directory;
  private Site site;
  private Stack stack;

  @BeforeEach
  void onFreePorts() {
    site =
        new Site(
            ROOT, directory.resolve("state"), ROOT.resolve(".vigie/cache"), Stack.freeOffset());
    stack = new Stack(site, COMPONENTS);
  }

  @AfterEach
  void nothingIsLeft() {
    stack.stop();
  }

  @Test
  void theComponentsStartStopAndKeepWhatTheyHold() throws Exception {
    List<String> said = new ArrayList<>();
    stack.start((component, what) -> said.add(component));
    assertTrue(said.containsAll(List.of(COMPONENTS)));

    // Given a row and a topic, and a broker that was killed
    try (Connection asset = asOwner("asset");
        Statement sql = asset.createStatement()) {
      sql.execute("create table kept (id int)");
    }
    createTopic("kept");
    stack.kill(Kafka.NAME);
    assertFalse(stack.healthy(Kafka.NAME));
    stack.start(Kafka.NAME);

    // When everything stops and another launcher starts it again
    stack.stop();
    assertFalse(stack.running());
    Stack again = new Stack(site, COMPONENTS);
    again.start((component, what) -> {});

    // Then it is all there
    try (Connection asset = asOwner("asset");
        Statement sql = asset.createStatement()) {
      sql.execute("insert into kept values (1)");
    }
    assertEquals(3, partitions("kept"));
    assertEquals("[]", Http.get(again.url(Mail.NAME).resolve("/api/messages")));
    again.stop();
  }

  @Test
  void aServicesRoleReachesItsOwnDatabaseOnlyAndMakesNoTables() throws Exception {
    Stack database = new Stack(site, Postgres.NAME);
    database.start((component, what) -> {});

    try (Connection asset = as("asset", "asset");
        Statement sql = asset.createStatement()) {
      SQLException refused =
          assertThrows(SQLException.class, () -> sql.execute("create table mine (id int)"));
      assertTrue(refused.getMessage().contains("permission denied"), refused.getMessage());
    }
    for (String other : List.of("access", "audit", "keycloak", "postgres")) {
      SQLException refused = assertThrows(SQLException.class, () -> as("asset", other).close());
      assertTrue(refused.getMessage().contains("permission denied"), refused.getMessage());
    }
    try (Connection superuser = database.superuser("postgres");
        Statement sql = superuser.createStatement();
        ResultSet settings = sql.executeQuery("show fsync")) {
      settings.next();
      assertEquals("on", settings.getString(1));
    }
  }

  @Test
  void aTakenPortIsNamedWithItsHolderAndTheWayOutBeforeAnythingStarts() throws IOException {
    int port = site.port(9092);
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(Site.LOOPBACK, port));
      StackException refusal =
          assertThrows(StackException.class, () -> stack.start((component, what) -> {}));

      String holder = "pid " + ProcessHandle.current().pid() + " (java)";
      assertEquals(
          "Port " + port + ", which kafka wants, is held by " + holder + ".",
          refusal.getMessage().lines().findFirst().orElseThrow());
      assertTrue(refusal.getMessage().contains("VIGIE_PORT_OFFSET="));
      assertFalse(stack.running());
      assertFalse(Files.exists(site.data(Postgres.NAME)));
    }
  }

  @Test
  void aComponentThatEndsStopsTheStartAndLeavesNothingBehind() throws IOException {
    // Given a data directory that PostgreSQL cannot use
    site.create();
    Files.createDirectories(site.data(Postgres.NAME));

    StackException failure =
        assertThrows(StackException.class, () -> stack.start((component, what) -> {}));

    String message = failure.getMessage();
    Path log = site.log(Postgres.NAME);
    assertTrue(
        message.startsWith("postgresql ended while it was starting: postgres: could not "),
        message);
    assertTrue(message.endsWith(". Its log: " + log + ". Mend that, then ./vigie up"), message);
    assertEquals(1, message.lines().count());
    assertFalse(stack.running());
  }

  @Test
  void whatCannotBeMadeReadyIsNamedWithTheReasonAndTheWayOn() throws IOException {
    // Given a directory that holds no Kafka log and takes none
    site.create();
    Files.createDirectories(site.data(Kafka.NAME).getParent());
    Files.writeString(site.data(Kafka.NAME), "in the way");

    StackException failure =
        assertThrows(StackException.class, () -> stack.start((component, what) -> {}));

    String message = failure.getMessage();
    assertTrue(message.startsWith("kafka could not start (java.nio.file."), message);
    assertTrue(message.contains(site.data(Kafka.NAME).toString()), message);
    assertTrue(
        message.endsWith(" Its log: " + site.log(Kafka.NAME) + ". Mend that, then ./vigie up"),
        message);
    assertFalse(stack.running());
  }

  @Test
  void anInterruptedStartStopsWhatItStartedAndLeavesTheRest() {
    // Given a part that an earlier start left running
    new Stack(site, Mail.NAME).start((component, what) -> {});

    // When a start of the rest is interrupted while Kafka's formatter begins
    StackException failure =
        assertThrows(
            StackException.class,
            () ->
                stack.start(
                    (component, what) -> {
                      if (component.equals(Kafka.NAME)) {
                        stack.abort();
                      }
                    }));

    // Then
    assertEquals("The start was interrupted.", failure.getMessage());
    assertTrue(stack.healthy(Mail.NAME));
    assertFalse(stack.daemon(Postgres.NAME).alive());
    assertFalse(stack.daemon(Kafka.NAME).alive());
    assertTrue(
        ProcessHandle.current()
            .descendants()
            .flatMap(p -> p.info().arguments().stream())
            .noneMatch(arguments -> List.of(arguments).contains("kafka.tools.StorageTool")));
  }

  @Test
  void aWipeStopsEverythingFirst() throws IOException {
    Stack mail = new Stack(site, Mail.NAME);
    mail.start((component, what) -> {});

    mail.wipe();

    assertFalse(mail.running());
    assertFalse(Files.exists(site.run()));
  }

  @Test
  void anUnknownComponentIsAnsweredWithTheKnownOnes() {
    StackException refusal = assertThrows(StackException.class, () -> stack.healthy("oracle"));
    assertEquals(
        "There is no component oracle. There are: postgresql, kafka, mail.", refusal.getMessage());
  }

  private Connection asOwner(String service) throws Exception {
    return as(service + "_owner", service);
  }

  private Connection as(String role, String database) throws Exception {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + site.port(15432) + "/" + database,
        role,
        new Secrets(site.state().resolve("secrets.properties")).of(role));
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + site.port(9092)));
  }

  private void createTopic(String name) throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(name, Optional.empty(), Optional.empty())))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private int partitions(String topic) throws Exception {
    try (Admin admin = admin()) {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get(30, TimeUnit.SECONDS)
          .get(topic)
          .partitions()
          .size();
    }
  }
}
