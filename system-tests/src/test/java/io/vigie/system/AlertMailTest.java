package io.vigie.system;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.stack.Stack;
import io.vigie.testkit.BrokenBuild;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Mail while an alert fires, at an interval of two seconds, from a service that is killed. */
@OnOneMachine("kills a service")
class AlertMailTest {

  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));
  private static final String SERVICE = "incident";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PACE = Duration.ofSeconds(2);
  private static final Duration TOO_SLOW = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Stack stack = Platform.stack();

  /** The build as it is but for the interval, which the policy has in minutes. */
  @BeforeEach
  void anIntervalOfTwoSeconds() throws Exception {
    Path build = ROOT.resolve("system-tests/target/alerts");
    Path app =
        new BrokenBuild(ROOT, build)
            .with(
                SERVICE,
                "incident-service/src/main/java/io/vigie/incident/alert/AlertPolicy.java",
                policy ->
                    BrokenBuild.replaced(
                        policy, "now.plus(pace.get(severity))", "now.plusSeconds(2)"))
            .root()
            .resolve("incident-service/target/quarkus-app/quarkus-run.jar");
    stack.stop(SERVICE);
    stack.adjust(
        SERVICE,
        process -> {
          process
              .command()
              .replaceAll(word -> word.endsWith("quarkus-run.jar") ? app.toString() : word);
          process.command().add(1, "-Dvigie.notices.mailboxes.sysadmin=admins@agency.example");
          process.environment().put("VIGIE_ALERTS_LOOK_EVERY", "200ms");
          process.environment().put("VIGIE_NOTICES_SEND_EVERY", "200ms");
        });
    start();
  }

  @AfterEach
  void theIntervalOfThePolicy() {
    stack.stop(SERVICE);
    stack.adjust(SERVICE, unchanged -> {});
    start();
  }

  private void start() {
    stack.start(SERVICE);
    stack.awaitHealthy(SERVICE);
  }

  @Test
  void mailComesAtItsPaceThroughCrashesNoneTwiceAndNoneMissingThenOnceThatItIsOver()
      throws Exception {
    // Given an alert that fires, and a service that is killed again and again meanwhile
    String rule = "Rule-" + UUID.randomUUID();
    tell(rule, "FIRING");
    for (int crash = 0; crash < 3; crash++) {
      awaitMails(rule, came(rule) + 2);
      stack.kill(SERVICE);
      start();
    }
    awaitMails(rule, came(rule) + 2);

    // When
    tell(rule, "RESOLVED");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertEquals(1, subjects(rule, "Resolved").size()));

    // Then nothing follows, though what fires later is mailed twice
    List<String> told = subjects(rule, "");
    String later = "Rule-" + UUID.randomUUID();
    tell(later, "FIRING");
    awaitMails(later, 2);
    tell(later, "RESOLVED");
    assertEquals(told, subjects(rule, ""));
    assertTrue(told.get(0).startsWith("Resolved"), "the last one says that it is over: " + told);

    // and each mail that was asked for came, and none that was not
    List<JsonNode> notices = notices(rule);
    assertEquals(
        IntStream.rangeClosed(1, notices.size()).boxed().toList(),
        notices.stream().map(AlertMailTest::number).toList());
    List<JsonNode> oldestFirst = new ArrayList<>(mails(rule));
    Collections.reverse(oldestFirst);
    Map<String, Instant> arrivals = new LinkedHashMap<>();
    for (JsonNode mail : oldestFirst) {
      arrivals.putIfAbsent(mail.path("messageId").asText(), instant(mail, "at"));
    }
    JsonNode lastOfFiring = notices.get(notices.size() - 2);
    for (JsonNode notice : notices) {
      long came =
          oldestFirst.stream()
              .filter(mail -> mail.path("messageId").asText().contains(notice.path("id").asText()))
              .count();
      // The last one may have been waiting still when the alert was over, and any until the next
      // was due
      // while its sender was down: then it goes out no more.
      String state = notice.path("state").asText();
      boolean mayLack =
          notice == lastOfFiring && !state.equals("SENT")
              || state.equals("ABANDONED") && notice.path("attempts").asInt() == 0;
      assertTrue(came > 0 || mayLack, "left out: " + notice);
      // One that a kill parts from the mail server's answer is tried again under its Message-ID.
      assertTrue(came <= notice.path("attempts").asLong(), came + " times: " + notice);
    }
    for (String id : arrivals.keySet()) {
      assertTrue(notices.stream().anyMatch(notice -> id.contains(notice.path("id").asText())), id);
    }

    // and they were asked for, and arrived, at their pace
    List<Duration> asked =
        pauses(
            notices.subList(0, notices.size() - 1).stream()
                .map(notice -> instant(notice, "requestedAt"))
                .toList());
    assertFalse(asked.get(0).compareTo(PACE) < 0, "one came too early: " + asked);
    assertTrue(median(asked).compareTo(TOO_SLOW) < 0, "they were asked for too late: " + asked);
    List<Instant> all = List.copyOf(arrivals.values());
    List<Duration> arrived = pauses(all.subList(0, all.size() - 1));
    assertTrue(median(arrived).compareTo(TOO_SLOW) < 0, "they came too late: " + arrived);
  }

  /** From each to the next, the shortest first. */
  private static List<Duration> pauses(List<Instant> times) {
    return IntStream.range(1, times.size())
        .mapToObj(i -> Duration.between(times.get(i - 1), times.get(i)))
        .sorted()
        .toList();
  }

  /** A crash stretches the pause that it falls into: half of them are without one. */
  private static Duration median(List<Duration> shortestFirst) {
    return shortestFirst.get((shortestFirst.size() - 1) / 2);
  }

  private static void tell(String rule, String status) {
    Platform.as("tool", SERVICE)
        .body(Map.of("source", "test", "rule", rule, "status", status, "severity", "CRITICAL"))
        .post("/v1/alerts")
        .then()
        .statusCode(status.equals("FIRING") ? 201 : 200);
  }

  private void awaitMails(String rule, long count) {
    await().atMost(PATIENCE).until(() -> came(rule) >= count);
  }

  /** How many mails came; one that came twice, as it was sent around a crash, is one. */
  private long came(String rule) throws Exception {
    return mails(rule).stream().map(mail -> mail.path("messageId").asText()).distinct().count();
  }

  private List<String> subjects(String rule, String beginning) throws Exception {
    return mails(rule).stream()
        .map(mail -> mail.path("subject").asText())
        .filter(subject -> subject.startsWith(beginning))
        .toList();
  }

  /** What the mail server of the stack took of this rule, the newest first. */
  private List<JsonNode> mails(String rule) throws Exception {
    URI sink = URI.create(stack.url("mail") + "/api/messages");
    String all =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(sink).build(), BodyHandlers.ofString())
            .body();
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode mail : JSON.readTree(all)) {
      if (mail.path("subject").asText().contains(rule)) {
        found.add(mail);
      }
    }
    return found;
  }

  /** What was asked for of this rule, in its order. */
  private static List<JsonNode> notices(String rule) throws Exception {
    List<JsonNode> found = new ArrayList<>();
    for (String template : List.of("alert-fires", "alert-resolved")) {
      String page =
          Platform.as("sysadmin", SERVICE)
              .get("/v1/notices?limit=200&template=" + template)
              .then()
              .statusCode(200)
              .extract()
              .asString();
      for (JsonNode notice : JSON.readTree(page).path("items")) {
        if (notice.at("/parameters/rule").asText().equals(rule)) {
          found.add(notice);
        }
      }
    }
    return found;
  }

  /** The last part of the key. */
  private static int number(JsonNode notice) {
    String key = notice.path("dedupeKey").asText();
    return Integer.parseInt(key.substring(key.lastIndexOf('/') + 1));
  }

  private static Instant instant(JsonNode of, String field) {
    return Instant.parse(of.path(field).asText());
  }
}
