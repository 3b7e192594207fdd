package io.vigie.asset.supplier;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.asset.Calls;
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
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class SupplierResourceTest {

  private static final String MANAGER = Tokens.of(ASSET_MANAGER);
  private static final String OFFICER = Tokens.of(CISO);
  private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
  private static final List<String> CLAUSES =
      Clause.applyingTo(List.of(Activity.MAINTAINS)).stream().map(Clause::rule).toList();

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private static Map<String, Object> profile(String name) {
    return new HashMap<>(
        Map.of(
            "name",
            name,
            "services",
            "Keeps the servers up to date",
            "activities",
            List.of("MAINTAINS"),
            "criticality",
            "CRITICAL",
            "handlesClientData",
            false,
            "countries",
            List.of("FR"),
            "contactName",
            "Camille Durand",
            "contactEmail",
            "c.durand@supplier.example"));
  }

  private static String register() {
    return "/v1/suppliers/"
        + create(MANAGER, "/v1/suppliers", profile("Supplier " + UUID.randomUUID()));
  }

  private static Response sign(String supplier, List<String> clauses) {
    return post(MANAGER, supplier, supplier + "/contracts", terms(clauses));
  }

  private static Map<String, Object> terms(List<String> clauses) {
    return new HashMap<>(
        Map.of(
            "reference",
            "2026-014",
            "signedOn",
            TODAY.minusDays(10).toString(),
            "startsOn",
            TODAY.minusDays(5).toString(),
            "noticePeriod",
            "P3M",
            "documents",
            List.of("9".repeat(64)),
            "clauses",
            clauses));
  }

  private static String approved() {
    String supplier = register();
    sign(supplier, CLAUSES).then().statusCode(201);
    post(OFFICER, supplier, supplier + "/approval").then().statusCode(200);
    return supplier;
  }

  private static String id(String supplier) {
    return supplier.substring(supplier.lastIndexOf('/') + 1);
  }

  /** The ids on all pages of a list of suppliers. */
  private static List<String> listed(String filter) {
    List<String> ids = new ArrayList<>();
    String next = "/v1/suppliers?limit=200&" + filter;
    while (next != null) {
      Response page = Rest.as(MANAGER).urlEncodingEnabled(false).get(next);
      page.then().statusCode(200);
      ids.addAll(page.path("items.id"));
      String link = page.header("Link");
      next = link == null ? null : link.replaceAll("<(.*)>; rel=\"next\"", "$1");
    }
    return ids;
  }

  @Test
  void aSupplierIsAsCriticalAsTheMostSensitiveOfTheAssetsThatRelyOnIt() {
    // Given a candidate that is said to be hardly critical, and an asset that relies on it
    Map<String, Object> profile = profile("Supplier " + UUID.randomUUID());
    profile.put("criticality", "LOW");
    String supplier = "/v1/suppliers/" + create(MANAGER, "/v1/suppliers", profile);
    sign(supplier, CLAUSES).then().statusCode(201);
    String server =
        "/v1/assets/"
            + create(
                MANAGER,
                "/v1/assets",
                Map.of(
                    "name",
                    "mail",
                    "kind",
                    "SERVER",
                    "production",
                    true,
                    "supplier",
                    id(supplier)));
    get(MANAGER, supplier).then().body("derivedCriticality", equalTo(null));
    String raise = "supplier.raise-criticality";
    assertFalse(tasks(OFFICER, "supplier/" + id(supplier)).contains(raise));

    // When the asset is classified
    classify(server, 2, 3);

    // Then the profile is not enough any more
    get(MANAGER, supplier).then().body("derivedCriticality", equalTo("HIGH"));
    assertTrue(listed("criticalityTooLow=true").contains(id(supplier)));
    assertTrue(tasks(OFFICER, "supplier/" + id(supplier)).contains(raise));
    problem(post(OFFICER, supplier, supplier + "/approval"), 422, "criticality-too-low")
        .body("detail", containsString("HIGH"));
    profile.put("criticality", "MODERATE");
    problem(Calls.put(MANAGER, supplier, profile), 422, "criticality-too-low");

    // Until it says so, or more
    profile.put("criticality", "CRITICAL");
    Calls.put(MANAGER, supplier, profile)
        .then()
        .statusCode(200)
        .body("derivedCriticality", equalTo("HIGH"));
    assertFalse(listed("criticalityTooLow=true").contains(id(supplier)));
    assertTrue(listed("criticalityTooLow=false").contains(id(supplier)));
    assertFalse(tasks(OFFICER, "supplier/" + id(supplier)).contains(raise));
    post(OFFICER, supplier, supplier + "/approval").then().statusCode(200);

    // And what is out of use relies on nobody
    post(MANAGER, server, server + "/retirement", Map.of("reason", "old")).then().statusCode(200);
    get(MANAGER, supplier).then().body("derivedCriticality", equalTo(null));
  }

  @Test
  void aSupplierIsAsCriticalAsWhatDependsOnItWhoeverThatWasBoughtFrom() {
    // Given two suppliers, and an asset that was bought from the one and depends on the other
    Map<String, Object> profile = profile("Supplier " + UUID.randomUUID());
    profile.put("criticality", "MODERATE");
    String seller = "/v1/suppliers/" + create(MANAGER, "/v1/suppliers", profile);
    profile.put("name", "Supplier " + UUID.randomUUID());
    String host = "/v1/suppliers/" + create(MANAGER, "/v1/suppliers", profile);
    sign(host, CLAUSES).then().statusCode(201);
    String shop =
        "/v1/assets/"
            + create(
                MANAGER,
                "/v1/assets",
                Map.of(
                    "name",
                    "shop",
                    "kind",
                    "APPLICATION",
                    "production",
                    true,
                    "supplier",
                    id(seller)));
    relyOn(shop, List.of(id(host)));

    // When the asset is classified, then both are as critical as it
    classify(shop, 4, 1);
    for (String supplier : List.of(seller, host)) {
      get(MANAGER, supplier).then().body("derivedCriticality", equalTo("CRITICAL"));
      assertTrue(listed("criticalityTooLow=true").contains(id(supplier)));
      assertTrue(tasks(OFFICER, "supplier/" + id(supplier)).contains("supplier.raise-criticality"));
    }
    problem(post(OFFICER, host, host + "/approval"), 422, "criticality-too-low")
        .body("detail", containsString("?dependsOnSupplier=" + id(host)));

    // And when it depends on the other no more, that one is not
    relyOn(shop, List.of());
    get(MANAGER, host).then().body("derivedCriticality", equalTo(null));
    get(MANAGER, seller).then().body("derivedCriticality", equalTo("CRITICAL"));
    assertFalse(listed("criticalityTooLow=true").contains(id(host)));
  }

  private static void relyOn(String asset, List<String> suppliers) {
    Rest.as(MANAGER)
        .header("If-Match", get(MANAGER, asset).header("ETag"))
        .body(Map.of("dependsOn", List.of(), "dependsOnSuppliers", suppliers))
        .put(asset + "/dependencies")
        .then()
        .statusCode(200);
  }

  private static void classify(String asset, int availability, int confidentiality) {
    Rest.as(MANAGER)
        .header("If-Match", get(MANAGER, asset).header("ETag"))
        .body(
            Map.of(
                "availability",
                availability,
                "integrity",
                1,
                "confidentiality",
                confidentiality,
                "proof",
                1,
                "rationale",
                "test"))
        .put(asset + "/classification")
        .then()
        .statusCode(200);
  }

  @Test
  void aSupplierIsApprovedOnceItsContractHasTheClausesAndEachStepIsPublishedInOrder() {
    // Given a candidate without a contract
    String supplier = register();
    problem(post(OFFICER, supplier, supplier + "/approval"), 409, "supplier-without-contract");

    // And a contract that lacks a clause
    String contract =
        sign(supplier, CLAUSES.stream().filter(rule -> !rule.equals("R9.4")).toList())
            .then()
            .statusCode(201)
            .header("Location", containsString(supplier + "/contracts/"))
            .extract()
            .path("id");
    problem(post(OFFICER, supplier, supplier + "/approval"), 409, "supplier-clauses-missing")
        .body("detail", containsString("R9.4"));
    get(MANAGER, supplier + "/coverage")
        .then()
        .body("missing.rule", equalTo(List.of("R9.4")))
        .body("missing.title.fr", hasItem(containsString("VPN")))
        .body("liveContracts", equalTo(1));
    assertTrue(listed("clausesMissing=true").contains(id(supplier)));

    // When an amendment has it
    sign(supplier, List.of("R9.4")).then().statusCode(201);

    // Then somebody else than the proposer approves
    assertFalse(listed("clausesMissing=true").contains(id(supplier)));
    assertTrue(listed("clausesMissing=false&state=CANDIDATE").contains(id(supplier)));
    problem(post(MANAGER, supplier, supplier + "/approval"), 422, "self-approval");
    post(OFFICER, supplier, supplier + "/approval")
        .then()
        .statusCode(200)
        .body("state", equalTo("APPROVED"));

    // And when the contract ends, what it covered is missing from that day on
    post(
            MANAGER,
            supplier,
            supplier + "/contracts/" + contract + "/ending",
            Map.of("endedOn", TODAY.toString(), "reason", "replaced"))
        .then()
        .statusCode(200)
        .body("endedOn", equalTo(TODAY.toString()));
    assertTrue(listed("clausesMissing=true&state=APPROVED").contains(id(supplier)));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(
          List.of(
              "supplier.registered.v1",
              "supplier.contract-signed.v1",
              "supplier.contract-signed.v1",
              "supplier.approved.v1",
              "supplier.contract-ended.v1"),
          topic.await(5, about(id(supplier))).stream()
              .map(record -> header(record, "ce_type"))
              .toList());
      String registered = new String(topic.await(1, about(id(supplier))).get(0).value());
      assertFalse(registered.contains("Durand") || registered.contains("durand"), registered);
    }
  }

  @Test
  void anExceptionThatAnotherGrantedAllowsApprovalUntilItEnds() {
    String supplier = register();
    String exceptions = supplier + "/exceptions";
    String exception =
        post(
                MANAGER,
                supplier,
                exceptions,
                Map.of(
                    "clauses",
                    CLAUSES,
                    "withoutContract",
                    true,
                    "reason",
                    "being signed",
                    "compensation",
                    "no access meanwhile",
                    "until",
                    TODAY.plusDays(30).toString()))
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    problem(post(MANAGER, supplier, exceptions + "/" + exception + "/grant"), 422, "self-approval");
    assertEquals(List.of(), tasks(MANAGER, "supplier/" + id(supplier)));
    assertEquals(List.of("supplier.decide-exception"), tasks(OFFICER, "supplier/" + id(supplier)));

    post(OFFICER, supplier, exceptions + "/" + exception + "/grant")
        .then()
        .statusCode(200)
        .body("decision", equalTo("GRANTED"));

    post(OFFICER, supplier, supplier + "/approval").then().statusCode(200);
    post(MANAGER, supplier, supplier + "/suspension", Map.of("reason", "late"))
        .then()
        .body("state", equalTo("SUSPENDED"));
    clock.move(Duration.ofDays(31));
    problem(post(MANAGER, supplier, supplier + "/resumption"), 409, "supplier-without-contract");
  }

  @Test
  void anOverdueAssessmentIsListedAndWaitsUntilAnAcceptedOneMovesIt() {
    // Given
    String supplier = approved();
    String subject = "supplier/" + id(supplier);
    clock.move(Duration.ofDays(31));
    assertTrue(listed("assessmentOverdue=true").contains(id(supplier)));
    assertEquals(List.of("supplier.assess"), tasks(MANAGER, subject));

    // When it is assessed with a reservation
    String assessments = supplier + "/assessments";
    String assessment =
        post(MANAGER, supplier, assessments, Map.of("plannedFor", TODAY.toString()))
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    String one = assessments + "/" + assessment;
    Instant doneAt = Instant.now().minusSeconds(60);
    post(
            MANAGER,
            supplier,
            one + "/completion",
            Map.of(
                "doneAt", doneAt.toString(),
                "method", "QUESTIONNAIRE",
                "result", "WITH_RESERVATIONS",
                "summary", "All answers but one",
                "reservations",
                    List.of(
                        Map.of("text", "rotate keys", "due", doneAt.plusSeconds(60).toString()))))
        .then()
        .statusCode(200)
        .body("stage", equalTo("DONE"));

    // Then the result waits for somebody else, and the reservation to be mended
    problem(post(MANAGER, supplier, one + "/acceptance"), 422, "self-approval");
    assertEquals(List.of("supplier.mend", "supplier.assess"), tasks(MANAGER, subject));
    assertTrue(tasks(OFFICER, subject).contains("supplier.accept-assessment"));
    post(OFFICER, supplier, one + "/acceptance").then().body("stage", equalTo("ACCEPTED"));
    assertFalse(listed("assessmentOverdue=true").contains(id(supplier)));
    assertTrue(listed("assessmentOverdue=false").contains(id(supplier)));
    String reservation =
        get(MANAGER, supplier + "/reservations?lifted=false")
            .then()
            .body("items", hasSize(1))
            .extract()
            .path("items[0].id");
    post(
            MANAGER,
            supplier,
            supplier + "/reservations/" + reservation + "/lifting",
            Map.of("evidence", "log attached"))
        .then()
        .statusCode(200)
        .body("liftedAt", notNullValue());
    assertEquals(List.of(), tasks(MANAGER, subject));
  }

  @Test
  void aSubProcessorIsApprovedBySomebodyElseAndCanMeetAnObjectionLater() {
    String supplier = register();
    String all = supplier + "/sub-processors";
    String declared =
        post(
                MANAGER,
                supplier,
                all,
                Map.of("name", "Stockage Alpin", "service", "stores", "country", "CH"))
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    problem(post(MANAGER, supplier, all + "/" + declared + "/approval"), 422, "self-approval");
    assertTrue(
        tasks(OFFICER, "supplier/" + id(supplier)).contains("supplier.decide-sub-processor"));
    post(OFFICER, supplier, all + "/" + declared + "/approval")
        .then()
        .body("decision", equalTo("APPROVED"));
    post(MANAGER, supplier, all + "/" + declared + "/objection", Map.of("reason", "moved"))
        .then()
        .body("decision", equalTo("OBJECTED"));
    problem(
            post(
                MANAGER,
                supplier,
                all,
                Map.of("name", "Nowhere", "service", "stores", "country", "XX")),
            400,
            "validation")
        .body("errors.field", hasItem("country"));

    // And with the supplier's end nothing of it waits for a decision any more
    post(
            MANAGER,
            supplier,
            all,
            Map.of("name", "Stockage Lacustre", "service", "stores", "country", "CH"))
        .then()
        .statusCode(201);
    post(MANAGER, supplier, supplier + "/ending", Map.of("reason", "over")).then().statusCode(200);
    assertEquals(List.of(), tasks(OFFICER, "supplier/" + id(supplier)));
  }

  @Test
  void anIncidentAtASupplierNamesAssetsOfOursAndIsTellableWithoutAVersion() {
    String supplier = register();
    String asset = Calls.asset(MANAGER, "SERVER");
    String responder = Tokens.of(RESPONDER);
    Map<String, Object> report =
        Map.of(
            "reportedAt", Instant.now().minusSeconds(60).toString(),
            "description", "Mail from Camille Durand: a hypervisor was reached",
            "assets", List.of(asset));

    String incident = create(responder, supplier + "/incidents", report);

    get(responder, supplier + "/incidents?open=true")
        .then()
        .body("items.assets[0]", equalTo(List.of(asset)));
    post(
            responder,
            supplier,
            supplier + "/incidents/" + incident + "/closing",
            Map.of("outcome", "nothing was read"))
        .then()
        .statusCode(200);
    get(responder, supplier + "/incidents?open=true").then().body("items", hasSize(0));
    Map<String, Object> unknown = new HashMap<>(report);
    unknown.put("assets", List.of(UUID.randomUUID().toString()));
    problem(Rest.as(responder).body(unknown).post(supplier + "/incidents"), 422, "asset-unknown");
    try (Topic topic = Topic.named("vigie.asset.events")) {
      String published =
          new String(
              topic
                  .await(1, about(id(supplier)).and(ofType("supplier.incident-reported.v1")))
                  .get(0)
                  .value());
      assertTrue(published.contains(asset) && !published.contains("Durand"), published);
    }
  }

  @Test
  void aSupplierThatHasEndedChangesNoMoreAndItsNameIsFree() {
    String name = "Supplier " + UUID.randomUUID();
    String supplier = "/v1/suppliers/" + create(MANAGER, "/v1/suppliers", profile(name));
    problem(
        Rest.as(MANAGER).body(profile(name.toUpperCase())).post("/v1/suppliers"),
        409,
        "already-exists");

    post(MANAGER, supplier, supplier + "/ending", Map.of("reason", "moved"))
        .then()
        .statusCode(200)
        .body("profile.name", equalTo(name))
        .body("profile.contactName", nullValue())
        .body("profile.contactEmail", nullValue());

    problem(sign(supplier, CLAUSES), 409, "supplier-ended");
    create(MANAGER, "/v1/suppliers", profile(name));
  }

  @Test
  void whatStandsUnderASupplierChangesUnderItsVersion() {
    String supplier = register();
    String stale = get(MANAGER, supplier).header("ETag");
    sign(supplier, CLAUSES).then().statusCode(201);
    Map<String, String> plan = Map.of("plannedFor", TODAY.toString());

    problem(
        Rest.as(MANAGER).body(plan).header("If-Match", stale).post(supplier + "/assessments"),
        412,
        "stale");
    problem(
        Rest.as(MANAGER).body(plan).post(supplier + "/assessments"), 428, "precondition-required");
    problem(get(MANAGER, supplier + "/contracts/" + UUID.randomUUID()), 404, "not-found");
  }

  @Test
  void everyFieldOfAProfileThatIsWrongIsNamed() {
    Map<String, Object> body = profile(" ");
    body.put("contactEmail", "nobody");
    problem(Rest.as(MANAGER).body(body).post("/v1/suppliers"), 400, "validation")
        .body("errors.field", hasItems("name", "contactEmail"));
    Map<String, Object> nowhere = profile("Supplier " + UUID.randomUUID());
    nowhere.put("countries", List.of("Gondor"));
    problem(Rest.as(MANAGER).body(nowhere).post("/v1/suppliers"), 400, "validation")
        .body("errors.field", hasItem("countries"));
    problem(sign(register(), List.of("R1.1")), 400, "validation")
        .body("errors.field", hasItem("clauses"));
  }

  @Test
  void aChangeOfTheContactIsPublishedWithoutIt() {
    String supplier = register();
    Map<String, Object> body =
        new HashMap<>(get(MANAGER, supplier).<Map<String, Object>>path("profile"));
    body.put("contactName", "Sacha Martin");
    body.put("criticality", "LOW");

    Rest.as(MANAGER)
        .header("If-Match", get(MANAGER, supplier).header("ETag"))
        .body(body)
        .put(supplier)
        .then()
        .statusCode(200)
        .body("profile.contactName", equalTo("Sacha Martin"));

    try (Topic topic = Topic.named("vigie.asset.events")) {
      String changed =
          new String(
              topic
                  .await(1, about(id(supplier)).and(ofType("supplier.changed.v1")))
                  .get(0)
                  .value());
      assertTrue(
          changed.contains("\"criticality\":\"LOW\"") && !changed.contains("Sacha"), changed);
    }
  }

  @Test
  void howASupplierStandsIsToldWithItsContractsAndWhenADayEndsOne() {
    // Given one whose contract is in force for three days more
    String supplier = register();
    get(MANAGER, supplier).then().body("underContract", equalTo(false));
    Map<String, Object> terms = terms(CLAUSES);
    terms.put("endsOn", TODAY.plusDays(3).toString());
    post(MANAGER, supplier, supplier + "/contracts", terms).then().statusCode(201);
    get(MANAGER, supplier)
        .then()
        .body("underContract", equalTo(true))
        .body("lackingClauses", empty());

    // When they are over
    clock.move(Duration.ofDays(4));

    // Then it is told
    try (Topic topic = Topic.named("vigie.asset.events")) {
      JsonPath signed = told(topic, supplier, "supplier.contract-signed.v1");
      assertEquals(true, signed.get("changes.underContract"));
      assertEquals(List.of(), signed.getList("changes.lackingClauses"));
      JsonPath over = told(topic, supplier, "supplier.standing-changed.v1");
      assertEquals(false, over.get("changes.underContract"));
      assertFalse(over.getList("changes.lackingClauses").isEmpty());
    }
    get(MANAGER, supplier).then().body("underContract", equalTo(false));
  }

  private static JsonPath told(Topic topic, String supplier, String type) {
    return new JsonPath(
        new String(topic.await(1, about(id(supplier)).and(ofType(type))).get(0).value()));
  }

  @Test
  void theStateOfEverySupplierCanBePublishedAgain() {
    String supplier = approved();

    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(200);

    try (Topic topic = Topic.named("vigie.asset.events")) {
      String snapshot =
          new String(
              topic
                  .await(1, about(id(supplier)).and(ofType("supplier.snapshot.v1")))
                  .get(0)
                  .value());
      assertTrue(snapshot.contains("\"state\":\"APPROVED\""), snapshot);
      assertFalse(snapshot.contains("Durand"), snapshot);
    }
    get(MANAGER, "/v1/suppliers?state=ENDED&limit=200")
        .then()
        .body("items.id", not(hasItem(id(supplier))));
  }
}
