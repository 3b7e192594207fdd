package io.vigie.backup.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.backup.Plans;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.vigie.backup.Plans.daily;
import static io.vigie.backup.Plans.get;
import static io.vigie.backup.Plans.success;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RunsResourceTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @Inject MovableClock clock;

  @Test
  void aToolReportsARunOfThePlanInTheQuery() {
    String plan = daily(UUID.randomUUID());

    Response made = report(plan, success(clock.instant().minus(HOUR)));

    made.then()
        .statusCode(201)
        .header("Location", endsWith("/v1/plans/" + plan + "/runs/" + made.path("id")))
        .body("plan", equalTo(plan));
  }

  @Test
  void whatResticBorgAndBaculaWroteIsUnderstood() throws IOException {
    String plan = daily(UUID.randomUUID());
    Instant start = clock.instant().minus(HOUR).truncatedTo(ChronoUnit.SECONDS);

    send("restic?startedAt=" + start + "&plan=" + plan, "application/x-ndjson", "restic.ndjson")
        .then()
        .statusCode(201)
        .body("tool", equalTo("restic"))
        .body("bytes", equalTo(1_226_682))
        .body("startedAt", equalTo(start.toString()));
    // recorded some time ago, and the clock of the test is not asked
    text(
            "borg?zone=UTC&plan=" + plan,
            "application/json",
            recorded("borg.json").replaceAll("20\\d\\d-\\d\\d-\\d\\dT", daysAgo() + "T"))
        .then()
        .statusCode(201)
        .body("tool", equalTo("borg"))
        .body("location", endsWith("::nightly"));
    String day =
        DateTimeFormatter.ofPattern("dd-MMM-uuuu", Locale.ENGLISH)
            .format(LocalDate.parse(daysAgo()));
    text(
            "bacula?zone=Europe/Paris&plan=" + plan,
            "text/plain",
            recorded("bacula.txt").replace("02-Mar-2026", day))
        .then()
        .statusCode(201)
        .body("tool", equalTo("bacula"))
        .body("snapshot", equalTo("4217"))
        .body("nativeReport", containsString("SD termination status"));

    // and whoever may not know the way to the copy sees none of it
    String seen =
        Rest.as(Tokens.of(AUDITOR))
            .get("/v1/plans/" + plan + "/runs")
            .then()
            .body("items", hasSize(3))
            .extract()
            .asString();
    assertFalse(
        seen.contains("4217") || seen.contains("LTO-0042") || seen.contains("nightly"), seen);
  }

  private String daysAgo() {
    return clock.instant().minus(Duration.ofDays(2)).toString().substring(0, 10);
  }

  @Test
  void badInputHasExactAnswers() throws IOException {
    UUID asset = UUID.randomUUID();
    String plan = daily(asset);
    Instant start = clock.instant().minus(HOUR).truncatedTo(ChronoUnit.MICROS);

    // from the future
    report(plan, success(clock.instant().plus(HOUR)))
        .then()
        .statusCode(400)
        .body("errors.field", contains("endedAt"));
    // for an unknown plan, and for none
    report(UUID.randomUUID().toString(), success(start)).then().statusCode(404);
    Rest.as(Plans.TOOL_TOKEN).body(success(start)).post("/v1/runs").then().statusCode(400);
    // of negative size
    Map<String, Object> negative = success(start);
    negative.put("bytes", -1);
    report(plan, negative).then().statusCode(400).body("errors.field", contains("bytes"));
    // replayed
    String run = report(plan, success(start)).then().statusCode(201).extract().path("id");
    report(plan, success(start)).then().statusCode(200).body("id", equalTo(run));
    // the same start with other results
    Map<String, Object> other = success(start);
    other.put("bytes", 1);
    report(plan, other)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:run-already-reported"));
    // two tools that claim one run
    Rest.as(Tokens.of(TOOL))
        .body(success(start))
        .post("/v1/runs?plan=" + plan)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:run-claimed"));
    // out of order
    report(plan, success(start.minus(HOUR))).then().statusCode(201);
    get(plan).then().body("lastSuccessAt", equalTo(start.toString()));
    // what lacks something, in its own form
    text("restic?plan=" + plan, "application/x-ndjson", recorded("restic.ndjson"))
        .then()
        .statusCode(400)
        .body("errors.field", contains("startedAt"));
    text("borg?plan=" + plan, "application/json", recorded("borg.json"))
        .then()
        .statusCode(400)
        .body("errors.field", contains("zone"));
    text("bacula?plan=" + plan, "text/plain", recorded("bacula.txt")).then().statusCode(400);
  }

  @Test
  void aCopyThatIsMuchSmallerOrLargerThanUsualIsFlaggedAndPublished() {
    UUID asset = UUID.randomUUID();
    String plan = daily(asset);
    for (int i = 10; i > 6; i--) {
      sized(plan, i, 1_000).then().statusCode(201).body("anomaly", equalTo(null));
    }

    String drop = sized(plan, 5, 400).then().body("anomaly", equalTo("DROP")).extract().path("id");
    sized(plan, 4, 2_001).then().body("anomaly", equalTo("GROWTH"));

    // a failed run makes no copy, and one reported late is held against those before it
    Map<String, Object> failed = success(clock.instant().minus(HOUR.multipliedBy(3)));
    failed.put("outcome", "FAILED");
    failed.put("bytes", 1);
    report(plan, failed).then().body("anomaly", equalTo(null));
    sized(plan, 11, 1).then().body("anomaly", equalTo(null));

    Rest.as(Tokens.of(AUDITOR))
        .get("/v1/runs?anomaly=DROP&asset=" + asset)
        .then()
        .body("items.id", contains(drop));
    try (Topic topic = Topic.named("vigie.backup.events")) {
      String published =
          new String(
              topic.await(1, about(drop).and(ofType("backup-run.reported.v1"))).get(0).value(),
              StandardCharsets.UTF_8);
      assertTrue(published.contains("\"anomaly\":\"DROP\""), published);
    }
  }

  @Test
  void aNightOfRunsOfSeveralPlansIsTakenAtOnceAndAgainChangesNothing() {
    // Given
    UUID asset = UUID.randomUUID();
    String plan = daily(asset);
    String other = daily(UUID.randomUUID());
    Instant newest = clock.instant().minus(HOUR).truncatedTo(ChronoUnit.MICROS);
    List<Map<String, Object>> night = new ArrayList<>();
    for (int hours = 0; hours < 6; hours++) {
      Map<String, Object> run = success(newest.minus(HOUR.multipliedBy(hours)));
      run.put("bytes", hours == 0 ? 10 : 1_000);
      night.add(of(plan, run));
    }
    night.add(of(other, success(newest)));
    night.add(of(other, success(newest)));

    // When
    Response made = reportAll(night);

    // Then: whatever order they are told in, they count as they happened
    made.then()
        .statusCode(200)
        .header("Vigie-Receipt", notNullValue())
        .body("fresh", equalTo(7))
        .body("known", equalTo(1));
    List<String> ids = made.path("runs");
    assertEquals(ids.get(6), ids.get(7));
    get(plan).then().body("lastSuccessAt", equalTo(newest.toString()));
    Rest.as(Tokens.of(AUDITOR))
        .get("/v1/runs?anomaly=DROP&asset=" + asset)
        .then()
        .body("items.id", contains(ids.get(0)));
    try (Topic topic = Topic.named("vigie.backup.events")) {
      for (String id : Set.copyOf(ids)) {
        topic.await(1, about(id).and(ofType("backup-run.reported.v1")));
      }
    }

    // And again
    reportAll(night)
        .then()
        .statusCode(200)
        .body("fresh", equalTo(0))
        .body("known", equalTo(8))
        .body("runs", equalTo(ids));
  }

  @Test
  void ofRunsThatAreToldAtOnceNoneIsTakenWhereOneIsRefusedAndEachSaysWhy() {
    // Given
    String plan = daily(UUID.randomUUID());
    Instant start = clock.instant().minus(HOUR).truncatedTo(ChronoUnit.MICROS);
    report(plan, success(start)).then().statusCode(201);
    Map<String, Object> different = success(start);
    different.put("bytes", 1);

    // When
    Response refused =
        reportAll(
            List.of(
                of(plan, success(start.minus(HOUR))),
                of(UUID.randomUUID().toString(), success(start)),
                of(plan, success(clock.instant().plus(HOUR))),
                of(plan, different)));

    // Then
    refused
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:runs-refused"))
        .body("errors.field", contains("runs[1]", "runs[2].run.endedAt", "runs[3]"));
    Rest.as(Tokens.of(AUDITOR)).get("/v1/plans/" + plan + "/runs").then().body("items", hasSize(1));

    // And what is no report is refused before that
    reportAll(List.of()).then().statusCode(400);
    Map<String, Object> negative = success(start);
    negative.put("bytes", -1);
    reportAll(List.of(of(plan, negative)))
        .then()
        .statusCode(400)
        .body("errors.field", contains("runs[0].run.bytes"));
  }

  private static Map<String, Object> of(String plan, Map<String, Object> run) {
    return Map.of("plan", plan, "run", run);
  }

  private static Response reportAll(List<Map<String, Object>> runs) {
    return Rest.as(Plans.TOOL_TOKEN).body(Map.of("runs", runs)).post("/v1/runs/reports");
  }

  @Test
  void runsOfAllPlansAreListedByAssetAndOutcome() {
    UUID asset = UUID.randomUUID();
    String plan = daily(asset);
    Map<String, Object> failed = success(clock.instant().minus(HOUR));
    failed.put("outcome", "FAILED");
    String run = report(plan, failed).path("id");
    report(plan, success(clock.instant().minus(HOUR.multipliedBy(2)))).then().statusCode(201);

    Rest.as(Tokens.of(AUDITOR))
        .get("/v1/runs?outcome=FAILED&asset=" + asset)
        .then()
        .statusCode(200)
        .body("items.id", contains(run));
    Rest.as(Tokens.of(AUDITOR)).get("/v1/runs?asset=" + asset).then().body("items", hasSize(2));
  }

  @Test
  void aRealResticsRunIsReportedAsItWroteIt(@TempDir Path folder) throws Exception {
    Path restic = Path.of("/usr/bin/restic");
    Assumptions.assumeTrue(Files.isExecutable(restic), "restic is not installed");
    Files.writeString(folder.resolve("data.txt"), "what must not be lost\n");
    String repository = folder.resolve("repository").toString();
    run(folder, "restic", "init", "--repo", repository);
    String plan = daily(UUID.randomUUID());
    Instant start = Instant.now().truncatedTo(ChronoUnit.MICROS);

    String output = run(folder, "restic", "--repo", repository, "backup", "--json", "data.txt");

    text("restic?startedAt=" + start + "&plan=" + plan, "application/x-ndjson", output)
        .then()
        .statusCode(201)
        .body("outcome", equalTo("SUCCEEDED"))
        .body("bytes", equalTo(22));
    get(plan).then().body("lastSuccessAt", containsString("T"));
  }

  private static String run(Path folder, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("RESTIC_PASSWORD", "secret");
    builder.environment().put("RESTIC_CACHE_DIR", folder.resolve("cache").toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private Response sized(String plan, int hoursAgo, long bytes) {
    Map<String, Object> body = success(clock.instant().minus(HOUR.multipliedBy(hoursAgo)));
    body.put("bytes", bytes);
    return report(plan, body);
  }

  private static Response report(String plan, Map<String, ?> body) {
    return Rest.as(Plans.TOOL_TOKEN).body(body).post("/v1/runs?plan=" + plan);
  }

  private static Response send(String where, String type, String file) throws IOException {
    return text(where, type, recorded(file));
  }

  private static Response text(String where, String type, String body) {
    return Rest.as(Plans.TOOL_TOKEN)
        .contentType(type)
        .body(body.getBytes(StandardCharsets.UTF_8))
        .post("/v1/runs/" + where);
  }

  private static String recorded(String file) throws IOException {
    try (InputStream in = RunsResourceTest.class.getResourceAsStream("/outputs/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
