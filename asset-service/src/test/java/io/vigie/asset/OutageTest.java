package io.vigie.asset;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/** What a database that goes away leaves behind, in every service alike; shown on this one. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@Timeout(180)
class OutageTest {

  private static final Map<String, Object> SERVER =
      Map.of("name", "web-1", "kind", "SERVER", "production", true);

  private static final int AT_ONCE = 128; // vigie.http.at-once

  @Inject Inbox inbox;

  @Test
  void aFrozenDatabaseIsAnsweredWith503InTimeAndWorksOnWhenItThaws() throws Exception {
    assumeFalse(Boolean.getBoolean("vigie.test.containers"), "its processes are out of reach");
    String manager = Tokens.of(ASSET_MANAGER);
    String key = UUID.randomUUID().toString();
    // What the client itself has yet to load, two threads at once might wait for each other for.
    assertEquals(200, Rest.as(manager).get("/v1/assets").statusCode());

    List<Long> processes = freezeTheDatabase();
    try {
      CompletableFuture<Response> read =
          CompletableFuture.supplyAsync(() -> Rest.as(manager).get("/v1/assets"));
      CompletableFuture<Response> refused =
          CompletableFuture.supplyAsync(
              () -> Rest.as(Tokens.of(STAFF)).body(SERVER).post("/v1/assets"));
      Response written = register(manager, key);

      for (Response answer : List.of(written, read.join())) {
        problem(answer, 503, "unavailable");
        assertEquals("2", answer.header("Retry-After"));
      }
      problem(refused.join(), 403, "forbidden");
    } finally {
      signal("CONT", processes);
    }

    Response answer = register(manager, key);
    while (answer.statusCode() == 409) { // the first one is at work again, and holds the key
      problem(answer, 409, "request-in-flight");
      answer = register(manager, key);
    }
    assertEquals(201, answer.statusCode());
  }

  @Test
  void moreRequestsThanCanBeWorkedOnAreToldAtOnceToComeBackAndTheRestGetTheirAnswers()
      throws Exception {
    assumeFalse(Boolean.getBoolean("vigie.test.containers"), "its processes are out of reach");
    int sent = AT_ONCE + 40;
    String manager = Tokens.of(ASSET_MANAGER);
    assertEquals(201, register(manager, UUID.randomUUID().toString()).statusCode());
    ExecutorService callers = Executors.newFixedThreadPool(sent);

    List<Long> processes = freezeTheDatabase();
    List<Response> answers;
    try {
      answers =
          Stream.generate(
                  () ->
                      CompletableFuture.supplyAsync(
                          () -> register(manager, UUID.randomUUID().toString()), callers))
              .limit(sent)
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();
      Rest.as(manager).get("/q/health/live").then().statusCode(200);
    } finally {
      signal("CONT", processes);
      callers.shutdown();
    }

    for (Response answer : answers) {
      assertEquals(503, answer.statusCode());
      boolean isOverloaded = answer.path("type").equals("urn:vigie:problem:overloaded");
      assertEquals(isOverloaded ? "1" : "2", answer.header("Retry-After"));
    }
    assertEquals(
        40,
        answers.stream()
            .filter(answer -> answer.path("type").equals("urn:vigie:problem:overloaded"))
            .count());
    assertEquals(201, register(manager, UUID.randomUUID().toString()).statusCode());
  }

  @Test
  void anEventIsNotParkedBecauseTheDatabaseWentAwayUnderIt() throws Throwable {
    Cutting listener = new Cutting(12);

    VertxContextSupport.subscribeAndAwait(() -> inbox.once(listener, records()));

    assertEquals(13, listener.calls.get());
    assertEquals(0, count("select count(*) from parked where listener = 'cutting'"));
    assertEquals(1, count("select count(*) from inbox where listener = 'cutting'"));
  }

  /** Has the database end the connection it works on, the first few times. */
  private static final class Cutting implements EventListener {

    private final int times;
    private final AtomicInteger calls = new AtomicInteger();

    Cutting(int times) {
      this.times = times;
    }

    @Override
    public String name() {
      return "cutting";
    }

    @Override
    public boolean knows(String type) {
      return true;
    }

    @Override
    public Uni<Void> on(ReceivedEvent event) {
      return calls.incrementAndGet() > times
          ? Uni.createFrom().voidItem()
          : Panache.getSession()
              .chain(
                  session ->
                      session
                          .createNativeQuery(
                              "select pg_terminate_backend(pg_backend_pid())", Boolean.class)
                          .getSingleResult())
              .replaceWithVoid();
    }
  }

  private static ConsumerRecords<String, byte[]> records() {
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>("test", 0, 0, UUID.randomUUID().toString(), "{}".getBytes(UTF_8));
    Map.of(
            "ce_id", UUID.randomUUID().toString(),
            "ce_type", "person.left.v1",
            "ce_time", "2026-01-02T03:04:05Z")
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    return new ConsumerRecords<>(Map.of(new TopicPartition("test", 0), List.of(record)), Map.of());
  }

  private static Response register(String token, String key) {
    return Rest.as(token).header("Idempotency-Key", key).body(SERVER).post("/v1/assets");
  }

  /** Stops the server before its children: it cannot start another one meanwhile. */
  private static List<Long> freezeTheDatabase()
      throws IOException, InterruptedException, SQLException {
    long server;
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement();
        ResultSet row = sql.executeQuery("select pg_backend_pid()")) {
      row.next();
      server = ProcessHandle.of(row.getLong(1)).flatMap(ProcessHandle::parent).orElseThrow().pid();
    }
    signal("STOP", List.of(server));
    List<Long> children =
        ProcessHandle.of(server).orElseThrow().children().map(ProcessHandle::pid).toList();
    signal("STOP", children);
    return Stream.concat(Stream.of(server), children.stream()).toList();
  }

  private static void signal(String signal, List<Long> processes)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
    processes.forEach(process -> command.add(process.toString()));
    int refused = new ProcessBuilder(command).inheritIO().start().waitFor();
    // A backend that was told to end before it was stopped does so as soon as it goes on.
    assertTrue(
        refused == 0
            || processes.stream().anyMatch(process -> ProcessHandle.of(process).isEmpty()));
  }

  private static int count(String query) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getInt(1);
    }
  }
}
