package io.vigie.asset.inventory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.asset.Calls;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RegisterTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void anAssetIsAtPremisesAndFromASupplierThatThereAre() {
    // Given
    String premises = id(Map.of("name", "Lyon", "kind", "PREMISES", "production", false));
    String server = id(Map.of("name", "web", "kind", "SERVER", "production", true));
    String path = "/v1/assets/" + server;

    // Then
    problem(
            Rest.as(TOKEN)
                .body(
                    Map.of(
                        "name",
                        "db",
                        "kind",
                        "SERVER",
                        "production",
                        true,
                        "site",
                        server,
                        "supplier",
                        UUID.randomUUID()))
                .post("/v1/assets"),
            422,
            "unknown-reference")
        .body("errors.field", contains("site", "supplier"));
    Map<String, Object> placed =
        Map.of("name", "web", "kind", "SERVER", "production", true, "site", premises);
    Calls.put(TOKEN, path, placed).then().statusCode(200).body("site", equalTo(premises));
    Map<String, Object> nowhere =
        Map.of("name", "web", "kind", "SERVER", "production", true, "site", UUID.randomUUID());
    problem(Calls.put(TOKEN, path, nowhere), 422, "unknown-reference");
  }

  @Test
  void anAssetServesAClientOfWhomAccessServiceToldUntilThatEnds() {
    // Given
    UUID client = UUID.randomUUID();
    problem(Rest.as(TOKEN).body(serving(client)).post("/v1/assets"), 422, "unknown-reference")
        .body("errors.field", contains("client"));
    String before;
    try (Topic access = Topic.named("vigie.access.events")) {
      tell(access, "client.registered.v1", client, client, "");
      await().untilAsserted(() -> assertEquals(201, serve(client)));
      before = id(serving(client));

      // When the client ends, whatever is told again of the time before
      UUID later = UUID.randomUUID();
      tell(access, "client.ended.v1", client, client, "");
      tell(access, "client.registered.v1", client, client, "");
      tell(access, "client.snapshot.v1", later, client, ",\"state\":{\"state\":\"ACTIVE\"}");

      // Then nothing new serves it, and what does may go on
      await().untilAsserted(() -> assertEquals(201, serve(later)));
    }
    problem(Rest.as(TOKEN).body(serving(client)).post("/v1/assets"), 422, "unknown-reference");
    String other = id(Map.of("name", "other", "kind", "SERVER", "production", true));
    problem(Calls.put(TOKEN, "/v1/assets/" + other, serving(client)), 422, "unknown-reference");
    Map<String, Object> renamed = new HashMap<>(serving(client));
    renamed.put("name", "renamed");
    Calls.put(TOKEN, "/v1/assets/" + before, renamed).then().statusCode(200);
  }

  @Test
  void aSnapshotOfAClientThatHasEndedMakesNobodyServeIt() {
    UUID ended = UUID.randomUUID();
    UUID next = UUID.randomUUID();
    try (Topic access = Topic.named("vigie.access.events")) {
      tell(access, "client.snapshot.v1", ended, ended, ",\"state\":{\"state\":\"ENDED\"}");
      tell(access, "client.snapshot.v1", next, ended, ",\"state\":{\"state\":\"ACTIVE\"}");
      await().untilAsserted(() -> assertEquals(201, serve(next)));
    }
    problem(Rest.as(TOKEN).body(serving(ended)).post("/v1/assets"), 422, "unknown-reference");
  }

  @Test
  void whatServesAClientThatHasEndedIsListedAndATaskUntilItServesAnotherOrIsRetired() {
    // Given three assets of a client, one of another, and one of nobody
    UUID client = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    try (Topic access = Topic.named("vigie.access.events")) {
      tell(access, "client.registered.v1", other, client, "");
      tell(access, "client.registered.v1", client, client, "");
      await().untilAsserted(() -> assertEquals(201, serve(client)));
      List<String> mine = List.of(id(serving(client)), id(serving(client)), id(serving(other)));
      String nobodys = id(Map.of("name", "own", "kind", "APPLICATION", "production", true));
      mine.forEach(asset -> assertFalse(checked(asset)));

      // When the client ends
      tell(access, "client.ended.v1", client, client, "");

      // Then what serves it is a task, unchanged
      await().untilAsserted(() -> assertTrue(checked(mine.get(0))));
      assertTrue(checked(mine.get(1)));
      assertFalse(checked(mine.get(2)));
      assertFalse(checked(nobodys));
      assertFalse(
          Calls.tasks(Tokens.of(STAFF), "asset/" + mine.get(0)).contains("asset.check-client"));
      assertTrue(listed("clientEnded=true&client=" + client).containsAll(mine.subList(0, 2)));
      assertEquals(List.of(), listed("clientEnded=false&client=" + client));
      assertEquals(List.of(), listed("clientEnded=true&client=" + other));
      assertEquals(List.of(mine.get(2)), listed("clientEnded=false&client=" + other));
      assertTrue(listed("clientEnded=false&name=own").contains(nobodys));

      // When one serves another, and one is retired
      Calls.put(TOKEN, "/v1/assets/" + mine.get(0), serving(other)).then().statusCode(200);
      change(mine.get(1), "POST", "/retirement", Map.of("reason", "no use for it"))
          .then()
          .statusCode(200);

      // Then neither is one more
      assertFalse(checked(mine.get(0)));
      assertFalse(checked(mine.get(1)));
      assertTrue(listed("clientEnded=false&client=" + client).contains(mine.get(1)));
    }
  }

  private static boolean checked(String asset) {
    return Calls.tasks(TOKEN, "asset/" + asset).contains("asset.check-client");
  }

  /** What has the same key is heard in order. */
  private static void tell(Topic access, String type, UUID client, UUID key, String more) {
    access.publish(
        type,
        "client/" + client,
        key.toString(),
        "{\"aggregateId\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\"%s}".formatted(client, more));
  }

  private static int serve(UUID client) {
    return Rest.as(TOKEN).body(serving(client)).post("/v1/assets").statusCode();
  }

  private static Map<String, Object> serving(UUID client) {
    return Map.of("name", "shop", "kind", "APPLICATION", "production", true, "client", client);
  }

  @Test
  void whatSomebodyOwnsOfWhomNobodyToldIsATaskAfterADayUntilSomebodyTells() {
    // Given
    UUID owner = UUID.randomUUID();
    String server = id(Map.of("name", "web", "kind", "SERVER", "production", true));
    Rest.as(TOKEN)
        .header("If-Match", "\"0\"")
        .body(Map.of("owner", owner))
        .put("/v1/assets/" + server + "/owner")
        .then()
        .statusCode(200);
    String subject = "asset/" + server;
    assertFalse(Calls.tasks(TOKEN, subject).contains("asset.check-owner"));

    // When
    clock.move(Duration.ofHours(25));

    // Then
    assertTrue(Calls.tasks(TOKEN, subject).contains("asset.check-owner"));
    assertFalse(Calls.tasks(Tokens.of(STAFF), subject).contains("asset.check-owner"));
    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish(
          "person.joined.v1",
          "person/" + owner,
          owner.toString(),
          "{\"aggregateId\":\"%s\"}".formatted(owner));
    }
    await()
        .untilAsserted(
            () -> assertFalse(Calls.tasks(TOKEN, subject).contains("asset.check-owner")));
  }

  @Test
  void aNetworkedAssetInServiceWithoutAZoneIsListedAndATaskUntilItHasOne() {
    // Given
    String server = register(Map.of("name", "web-9", "kind", "SERVER"));
    String application = register(Map.of("name", "shop", "kind", "APPLICATION"));
    String subject = "asset/" + server;
    assertFalse(Calls.tasks(TOKEN, subject).contains("asset.place-in-zone"));

    // When
    commission(server);
    commission(application);

    // Then
    assertTrue(listed("unzoned=true").contains(server));
    assertFalse(listed("unzoned=true").contains(application));
    assertTrue(listed("unzoned=false").contains(application));
    assertTrue(Calls.tasks(TOKEN, subject).contains("asset.place-in-zone"));
    assertFalse(Calls.tasks(Tokens.of(STAFF), subject).contains("asset.place-in-zone"));

    // And when it sits in one
    String zone =
        Calls.create(
            TOKEN,
            "/v1/zones",
            Map.of("name", "zone " + server, "purpose", "DMZ", "ranges", List.of()));
    change(server, "PUT", "/zone", Map.of("zone", zone)).then().statusCode(200);
    assertFalse(listed("unzoned=true").contains(server));
    assertFalse(Calls.tasks(TOKEN, subject).contains("asset.place-in-zone"));
  }

  @Test
  void aMediumThatNobodyHasOrThatIsNowhereIsListedAndATask() {
    // Given a disk at a site, with nobody
    String premises = register(Map.of("name", "Lyon", "kind", "PREMISES"));
    String disk = register(Map.of("name", "disk 7", "kind", "STORAGE_MEDIUM", "site", premises));
    String archive = register(Map.of("name", "Contracts", "kind", "PAPER_ARCHIVE"));
    String subject = "asset/" + disk;
    assertTrue(listed("unguarded=true").contains(disk));
    assertFalse(listed("unguarded=true").contains(archive));
    assertTrue(Calls.tasks(TOKEN, subject).contains("asset.guard-medium"));
    assertFalse(Calls.tasks(Tokens.of(STAFF), subject).contains("asset.guard-medium"));

    // When somebody signs for it
    handOver(disk);

    // Then it is guarded, until it is nowhere
    assertFalse(listed("unguarded=true").contains(disk));
    assertTrue(listed("unguarded=false").contains(disk));
    assertFalse(Calls.tasks(TOKEN, subject).contains("asset.guard-medium"));
    change(disk, "PUT", "", Map.of("name", "disk 7", "kind", "STORAGE_MEDIUM"))
        .then()
        .statusCode(200);
    assertTrue(Calls.tasks(TOKEN, subject).contains("asset.guard-medium"));
  }

  @Test
  void aMediumAtPremisesThatAreGoneIsListedAndATask() {
    // Given a disk that somebody has, and that was lost while its site was given up
    String gone = register(Map.of("name", "Lyon", "kind", "PREMISES"));
    String disk = register(Map.of("name", "disk 8", "kind", "STORAGE_MEDIUM", "site", gone));
    String subject = "asset/" + disk;
    handOver(disk);
    Map<String, Object> loss =
        Map.of("stolen", false, "circumstances", "x", "occurredAt", "2026-01-01T00:00:00Z");
    change(disk, "POST", "/loss", loss).then().statusCode(200);
    change(gone, "POST", "/retirement", Map.of("reason", "moved")).then().statusCode(200);
    assertFalse(listed("unguarded=true").contains(disk));
    assertFalse(Calls.tasks(TOKEN, subject).contains("asset.guard-medium"));

    // When it is found
    change(disk, "POST", "/recovery", Map.of("circumstances", "in a box"))
        .then()
        .statusCode(200)
        .body("site", equalTo(gone));

    // Then its place guards it no more, until it has another
    assertTrue(listed("unguarded=true").contains(disk));
    assertFalse(listed("unguarded=false").contains(disk));
    assertTrue(Calls.tasks(TOKEN, subject).contains("asset.guard-medium"));
    String other = register(Map.of("name", "Paris", "kind", "PREMISES"));
    change(disk, "PUT", "", Map.of("name", "disk 8", "kind", "STORAGE_MEDIUM", "site", other))
        .then()
        .statusCode(200);
    assertFalse(listed("unguarded=true").contains(disk));
    assertFalse(Calls.tasks(TOKEN, subject).contains("asset.guard-medium"));
  }

  /** Has somebody sign for the asset. */
  private static void handOver(String id) {
    UUID anna = UUID.randomUUID();
    UUID account = UUID.randomUUID();
    join(anna, account);
    await()
        .untilAsserted(
            () -> change(id, "POST", "/handover", Map.of("to", anna)).then().statusCode(200));
    await().untilAsserted(() -> sign(Tokens.of(account, STAFF), id).then().statusCode(200));
  }

  /** The ids on all pages of a list of assets. */
  private static List<String> listed(String filter) {
    List<String> ids = new ArrayList<>();
    String next = "/v1/assets?limit=200&" + filter;
    while (next != null) {
      Response page = Rest.as(TOKEN).urlEncodingEnabled(false).get(next);
      page.then().statusCode(200);
      ids.addAll(page.path("items.id"));
      String link = page.header("Link");
      next = link == null ? null : link.replaceAll("<(.*)>; rel=\"next\"", "$1");
    }
    return ids;
  }

  private static void commission(String id) {
    classify(id, 1, 1, 1, 1);
    change(id, "PUT", "/owner", Map.of("owner", UUID.randomUUID())).then().statusCode(200);
    change(id, "POST", "/commissioning", Map.of()).then().statusCode(200);
  }

  @Test
  void aListIsSortedPageByPageAndWhatHasNothingToSortByComesLast() {
    // Given
    String mark = "sorted-" + UUID.randomUUID() + "-";
    List.of("b;TAG-1", "A;", "c;TAG-3", "a2;TAG-2", "D;", "e;TAG-2")
        .forEach(
            row -> {
              Map<String, Object> details = new HashMap<>();
              details.put("name", mark + row.replaceAll(";.*", ""));
              details.put("kind", row.startsWith("c") ? "SERVER" : "LAPTOP");
              details.put("production", false);
              if (!row.endsWith(";")) {
                details.put(
                    "assetTag", mark.substring(7, 15) + row.replaceAll(".*;", "") + row.charAt(0));
              }
              id(details);
            });

    // Then
    assertEquals(List.of("A", "a2", "b", "c", "D", "e"), sorted(mark, "name"));
    assertEquals(List.of("e", "D", "c", "b", "a2", "A"), sorted(mark, "-name"));
    assertEquals(List.of("b", "a2", "e", "c", "A", "D"), sorted(mark, "assetTag"));
    assertEquals(List.of("c", "e", "a2", "b", "A", "D"), sorted(mark, "-assetTag"));
    // And among equals in order of registration, whichever way the others go
    assertEquals(List.of("b", "A", "a2", "D", "e", "c"), sorted(mark, "kind"));
    assertEquals(List.of("c", "b", "A", "a2", "D", "e"), sorted(mark, "-kind"));

    problem(Rest.as(TOKEN).get("/v1/assets?sort=owner"), 400, "validation")
        .body("errors.field", contains("sort"))
        .body("errors.message", contains("must be one of assetTag, kind, name, state"));
    problem(Rest.as(TOKEN).get("/v1/assets?sort=name desc"), 400, "validation");
  }

  /** What comes after the mark, of all pages. */
  private static List<String> sorted(String mark, String sort) {
    List<String> found = new ArrayList<>();
    String next = "/v1/assets?limit=2&name=" + mark + "&sort=" + sort;
    while (next != null) {
      Response page = Rest.as(TOKEN).urlEncodingEnabled(false).get(next);
      page.then().statusCode(200);
      page.jsonPath()
          .getList("items.name", String.class)
          .forEach(name -> found.add(name.substring(mark.length())));
      String link = page.header("Link");
      next = link == null ? null : link.replaceAll("<(.*)>.*", "$1");
    }
    return found;
  }

  private static String id(Map<String, Object> details) {
    return Calls.create(TOKEN, "/v1/assets", details);
  }

  @Test
  void whatAKindHasIsKeptAndCanBeSearchedFor() {
    String shelf = "shelf " + UUID.randomUUID();
    String tape =
        register(
            Map.of(
                "name",
                "Weekly 12",
                "kind",
                "TAPE",
                "attributes",
                Map.of("generation", "LTO-9", "capacityGiB", 18_000)));
    String archive =
        register(
            Map.of(
                "name",
                "Contracts 2019",
                "kind",
                "PAPER_ARCHIVE",
                "attributes",
                Map.of("shelf", shelf, "boxes", 4)));

    Rest.as(TOKEN)
        .queryParam("kind", "PAPER_ARCHIVE")
        .queryParam("attribute", "shelf:" + shelf, "boxes:4")
        .get("/v1/assets")
        .then()
        .statusCode(200)
        .body("items.id", contains(archive));
    Rest.as(TOKEN)
        .queryParam("attribute", "generation:LTO-9")
        .get("/v1/assets")
        .then()
        .body("items.id", hasItem(tape));
    Rest.as(TOKEN)
        .queryParam("name", "TRACTS 20")
        .get("/v1/assets")
        .then()
        .body("items.id", hasItem(archive));
    Rest.as(TOKEN)
        .queryParam("name", "tracts_20")
        .get("/v1/assets")
        .then()
        .body("items", hasSize(0));
    problem(Rest.as(TOKEN).get("/v1/assets?attribute=colour:red"), 400, "validation");
    problem(Rest.as(TOKEN).get("/v1/assets?kind=SPACESHIP"), 400, "validation")
        .body("errors.field", contains("kind"));
  }

  @Test
  void whatEndsIsListedByTheDayFromWhichItHasEnded() {
    String name = "ending";
    String site = register(Map.of("name", "Lyon", "kind", "PREMISES"));
    String laptop =
        register(
            Map.of("name", name, "kind", "LAPTOP", "site", site, "warrantyUntil", "2026-12-31"));
    String licence =
        register(
            Map.of(
                "name",
                name,
                "kind",
                "LICENCE",
                "site",
                site,
                "attributes",
                Map.of("endsOn", "2026-12-31")));
    register(Map.of("name", name, "kind", "SERVER", "site", site));

    ending(site, "warrantyEndsBefore=2026-12-31").body("items", hasSize(0));
    ending(site, "warrantyEndsBefore=2027-01-01").body("items.id", contains(laptop));
    ending(site, "endsBefore=2026-12-31").body("items", hasSize(0));
    problem(Calls.get(TOKEN, "/v1/assets?endsBefore=+12027-01-01"), 400, "validation")
        .body("errors.field", contains("endsBefore"));
    ending(site, "endsBefore=2027-01-01&kind=LICENCE").body("items.id", contains(licence));
  }

  private static ValidatableResponse ending(String site, String filter) {
    return Calls.get(TOKEN, "/v1/assets?site=" + site + "&" + filter).then().statusCode(200);
  }

  @Test
  void attributesThatAKindDoesNotHaveOrThatAreOfAnotherTypeAreNamed() {
    Map<String, Object> wrong = new HashMap<>();
    wrong.put("generation", "VHS");
    wrong.put("capacityGiB", "much");
    wrong.put("colour", "red");
    Response answer =
        Rest.as(TOKEN)
            .body(Map.of("name", "x", "kind", "TAPE", "attributes", wrong, "production", false))
            .post("/v1/assets");

    problem(answer, 400, "validation")
        .body(
            "errors.field",
            contains("attributes.capacityGiB", "attributes.colour", "attributes.generation"));
  }

  @Test
  void whatIsSaidOfAnAssetIsReplacedAndTheDifferencePublished() {
    String id = register(Map.of("name", "web-1", "kind", "SERVER", "make", "HPE"));
    Map<String, Object> now =
        Map.of(
            "name", "web-1", "kind", "SERVER", "make", "Dell", "attributes", Map.of("rack", "B4"));

    change(id, "PUT", "", now).then().statusCode(200).body("make", equalTo("Dell"));
    change(id, "PUT", "", now).then().statusCode(200).header("ETag", equalTo("\"1\""));
    problem(
        change(id, "PUT", "", Map.of("name", "web-1", "kind", "LAPTOP")),
        422,
        "asset-of-another-kind");

    try (Topic topic = Topic.named("vigie.asset.events")) {
      String described = new String(topic.await(2, about(id)).get(1).value());
      assertTrue(
          described.endsWith("\"changes\":{\"make\":\"Dell\",\"attributes\":{\"rack\":\"B4\"}}}"),
          described);
    }
  }

  @Test
  void anAssetIsAsSensitiveAsWhateverDependsOnItDirectlyOrNot() {
    // Given a shop on a database on a server
    String server = register(Map.of("name", "db-1", "kind", "SERVER"));
    String database = register(Map.of("name", "orders", "kind", "DATABASE"));
    String shop = register(Map.of("name", "shop", "kind", "APPLICATION"));
    depend(database, server).then().statusCode(200);
    depend(shop, database).then().statusCode(200);
    classify(server, 1, 2, 1, 1);

    // When the shop is classified, both inherit
    classify(shop, 4, 1, 3, 1);
    effective(database, 4, 1, 3, 1);
    effective(server, 4, 2, 3, 1);

    // And when it needs the database no more, they do not
    Rest.as(TOKEN).get("/v1/assets?dependsOn=" + database).then().body("items.id", contains(shop));
    change(shop, "PUT", "/dependencies", Map.of("dependsOn", List.of())).then().statusCode(200);
    effective(server, 1, 2, 1, 1);
    Rest.as(TOKEN).get("/v1/assets/" + database).then().body("effective", equalTo(null));
  }

  @Test
  void oneToTwoHundredAssetsAreAskedForAtOnceByTheirIds() {
    String one = register(Map.of("name", "one", "kind", "SERVER"));
    String two = register(Map.of("name", "two", "kind", "SERVER"));
    String other = register(Map.of("name", "other", "kind", "SERVER"));
    String nobodys =
        Stream.generate(() -> UUID.randomUUID().toString())
            .limit(198)
            .collect(Collectors.joining(","));

    Rest.as(TOKEN)
        .get("/v1/assets?limit=200&ids=" + String.join(",", two, one.toUpperCase(), nobodys))
        .then()
        .statusCode(200)
        .body("items.id", contains(one, two));
    for (String ids : List.of("7", other + ",", String.join(",", one, two, other, nobodys))) {
      Rest.as(TOKEN)
          .get("/v1/assets?ids=" + ids)
          .then()
          .statusCode(400)
          .body("errors.field", contains("ids"));
    }
  }

  @Test
  void nothingDependsOnItselfNorOnWhatIsUnknown() {
    String one = register(Map.of("name", "one", "kind", "SERVER"));
    String other = register(Map.of("name", "other", "kind", "SERVER"));
    depend(one, other).then().statusCode(200);

    problem(depend(other, one), 409, "circular-dependency");
    problem(depend(one, one), 409, "circular-dependency");
    problem(depend(one, UUID.randomUUID().toString()), 422, "unknown-asset");
  }

  @Test
  void anAssetDependsOnSuppliersBesideTheOneItWasBoughtFrom() {
    // Given an application on a server
    String server = register(Map.of("name", "one", "kind", "SERVER"));
    String shop = register(Map.of("name", "shop", "kind", "APPLICATION"));
    String host = supplier();
    String payment = supplier();
    depend(shop, server).then().statusCode(200).body("dependsOnSuppliers", hasSize(0));

    // When it depends on two suppliers, too
    relyOn(shop, server, List.of(host, payment))
        .then()
        .statusCode(200)
        .body("dependsOnSuppliers", containsInAnyOrder(host, payment));

    // Then it is found by each, and who says nothing of them changes nothing of them
    asked("dependsOnSupplier=" + host).body("items.id", contains(shop));
    depend(shop, server).then().body("dependsOnSuppliers", containsInAnyOrder(host, payment));

    // And the event names who came and who went
    relyOn(shop, server, List.of(host)).then().statusCode(200);
    asked("dependsOnSupplier=" + payment).body("items", hasSize(0));
    try (Topic topic = Topic.named("vigie.asset.events")) {
      JsonPath last = JsonPath.from(new String(topic.await(4, about(shop)).get(3).value()));
      assertEquals(List.of(payment), last.getList("suppliersRemoved"));
      assertEquals(List.of(), last.getList("suppliersAdded"));
      assertEquals(List.of(), last.getList("added"));
      assertEquals(Map.of("dependsOnSuppliers", List.of(host)), last.getMap("changes"));
    }

    // And nothing depends on a supplier that there is not
    problem(relyOn(shop, server, List.of(UUID.randomUUID().toString())), 422, "unknown-supplier");
  }

  private static String supplier() {
    return Calls.create(
        TOKEN,
        "/v1/suppliers",
        Map.of(
            "name",
            "Supplier " + UUID.randomUUID(),
            "services",
            "Keeps the servers up to date",
            "activities",
            List.of("MAINTAINS"),
            "criticality",
            "LOW",
            "handlesClientData",
            false,
            "countries",
            List.of("FR"),
            "contactName",
            "Camille Durand",
            "contactEmail",
            "c.durand@supplier.example"));
  }

  private static Response relyOn(String id, String asset, List<String> suppliers) {
    return change(
        id,
        "PUT",
        "/dependencies",
        Map.of("dependsOn", List.of(asset), "dependsOnSuppliers", suppliers));
  }

  private static ValidatableResponse asked(String filter) {
    return Rest.as(TOKEN).get("/v1/assets?" + filter).then();
  }

  @Test
  void whoeverGetsAnAssetSignsForItThemselves() {
    // Given two people with accounts
    UUID anna = UUID.randomUUID();
    UUID annasAccount = UUID.randomUUID();
    UUID ben = UUID.randomUUID();
    UUID bensAccount = UUID.randomUUID();
    join(anna, annasAccount);
    join(ben, bensAccount);
    String asAnna = Tokens.of(annasAccount, STAFF);
    String asBen = Tokens.of(bensAccount, STAFF);
    String id = register(Map.of("name", "laptop-7", "kind", "LAPTOP"));

    // When it is handed to Anna
    await()
        .untilAsserted(
            () -> {
              change(id, "POST", "/handover", Map.of("to", anna)).then().statusCode(200);
              Rest.as(asAnna).get("/v1/tasks").then().body("items.subject", hasItem("asset/" + id));
            });
    Rest.as(asBen).get("/v1/tasks").then().body("items.subject", not(hasItem("asset/" + id)));

    // Then neither Ben nor the manager can sign, and Anna can
    await().untilAsserted(() -> problem(sign(asBen, id), 403, "forbidden"));
    problem(sign(Tokens.of(UUID.randomUUID(), ASSET_MANAGER), id), 403, "forbidden");
    sign(asAnna, id)
        .then()
        .statusCode(200)
        .body("custodian", equalTo(anna.toString()))
        .body("handoverTo", equalTo(null));
    Rest.as(TOKEN).get("/v1/assets?custodian=" + anna).then().body("items.id", contains(id));

    // And it comes back
    change(id, "POST", "/return", Map.of()).then().statusCode(200).body("custodian", equalTo(null));
    problem(change(id, "POST", "/return", Map.of()), 409, "asset-with-nobody");
  }

  @Test
  void kindsAreListedWithTheirAttributesInBothLanguages() {
    Rest.as(Tokens.of(STAFF))
        .get("/v1/asset-kinds")
        .then()
        .statusCode(200)
        .body("items.kind", hasItems("LAPTOP", "PREMISES", "PAPER_ARCHIVE"))
        .body("items.find { it.kind == 'TAPE' }.title.fr", equalTo("Bande"));
  }

  private static void join(UUID person, UUID account) {
    try (Topic access = Topic.named("vigie.access.events")) {
      access.publish(
          "person.joined.v1",
          "person/" + person,
          person.toString(),
          "{\"aggregateId\":\"%s\",\"subject\":\"%s\",\"at\":\"2026-01-02T03:04:05Z\"}"
              .formatted(person, account));
    }
  }

  private static Response sign(String token, String id) {
    String etag = Rest.as(TOKEN).get("/v1/assets/" + id).header("ETag");
    return Rest.as(token)
        .header("If-Match", etag)
        .body("{}")
        .post("/v1/assets/" + id + "/handover/signature");
  }

  private static Response depend(String id, String on) {
    return change(id, "PUT", "/dependencies", Map.of("dependsOn", List.of(on)));
  }

  private static void classify(String id, int a, int i, int c, int p) {
    change(
            id,
            "PUT",
            "/classification",
            Map.of(
                "availability",
                a,
                "integrity",
                i,
                "confidentiality",
                c,
                "proof",
                p,
                "rationale",
                "test"))
        .then()
        .statusCode(200);
  }

  private static void effective(String id, int a, int i, int c, int p) {
    Rest.as(TOKEN)
        .get("/v1/assets/" + id)
        .then()
        .body("effective.availability", equalTo(a))
        .body("effective.integrity", equalTo(i))
        .body("effective.confidentiality", equalTo(c))
        .body("effective.proof", equalTo(p));
  }

  private static String register(Map<String, Object> body) {
    Map<String, Object> whole = new HashMap<>(body);
    whole.put("production", false);
    return Rest.as(TOKEN)
        .body(whole)
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static Response change(String id, String method, String what, Map<String, ?> body) {
    Map<String, Object> whole = new HashMap<>(body);
    if (what.isEmpty()) {
      whole.put("production", false);
    }
    String etag = Rest.as(TOKEN).get("/v1/assets/" + id).header("ETag");
    return Rest.as(TOKEN)
        .header("If-Match", etag)
        .body(whole)
        .request(method, "/v1/assets/" + id + what);
  }
}
