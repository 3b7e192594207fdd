package io.vigie.asset.disposal;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.asset.Calls;
import io.vigie.kernel.Sha256;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.asset.Calls.tasks;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DisposalResourceTest {

  private static final UUID BENS_ACCOUNT = UUID.randomUUID();
  private static final UUID CARLAS_ACCOUNT = UUID.randomUUID();
  private static final String ANNA = Tokens.of(UUID.randomUUID(), ASSET_MANAGER);
  private static final String BEN = Tokens.of(BENS_ACCOUNT, SYSADMIN);
  private static final String CARLA = Tokens.of(CARLAS_ACCOUNT, CISO);
  private static final byte[] PHOTOGRAPH = "a shredded disk".getBytes();

  @Test
  void anAssetLeavesWithProofOfEveryStepAndACertificate() throws Exception {
    // Given a retired laptop with confidential data
    String asset = retired("LAPTOP", 4);
    String id =
        request(asset, part("FLASH", "S4EVNX0N")).then().statusCode(201).extract().path("id");
    Rest.as(ANNA).get("/v1/tasks").then().body("items.id", not(hasItem(id)));
    Rest.as(CARLA).get("/v1/tasks").then().body("items.id", hasItem(id));

    // When each step is taken by whom it should be
    problem(step(ANNA, id, "approval", Map.of()), 409, "own-request");
    step(CARLA, id, "approval", Map.of()).then().statusCode(200);
    Map<String, String> work = work("SHRED");
    problem(step(BEN, id, "media/1/sanitisation", work("OVERWRITE")), 422, "sanitisation-too-weak");
    Map<String, String> versionless = new HashMap<>(work);
    versionless.remove("toolVersion");
    problem(step(BEN, id, "media/1/sanitisation", versionless), 422, "tool-version-missing")
        .body("detail", containsString("toolVersion"));
    versionless.put("toolVersion", " ");
    problem(step(BEN, id, "media/1/sanitisation", versionless), 422, "tool-version-missing");
    problem(step(BEN, id, "media/1/sanitisation", work), 422, "evidence-missing");
    Map<String, Object> proven = new HashMap<>(work);
    proven.put("certificate", "0".repeat(64));
    problem(step(BEN, id, "media/1/sanitisation", proven), 422, "unknown-evidence");
    proven.put("certificate", upload(id));
    step(BEN, id, "media/1/sanitisation", proven).then().statusCode(200);
    Map<String, Object> check = Map.of("passed", true, "how", "no platter larger than 2 mm");
    problem(step(BEN, id, "media/1/verification", check), 409, "own-work");
    step(CARLA, id, "media/1/verification", check).then().body("stage", equalTo("SANITISED"));
    Rest.as(ANNA).get("/v1/assets/" + asset).then().body("state", equalTo("SANITISED"));

    // Then it leaves only when the others have reported
    Map<String, String> departure = departure(0);
    problem(step(ANNA, id, "completion", departure(2)), 422, "left-before-sanitised");
    problem(step(ANNA, id, "completion", departure), 409, "disposal-not-cleared")
        .body("detail", containsString("access-service"))
        .body("detail", containsString("backup-service"));
    String before = "2026-01-02T03:04:05Z"; // of an earlier retirement: it counts no more
    report("vigie.access.events", "asset-rights.ended.v1", asset, before);
    String retiredAt = Rest.as(ANNA).get("/v1/assets/" + asset).path("retiredAt");
    report("vigie.backup.events", "asset-backups.settled.v1", asset, retiredAt);
    await()
        .untilAsserted(
            () ->
                problem(step(ANNA, id, "completion", departure), 409, "disposal-not-cleared")
                    .body("detail", not(containsString("backup-service"))));
    problem(step(ANNA, id, "completion", departure), 409, "disposal-not-cleared");
    report("vigie.access.events", "asset-rights.ended.v1", asset, retiredAt);
    await().untilAsserted(() -> step(ANNA, id, "completion", departure).then().statusCode(200));
    Rest.as(ANNA).get("/v1/assets/" + asset).then().body("state", equalTo("DISPOSED"));

    // And the certificate says so, also that there is no log here to give it a receipt
    byte[] pdf = Rest.as(CARLA).get("/v1/disposals/" + id + "/certificate").asByteArray();
    try (PDDocument document = Loader.loadPDF(pdf)) {
      String text = new PDFTextStripper().getText(document);
      for (String said :
          List.of(
              "Lenovo",
              "ThinkPad T14",
              "S4EVNX0N",
              "DESTROY, SHRED",
              "a mill 2.11",
              BENS_ACCOUNT.toString(),
              CARLAS_ACCOUNT.toString(),
              "Recyclage du Rhône",
              "The receipt of the log is not attached",
              "/v1/receipts/")) {
        assertTrue(text.contains(said), text);
      }
    }
    try (Topic topic = Topic.named("vigie.asset.events")) {
      List<String> types = new ArrayList<>();
      topic
          .await(6, about("disposal/" + id))
          .forEach(record -> types.add(header(record, "ce_type")));
      assertEquals(
          List.of(
              "disposal.requested.v1",
              "disposal.approved.v1",
              "disposal.evidence-added.v1",
              "disposal.medium-sanitised.v1",
              "disposal.medium-verified.v1",
              "disposal.completed.v1"),
          types);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script><img src=\"http://evil.example/x\" onerror=\"alert(1)\"/>",
        "</td></table><a href=\"file:///etc/passwd\">{disposal.id} {inject:vigie}</a>",
        "&amp; &#x3c; ]]> <!-- <![CDATA[",
        "control \u0001\u0008\u001b\ufffe, surrogate \ud83d\ude00, and \u202e back"
      })
  void whatPeopleWroteIsInertOnTheCertificate(String hostile) throws IOException {
    // Given a disposal with hostile text wherever somebody can write any
    String asset = retire(register(hostile, "LAPTOP", hostile, hostile), 3);
    String id =
        Rest.as(ANNA)
            .body(
                Map.of("asset", asset, "reason", hostile, "media", List.of(part("FLASH", hostile))))
            .post("/v1/disposals")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    step(CARLA, id, "approval", Map.of()).then().statusCode(200);
    Map<String, String> work = new HashMap<>(work("BLOCK_ERASE"));
    work.put("tool", hostile);
    step(BEN, id, "media/1/sanitisation", work).then().statusCode(200);
    Map<String, Object> check = Map.of("passed", true, "how", hostile);
    step(CARLA, id, "media/1/verification", check).then().statusCode(200);
    String retiredAt = Rest.as(ANNA).get("/v1/assets/" + asset).path("retiredAt");
    report("vigie.access.events", "asset-rights.ended.v1", asset, retiredAt);
    report("vigie.backup.events", "asset-backups.settled.v1", asset, retiredAt);
    Map<String, String> departure = new HashMap<>(departure(0));
    departure.put("recipient", hostile);
    await().untilAsserted(() -> step(ANNA, id, "completion", departure).then().statusCode(200));

    // When
    byte[] pdf = Rest.as(CARLA).get("/v1/disposals/" + id + "/certificate").asByteArray();

    // Then it is text, each time, and there is nothing to follow or to run
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertNull(document.getDocumentCatalog().getOpenAction());
      for (var page : document.getPages()) {
        assertEquals(List.of(), page.getAnnotations());
      }
      String text = closedUp(new PDFTextStripper().getText(document));
      assertTrue(text.contains(asset), text);
      if (hostile.matches("\\p{ASCII}*")) {
        assertEquals(9, text.split(Pattern.quote(closedUp(hostile)), -1).length, text);
      }
    }
  }

  private static String closedUp(String text) {
    return text.replaceAll("\\s", "");
  }

  @Test
  void whatWasConfidentialIsErasedAsSuchWhateverItsLevelsAreByNow() {
    // Given a laptop that a confidential application needed, and one that was confidential itself
    String application = register("APPLICATION");
    classify(application, 4);
    String needed = register("LAPTOP");
    depend(application, List.of(needed));
    depend(application, List.of());
    String reclassified = register("LAPTOP");
    classify(reclassified, 4);

    for (String laptop : List.of(needed, reclassified)) {
      // When both are retired with the lowest level
      retire(laptop, 1);
      Rest.as(ANNA)
          .get("/v1/assets/" + laptop)
          .then()
          .body("effective.confidentiality", equalTo(1));

      // Then
      request(laptop, part("FLASH", "S4EVNX0P"))
          .then()
          .statusCode(201)
          .body("media[0].required", equalTo("DESTROY"));
    }
  }

  @Test
  void aMediumNeedsWhatItsDataTurnOutToNeedAfterItsDisposalWasAskedFor() {
    // Given a laptop that an application needs, with a disk that was overwritten
    String application = register("APPLICATION");
    classify(application, 1);
    String laptop = register("LAPTOP");
    depend(application, List.of(laptop));
    retire(laptop, 1);
    String id =
        request(laptop, part("FLASH", "S4EVNX0Q"))
            .then()
            .statusCode(201)
            .body("media[0].required", equalTo("CLEAR"))
            .extract()
            .path("id");
    step(CARLA, id, "approval", Map.of()).then().statusCode(200);
    step(BEN, id, "media/1/sanitisation", work("OVERWRITE")).then().statusCode(200);

    // When the application turns out to be confidential
    classify(application, 4);

    // Then that is not enough, and nothing less than what it asks for is taken
    Map<String, Object> check = Map.of("passed", true, "how", "read 1,000 sectors");
    problem(step(CARLA, id, "media/1/verification", check), 422, "sanitisation-too-weak")
        .body("detail", containsString("DESTROY"));
    problem(
            step(BEN, id, "media/1/sanitisation", work("BLOCK_ERASE")),
            422,
            "sanitisation-too-weak")
        .body("detail", containsString("highest confidentiality"));
    Map<String, Object> proven = new HashMap<>(work("SHRED"));
    proven.put("certificate", upload(id));
    step(BEN, id, "media/1/sanitisation", proven)
        .then()
        .statusCode(200)
        .body("media[0].required", equalTo("DESTROY"));
    step(CARLA, id, "media/1/verification", check).then().body("stage", equalTo("SANITISED"));
  }

  @Test
  void anAssetWithoutMediaNeedsNoSanitisation() {
    String asset = retired("LICENCE", 1);
    String id = request(asset).then().statusCode(201).extract().path("id");
    step(CARLA, id, "approval", Map.of()).then().body("stage", equalTo("SANITISED"));
    Rest.as(ANNA).get("/v1/assets/" + asset).then().body("state", equalTo("SANITISED"));
  }

  @Test
  void whatIsDestroyedByHandNeedsNoVersionOfATool() {
    String id =
        request(retired("PAPER_ARCHIVE", 1), part("PAPER", "box 4"))
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    step(CARLA, id, "approval", Map.of()).then().statusCode(200);
    Map<String, Object> byHand = new HashMap<>(work("INCINERATE"));
    byHand.put("tool", "none");
    byHand.remove("toolVersion");
    byHand.put("certificate", upload(id));

    step(BEN, id, "media/1/sanitisation", byHand).then().statusCode(200);
  }

  @Test
  void aRetiredAssetIsListedAndATaskUntilItsDisposalGoesOn() {
    // Given
    String held = register("TAPE");
    String asset = retired("TAPE", 1);
    String subject = "asset/" + asset;
    assertTrue(listed(true).contains(asset));
    assertTrue(listed(false).contains(held) && !listed(true).contains(held));
    assertTrue(tasks(ANNA, subject).contains("asset.dispose"));
    assertFalse(tasks(BEN, subject).contains("asset.dispose"));

    // When somebody asks for its disposal, it is in the procedure
    String id = request(asset, part("TAPE", "VG0013L9")).path("id");
    assertTrue(listed(false).contains(asset) && !listed(true).contains(asset));
    assertFalse(tasks(ANNA, subject).contains("asset.dispose"));

    // And when that is refused, or given up, no more
    step(CARLA, id, "refusal", Map.of("reason", "still needed")).then().statusCode(200);
    assertTrue(listed(true).contains(asset));
    String second = request(asset, part("TAPE", "VG0013L9")).path("id");
    assertFalse(listed(true).contains(asset));
    step(ANNA, second, "cancellation", Map.of("reason", "after all")).then().statusCode(200);
    assertTrue(listed(true).contains(asset));
    assertTrue(tasks(ANNA, subject).contains("asset.dispose"));
  }

  @Test
  void theDisposalOfAnEarlierRetirementSaysNothingOfThisOne() {
    // Given a retired asset whose disposal was asked for, that was lost and found
    String asset = retired("TAPE", 1);
    request(asset, part("TAPE", "VG0014L9")).then().statusCode(201);
    change(
            asset,
            "loss",
            Map.of(
                "stolen",
                false,
                "circumstances",
                "in a van",
                "occurredAt",
                Instant.now().minusSeconds(60).toString()))
        .then()
        .statusCode(200);
    change(asset, "recovery", Map.of("circumstances", "in the van")).then().statusCode(200);
    assertFalse(listed(true).contains(asset));

    // When it is retired again
    change(asset, "retirement", Map.of("reason", "old")).then().statusCode(200);

    // Then
    assertTrue(listed(true).contains(asset));
  }

  private static Response change(String asset, String what, Map<String, ?> body) {
    return Calls.post(ANNA, "/v1/assets/" + asset, "/v1/assets/" + asset + "/" + what, body);
  }

  /** The ids of retired tapes that nobody disposes of, or of all other tapes. */
  private static List<String> listed(boolean undisposed) {
    return Rest.as(ANNA)
        .get("/v1/assets?limit=200&kind=TAPE&undisposed=" + undisposed)
        .then()
        .statusCode(200)
        .extract()
        .path("items.id");
  }

  @Test
  void onlyWhatIsRetiredIsDisposedOfAndOnlyOnceAtATime() {
    String asset = retired("TAPE", 1);
    problem(request(asset), 422, "media-not-named");
    problem(request(asset, part("FLASH", "x")), 422, "medium-not-in-this-kind");
    String id =
        request(asset, part("TAPE", "VG0012L9")).then().statusCode(201).extract().path("id");
    problem(request(asset, part("TAPE", "VG0012L9")), 409, "already-exists");
    step(CARLA, id, "refusal", Map.of("reason", "still needed")).then().statusCode(200);
    request(asset, part("TAPE", "VG0012L9")).then().statusCode(201);
    Rest.as(CARLA)
        .get("/v1/disposals?stage=REFUSED&asset=" + asset)
        .then()
        .body("items.id", contains(id));
    problem(request(register("TAPE"), part("TAPE", "x")), 409, "asset-not-retired");
    problem(
        Rest.as(CARLA).get("/v1/disposals/" + id + "/certificate"), 409, "disposal-not-completed");
  }

  @Test
  void aDisposalKeepsAHundredFilesAndNoMore() throws SQLException {
    // Given an approved disposal with 99 files
    String id = request(retired("TAPE", 1), part("TAPE", "VG0015L9")).path("id");
    step(CARLA, id, "approval", Map.of()).then().statusCode(200);
    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement()) {
      sql.executeUpdate(
          """
          insert into evidence (disposal_id, sha256, media_type, content, added_at)
          select '%s', lpad(to_hex(n), 64, '0'), 'image/jpeg', '', now() from generate_series(1, 99) n"""
              .formatted(id));
    }

    // Then there is room for one
    upload(id);
    problem(send(id, "another".getBytes()), 409, "too-many-files");
    Rest.as(CARLA)
        .get("/v1/disposals/" + id + "/evidence/" + Sha256.hex("another".getBytes()))
        .then()
        .statusCode(404);
  }

  private static Response send(String id, byte[] photograph) {
    return Rest.as(BEN)
        .contentType("image/jpeg")
        .body(photograph)
        .post("/v1/disposals/" + id + "/evidence");
  }

  private static String upload(String id) {
    String hash = send(id, PHOTOGRAPH).then().statusCode(200).extract().path("sha256");
    Response kept = Rest.as(CARLA).get("/v1/disposals/" + id + "/evidence/" + hash);
    assertEquals("image/jpeg", kept.contentType());
    assertEquals("attachment; filename=\"" + hash + ".jpeg\"", kept.header("Content-Disposition"));
    assertEquals("a shredded disk", kept.asString());
    return hash;
  }

  private static void report(String topic, String type, String asset, String retiredAt) {
    try (Topic events = Topic.named(topic)) {
      events.publish(
          type,
          "asset/" + asset,
          asset,
          "{\"aggregateId\":\"%s\",\"retiredAt\":\"%s\"}".formatted(asset, retiredAt));
    }
  }

  private static Map<String, String> part(String medium, String identifier) {
    return Map.of("medium", medium, "identifier", identifier);
  }

  private static Map<String, String> work(String technique) {
    return Map.of(
        "technique",
        technique,
        "tool",
        "a mill",
        "toolVersion",
        "2.11",
        "performedAt",
        Instant.now().toString());
  }

  private static Map<String, String> departure(int daysAgo) {
    return Map.of(
        "recipient",
        "Recyclage du Rhône",
        "leftOn",
        LocalDate.now(ZoneOffset.UTC).minusDays(daysAgo).toString());
  }

  @SafeVarargs
  private static Response request(String asset, Map<String, String>... media) {
    return Rest.as(ANNA)
        .body(Map.of("asset", asset, "reason", "old", "media", List.of(media)))
        .post("/v1/disposals");
  }

  private static Response step(String token, String id, String what, Map<String, ?> body) {
    return Rest.as(token)
        .header("If-Match", Rest.as(CARLA).get("/v1/disposals/" + id).header("ETag"))
        .body(body)
        .post("/v1/disposals/" + id + "/" + what);
  }

  private static String register(String kind) {
    return register("x", kind, "Lenovo", "ThinkPad T14");
  }

  private static String register(String name, String kind, String make, String model) {
    return Rest.as(ANNA)
        .body(Map.of("name", name, "kind", kind, "make", make, "model", model, "production", false))
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static String retired(String kind, int confidentiality) {
    return retire(register(kind), confidentiality);
  }

  private static String retire(String id, int confidentiality) {
    classify(id, confidentiality);
    change(id, "retirement", Map.of("reason", "old")).then().statusCode(200);
    return id;
  }

  private static void classify(String asset, int confidentiality) {
    put(
        asset,
        "classification",
        Map.of(
            "availability", 1,
            "integrity", 1,
            "confidentiality", confidentiality,
            "proof", 1,
            "rationale", "test"));
  }

  private static void depend(String asset, List<String> others) {
    put(asset, "dependencies", Map.of("dependsOn", others));
  }

  private static void put(String asset, String what, Map<String, ?> body) {
    Rest.as(ANNA)
        .header("If-Match", "*")
        .body(body)
        .put("/v1/assets/" + asset + "/" + what)
        .then()
        .statusCode(200);
  }
}
