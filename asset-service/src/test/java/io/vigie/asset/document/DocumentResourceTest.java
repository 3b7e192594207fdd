package io.vigie.asset.document;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.kernel.Sha256;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.asset.Calls.create;
import static io.vigie.asset.Calls.get;
import static io.vigie.asset.Calls.post;
import static io.vigie.asset.Calls.tasks;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DocumentResourceTest {

  private static final String AUTHOR = Tokens.of(ASSET_MANAGER);
  private static final String OFFICER = Tokens.of(CISO);

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private static Map<String, Object> sheet() {
    return new HashMap<>(
        Map.of(
            "titleFr",
            "Charte informatique",
            "titleEn",
            "Acceptable use charter",
            "kind",
            "CHARTER",
            "owner",
            UUID.randomUUID().toString(),
            "rules",
            List.of("R5.3", "R6.5"),
            "audience",
            Map.of("everyone", true, "profiles", List.of()),
            "reviewMonths",
            12));
  }

  private static String register() {
    return "/v1/documents/" + create(AUTHOR, "/v1/documents", sheet());
  }

  private static Response submit(String document, String format, byte[] content, boolean minor) {
    return post(
        AUTHOR,
        document,
        document + "/versions",
        Map.of(
            "format",
            format,
            "content",
            Base64.getEncoder().encodeToString(content),
            "minor",
            minor,
            "note",
            "what changed"));
  }

  private static String submitted(String document, String text, boolean minor) {
    return submit(document, "MARKDOWN", text.getBytes(StandardCharsets.UTF_8), minor)
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static String approved(String document, String text, boolean minor) {
    String version = document + "/versions/" + submitted(document, text, minor);
    post(OFFICER, document, version + "/approval").then().statusCode(200);
    return version;
  }

  private static String subject(String document) {
    return "document/" + id(document);
  }

  private static String id(String document) {
    return document.substring(document.lastIndexOf('/') + 1);
  }

  @Test
  void aDocumentGoesFromSubmissionToAcknowledgementAndEachStepIsPublishedInOrder() {
    // Given a version that waits
    String document = register();
    String version = submitted(document, "# Charte", false);
    String path = document + "/versions/" + version;
    assertEquals(List.of("document.approve"), tasks(OFFICER, subject(document)));
    assertEquals(List.of(), tasks(AUTHOR, subject(document)));
    problem(post(AUTHOR, document, path + "/approval"), 422, "self-approval");

    // When it is sent back, and another one approved
    post(OFFICER, document, path + "/return", Map.of("reason", "say who"))
        .then()
        .statusCode(200)
        .body("decision", equalTo("SENT_BACK"))
        .body("reason", equalTo("say who"));
    approved(document, "# Charte\n\nQui", false);

    // Then it is in force, and asks everybody once
    UUID reader = UUID.randomUUID();
    String token = Tokens.of(reader, STAFF);
    get(token, document)
        .then()
        .body("state", equalTo("IN_FORCE"))
        .body("currentNumber", equalTo(2));
    assertEquals(List.of("document.acknowledge"), tasks(token, subject(document)));
    assertTrue(awaited(token).contains(id(document)));
    Rest.as(token)
        .post(document + "/acknowledgements")
        .then()
        .statusCode(200)
        .header("Vigie-Receipt", containsString("/v1/receipts/"))
        .body("account", equalTo(reader.toString()))
        .body("number", equalTo(2));
    assertEquals(List.of(), tasks(token, subject(document)));
    assertFalse(awaited(token).contains(id(document)));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(
          List.of(
              "document.registered.v1",
              "document.version-submitted.v1",
              "document.version-sent-back.v1",
              "document.version-submitted.v1",
              "document.version-approved.v1"),
          topic.await(5, about(id(document))).stream()
              .map(record -> header(record, "ce_type"))
              .toList());
      assertFalse(
          topic.await(5, about(id(document))).stream()
              .anyMatch(record -> new String(record.value()).contains("# Charte")));
    }
  }

  /** All that the caller is asked to acknowledge. */
  private static List<String> awaited(String token) {
    List<String> ids = new ArrayList<>();
    String next = "/v1/documents?awaiting=me&limit=200";
    while (next != null) {
      Response page = Rest.as(token).urlEncodingEnabled(false).get(next);
      page.then().statusCode(200);
      ids.addAll(page.path("items.id"));
      String link = page.header("Link");
      next = link == null ? null : link.replaceAll("<(.*)>; rel=\"next\"", "$1");
    }
    return ids;
  }

  @Test
  void aRuleThatNamesAProcedureIsListedUntilADocumentForItIsApprovedAndWhenItsReviewIsOverdue() {
    // Given a draft for rules, one of which names a procedure
    String document =
        "/v1/documents/"
            + create(AUTHOR, "/v1/documents", with(sheet(), "rules", List.of("R4.1", "R14.1")));
    String lacking = "documentNeeded=true&documented=false";
    assertTrue(rules(lacking).contains("R4.1"));
    assertFalse(rules(lacking).contains("R14.1"), "it names no procedure");

    // When it is approved
    approved(document, "Whom to call", false);

    // Then
    assertFalse(rules(lacking).contains("R4.1"));
    assertFalse(rules("reviewOverdue=true").contains("R4.1"));
    get(Tokens.of(STAFF), "/v1/policy-rules")
        .then()
        .body("items.rule[0]", equalTo("R1.1"))
        .body("items.find { it.rule == 'R4.1' }.documents.id", equalTo(List.of(id(document))))
        .body("items.find { it.rule == 'R4.1' }.documents.number", equalTo(List.of(1)));

    // And when nobody looked at it in time, and when it is withdrawn
    clock.move(Duration.ofDays(367));
    assertTrue(rules("reviewOverdue=true").contains("R4.1"));
    post(OFFICER, document, document + "/withdrawal", Map.of("reason", "replaced"))
        .then()
        .statusCode(200);
    assertTrue(rules(lacking).contains("R4.1"));
  }

  private static List<String> rules(String filter) {
    return get(AUTHOR, "/v1/policy-rules?" + filter)
        .then()
        .statusCode(200)
        .extract()
        .path("items.rule");
  }

  @Test
  void aDocumentForABusinessProfileWaitsForWhoHoldsItAndForNobodyElse() {
    // Given a document for a profile, and somebody who holds it, told in the least handy order
    String profile = "Developers " + UUID.randomUUID();
    String document =
        "/v1/documents/"
            + create(
                AUTHOR,
                "/v1/documents",
                with(sheet(), "audience", Map.of("everyone", false, "profiles", List.of(profile))));
    approved(document, "How we develop", false);
    UUID assignment = UUID.randomUUID();
    UUID person = UUID.randomUUID();
    UUID profileId = UUID.randomUUID();
    UUID account = UUID.randomUUID();
    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish(
          "profile-assignment.made.v1",
          "profile-assignment/" + assignment,
          assignment.toString(),
          assigned(assignment, person, profileId, "CURRENT"));
      access.publish(
          "person.joined.v1",
          "person/" + person,
          person.toString(),
          "{\"aggregateId\":\"%s\",\"subject\":\"%s\"}".formatted(person, account));
      access.publish(
          "business-profile.created.v1",
          "business-profile/" + profileId,
          profileId.toString(),
          "{\"aggregateId\":\"%s\",\"name\":\"%s\"}".formatted(profileId, profile));
    }
    String token = Tokens.of(account, STAFF);

    // Then
    await()
        .untilAsserted(
            () -> assertEquals(List.of("document.acknowledge"), tasks(token, subject(document))));
    assertTrue(awaited(token).contains(id(document)));
    String other = Tokens.of(STAFF);
    assertEquals(List.of(), tasks(other, subject(document)));
    assertFalse(awaited(other).contains(id(document)));

    // And when they hold it no more
    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish(
          "profile-assignment.ended.v1",
          "profile-assignment/" + assignment,
          assignment.toString(),
          assigned(assignment, person, profileId, "ENDED"));
    }
    await().untilAsserted(() -> assertEquals(List.of(), tasks(token, subject(document))));
  }

  @Test
  void whoHasToAcknowledgeIsListedPageByPageWithoutThoseWhoLeft() {
    // Given a document for a profile, four who hold it, one who does not, and one who left
    String profile = "Testers " + UUID.randomUUID();
    String document =
        "/v1/documents/"
            + create(
                AUTHOR,
                "/v1/documents",
                with(sheet(), "audience", Map.of("everyone", false, "profiles", List.of(profile))));
    String outstanding = document + "/acknowledgements/outstanding";
    UUID profileId = UUID.randomUUID();
    List<String> accounts =
        Stream.generate(() -> UUID.randomUUID().toString()).limit(4).sorted().toList();
    String leaver = UUID.randomUUID().toString();
    String other = UUID.randomUUID().toString();
    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish(
          "business-profile.created.v1",
          "business-profile/" + profileId,
          profileId.toString(),
          "{\"aggregateId\":\"%s\",\"name\":\"%s\"}".formatted(profileId, profile.toUpperCase()));
      join(access, other);
      Stream.concat(accounts.stream(), Stream.of(leaver))
          .forEach(account -> hold(access, join(access, account), profileId));
    }
    get(OFFICER, outstanding).then().statusCode(200).body("accounts", hasSize(0));

    // When it is in force
    approved(document, "How we test", false);

    // Then
    await()
        .untilAsserted(
            () ->
                assertEquals(
                    5, get(OFFICER, outstanding).<List<String>>path("accounts").size(), profile));
    try (Topic access = Topic.named("vigie.access.events")) {
      UUID person = UUID.nameUUIDFromBytes(leaver.getBytes(StandardCharsets.UTF_8));
      access.publish(
          "person.left.v1",
          "person/" + person,
          person.toString(),
          "{\"aggregateId\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\"}".formatted(person));
    }
    await()
        .untilAsserted(() -> get(OFFICER, outstanding).then().body("accounts", equalTo(accounts)));

    // When one acknowledges, the others are two pages
    Rest.as(Tokens.of(UUID.fromString(accounts.get(1)), STAFF))
        .post(document + "/acknowledgements")
        .then()
        .statusCode(200);
    Response first = get(OFFICER, outstanding + "?limit=2");
    first
        .then()
        .body("acknowledgeFrom", equalTo(1))
        .body("accounts", contains(accounts.get(0), accounts.get(2)));
    String next = first.header("Link").replaceAll("<(.*)>; rel=\"next\"", "$1");
    Response second = get(OFFICER, next);
    second.then().body("accounts", contains(accounts.get(3)));
    assertNull(second.header("Link"));
  }

  @Test
  void aDocumentForAProfileThatIsRenamedGoesOnWaitingForWhoHoldsIt() {
    // Given two documents for a profile and another one, one of them withdrawn, and who holds it
    String profile = "Integrators " + UUID.randomUUID();
    String renamed = "Builders + " + UUID.randomUUID();
    String other = "Operators " + UUID.randomUUID();
    Map<String, Object> some =
        Map.of("everyone", false, "profiles", List.of(profile.toUpperCase(), other));
    String document =
        "/v1/documents/" + create(AUTHOR, "/v1/documents", with(sheet(), "audience", some));
    approved(document, "How we integrate", false);
    String withdrawn =
        "/v1/documents/" + create(AUTHOR, "/v1/documents", with(sheet(), "audience", some));
    post(AUTHOR, withdrawn, withdrawn + "/withdrawal", Map.of("reason", "replaced"))
        .then()
        .statusCode(200);
    UUID profileId = UUID.randomUUID();
    UUID account = UUID.randomUUID();
    String token = Tokens.of(account, STAFF);
    try (Topic access = Topic.named("vigie.access.events")) {
      publish(access, "business-profile.created.v1", profileId, "\"name\":\"" + profile + "\"");
      hold(access, join(access, account.toString()), profileId);
    }
    await()
        .untilAsserted(
            () -> assertEquals(List.of("document.acknowledge"), tasks(token, subject(document))));

    // When what it gives changes, and then what it is called
    try (Topic access = Topic.named("vigie.access.events")) {
      publish(
          access, "business-profile.changed.v1", profileId, "\"changes\":{\"entitlements\":[]}");
      publish(
          access,
          "business-profile.changed.v1",
          profileId,
          "\"changes\":{\"name\":\"" + renamed + "\"}");
    }

    // Then the document follows, and says so
    await()
        .untilAsserted(
            () ->
                get(AUTHOR, document)
                    .then()
                    .body("sheet.audience.profiles", contains(renamed, other)));
    assertEquals(List.of("document.acknowledge"), tasks(token, subject(document)));
    get(OFFICER, document + "/acknowledgements/outstanding")
        .then()
        .body("accounts", contains(account.toString()));
    get(AUTHOR, withdrawn)
        .then()
        .body("sheet.audience.profiles", contains(profile.toUpperCase(), other));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertTrue(
          new String(
                  topic
                      .await(1, about(id(document)).and(ofType("document.changed.v1")))
                      .get(0)
                      .value())
              .contains(renamed));
    }
  }

  @Test
  void aProfileThatNobodyToldOfIsShownUntilSomebodyDoes() {
    // Given a document for a profile of which nothing is known yet
    String profile = "Newcomers " + UUID.randomUUID();
    Map<String, Object> body =
        with(sheet(), "audience", Map.of("everyone", false, "profiles", List.of(profile)));
    String owner = (String) body.get("owner");
    String document = "/v1/documents/" + create(AUTHOR, "/v1/documents", body);
    String listed = "/v1/documents?owner=" + owner + "&unknownProfiles=";
    get(AUTHOR, document).then().body("unknownProfiles", contains(profile));
    get(AUTHOR, listed + true).then().body("items.unknownProfiles", contains(List.of(profile)));
    get(AUTHOR, listed + false).then().body("items", hasSize(0));

    // When access-service tells of it, in other letters
    try (Topic access = Topic.named("vigie.access.events")) {
      publish(
          access,
          "business-profile.created.v1",
          UUID.randomUUID(),
          "\"name\":\"" + profile.toUpperCase() + "\"");
    }

    // Then
    await().untilAsserted(() -> get(AUTHOR, document).then().body("unknownProfiles", hasSize(0)));
    get(AUTHOR, listed + true).then().body("items", hasSize(0));
    get(AUTHOR, listed + false).then().body("items.id", contains(id(document)));
  }

  /** Tells of a business profile. */
  private static void publish(Topic access, String type, UUID profile, String members) {
    access.publish(
        type,
        "business-profile/" + profile,
        profile.toString(),
        "{\"aggregateId\":\"%s\",%s}".formatted(profile, members));
  }

  /** Has somebody join with this account. */
  private static UUID join(Topic access, String account) {
    UUID person = UUID.nameUUIDFromBytes(account.getBytes(StandardCharsets.UTF_8));
    access.publish(
        "person.joined.v1",
        "person/" + person,
        person.toString(),
        "{\"aggregateId\":\"%s\",\"subject\":\"%s\"}".formatted(person, account));
    return person;
  }

  private static void hold(Topic access, UUID person, UUID profile) {
    UUID assignment = UUID.randomUUID();
    access.publish(
        "profile-assignment.made.v1",
        "profile-assignment/" + assignment,
        assignment.toString(),
        assigned(assignment, person, profile, "CURRENT"));
  }

  private static String assigned(UUID assignment, UUID person, UUID profile, String state) {
    return """
    {"aggregateId":"%s","person":"%s","profile":"%s","changes":{"state":"%s"}}"""
        .formatted(assignment, person, profile, state);
  }

  private static Map<String, Object> with(Map<String, Object> sheet, String field, Object value) {
    sheet.put(field, value);
    return sheet;
  }

  @Test
  void whoAcknowledgesTwiceAtOnceDidItOnce() {
    String document = register();
    approved(document, "text", false);
    String token = Tokens.of(STAFF);

    List<CompletableFuture<Response>> both =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> Rest.as(token).post(document + "/acknowledgements")))
            .toList();

    assertEquals(
        1,
        both.stream()
            .map(CompletableFuture::join)
            .map(answer -> answer.then().statusCode(200).extract().<String>path("id"))
            .distinct()
            .count());
    get(AUTHOR, document + "/acknowledgements").then().body("items", hasSize(1));
  }

  @Test
  void aNewVersionAsksAgainAndAMinorChangeDoesNot() {
    // Given somebody who acknowledged the first version, and somebody who did not
    String document = register();
    approved(document, "one", false);
    UUID reader = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    String token = Tokens.of(reader, STAFF);
    Rest.as(token).post(document + "/acknowledgements").then().statusCode(200);
    String outstanding =
        document + "/acknowledgements/outstanding?accounts=" + reader + "," + other;
    get(OFFICER, outstanding).then().body("accounts", equalTo(List.of(other.toString())));

    // When a minor change comes
    approved(document, "one!", true);

    // Then nobody is asked again
    assertEquals(List.of(), tasks(token, subject(document)));
    get(OFFICER, outstanding).then().body("accounts", equalTo(List.of(other.toString())));

    // And when a new version comes, everybody is
    approved(document, "two", false);
    assertEquals(List.of("document.acknowledge"), tasks(token, subject(document)));
    get(OFFICER, outstanding)
        .then()
        .body("acknowledgeFrom", equalTo(3))
        .body("accounts", hasItems(reader.toString(), other.toString()));
  }

  @Test
  void whoReadAVersionThatIsNotCurrentAnyMoreDoesNotAcknowledgeTheOneThatIs() {
    // Given somebody who read the first version when the second came
    String document = register();
    String first = approved(document, "one", false);
    String second = approved(document, "two", false);
    String token = Tokens.of(STAFF);
    String path = document + "/acknowledgements?version=";

    // When they acknowledge what they read
    problem(Rest.as(token).post(path + id(first)), 409, "version-superseded");

    // Then it still waits for them, until they read the other
    assertTrue(awaited(token).contains(id(document)));
    Rest.as(token).post(path + id(second)).then().statusCode(200).body("number", equalTo(2));
    assertFalse(awaited(token).contains(id(document)));
    get(token, "/v1/documents?awaiting=you").then().statusCode(400);
  }

  @Test
  void whatConcernsSomeProfilesIsNoTaskOfEverybody() {
    Map<String, Object> body = sheet();
    body.put("audience", Map.of("everyone", false, "profiles", List.of("developer")));
    String document = "/v1/documents/" + create(AUTHOR, "/v1/documents", body);
    approved(document, "text", false);

    assertEquals(List.of(), tasks(Tokens.of(STAFF), subject(document)));
  }

  @Test
  void contentIsDownloadedAsItCameAndNeverShown() {
    String document = register();
    byte[] html = "<script>alert('été')</script>".getBytes(StandardCharsets.UTF_8);
    String version =
        submit(document, "HTML", html, false).then().statusCode(201).extract().path("id");
    String content = document + "/versions/" + version + "/content";
    String tag = "\"" + Sha256.hex(html) + "\"";

    Response download = get(AUTHOR, content);

    download
        .then()
        .statusCode(200)
        .header("Content-Type", startsWith("text/html"))
        .header("Content-Disposition", startsWith("attachment; filename="))
        .header("X-Content-Type-Options", equalTo("nosniff"))
        .header("ETag", equalTo(tag));
    assertArrayEquals(html, download.asByteArray());
    Rest.as(AUTHOR)
        .header("If-None-Match", tag)
        .get(content)
        .then()
        .statusCode(304)
        .header("ETag", equalTo(tag));
  }

  @Test
  void whatWasNotApprovedIsForItsAuthorAndThoseWhoDecide() {
    String document = register();
    String version = document + "/versions/" + submitted(document, "draft", false);
    String reader = Tokens.of(STAFF);

    problem(get(reader, version), 403, "forbidden");
    problem(get(reader, version + "/content"), 403, "forbidden");
    get(reader, document + "/versions").then().body("items", hasSize(0));
    get(AUTHOR, document + "/versions").then().body("items", hasSize(1));

    post(OFFICER, document, version + "/approval").then().statusCode(200);
    get(reader, version + "/content").then().statusCode(200);
    get(reader, document + "/versions").then().body("items", hasSize(1));
  }

  @Test
  void theSameBytesAreKeptOnceAndFiveMebibytesAreTaken() throws SQLException {
    byte[] content = new byte[5 << 20];
    Arrays.fill(content, (byte) 'x');
    System.arraycopy("%PDF-".getBytes(), 0, content, 0, 5);
    String one = register();
    String other = register();

    submit(one, "PDF", content, false)
        .then()
        .statusCode(201)
        .body("bytes", equalTo(5 << 20))
        .body("sha256", equalTo(Sha256.hex(content)));
    submit(other, "PDF", content, false).then().statusCode(201);

    try (Connection database = Infrastructure.running().superuser("asset");
        Statement sql = database.createStatement();
        ResultSet kept =
            sql.executeQuery(
                "select count(*) from document_content where sha256 = '"
                    + Sha256.hex(content)
                    + "'")) {
      kept.next();
      assertEquals(1, kept.getInt(1));
    }
    problem(submit(register(), "PDF", new byte[(5 << 20) + 1], false), 400, "validation")
        .body("errors.field", hasItem("content"));
    problem(submit(register(), "PDF", new byte[6 << 20], false), 413, "too-large");
  }

  @Test
  void contentThatIsNotWhatItsFormatSaysIsRefused() {
    problem(submit(register(), "PDF", "MZ".getBytes(), false), 400, "validation")
        .body("errors.field", hasItem("content"));
    problem(submit(register(), "TEXT", new byte[] {(byte) 0xff}, false), 400, "validation");
    problem(submit(register(), "EXE", "MZ".getBytes(), false), 400, "validation")
        .body("errors.field", hasItem("format"));
  }

  @Test
  void aDocumentPastItsReviewDateWaitsForSomebodyElseThanItsAuthor() {
    // Given
    String document = register();
    approved(document, "text", false);
    String late =
        "/v1/documents?reviewOverdue=true&limit=200&owner="
            + get(AUTHOR, document).path("sheet.owner");
    get(AUTHOR, late).then().body("items", hasSize(0));

    // When
    clock.move(Duration.ofDays(367));

    // Then
    get(AUTHOR, late).then().body("items.id", equalTo(List.of(id(document))));
    assertTrue(tasks(OFFICER, subject(document)).contains("document.review"));
    assertFalse(tasks(AUTHOR, subject(document)).contains("document.review"));
    problem(post(AUTHOR, document, document + "/review"), 422, "self-review");
    post(OFFICER, document, document + "/review").then().statusCode(200);
    get(AUTHOR, late).then().body("items", hasSize(0));
  }

  @Test
  void aWithdrawnDocumentAsksNobodyAnyMore() {
    String document = register();
    approved(document, "text", false);
    String reader = Tokens.of(STAFF);

    post(AUTHOR, document, document + "/withdrawal", Map.of("reason", "replaced"))
        .then()
        .body("state", equalTo("WITHDRAWN"));

    assertEquals(List.of(), tasks(reader, subject(document)));
    problem(Rest.as(reader).post(document + "/acknowledgements"), 409, "document-not-in-force");
  }

  @Test
  void documentsAreListedByTheRuleThatTheyServe() {
    Map<String, Object> body = sheet();
    body.put("rules", List.of("R14.3"));
    body.put("kind", "PLAYBOOK");
    String owner = (String) body.get("owner");
    String playbook = create(AUTHOR, "/v1/documents", body);

    get(AUTHOR, "/v1/documents?rule=R14.3&kind=PLAYBOOK&owner=" + owner)
        .then()
        .body("items.id", equalTo(List.of(playbook)));
    get(AUTHOR, "/v1/documents?rule=R14.4&owner=" + owner).then().body("items", hasSize(0));
    problem(get(AUTHOR, "/v1/documents?rule=R99.9"), 400, "validation")
        .body("errors.field", hasItem("rule"));
  }

  @Test
  void aLeaversDocumentsAreTasksUntilTheyHaveAnotherOwnerAndTheLeaverGetsNone() {
    // Given
    UUID leaver = UUID.randomUUID();
    Map<String, Object> body = sheet();
    body.put("owner", leaver.toString());
    String theirs = create(AUTHOR, "/v1/documents", body);
    String withdrawn = create(AUTHOR, "/v1/documents", body);
    post(
            AUTHOR,
            "/v1/documents/" + withdrawn,
            "/v1/documents/" + withdrawn + "/withdrawal",
            Map.of("reason", "x"))
        .then()
        .statusCode(200);

    // When
    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish(
          "person.left.v1",
          "person/" + leaver,
          leaver.toString(),
          "{\"aggregateId\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\"}".formatted(leaver));
    }

    // Then
    await().until(() -> tasks(AUTHOR, "document/" + theirs).equals(List.of("document.reassign")));
    get(AUTHOR, "/v1/documents/" + theirs).then().body("reassignBy", notNullValue());
    assertEquals(List.of(), tasks(AUTHOR, "document/" + withdrawn));
    assertEquals(List.of(), tasks(Tokens.of(STAFF), "document/" + theirs));
    problem(Rest.as(AUTHOR).body(body).post("/v1/documents"), 422, "owner-left");

    // When somebody else answers for it
    Map<String, Object> handed = sheet();
    Rest.as(AUTHOR)
        .header("If-Match", "*")
        .body(handed)
        .put("/v1/documents/" + theirs)
        .then()
        .statusCode(200)
        .body("reassignBy", equalTo(null));

    // Then
    assertEquals(List.of(), tasks(AUTHOR, "document/" + theirs));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(
          List.of(
              "document.registered.v1",
              "document.reassignment-requested.v1",
              "document.changed.v1"),
          topic.await(3, about(theirs)).stream().map(r -> header(r, "ce_type")).toList());
    }
  }

  @Test
  void theStateOfEveryDocumentAndAcknowledgementCanBePublishedAgain() {
    String document = register();
    approved(document, "text", false);
    String given =
        Rest.as(Tokens.of(STAFF)).post(document + "/acknowledgements").then().extract().path("id");

    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(200);

    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertTrue(
          new String(
                  topic
                      .await(1, about(id(document)).and(ofType("document.snapshot.v1")))
                      .get(0)
                      .value())
              .contains("\"state\":\"IN_FORCE\""));
      assertTrue(
          new String(
                  topic
                      .await(1, about(given).and(ofType("acknowledgement.snapshot.v1")))
                      .get(0)
                      .value())
              .contains(id(document)));
    }
  }
}
