package io.vigie.asset.site;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.asset.Calls;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;

import static io.vigie.asset.Calls.tasks;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ClosureTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);

  @Test
  void aSiteThatClosesChangesNoAssetAndMakesATaskOfEachAlsoOfWhatIsRetired() {
    String site = register(Map.of("name", "Lyon", "kind", "PREMISES", "production", false));
    Map<String, Object> there =
        Map.of("name", "printer", "kind", "PRINTER", "production", false, "site", site);
    String printer = register(there);

    String closure = announce(site).then().statusCode(201).extract().path("id");
    problem(announce(site), 409, "already-exists");
    Rest.as(TOKEN).get("/v1/assets/" + printer).then().body("site", equalTo(site));
    assertTrue(tasks(TOKEN, "asset/" + printer).contains("site.move-asset"));
    problem(end(closure, "completion"), 409, "site-not-empty");

    Rest.as(TOKEN)
        .header("If-Match", "\"0\"")
        .body(Map.of("reason", "worn out"))
        .post("/v1/assets/" + printer + "/retirement");
    assertTrue(tasks(TOKEN, "asset/" + printer).contains("site.move-asset"));
    problem(end(closure, "completion"), 409, "site-not-empty");
  }

  @Test
  void whatWasDiscoveredAtASiteThatClosesIsATaskUntilItIsJudged() {
    // Given
    String site = register(Map.of("name", "Lyon", "kind", "PREMISES", "production", false));
    String serial = UUID.randomUUID().toString();
    String found =
        Rest.as(Tokens.of(TOOL))
            .contentType("text/csv")
            .body("serial,name,kind\n" + serial + ",host,SERVER\n")
            .post("/v1/inventories")
            .path("rows[0].asset");
    Map<String, Object> there =
        Map.of(
            "name",
            "host",
            "kind",
            "SERVER",
            "production",
            false,
            "serialNumber",
            serial,
            "site",
            site);
    describe(found, there).then().statusCode(200);

    // When
    String closure = announce(site).path("id");

    // Then
    assertTrue(tasks(TOKEN, "asset/" + found).contains("site.move-asset"));
    problem(end(closure, "completion"), 409, "site-not-empty")
        .body("detail", containsString("1 assets and 0 zones"));

    // When it is none of ours
    change(found, "rejection", Map.of("reason", "a visitor's"));

    // Then
    assertEquals(List.of(), tasks(TOKEN, "asset/" + found));
    end(closure, "completion").then().statusCode(200);
  }

  @Test
  void aZoneOfASiteThatClosesIsATaskUntilItIsElsewhereOrRetired() {
    // Given two zones there, and one that is retired
    String site = register(Map.of("name", "Lyon", "kind", "PREMISES", "production", false));
    String moved = zone(site);
    String given = zone(site);
    String before = zone(site);
    retire(before);

    // When it will close
    String closure = announce(site).path("id");

    // Then each zone in use is a task, unchanged, and the site is not empty
    for (String zone : List.of(moved, given)) {
      assertEquals(List.of("site.move-zone"), tasks(TOKEN, "zone/" + zone));
      Rest.as(TOKEN).get("/v1/zones/" + zone).then().body("site", equalTo(site));
    }
    assertEquals(List.of(), tasks(TOKEN, "zone/" + before));
    assertEquals(List.of(), tasks(Tokens.of(STAFF), "zone/" + moved));
    Rest.as(TOKEN)
        .get("/v1/zones?retired=false&site=" + site)
        .then()
        .body("items.id", contains(moved, given));
    problem(end(closure, "completion"), 409, "site-not-empty")
        .body("detail", containsString("0 assets and 2 zones"));

    // When one is placed elsewhere and the other given up
    Map<String, Object> nowhere =
        Map.of("name", "zone " + moved, "purpose", "DMZ", "ranges", List.of());
    Calls.put(TOKEN, "/v1/zones/" + moved, nowhere).then().statusCode(200);
    retire(given);

    // Then nothing is left
    for (String zone : List.of(moved, given)) {
      assertEquals(List.of(), tasks(TOKEN, "zone/" + zone));
    }
    end(closure, "completion").then().statusCode(200);
  }

  private static String zone(String site) {
    return Calls.create(TOKEN, "/v1/zones", zoneAt(site));
  }

  private static Map<String, Object> zoneAt(String site) {
    return Map.of(
        "name", "zone " + UUID.randomUUID(), "purpose", "DMZ", "site", site, "ranges", List.of());
  }

  @Test
  void whatIsInARoomOfASiteThatClosesIsAtTheSite() {
    // Given a printer and a zone in a room of a floor
    String site = register(Map.of("name", "Lyon", "kind", "PREMISES", "production", false));
    String floor = register(at(site, "PREMISES"));
    String room = register(at(floor, "PREMISES"));
    String printer = register(at(room, "PRINTER"));
    String zone = zone(room);

    // When the site will close, and the room even before
    String closure = announce(site).then().statusCode(201).extract().path("id");
    String before = announce(room).then().statusCode(201).extract().path("id");

    // Then all of them are a task, each once
    for (String asset : List.of(floor, room, printer)) {
      assertEquals(List.of("site.move-asset"), tasks(TOKEN, "asset/" + asset));
    }
    assertEquals(List.of("site.move-zone"), tasks(TOKEN, "zone/" + zone));
    problem(end(closure, "completion"), 409, "site-not-empty")
        .body("detail", containsString("3 assets and 1 zones"));

    // And nothing else comes there
    end(before, "cancellation").then().statusCode(200);
    for (String kind : List.of("PRINTER", "PREMISES")) {
      problem(Rest.as(TOKEN).body(at(room, kind)).post("/v1/assets"), 409, "site-closes")
          .body("detail", containsString("site-closure/" + closure));
    }
    problem(Rest.as(TOKEN).body(zoneAt(room)).post("/v1/zones"), 409, "site-closes");

    // When the floor moves with all that is in it
    describe(floor, Map.of("name", "floor", "kind", "PREMISES", "production", false))
        .then()
        .statusCode(200);

    // Then nothing is left
    for (String subject : List.of("asset/" + floor, "asset/" + printer, "zone/" + zone)) {
      assertEquals(List.of(), tasks(TOKEN, subject));
    }
    end(closure, "completion").then().statusCode(200);
  }

  @Test
  void premisesAreGivenUpOnceNothingIsThereAndTakeNothingAfterwards() {
    // Given a printer in a room, and a zone
    String site = register(Map.of("name", "Lyon", "kind", "PREMISES", "production", false));
    String room = register(at(site, "PREMISES"));
    String printer = register(at(room, "PRINTER"));
    String zone = zone(site);
    problem(giveUp(room), 409, "site-not-empty")
        .body("detail", containsString("1 assets and 0 zones"));
    problem(giveUp(site), 409, "site-not-empty")
        .body("detail", containsString("2 assets and 1 zones"))
        .body("detail", containsString("/v1/assets?site=" + site));

    // When all that is elsewhere
    describe(room, Map.of("name", "room", "kind", "PREMISES", "production", false))
        .then()
        .statusCode(200);
    retire(zone);
    giveUp(site).then().statusCode(200).body("state", equalTo("RETIRED"));

    // Then nothing is placed or moved there
    for (String kind : List.of("PRINTER", "PREMISES")) {
      problem(Rest.as(TOKEN).body(at(site, kind)).post("/v1/assets"), 422, "unknown-reference")
          .body("errors.field", contains("site"));
    }
    problem(Rest.as(TOKEN).body(zoneAt(site)).post("/v1/zones"), 422, "unknown-reference");
    problem(describe(printer, at(site, "PRINTER")), 422, "unknown-reference");
  }

  @Test
  void premisesToWhichSomethingComesMeanwhileAreNotGivenUp() throws SQLException {
    // Given premises where somebody places something, and is not done
    String site = register(Map.of("name", "Lyon", "kind", "PREMISES", "production", false));
    try (Connection other = Infrastructure.running().runtimeRole("asset")) {
      other.setAutoCommit(false);
      execute(other, "select id from asset where id = '%s' for key share".formatted(site));

      // When they are given up, and something else comes there before that is done
      CompletableFuture<Response> retirement = call(() -> giveUp(site));
      awaitWaiting(other, 1);
      register(at(site, "PRINTER"));
      other.rollback();

      // Then it is seen
      problem(retirement.join(), 409, "site-not-empty")
          .body("detail", containsString("1 assets and 0 zones"));
    }
  }

  @Test
  void whateverComesToPremisesWhileTheyAreGivenUpWaitsAndIsRefused() throws SQLException {
    // Given premises that somebody gives up, and is not done
    String site = register(Map.of("name", "Lyon", "kind", "PREMISES", "production", false));
    String printer = register(Map.of("name", "x", "kind", "PRINTER", "production", false));
    try (Connection other = Infrastructure.running().runtimeRole("asset")) {
      other.setAutoCommit(false);
      execute(other, "select id from asset where id = '%s' for update".formatted(site));
      execute(
          other,
          "update asset set state = 'RETIRED', retired_at = now() where id = '%s'".formatted(site));

      // When something comes there, each way
      CompletableFuture<Response> table =
          call(
              () ->
                  Rest.as(TOKEN)
                      .contentType("text/csv")
                      .body("name,kind,site\nplotter,PRINTER," + site + "\n")
                      .post("/v1/assets/import?atomic=false"));
      List<CompletableFuture<Response>> others =
          List.of(
              call(() -> Rest.as(TOKEN).body(at(site, "PRINTER")).post("/v1/assets")),
              call(() -> describe(printer, at(site, "PRINTER"))),
              call(() -> Rest.as(TOKEN).body(zoneAt(site)).post("/v1/zones")));
      awaitWaiting(other, 4);
      other.commit();

      // Then none does
      others.forEach(answer -> problem(answer.join(), 422, "unknown-reference"));
      table.join().then().statusCode(200).body("refused", equalTo(1));
    }
  }

  private static CompletableFuture<Response> call(Supplier<Response> call) {
    return CompletableFuture.supplyAsync(call, task -> new Thread(task).start());
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Until so many calls wait for what {@code holder} has locked. */
  private static void awaitWaiting(Connection holder, int calls) {
    await().untilAsserted(() -> assertEquals(calls, waiting(holder)));
  }

  private static int waiting(Connection holder) throws SQLException {
    try (Statement statement = holder.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select count(distinct pid) from pg_locks
                where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))""")) {
      row.next();
      return row.getInt(1);
    }
  }

  @Test
  void discoveredPremisesAreRejectedOnceNothingIsThere() {
    String site =
        Rest.as(Tokens.of(TOOL))
            .contentType("text/csv")
            .body("serial,name,kind\n" + UUID.randomUUID() + ",annex,PREMISES\n")
            .post("/v1/inventories")
            .path("rows[0].asset");
    String printer = register(at(site, "PRINTER"));
    String path = "/v1/assets/" + site;
    Map<String, String> reason = Map.of("reason", "a neighbour's");
    problem(Calls.post(TOKEN, path, path + "/rejection", reason), 409, "site-not-empty");

    describe(printer, Map.of("name", "printer", "kind", "PRINTER", "production", false))
        .then()
        .statusCode(200);
    change(site, "rejection", reason);
  }

  @Test
  void premisesThatAreSaidToBeInThemselvesCanBeGivenUp() {
    String site = register(Map.of("name", "Lyon", "kind", "PREMISES", "production", false));
    describe(site, at(site, "PREMISES")).then().statusCode(200);

    giveUp(site).then().statusCode(200);
  }

  private static Response giveUp(String premises) {
    String path = "/v1/assets/" + premises;
    return Calls.post(TOKEN, path, path + "/retirement", Map.of("reason", "the lease ended"));
  }

  private static Map<String, Object> at(String site, String kind) {
    return Map.of("name", "x", "kind", kind, "production", false, "site", site);
  }

  private static void retire(String zone) {
    String path = "/v1/zones/" + zone;
    Calls.post(TOKEN, path, path + "/retirement").then().statusCode(200);
  }

  @Test
  void nothingComesToASiteThatCloses() {
    // Given
    String site = register(Map.of("name", "Lyon", "kind", "PREMISES", "production", false));
    Map<String, Object> there =
        Map.of("name", "printer", "kind", "PRINTER", "production", false, "site", site);
    Map<String, Object> elsewhere = Map.of("name", "tape", "kind", "TAPE", "production", false);
    String inside = register(there);
    String outside = register(elsewhere);
    String closure = announce(site).path("id");

    // Then what is there can still be described, and nothing else comes there
    Map<String, Object> renamed = new HashMap<>(there);
    renamed.put("name", "the old printer");
    describe(inside, renamed).then().statusCode(200);
    Map<String, Object> moved = new HashMap<>(elsewhere);
    moved.put("site", site);
    for (Response refused :
        List.of(Rest.as(TOKEN).body(there).post("/v1/assets"), describe(outside, moved))) {
      problem(refused, 409, "site-closes")
          .body("detail", containsString("site-closure/" + closure));
    }
    problem(
            Rest.as(TOKEN)
                .contentType("text/csv")
                .body("name,kind,site\nplotter,PRINTER," + site + "\n")
                .post("/v1/assets/import"),
            422,
            "rows-refused")
        .body("errors.field", contains("row 1: site"))
        .body("errors[0].message", containsString("site-closure/" + closure));

    // When it stays open after all
    end(closure, "cancellation").then().statusCode(200);
    describe(outside, moved).then().statusCode(200);
  }

  @Test
  void whatIsFoundAgainAtASiteThatHasClosedIsATask() {
    String site = register(Map.of("name", "Lyon", "kind", "PREMISES", "production", false));
    String lost =
        register(Map.of("name", "p", "kind", "PRINTER", "production", false, "site", site));
    change(
        lost,
        "loss",
        Map.of("stolen", false, "circumstances", "x", "occurredAt", "2026-01-01T00:00:00Z"));
    String closure = announce(site).path("id");
    end(closure, "completion").then().statusCode(200).body("stage", equalTo("COMPLETED"));
    problem(end(closure, "completion"), 409, "closure-over");
    problem(announce(site), 409, "already-exists");

    change(lost, "recovery", Map.of("circumstances", "in the cellar"));

    assertEquals(List.of("site.move-asset"), Calls.tasks(TOKEN, "asset/" + lost));
  }

  private static void change(String asset, String what, Map<String, ?> body) {
    String path = "/v1/assets/" + asset;
    Calls.post(TOKEN, path, path + "/" + what, body).then().statusCode(200);
  }

  @Test
  void onlyPremisesClose() {
    problem(
        announce(register(Map.of("name", "x", "kind", "TAPE", "production", false))),
        422,
        "not-a-site");
  }

  private static Response announce(String site) {
    return Rest.as(TOKEN)
        .body(Map.of("site", site, "closesOn", "2026-06-30", "reason", "the lease ends"))
        .post("/v1/site-closures");
  }

  private static Response describe(String asset, Map<String, ?> body) {
    return Rest.as(TOKEN).header("If-Match", "*").body(body).put("/v1/assets/" + asset);
  }

  private static Response end(String closure, String how) {
    String etag = Rest.as(TOKEN).get("/v1/site-closures/" + closure).header("ETag");
    return Rest.as(TOKEN)
        .header("If-Match", etag)
        .body(how.equals("completion") ? "{}" : "{\"reason\":\"the lease goes on\"}")
        .post("/v1/site-closures/" + closure + "/" + how);
  }

  private static String register(Map<String, ?> body) {
    return Rest.as(TOKEN).body(body).post("/v1/assets").then().statusCode(201).extract().path("id");
  }
}
