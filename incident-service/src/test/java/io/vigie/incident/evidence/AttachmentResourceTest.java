package io.vigie.incident.evidence;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vigie.kernel.Sha256;
import io.vigie.testkit.Meeting;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class AttachmentResourceTest {

  private static final String ATTACHMENTS = "/v1/attachments";
  private static final UUID RESPONDER_ID = UUID.randomUUID();
  private static final String RESPONDER_TOKEN = Tokens.of(RESPONDER_ID, RESPONDER);
  private static final int LARGEST = 10 * 1024 * 1024;

  @Inject DataSource database;
  @Inject AttachmentSettings settings;

  /** Unlike any other test's. */
  private final byte[] content =
      ("From: Mr Doe " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);

  private final String sha256 = Sha256.hex(content);

  private static String report(String token) {
    return Rest.as(token)
        .body(
            Map.of(
                "title", "Odd mail",
                "description", "Mr Doe asks for my password",
                "occurredAt", "2024-05-06T07:08:09Z"))
        .post("/v1/security-events")
        .path("id");
  }

  private static String incident() {
    String event = report(RESPONDER_TOKEN);
    return Rest.as(RESPONDER_TOKEN)
        .header("If-Match", "*")
        .body(Map.of("category", "FRAUD", "severity", 2))
        .post("/v1/security-events/" + event + "/promotion")
        .path("id");
  }

  private static Response add(String token, String to, byte[] content) {
    return Rest.as(token)
        .contentType("application/octet-stream")
        .body(content)
        .post("/v1/" + to + "/attachments?name={name}", "Mr Doe's \"mail\".html");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../etc/passwd",
        "/etc/passwd",
        "..\\..\\windows\\win.ini",
        "C:\\windows\\win.ini",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "..%252f..%252fetc%252fpasswd",
        "....//....//x",
        "\"; filename=\"x.html",
        "a\r\nSet-Cookie: x=y",
        "a\0.txt",
        "..",
        "."
      })
  void aNameThatLeadsElsewhereIsAWordAndNoPath(String name) throws IOException {
    Set<Path> before = files();

    Response added =
        Rest.as(RESPONDER_TOKEN)
            .contentType("application/octet-stream")
            .body(content)
            .post(
                "/v1/security-events/" + report(RESPONDER_TOKEN) + "/attachments?name={name}",
                name);

    if (added.statusCode() == 200) {
      String id = added.path("id");
      assertEquals(name, added.path("name"));
      assertEquals(
          "attachment; filename=\"" + id + ".txt\"",
          read(RESPONDER_TOKEN, id).header("Content-Disposition"));
      before.add(file());
    } else {
      problem(added, 400, "validation");
    }
    assertEquals(before, files());
  }

  /** All that is kept. */
  private Set<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(settings.directory().orElseThrow())) {
      return files.filter(Files::isRegularFile).collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Response change(String token, String id, String what, Map<String, ?> body) {
    String etag = Rest.as(RESPONDER_TOKEN).get(ATTACHMENTS + "/" + id).header("ETag");
    var request = Rest.as(token).header("If-Match", etag);
    return (body == null ? request : request.body(body)).post(ATTACHMENTS + "/" + id + "/" + what);
  }

  private static Response read(String token, String id) {
    return Rest.as(token).get(ATTACHMENTS + "/" + id + "/content");
  }

  @Test
  void whoReportsAddsFilesThatTheyAndRespondersReadAndNobodyElse() {
    String reporter = Tokens.of(STAFF);
    String event = report(reporter);

    Response added = add(reporter, "security-events/" + event, content);

    added
        .then()
        .statusCode(200)
        .body("mediaType", is("text/plain; charset=utf-8"))
        .body("sha256", is(sha256))
        .body("size", is(content.length))
        .body("name", is("Mr Doe's \"mail\".html"))
        .body("scanned", is(false))
        .body("holder", nullValue());
    String id = added.path("id");
    for (String reads : List.of(reporter, RESPONDER_TOKEN)) {
      Response file = read(reads, id);
      file.then()
          .statusCode(200)
          .header("Content-Type", equalTo("text/plain; charset=utf-8"))
          .header("X-Content-Type-Options", equalTo("nosniff"))
          .header("Content-Disposition", equalTo("attachment; filename=\"" + id + ".txt\""));
      assertArrayEquals(content, file.asByteArray());
    }
    String other = Tokens.of(STAFF);
    problem(read(other, id), 403, "forbidden");
    problem(add(other, "security-events/" + event, content), 403, "forbidden");
    Rest.as(other).get(ATTACHMENTS + "?securityEvent=" + event).then().body("items", empty());
    Rest.as(reporter)
        .get(ATTACHMENTS + "?securityEvent=" + event + "&sha256=" + sha256)
        .then()
        .body("items.id", contains(id));
  }

  @Test
  void whatIsRefusedIsNotKept() {
    String event = "security-events/" + report(RESPONDER_TOKEN);

    problem(
        add(RESPONDER_TOKEN, event, "<html>".getBytes(StandardCharsets.UTF_8)),
        422,
        "file-type-not-taken");
    problem(
        add(RESPONDER_TOKEN, event, "%PDF-1.7 <html>%%EOF".getBytes(StandardCharsets.UTF_8)),
        422,
        "file-is-two-things");
    problem(
        add(RESPONDER_TOKEN, "security-events/" + UUID.randomUUID(), content), 404, "not-found");
    problem(add(Tokens.of(STAFF), "incidents/" + UUID.randomUUID(), content), 403, "forbidden");
    problem(
        Rest.as(RESPONDER_TOKEN)
            .contentType("application/octet-stream")
            .body(content)
            .post("/v1/" + event + "/attachments"),
        400,
        "validation");
    Rest.as(RESPONDER_TOKEN).get(ATTACHMENTS + "?sha256=" + sha256).then().body("items", empty());
    assertFalse(Files.exists(file()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"incidents", "security-events"})
  void tenMebibytesAreTakenAndNotOneByteMore(String kind) {
    String to = kind + "/" + (kind.equals("incidents") ? incident() : report(RESPONDER_TOKEN));
    byte[] largest = Arrays.copyOf(content, LARGEST);
    Arrays.fill(largest, content.length, LARGEST, (byte) ' ');

    add(RESPONDER_TOKEN, to, largest)
        .then()
        .statusCode(200)
        .body("size", is(LARGEST))
        .body("sha256", is(Sha256.hex(largest)));

    problem(add(RESPONDER_TOKEN, to, Arrays.copyOf(largest, LARGEST + 1)), 413, "too-large")
        .body("detail", is("At most 10485760 bytes are taken."));
  }

  @Test
  void twentyMegabytesAreRefusedBeforeTheirFirstByteIsRead() throws IOException {
    try (Socket client = new Socket("127.0.0.1", RestAssured.port)) {
      client.getOutputStream().write(head("Content-Length: 20000000"));
      assertTooLarge(client);
    }
  }

  @Test
  void whoHangsUpOnceTheirFileWasTooLargeIsNoErrorOfOurs() throws IOException {
    List<String> said = new CopyOnWriteArrayList<>();
    Handler listener = listener(said);
    Logger limit = Logger.getLogger("io.vigie.kernel.web.BodyLimit");
    Logger all = Logger.getLogger("");
    limit.setLevel(Level.FINE);
    all.addHandler(listener);
    limit.addHandler(listener);
    try {
      // Given a file of unannounced length that is too large, and goes on
      byte[] chunk = new byte[1 << 16];
      try (Socket client = new Socket("127.0.0.1", RestAssured.port)) {
        OutputStream out = client.getOutputStream();
        out.write(head("Transfer-Encoding: chunked"));
        for (int sent = 0; sent <= LARGEST; sent += chunk.length) {
          out.write(
              (Integer.toHexString(chunk.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
          out.write(chunk);
          out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        assertTooLarge(client);
      }

      // When its client has hung up, then that is what the log says
      await().until(() -> said.stream().anyMatch(line -> line.contains(" hung up after ")));
      assertEquals(
          List.of(), said.stream().filter(line -> line.contains("Connection was closed")).toList());
    } finally {
      limit.removeHandler(listener);
      all.removeHandler(listener);
      limit.setLevel(null);
    }
  }

  private static byte[] head(String length) {
    return """
        POST /v1/security-events/%s/attachments?name=mail.txt HTTP/1.1\r
        Host: vigie\r
        Authorization: Bearer %s\r
        Content-Type: application/octet-stream\r
        %s\r
        \r
        """
        .formatted(UUID.randomUUID(), RESPONDER_TOKEN, length)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static void assertTooLarge(Socket client) throws IOException {
    client.setSoTimeout(60_000);
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("}") < 0) {
      int next = client.getInputStream().read();
      assertTrue(next >= 0, answer.toString());
      answer.append((char) next);
    }
    assertTrue(answer.toString().startsWith("HTTP/1.1 413 "), answer.toString());
    assertTrue(answer.toString().contains("urn:vigie:problem:too-large"), answer.toString());
  }

  private static Handler listener(List<String> said) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        said.add(((ExtLogRecord) record).getFormattedMessage() + " " + record.getThrown());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private Path file() {
    return settings.directory().orElseThrow().resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  @Test
  void whatIsAddedAgainSinceTheAnswerWasLostIsThereOnce() {
    String incident = incident();
    String id = add(RESPONDER_TOKEN, "incidents/" + incident, content).path("id");

    add(RESPONDER_TOKEN, "incidents/" + incident, content)
        .then()
        .statusCode(200)
        .body("id", is(id));
    String another = add(RESPONDER_TOKEN, "incidents/" + incident(), content).path("id");

    Rest.as(RESPONDER_TOKEN)
        .get(ATTACHMENTS + "?sha256=" + sha256)
        .then()
        .body("items.id", contains(id, another));
  }

  @ParameterizedTest
  @ValueSource(strings = {"incidents", "security-events"})
  void whatIsAddedTwiceAtOnceIsThereOnce(String kind) throws SQLException {
    String to = kind + "/" + (kind.equals("incidents") ? incident() : report(RESPONDER_TOKEN));

    List<Response> answers =
        Meeting.of(
            database,
            "lock table attachment in share mode", // whoever adds one waits
            List.of(
                () -> add(RESPONDER_TOKEN, to, content), () -> add(RESPONDER_TOKEN, to, content)));

    answers.forEach(answer -> answer.then().statusCode(200));
    assertEquals(
        answers.get(0).<String>path("id"),
        answers.get(1).<String>path("id"),
        "of one and the same");
    Rest.as(RESPONDER_TOKEN)
        .get(ATTACHMENTS + "?sha256=" + sha256)
        .then()
        .body("items.id", contains(answers.get(0).<String>path("id")));
  }

  @Test
  void evidenceGoesFromHandToHandAndEveryHandOverIsAnEvent() throws SQLException {
    String id = add(RESPONDER_TOKEN, "incidents/" + incident(), content).path("id");
    String second = UUID.randomUUID().toString();
    Map<String, ?> handOver = Map.of("to", second, "purpose", "ANALYSIS", "reason", "Mr Doe asked");

    problem(change(Tokens.of(RESPONDER), id, "hand-over", handOver), 403, "forbidden");
    change(RESPONDER_TOKEN, id, "hand-over", handOver)
        .then()
        .statusCode(200)
        .body("holder", is(second));
    change(
            Tokens.of(CISO),
            id,
            "hand-over",
            Map.of("to", "court", "purpose", "DISCLOSURE", "reason", "ordered"))
        .then()
        .statusCode(200);

    Rest.as(RESPONDER_TOKEN)
        .get(ATTACHMENTS + "/" + id + "/custody")
        .then()
        .body("items.from", contains(RESPONDER_ID.toString(), second))
        .body("items.to", contains(second, "court"))
        .body("items.reason", contains("Mr Doe asked", "ordered"));
    Response page = Rest.as(RESPONDER_TOKEN).get(ATTACHMENTS + "/" + id + "/custody?limit=1");
    page.then().body("items.to", contains(second));
    Rest.as(RESPONDER_TOKEN)
        .get(page.header("Link").replaceAll("<(.*)>.*", "$1"))
        .then()
        .body("items.to", contains("court"));
    try (Topic topic = Topic.named("vigie.incident.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(3, about(id));
      assertEquals(
          List.of("attachment.added.v1", "attachment.handed-over.v1", "attachment.handed-over.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      records.forEach(record -> assertFalse(new String(record.value()).contains("Doe")));
    }
    try (Connection connection = database.getConnection();
        Statement sql = connection.createStatement()) {
      SQLException refusal =
          assertThrows(
              SQLException.class, () -> sql.execute("update custody_step set reason = ''"));
      assertEquals("42501", refusal.getSQLState(), "insufficient privilege");
    }
  }

  @Test
  void aFileThatChangedIsFoundAndGivenToNobody() throws IOException {
    String id = add(RESPONDER_TOKEN, "incidents/" + incident(), content).path("id");
    change(RESPONDER_TOKEN, id, "check", null).then().statusCode(200).body("intact", is(true));

    Files.writeString(file(), "forged");

    problem(read(RESPONDER_TOKEN, id), 409, "attachment-damaged");
    change(RESPONDER_TOKEN, id, "check", null).then().statusCode(200).body("intact", is(false));
    Rest.as(RESPONDER_TOKEN)
        .get(ATTACHMENTS + "?intact=false&sha256=" + sha256)
        .then()
        .body("items.id", contains(id));
    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(200);
    try (Topic topic = Topic.named("vigie.incident.events")) {
      assertEquals(1, topic.await(1, about(id).and(ofType("attachment.damaged.v1"))).size());
      assertEquals(1, topic.await(1, about(id).and(ofType("attachment.snapshot.v1"))).size());
    }

    // brought again, it is whole again
    add(RESPONDER_TOKEN, "incidents/" + incident(), content).then().statusCode(200);
    read(RESPONDER_TOKEN, id).then().statusCode(200);
  }
}
