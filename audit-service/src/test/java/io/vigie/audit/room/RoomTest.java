package io.vigie.audit.room;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipInputStream;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.audit.LogDatabase.text;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;
import static io.vigie.testkit.Rest.problem;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an auditor from outside reads, and what they do not. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RoomTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final String CISO_TOKEN = Tokens.of(CISO);
  private static final List<String> RULES = List.of("R3.1", "R3.4", "R4.6", "R10.3");
  private static final List<String> TYPES =
      List.of(
          "asset.registered.v1",
          "asset.retired.v1",
          "client-access.requested.v1",
          "duty-conflict.found.v1");

  /**
   * An event of a test.
   *
   * @param clients that any event of its subject refers to
   */
  private record Event(long index, Instant time, String type, String subject, Set<UUID> clients) {}

  @Inject MovableClock clock;

  private final UUID auditorId = UUID.randomUUID();
  private final String auditor = Tokens.of(auditorId, THIRD_PARTY_AUDITOR);
  private final String actor = UUID.randomUUID().toString();
  private Instant now;

  @BeforeEach
  void now() {
    now = clock.instant();
  }

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private static JsonNode contract(String file) {
    try {
      return JSON.readTree(Path.of(System.getProperty("vigie.root"), "contracts", file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> provenBy(List<String> rules) {
    Set<String> types = new HashSet<>();
    for (String rule : rules) {
      contract("controls/" + rule + ".json")
          .get("provenBy")
          .forEach(type -> types.add(type.textValue()));
    }
    return types;
  }

  /** An event as its contract's example has it, of this subject and about this client, or none. */
  private Draft event(String type, String subject, UUID client, Instant time) {
    ObjectNode data = (ObjectNode) contract("events/" + type + ".example.json");
    data.put("aggregateId", subject.substring(subject.indexOf('/') + 1));
    ObjectNode changes = (ObjectNode) data.get("changes");
    changes.remove("client");
    if (data.has("client")) {
      data.put("client", client.toString());
    } else if (client != null) {
      changes.put("client", client.toString());
    }
    return Records.event(type, subject, data.toString())
        .with("ce_actor", actor)
        .with("ce_time", time.toString());
  }

  private Draft registration(UUID asset, UUID client, Instant time) {
    return event("asset.registered.v1", "asset/" + asset, client, time);
  }

  private static String planned(
      UUID account,
      String kind,
      List<String> rules,
      List<UUID> clients,
      Instant from,
      Instant until) {
    return Rest.as(CISO_TOKEN)
        .body(
            Map.of(
                "title",
                "What others see",
                "kind",
                kind,
                "rules",
                rules,
                "clients",
                clients,
                "auditor",
                account,
                "periodFrom",
                from.toString(),
                "periodUntil",
                until.toString()))
        .post("/v1/audits")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static void change(String audit, String what, Map<String, Object> body) {
    String path = "/v1/audits/" + audit;
    String etag = Rest.as(CISO_TOKEN).get(path).header("ETag");
    Rest.as(CISO_TOKEN)
        .header("If-Match", etag)
        .body(body)
        .post(path + "/" + what)
        .then()
        .statusCode(200);
  }

  /** One that has begun, of the events of the last and the next hundred days. */
  private String begun(List<String> rules, List<UUID> clients) {
    String audit =
        planned(
            auditorId,
            "THIRD_PARTY",
            rules,
            clients,
            now.minus(Duration.ofDays(100)),
            now.plus(Duration.ofDays(100)));
    change(audit, "opening", Map.of());
    return audit;
  }

  private static Response get(String token, String path) {
    return Rest.as(token).urlEncodingEnabled(false).get(path);
  }

  /** All pages of a search. */
  private static List<Map<String, Object>> found(String token, String filter) {
    List<Map<String, Object>> items = new ArrayList<>();
    String path = "/v1/log/entries?limit=200&" + filter;
    while (path != null) {
      Response page = get(token, path);
      page.then().statusCode(200);
      items.addAll(page.jsonPath().getList("items"));
      path =
          page.headers().getValues("Link").stream()
              .filter(link -> link.endsWith("rel=\"next\""))
              .map(link -> link.substring(1, link.indexOf('>')))
              .findFirst()
              .orElse(null);
    }
    return items;
  }

  private static List<Long> indexes(List<Map<String, Object>> items) {
    return items.stream().map(item -> ((Number) item.get("index")).longValue()).toList();
  }

  private List<Long> mine(String token) {
    return indexes(found(token, "actor=" + actor));
  }

  @Test
  void whatAnAuditorFromOutsideFindsIsExactlyWhatScopeAndPeriodSay() {
    // Given events of some types, about some clients, about none, and about two
    Random random = new Random(20260301);
    List<UUID> clients = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
    List<Draft> drafts = new ArrayList<>();
    Map<String, Set<UUID>> about = new TreeMap<>();
    for (int i = 0; i < 120; i++) {
      String type = TYPES.get(random.nextInt(TYPES.size()));
      String kind = type.substring(0, type.indexOf('.'));
      boolean isAgain = kind.equals("asset") && i > 0 && random.nextBoolean();
      String subject =
          about.keySet().stream()
              .filter(each -> isAgain && each.startsWith("asset/"))
              .skip(random.nextInt(3))
              .findFirst()
              .orElse(kind + "/" + UUID.randomUUID());
      boolean takesOne =
          List.of("asset.registered.v1", "client-access.requested.v1").contains(type);
      UUID client =
          takesOne && (isAgain || kind.equals("client-access") || random.nextBoolean())
              ? clients.get(random.nextInt(3))
              : null;
      Set<UUID> all = about.computeIfAbsent(subject, any -> new HashSet<>());
      if (client != null) {
        all.add(client);
      }
      drafts.add(
          event(type, subject, client, now.plus(Duration.ofHours(random.nextInt(9_600) - 4_800)))
              .with("ce_eventnumber", Integer.toString(100 + i)));
    }
    List<Long> indexes = logged(drafts);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < drafts.size(); i++) {
      Map<String, String> headers = drafts.get(i).headers();
      String subject = headers.get("ce_subject");
      events.add(
          new Event(
              indexes.get(i),
              Instant.parse(headers.get("ce_time")),
              headers.get("ce_type"),
              subject,
              about.get(subject)));
    }
    assertEquals(indexes.stream().sorted().toList(), mine(CISO_TOKEN));
    assertTrue(events.stream().anyMatch(event -> event.clients.size() > 1), "of two clients");

    int covered = 0;
    for (int i = 0; i < 20; i++) {
      // When
      UUID account = UUID.randomUUID();
      List<String> rules =
          i % 5 == 4 ? List.of() : RULES.stream().filter(rule -> random.nextBoolean()).toList();
      List<UUID> of =
          rules.isEmpty() || random.nextBoolean()
              ? clients.subList(0, 1 + random.nextInt(2))
              : List.of();
      Instant from = now.minus(Duration.ofHours(1 + random.nextInt(4_000)));
      Instant until = now.plus(Duration.ofHours(1 + random.nextInt(4_000)));
      change(planned(account, "THIRD_PARTY", rules, of, from, until), "opening", Map.of());
      String token = Tokens.of(account, i % 2 == 0 ? THIRD_PARTY_AUDITOR : AUDITOR);

      // Then
      List<Long> expected =
          events.stream()
              .filter(event -> !event.time.isBefore(from) && event.time.isBefore(until))
              .filter(event -> rules.isEmpty() || provenBy(rules).contains(event.type))
              .filter(
                  event ->
                      of.isEmpty() || !event.clients.isEmpty() && of.containsAll(event.clients))
              .map(Event::index)
              .sorted()
              .toList();
      assertEquals(
          expected, mine(token), () -> rules + " for " + of + ", " + from + " to " + until);
      covered += expected.size();
    }
    assertTrue(covered > 100, () -> "too little was covered to tell");
  }

  @Test
  void withoutAFilterItIsWhatAFilterOverTheWholeLogGives() {
    logged(List.of(registration(UUID.randomUUID(), null, now)));
    begun(List.of("R3.1"), List.of());
    Set<String> types = provenBy(List.of("R3.1"));

    List<Long> expected =
        found(CISO_TOKEN, "").stream()
            .filter(
                item -> {
                  Map<?, ?> entry = (Map<?, ?>) item.get("entry");
                  return types.contains(entry.get("type"))
                      && Duration.between(Instant.parse((String) entry.get("time")), now)
                              .abs()
                              .compareTo(Duration.ofDays(100))
                          <= 0;
                })
            .map(item -> ((Number) item.get("index")).longValue())
            .toList();

    assertFalse(expected.isEmpty());
    assertEquals(expected, indexes(found(auditor, "")));
  }

  @Test
  void anIncidentOfTheClientIsReadUnlessItIsRestricted() {
    // Given
    UUID client = UUID.randomUUID();
    String open = "incident/" + UUID.randomUUID();
    String restricted = "incident/" + UUID.randomUUID();
    List<Long> indexes =
        logged(
            List.of(
                affecting(open, client),
                event("incident.noted.v1", open, null, now),
                clock(open, client),
                affecting(restricted, client),
                event("incident.noted.v1", restricted, null, now),
                clock(restricted, client),
                event("incident.restricted.v1", restricted, null, now)));

    // When
    begun(List.of(), List.of(client));

    // Then
    assertEquals(Set.copyOf(indexes.subList(0, 3)), Set.copyOf(mine(auditor)));

    // When it is restricted no more
    logged(event("incident.restriction-lifted.v1", restricted, null, now));

    // Then
    assertTrue(mine(auditor).containsAll(indexes));
  }

  @Test
  void anAuditOfAllClientsHasNothingOfARestrictedIncident() {
    // Given
    String open = "incident/" + UUID.randomUUID();
    String restricted = "incident/" + UUID.randomUUID();
    List<Draft> drafts =
        List.of(
            event("incident.noted.v1", open, null, now),
            clock(open, UUID.randomUUID()),
            event("incident.noted.v1", restricted, null, now),
            clock(restricted, UUID.randomUUID()),
            event("incident.restricted.v1", restricted, null, now));
    List<Long> indexes = logged(drafts);

    // When
    String audit = begun(List.of("R13.2"), List.of());

    // Then
    assertEquals(Set.copyOf(indexes.subList(0, 2)), Set.copyOf(mine(auditor)));
    assertEquals(2, entriesOf(auditor, "?object=" + open));
    assertEquals(0, entriesOf(auditor, "?object=" + restricted));
    String request = asked(auditor, audit);
    for (int hidden : List.of(2, 3)) {
      assertHidden(indexes.get(hidden), drafts.get(hidden).id());
      problem(
          answered(request, List.of(indexes.get(hidden)), List.of()), 422, "entry-out-of-scope");
    }
    answered(request, indexes.subList(0, 2), List.of()).then().statusCode(200);
  }

  private Draft clock(String incident, UUID client) {
    String type = "notification-clock.started.v1";
    Draft draft = event(type, "notification-clock/" + UUID.randomUUID(), client, now);
    String example = contract("events/" + type + ".example.json").get("incident").textValue();
    return draft.withValue(
        new String(draft.value(), StandardCharsets.UTF_8)
            .replace(example, incident.substring("incident/".length())));
  }

  private Draft affecting(String incident, UUID client) {
    return Records.event(
            "incident.affected-named.v1",
            incident,
            """
            {"aggregateId":"%s","assets":[],"clients":["%s"],"people":0,"at":"2026-01-02T03:04:05Z","changes":{}}"""
                .formatted(incident.substring("incident/".length()), client))
        .with("ce_actor", actor)
        .with("ce_time", now.toString());
  }

  @Test
  void eachWayToReadTheLogEndsWhereTheAuditDoes() {
    // Given
    UUID client = UUID.randomUUID();
    UUID asset = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    List<Draft> drafts =
        List.of(
            registration(asset, client, now),
            event("asset.classified.v1", "asset/" + asset, null, now).with("ce_eventnumber", "2"),
            registration(other, UUID.randomUUID(), now));
    List<Long> indexes = logged(drafts);
    String audit = begun(List.of("R3.1"), List.of(client));

    // Then what is covered is read
    assertEquals(List.of(indexes.get(0)), mine(auditor));
    get(auditor, "/v1/log/entries/" + indexes.get(0)).then().statusCode(200);
    get(auditor, "/v1/log/entries/by-event/" + drafts.get(0).id()).then().statusCode(200);
    get(auditor, "/v1/log/entries/" + indexes.get(0) + "/proof").then().statusCode(200);
    get(auditor, "/v1/log/entries/" + indexes.get(0) + "/tlog-proof").then().statusCode(200);
    get(auditor, "/v1/receipts/" + drafts.get(0).id()).then().statusCode(200);
    for (String what : List.of("history", "timeline")) {
      get(auditor, "/v1/objects/asset/" + asset + "/" + what)
          .then()
          .statusCode(200)
          .body("items.index", contains(indexes.get(0).intValue()));
      get(auditor, "/v1/objects/asset/" + other + "/" + what)
          .then()
          .statusCode(200)
          .body("items", empty());
    }
    assertEquals(
        1,
        entriesOf(
            auditor, "?object=asset/" + asset + "&object=asset/" + other + "&client=" + client));

    // And nothing else
    for (int hidden : List.of(1, 2)) {
      assertHidden(indexes.get(hidden), drafts.get(hidden).id());
    }

    // And once it is cancelled, nothing at all
    change(audit, "cancellation", Map.of("reason", "the contract ended"));
    assertEquals(List.of(), found(auditor, ""));
    assertHidden(indexes.get(0), drafts.get(0).id());
    get(auditor, "/v1/objects/asset/" + asset + "/history").then().body("items", empty());
    assertEquals(0, entriesOf(auditor, "?client=" + client));
    get(auditor, "/v1/controls").then().statusCode(200).body("", empty());
    problem(get(auditor, "/v1/audits/" + audit + "/room"), 404, "not-found");
  }

  private void assertHidden(long index, UUID event) {
    problem(get(auditor, "/v1/log/entries/" + index), 404, "not-found");
    problem(get(auditor, "/v1/log/entries/by-event/" + event), 404, "not-found");
    problem(get(auditor, "/v1/log/entries/" + index + "/proof"), 404, "not-found");
    problem(get(auditor, "/v1/log/entries/" + index + "/tlog-proof"), 404, "not-found");
    problem(get(auditor, "/v1/receipts/" + event), 404, "not-found");
  }

  /** How many entries an evidence pack has, as its manifest says first of all. */
  private static int entriesOf(String token, String parameters) {
    Response pack = get(token, "/v1/log/evidence" + parameters);
    pack.then().statusCode(200);
    try (ZipInputStream files = new ZipInputStream(pack.asInputStream())) {
      assertEquals("manifest.json", files.getNextEntry().getName());
      return JSON.readTree(files.readAllBytes()).get("count").asInt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRoomOpensWithTheAuditAndClosesWithItOrWithItsPeriod() {
    // Given
    long index = logged(registration(UUID.randomUUID(), null, now));
    Instant until = now.plus(Duration.ofDays(10));
    String audit =
        planned(
            auditorId,
            "THIRD_PARTY",
            List.of("R3.1"),
            List.of(),
            now.minus(Duration.ofDays(1)),
            until);

    // When it is planned, nothing
    assertEquals(List.of(), mine(auditor));
    get(auditor, "/v1/audits").then().statusCode(200).body("items", empty());

    // When it begins, until its period is over
    change(audit, "opening", Map.of());
    assertEquals(List.of(index), mine(auditor));
    get(auditor, "/v1/audits").then().body("items.id", contains(audit));
    clock.stopAt(until.minusSeconds(1));
    assertEquals(List.of(index), mine(auditor));
    clock.stopAt(until);
    assertEquals(List.of(), mine(auditor));
    problem(get(auditor, "/v1/audits/" + audit + "/room"), 404, "not-found");
    clock.backToNow();
    assertEquals(List.of(index), mine(auditor));

    // When it closes
    change(audit, "closure", Map.of());
    assertEquals(List.of(), mine(auditor));
    problem(get(auditor, "/v1/audits/" + audit), 404, "not-found");
    get(CISO_TOKEN, "/v1/audits/" + audit + "/room").then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/log",
        "/v1/log/export",
        "/v1/log/export/csv",
        "/log/tile/entries/000.p/1",
        "/v1/log/verifications/last",
        "/v1/erasures",
        "/v1/alerts",
        "/v1/kpis",
        "/v1/controls/report",
        "/v1/controls/statement-of-applicability",
        "/v1/controls/statement-of-applicability/pdf",
        "/v1/controls/R10.4/attestations",
        "/v1/control-exceptions",
        "/v1/re-evaluations"
      })
  void whatIsOfTheWholeHouseIsClosedToWhomAThirdPartysAuditNamesWhateverTheRealmSays(String path) {
    String named = Tokens.of(auditorId, AUDITOR);
    int before = get(named, path).statusCode();
    assertTrue(before != 403, () -> path + ": " + before);
    String audit = begun(List.of("R3.1"), List.of());

    problem(get(named, path), 403, "forbidden");
    problem(get(auditor, path), 403, "forbidden");

    change(audit, "cancellation", Map.of("reason", "by mistake"));
    problem(get(named, path), 403, "forbidden");
  }

  @Test
  void whomAnAuditFromOutsideNamesIsToldThatTheyReadAsSuch() {
    String named = Tokens.of(auditorId, AUDITOR);
    get(named, "/v1/reach").then().statusCode(200).body("whole", equalTo(true));

    String audit = begun(List.of("R3.1"), List.of());

    get(named, "/v1/reach").then().statusCode(200).body("whole", equalTo(false));
    get(auditor, "/v1/reach").then().statusCode(200).body("whole", equalTo(false));
    get(CISO_TOKEN, "/v1/reach").then().statusCode(200).body("whole", equalTo(true));
    change(audit, "cancellation", Map.of("reason", "by mistake"));
    get(named, "/v1/reach").then().statusCode(200).body("whole", equalTo(false));
  }

  @Test
  void anAuditorOfTheHouseReadsAsBefore() {
    long index = logged(registration(UUID.randomUUID(), null, now));
    UUID account = UUID.randomUUID();
    planned(
        account,
        "INTERNAL",
        List.of("R4.6"),
        List.of(),
        now.minusSeconds(60),
        now.plusSeconds(600));

    assertEquals(List.of(index), mine(Tokens.of(account, AUDITOR)));
    get(Tokens.of(account, AUDITOR), "/v1/kpis").then().statusCode(200);
    assertEquals(List.of(), mine(auditor), "whom no audit names");
  }

  @Test
  void theRoomHasTheRulesInScopeTheirEvidenceAndWhereItIsProven() {
    // Given
    UUID client = UUID.randomUUID();
    List<Draft> drafts =
        List.of(
            registration(UUID.randomUUID(), client, now.minus(Duration.ofDays(101))),
            registration(UUID.randomUUID(), client, now),
            registration(UUID.randomUUID(), client, now),
            event("asset.classified.v1", "asset/" + UUID.randomUUID(), null, now));
    List<Long> indexes = logged(drafts);
    String audit = begun(List.of("R4.6", "R3.1"), List.of(client));
    long last = Math.max(indexes.get(1), indexes.get(2));

    // When
    Response room = get(auditor, "/v1/audits/" + audit + "/room");

    // Then
    room.then()
        .statusCode(200)
        .body("audit", equalTo(audit))
        .body("evidence", equalTo(2))
        .body("controls.control.rule", contains("R3.1", "R4.6"))
        .body("controls[0].evidence", equalTo(2))
        .body("controls[0].last.index", equalTo((int) last))
        .body(
            "controls[0].last.leafHash",
            equalTo(text("select encode(leaf, 'base64') from entry where index = " + last)))
        .body("controls[1].evidence", equalTo(0))
        .body("controls[1].last", nullValue());
    JsonPath answer = room.jsonPath();
    get(auditor, answer.getString("controls[0].entries") + "&actor=" + actor)
        .then()
        .statusCode(200)
        .body("items", hasSize(2));
    get(auditor, answer.getString("controls[1].entries")).then().body("items", empty());
    get(auditor, answer.getString("controls[0].last.entry")).then().statusCode(200);
    get(auditor, answer.getString("controls[0].last.proof")).then().statusCode(200);
    get(CISO_TOKEN, "/v1/audits/" + audit + "/room").then().body("evidence", equalTo(2));
    problem(get(Tokens.of(AUDITOR), "/v1/audits/" + audit + "/room"), 404, "not-found");
    problem(get(Tokens.of(ASSET_MANAGER), "/v1/audits/" + audit + "/room"), 403, "forbidden");
  }

  private static String asked(String token, String audit) {
    String id =
        Rest.as(token)
            .body(
                Map.of(
                    "audit",
                    audit,
                    "text",
                    "Show me",
                    "dueAt",
                    Instant.now().plus(Duration.ofDays(5)).toString()))
            .post("/v1/evidence-requests")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    return "/v1/evidence-requests/" + id;
  }

  private static Response answered(String request, List<Long> entries, List<String> objects) {
    return Rest.as(CISO_TOKEN)
        .header("If-Match", get(CISO_TOKEN, request).header("ETag"))
        .body(Map.of("answer", "Here", "entries", entries, "objects", objects))
        .post(request + "/answer");
  }

  @Test
  void anAnswerNamesEntriesThatTheAuditorMayReadAndNoOthers() {
    // Given
    UUID client = UUID.randomUUID();
    UUID shared = UUID.randomUUID();
    UUID asset = UUID.randomUUID();
    List<Long> indexes =
        logged(
            List.of(
                registration(asset, client, now),
                event("asset.classified.v1", "asset/" + asset, null, now)
                    .with("ce_eventnumber", "2"),
                registration(UUID.randomUUID(), client, now.minus(Duration.ofDays(101))),
                registration(UUID.randomUUID(), null, now),
                registration(UUID.randomUUID(), UUID.randomUUID(), now),
                registration(shared, client, now),
                registration(shared, UUID.randomUUID(), now).with("ce_eventnumber", "2"),
                event(
                    "client-access.requested.v1",
                    "client-access/" + UUID.randomUUID(),
                    client,
                    now)));
    int covered = 0;

    for (List<String> rules : List.of(List.of("R3.1"), List.<String>of())) {
      for (List<UUID> clients : List.of(List.of(client), List.<UUID>of())) {
        if (rules.isEmpty() && clients.isEmpty()) {
          continue;
        }
        // When
        UUID account = UUID.randomUUID();
        String token = Tokens.of(account, THIRD_PARTY_AUDITOR);
        Instant from = now.minus(Duration.ofDays(100));
        String audit =
            planned(account, "THIRD_PARTY", rules, clients, from, from.plus(Duration.ofDays(200)));
        change(audit, "opening", Map.of());
        List<Long> read = mine(token);

        // Then
        String request = asked(token, audit);
        for (long index : indexes) {
          if (!read.contains(index)) {
            problem(answered(request, List.of(index), List.of()), 422, "entry-out-of-scope");
          }
        }
        answered(request, read, List.of())
            .then()
            .statusCode(200)
            .body("entries", hasSize(read.size()));
        covered += read.size();
      }
    }
    assertEquals(1 + 5 + 3, covered);
    String request = asked(auditor, begun(List.of("R3.1"), List.of()));
    problem(answered(request, List.of(9_000_000_000L), List.of()), 422, "entry-out-of-scope");
  }

  @Test
  void theRoomAndItsPackHaveWhatWasAskedForAndAnsweredWithProofs() throws IOException {
    // Given
    UUID client = UUID.randomUUID();
    UUID named = UUID.randomUUID();
    UUID foreign = UUID.randomUUID();
    List<Long> indexes =
        logged(
            List.of(
                registration(UUID.randomUUID(), client, now),
                registration(named, client, now),
                registration(UUID.randomUUID(), client, now),
                registration(foreign, UUID.randomUUID(), now)));
    String audit = begun(List.of("R3.1"), List.of(client));
    String room = "/v1/audits/" + audit + "/room";
    get(auditor, room).then().statusCode(200).body("requests", empty());

    // When
    String request = asked(auditor, audit);
    answered(request, List.of(indexes.get(0)), List.of("asset/" + named, "asset/" + foreign))
        .then()
        .statusCode(200);
    asked(auditor, audit);

    // Then
    Response answer = get(auditor, room);
    answer
        .then()
        .statusCode(200)
        .body("requests.request.state", contains("ANSWERED", "ASKED"))
        .body("requests[0].request.answer", equalTo("Here"))
        .body("requests[0].entries.index", contains(indexes.get(0).intValue()))
        .body(
            "requests[0].entries[0].leafHash",
            equalTo(
                text("select encode(leaf, 'base64') from entry where index = " + indexes.get(0))))
        .body("requests[1].entries", empty());
    get(auditor, answer.path("requests[0].entries[0].proof")).then().statusCode(200);
    get(CISO_TOKEN, room).then().body("requests", hasSize(2));

    // And the pack has them, and what became of the audit, once the log does
    String pack = answer.path("pack");
    List<String> own =
        List.of(
            "control-audit.planned.v1",
            "control-audit.begun.v1",
            "control-audit.evidence-asked.v1",
            "control-audit.evidence-answered.v1",
            "control-audit.evidence-asked.v1");
    await().atMost(LONG).until(() -> entriesOf(auditor, pack.substring(pack.indexOf('?'))) >= 7);
    for (String token : List.of(auditor, CISO_TOKEN)) {
      List<JsonNode> entries = pack(token, pack);
      assertEquals(
          indexes.subList(0, 2).stream().sorted().toList(),
          entries.stream()
              .filter(entry -> !entry.get("subject").textValue().startsWith("control-audit/"))
              .map(entry -> entry.get("index").longValue())
              .toList());
      assertEquals(
          own,
          entries.stream()
              .filter(entry -> entry.get("subject").textValue().equals("control-audit/" + audit))
              .map(entry -> entry.get("type").textValue())
              .toList());
      assertEquals(7, entries.size());
    }
    problem(get(Tokens.of(AUDITOR), pack), 404, "not-found");
    problem(get(Tokens.of(UUID.randomUUID(), THIRD_PARTY_AUDITOR), pack), 404, "not-found");
    change(audit, "cancellation", Map.of("reason", "the contract ended"));
    problem(get(auditor, pack), 404, "not-found");
  }

  /** The entries of an evidence pack, each with its index. */
  private static List<JsonNode> pack(String token, String path) throws IOException {
    Response pack = get(token, path);
    pack.then().statusCode(200);
    List<JsonNode> entries = new ArrayList<>();
    try (ZipInputStream files = new ZipInputStream(pack.asInputStream())) {
      while (!files.getNextEntry().getName().equals("entries.ndjson")) {
        files.closeEntry();
      }
      String lines = new String(files.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : lines.lines().toList()) {
        JsonNode read = JSON.readTree(line);
        ObjectNode entry = (ObjectNode) JSON.readTree(read.get("entry").textValue());
        entries.add(entry.put("index", read.get("index").asLong()));
      }
    }
    return entries;
  }

  @Test
  void rulesAreReadWhereTheyAreInScope() {
    begun(List.of("R3.1"), List.of(UUID.randomUUID()));

    get(auditor, "/v1/controls").then().statusCode(200).body("rule", contains("R3.1"));
    get(auditor, "/v1/controls/R3.1").then().statusCode(200);
    get(auditor, "/v1/controls/R3.1/history").then().statusCode(200);
    get(auditor, "/v1/controls/R3.1/objects").then().statusCode(200).body("items", empty());
    for (String path : List.of("", "/history", "/objects")) {
      problem(get(auditor, "/v1/controls/R4.6" + path), 404, "not-found");
    }
    get(CISO_TOKEN, "/v1/controls").then().body("rule", hasItem("R4.6"));
  }

  @Test
  void turnsAreReadWhereTheyAreInThePeriod() {
    // Given
    UUID asset = UUID.randomUUID();
    logged(unowned(asset, null));
    String history = "/v1/controls/R3.3/objects/" + asset + "/history";
    await().atMost(LONG).until(() -> !get(CISO_TOKEN, history).path("items").equals(List.of()));
    begun(List.of("R3.3"), List.of());
    UUID later = UUID.randomUUID();
    Instant from = clock.instant();
    change(
        planned(
            later,
            "THIRD_PARTY",
            List.of("R3.3"),
            List.of(),
            from,
            from.plus(Duration.ofDays(100))),
        "opening",
        Map.of());

    // Then
    get(auditor, history).then().statusCode(200).body("items", hasSize(1));
    get(Tokens.of(later, THIRD_PARTY_AUDITOR), history)
        .then()
        .statusCode(200)
        .body("items", empty());
    String ofRule = "/v1/controls/R3.3/history?limit=200";
    assertTrue(turns(CISO_TOKEN, ofRule).stream().anyMatch(at -> at.isBefore(from)));
    assertTrue(
        turns(Tokens.of(later, THIRD_PARTY_AUDITOR), ofRule).stream()
            .noneMatch(at -> at.isBefore(from)));
  }

  @Test
  void eachTurnLeadsToAnEntryThatTheAuditorReads() {
    // Given
    begun(List.of("R11.4"), List.of());
    String alert = UUID.randomUUID().toString();
    String history = "/v1/controls/R11.4/objects/" + alert + "/history";

    // When an alert about the log fires, and is over
    logged(aboutTheLog("monitoring-alert.fired.v1", alert));
    awaitTurns(history, 1);
    logged(aboutTheLog("monitoring-alert.resolved.v1", alert).with("ce_eventnumber", "2"));
    awaitTurns(history, 2);

    // Then
    for (Object entry : get(auditor, history).jsonPath().getList("items.entry")) {
      get(auditor, "/v1/log/entries/" + entry).then().statusCode(200);
    }
  }

  private void awaitTurns(String history, int count) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> get(auditor, history).then().body("items.entry", hasSize(count)));
  }

  private Draft aboutTheLog(String type, String alert) {
    Draft draft = event(type, "monitoring-alert/" + alert, null, now);
    return draft.withValue(
        new String(draft.value(), StandardCharsets.UTF_8)
            .replace("alertmanager", "vigie")
            .replace("DiskFull", "log-gap"));
  }

  /** In service, and nobody's: that breaks R3.3. */
  private Draft unowned(UUID asset, UUID client) {
    Draft draft = registration(asset, client, now);
    return draft.withValue(
        new String(draft.value(), StandardCharsets.UTF_8).replace("IN_STOCK", "IN_SERVICE"));
  }

  private static List<Instant> turns(String token, String path) {
    return get(token, path).jsonPath().getList("items.at", String.class).stream()
        .map(Instant::parse)
        .toList();
  }

  @Test
  void whyAnObjectIsExceptedIsReadWhereTheExceptionIsOfTheObject() {
    // Given
    UUID client = UUID.randomUUID();
    UUID asset = UUID.randomUUID();
    logged(unowned(asset, client));
    begun(List.of("R3.3"), List.of(client));

    // When it is of the object
    String own = excepted("asset/" + asset, Duration.ofDays(20));
    // Then
    awaitException(own);
    get(auditor, "/v1/controls/R3.3/objects")
        .then()
        .body("items.id", contains(asset.toString()))
        .body("items[0].exception.reason", equalTo("it is replaced"))
        .body("items[0].exception.decidedBy", notNullValue());

    // When it is of all
    String ofAll = excepted(null, Duration.ofDays(30));
    try {
      // Then
      awaitException(ofAll);
      get(auditor, "/v1/controls/R3.3/objects")
          .then()
          .body("items[0].exception.endsAt", notNullValue())
          .body("items[0].exception.reason", nullValue())
          .body("items[0].exception.decidedBy", nullValue());
    } finally {
      changeException(ofAll, "withdrawal", Map.of("reason", "it was replaced"));
    }
    awaitException(own);
  }

  private void awaitException(String exception) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                get(auditor, "/v1/controls/R3.3/objects")
                    .then()
                    .body("items.exception.id", contains(exception)));
  }

  /** An exception to R3.3 that one person asked for and another one approved. */
  private String excepted(String object, Duration lasts) {
    Map<String, Object> asked = new TreeMap<>();
    asked.put("rule", "R3.3");
    asked.put("object", object);
    asked.put("reason", "it is replaced");
    asked.put("endsAt", now.plus(lasts).toString());
    String id =
        Rest.as(Tokens.of(SYSADMIN))
            .body(asked)
            .post("/v1/control-exceptions")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    changeException(id, "approval", Map.of());
    return id;
  }

  private static void changeException(String exception, String what, Map<String, Object> body) {
    String path = "/v1/control-exceptions/" + exception;
    Rest.as(CISO_TOKEN)
        .header("If-Match", get(CISO_TOKEN, path).header("ETag"))
        .body(body)
        .post(path + "/" + what)
        .then()
        .statusCode(200);
  }

  @Test
  void whichOtherClientsAnObjectHasIsLookedUpByAnIndexInEachPartition() {
    assertEquals(
        text("select count(*) from pg_inherits where inhparent = 'reference'::regclass"),
        text(
            """
            select count(*) from pg_inherits join pg_index on indexrelid = inhrelid
            where inhparent = 'reference_client'::regclass and indisvalid"""));
  }
}
