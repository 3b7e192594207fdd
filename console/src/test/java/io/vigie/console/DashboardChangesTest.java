package io.vigie.console;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.console.session.OpenSessions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a dashboard that somebody looks at is told, and until when. */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
@TestSecurity(
    user = "charlie",
    roles = {"staff", "ciso"})
class DashboardChangesTest {

  private static final long PATIENCE = 120;

  /** Milliseconds between two questions, in tests. */
  private static final long BEAT = 100;

  private static final Random RANDOM = new Random();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Inject Pool database;
  @Inject OpenSessions sessions;
  @Inject Event<ShutdownDelayInitiatedEvent> stopping;

  private final List<Following> followings = new ArrayList<>();

  @BeforeEach
  void aLog() {
    Services.reset();
    has(5);
  }

  @AfterEach
  void nobodyLooks() {
    followings.forEach(Following::close);
  }

  private static void has(int entries) {
    Services.say("audit/log/checkpoint", 200, "log.example\n" + entries + "\nAAAA\n\n- log x\n");
  }

  /** A dashboard in a browser: the events that it gets, in their order. */
  private static final class Following {

    private static final Map<String, String> END = Map.of();

    private final int status;
    private final Stream<String> lines;
    private final BlockingQueue<Map<String, String>> events = new LinkedBlockingQueue<>();

    Following(HttpResponse<Stream<String>> answer) {
      status = answer.statusCode();
      lines = answer.body();
      Thread reader = new Thread(this::read);
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try {
        Map<String, String> event = new HashMap<>();
        for (String line : (Iterable<String>) lines::iterator) {
          if (line.isEmpty()) {
            events.add(event);
            event = new HashMap<>();
          } else {
            String[] member = line.split(":", 2);
            event.put(member[0], member[1].strip());
          }
        }
      } catch (RuntimeException e) {
        // Closed from here
      } finally {
        events.add(END);
      }
    }

    /** The next event; null at the end of the stream. */
    Map<String, String> next() throws InterruptedException {
      Map<String, String> event = events.poll(PATIENCE, TimeUnit.SECONDS);
      assertNotNull(event, "nothing comes any more");
      return event == END ? null : event;
    }

    /** The first event from now on with such a member. */
    Map<String, String> next(String member, String value) throws InterruptedException {
      Map<String, String> event = next();
      while (event != null && !value.equals(event.get(member))) {
        event = next();
      }
      assertNotNull(event, "ended before " + value);
      return event;
    }

    void awaitEnd() throws InterruptedException {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
      while (next() != null) {
        assertTrue(System.nanoTime() < until, "goes on");
      }
    }

    void close() {
      lines.close();
    }
  }

  private Following follow(String cookie, String last) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + RestAssured.port + "/dashboards/changes"))
            .timeout(Duration.ofSeconds(PATIENCE))
            .header("Accept", "text/event-stream");
    if (cookie != null) {
      request.header("Cookie", "q_session=" + cookie);
    }
    if (last != null) {
      request.header("Last-Event-ID", last);
    }
    Following following = new Following(CLIENT.send(request.build(), BodyHandlers.ofLines()));
    followings.add(following);
    return following;
  }

  /** The cookie of a session that has an hour left. */
  private String session() {
    byte[] secret = new byte[32];
    RANDOM.nextBytes(secret);
    String cookie = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    run(
        "insert into session (id, sealed, ends_at) values ($1, '', now() + interval '1 hour')",
        cookie);
    return cookie;
  }

  private void run(String statement, String cookie) {
    database.preparedQuery(statement).execute(Tuple.of(sessions.id(cookie))).await().indefinitely();
  }

  @Test
  void aDashboardIsToldWhenTheLogHasGrownAndNotOtherwise() throws Exception {
    Following following = follow(session(), null);
    assertEquals(200, following.status);
    following.next("event", "beat");
    has(6);
    assertEquals("changed", following.next("id", "6").get("event"));
    // Controls read what the log got a moment later
    assertEquals("changed", following.next().get("event"));
    assertEquals("beat", following.next("event", "beat").get("event"));
  }

  @Test
  void aBrowserThatComesBackIsToldWhatItMissed() throws Exception {
    String cookie = session();
    follow(cookie, null).next("event", "beat");
    assertEquals("changed", follow(cookie, "4").next().get("event"));
    assertEquals("beat", follow(cookie, "5").next().get("event"));
  }

  @Test
  void theLogIsAskedOnceForAllWhoLookAndNotAtAllWhenNobodyDoes() throws Exception {
    List<Following> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Following one = follow(session(), null);
      one.next();
      all.add(one);
    }
    int before = Services.asked().size();
    long began = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      for (Following one : all) {
        one.next();
      }
    }
    int asked = Services.asked().size() - before;
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    assertTrue(
        asked <= millis / BEAT * 2 + 3, "4 dashboards asked " + asked + " times in " + millis);

    nobodyLooks();
    AtomicInteger last = new AtomicInteger(-1);
    await("the log is left alone when nobody looks")
        .during(Duration.ofMillis(1_500))
        .atMost(Duration.ofSeconds(PATIENCE))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              int now = Services.asked().size();
              return now == last.getAndSet(now);
            });
  }

  @Test
  void aStreamEndsWithItsSessionAndNoneBeginsWithoutOne() throws Exception {
    String cookie = session();
    Following following = follow(cookie, null);
    Following other = follow(session(), null);
    following.next();
    other.next();

    run("update session set ends_at = now() where id = $1", cookie);

    following.awaitEnd();
    other.next("event", "beat");
    assertNull(follow(cookie, null).next(), "a session that has ended is told nothing");
    assertEquals(503, follow(null, null).status);
    assertEquals(503, follow("no-session", null).status);
  }

  @Test
  void whereTheLogIsAwayStreamsGoOnAndItsReturnIsAChange() throws Exception {
    Following following = follow(session(), null);
    following.next("event", "beat");
    Services.say("audit/log/checkpoint", 503, "{}");
    assertEquals("changed", following.next("data", "-").get("event"));
    following.next("event", "beat");
    has(5);
    assertEquals("changed", following.next("id", "5").get("event"));
  }

  @Test
  void aSessionHasFourStreamsAtMostAndAPlaceIsFreeAgainWhenOneCloses() throws Exception {
    String cookie = session();
    List<Following> four = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Following one = follow(cookie, null);
      one.next();
      four.add(one);
    }
    assertEquals(503, follow(cookie, null).status);
    assertEquals(200, follow(session(), null).status, "others are not meant");

    four.get(0).close();
    await("a place is free again")
        .atMost(Duration.ofSeconds(PATIENCE))
        .until(() -> follow(cookie, null).status == 200);
  }

  @Test
  void theConsoleStopsAlthoughSomebodyLooks() throws Exception {
    Following following = follow(session(), null);
    following.next();
    stopping.fire(new ShutdownDelayInitiatedEvent());
    following.awaitEnd();
  }

  @Test
  void noProxyKeepsEventsForLater() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + RestAssured.port + "/dashboards/changes"))
            .header("Accept", "text/event-stream")
            .header("Cookie", "q_session=" + session())
            .build();
    HttpResponse<Stream<String>> answer = CLIENT.send(request, BodyHandlers.ofLines());
    followings.add(new Following(answer));
    assertEquals("no", answer.headers().firstValue("X-Accel-Buffering").orElseThrow());
    assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElseThrow());
    assertTrue(
        answer.headers().firstValue("Content-Type").orElseThrow().startsWith("text/event-stream"));
  }
}
