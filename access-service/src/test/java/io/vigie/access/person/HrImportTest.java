package io.vigie.access.person;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.join;
import static io.vigie.access.Api.leave;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.HR_IMPORT;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class HrImportTest {

  private static final String HEADER =
      "givenName,familyName,email,employeeNumber,businessProfile,manager,joinedOn\n";

  private static final String CONTRACTORS = HEADER.replace("\n", ",kind,host,endsOn\n");

  private static final int ROWS = 3_000;

  @Inject MovableClock clock;
  @Inject DataSource database;

  /** Part of every address and number of one test. */
  private final String mark = UUID.randomUUID().toString().substring(0, 8);

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), clock.getZone());
  }

  private String row(int number, String manager) {
    return "Ada,Byron%1$s,%2$d-%1$s@example.org,%1$s-%2$d,developer,%3$s,2025-09-01\n"
        .formatted(mark, number, manager);
  }

  private String number(int number) {
    return mark + "-" + number;
  }

  private String contractor(int number, String host) {
    return row(number, "")
        .replace("\n", ",CONTRACTOR,%s,%s\n".formatted(host, today().plusDays(30)));
  }

  private String employee(int number, String manager) {
    return row(number, manager).replace("\n", ",,,\n");
  }

  @Test
  void aTableThatStillHasSomebodyWhoWasErasedDoesNotBringThemBack() {
    // Given
    String gone = imported(HEADER + row(1, "") + row(2, ""), "").extract().path("taken[0].person");
    Api.leave(gone).then().statusCode(200);
    Api.change(
            Tokens.of(CISO),
            "POST",
            "/v1/people/" + gone,
            "/erasure",
            Map.of("reason", "they asked for it", "reference", "DPO-2026-014"))
        .then()
        .statusCode(200);

    // When the next one has the address under another number, and the number with another address
    String byEmail = row(1, "").replace(number(1), "x-" + mark).toUpperCase();
    String byNumber = row(1, "").replace("1-" + mark + "@", "x-" + mark + "@");

    // Then
    imported(HEADER + row(1, "") + row(2, "") + row(3, ""), "?atomic=false")
        .body("created", equalTo(1))
        .body("unchanged", equalTo(1))
        .body("rows.row", contains(1))
        .body("rows[0].errors.field", contains("email", "employeeNumber"))
        .body("rows[0].errors[0].message", containsString("erased"));
    imported(HEADER + byEmail.replace("DEVELOPER", "developer"), "?atomic=false")
        .body("rows[0].errors.field", contains("email"));
    imported(HEADER + byNumber, "?atomic=false")
        .body("rows[0].errors.field", contains("employeeNumber"));
    found().body("items", hasSize(2));
  }

  @Test
  void aTableIsTriedThenImportedAndImportingItAgainChangesNothing() {
    String boss = join(null);
    String table =
        HEADER
            + row(1, number(2).toUpperCase())
            + row(2, boss)
            + row(3, "2-" + mark + "@example.org");

    imported(table, "?dryRun=true")
        .body("dryRun", equalTo(true))
        .body("created", equalTo(3))
        .body("taken.row", contains(1, 2, 3))
        .body("taken.result", contains("CREATED", "CREATED", "CREATED"))
        .body("taken.person", contains(nullValue(), nullValue(), nullValue()));
    found().body("items", hasSize(0));

    List<String> taken =
        imported(table, "")
            .body("created", equalTo(3))
            .body("refused", equalTo(0))
            .extract()
            .path("taken.person");
    List<String> ids = found().extract().path("items.id");
    assertEquals(ids, taken);
    String second = ids.get(1);
    found()
        .body("items.employeeNumber", contains(number(1), number(2), number(3)))
        .body("items.manager", contains(second, boss, second))
        .body("items.kind", contains("EMPLOYEE", "EMPLOYEE", "EMPLOYEE"))
        .body("items.state", contains("ACTIVE", "ACTIVE", "ACTIVE"));
    try (Topic topic = Topic.named("vigie.access.events")) {
      ids.forEach(id -> topic.await(1, about(id).and(ofType("person.joined.v1"))));
    }

    imported(table, "").body("unchanged", equalTo(3)).body("updated", equalTo(0));
    imported(table.replaceFirst("developer", "team lead"), "")
        .body("unchanged", equalTo(2))
        .body("updated", equalTo(1))
        .body("taken.result", contains("UPDATED", "UNCHANGED", "UNCHANGED"))
        .body("taken.person", equalTo(ids));
    found().body("items[0].businessProfile", equalTo("team lead"));
  }

  @Test
  void aTableChangesWhatItHasColumnsForAndNothingElse() {
    imported(HEADER + row(1, ""), "").body("created", equalTo(1));
    String id = found().extract().path("items[0].id");
    String subject = UUID.randomUUID().toString();
    var details = Api.profile(UUID.fromString(subject));
    details.put("familyName", "Byron" + mark);
    details.put("employeeNumber", number(1));
    Api.change(TOKEN, "PUT", "/v1/people/" + id, "", details).then().statusCode(200);

    imported("employeeNumber,site\n" + number(1) + "," + id + "\n", "").body("updated", equalTo(1));

    Rest.as(TOKEN)
        .get("/v1/people/" + id)
        .then()
        .body("site", equalTo(id))
        .body("subject", equalTo(subject))
        .body("familyName", equalTo("Byron" + mark));
  }

  @Test
  void oneBadRowOfManyKeepsAllOutUnlessTheOthersAreWanted() {
    String table =
        HEADER
            + IntStream.rangeClosed(1, 400)
                .mapToObj(i -> row(i, ""))
                .collect(Collectors.joining())
                .replace("200-" + mark + "@example.org", "no address");

    problem(post(table, ""), 422, "rows-refused").body("errors.field", contains("row 200: email"));
    found().body("items", hasSize(0));

    imported(table, "?atomic=false")
        .body("created", equalTo(399))
        .body("refused", equalTo(1))
        .body("rows.row", contains(200))
        .body("rows[0].person", nullValue())
        .body("rows[0].errors.field", contains("email"));
    imported(table, "?atomic=false").body("unchanged", equalTo(399)).body("refused", equalTo(1));
  }

  @Test
  void nobodyStandsInTwoRowsOrHasWhatIsAnothers() {
    imported(HEADER + row(1, "") + row(2, ""), "").body("created", equalTo(2));
    String table =
        HEADER
            + row(3, "")
            + row(3, "").replace("3-" + mark + "@", "4-" + mark + "@")
            + row(5, "").replace("5-" + mark + "@", "3-" + mark.toUpperCase() + "@")
            + row(1, "").replace("1-" + mark + "@", "2-" + mark + "@")
            + row(7, "").replace("7-" + mark + "@", "2-" + mark + "@")
            + "Ada,Nobody,,,developer,,2025-09-01\n";

    problem(post(table, ""), 422, "rows-refused")
        .body(
            "errors.field",
            contains(
                "row 2: employeeNumber",
                "row 3: email",
                "row 4: email",
                "row 5: email",
                "row 5: email",
                "row 6: row",
                "row 6: email"));
  }

  @Test
  void circlesOfManagersAreNamedWithTheRowsThatMakeThem() {
    String table =
        HEADER
            + row(1, number(2))
            + row(2, number(3))
            + row(3, number(1))
            + row(4, number(4))
            + row(5, number(3))
            + row(6, "nobody-" + mark);

    problem(post(table, ""), 422, "rows-refused")
        .body(
            "errors.field",
            contains(
                "row 1: manager",
                "row 2: manager",
                "row 3: manager",
                "row 4: manager",
                "row 6: manager"));
    imported(table, "?dryRun=true&atomic=false")
        .body("refused", equalTo(6))
        .body("rows[3].errors[0].message", equalTo("leads back to themselves: row 4 → row 4"))
        .body("rows[4].errors[0].message", equalTo("stands in row 3, which is refused"));
  }

  @Test
  void whoeverWouldBeHostedByWhomARefusedRowIsAboutIsLeftOutWithThem() {
    // Given contractors whose host, and whose host's manager, stand in refused rows behind theirs
    String table =
        CONTRACTORS
            + contractor(1, number(2))
            + employee(2, number(4))
            + contractor(3, "4-" + mark + "@example.org")
            + employee(4, "").replace("Ada", "")
            + employee(5, "");

    // When it is tried, and then taken
    for (String query : List.of("?dryRun=true&atomic=false", "?atomic=false")) {
      imported(table, query)
          .body("created", equalTo(1))
          .body("rows.row", contains(1, 2, 3, 4))
          .body("rows.errors.field.flatten()", contains("host", "manager", "host", "givenName"))
          .body("rows[0].errors[0].message", equalTo("stands in row 2, which is refused"))
          .body("rows[2].errors[0].message", equalTo("stands in row 4, which is refused"));
    }

    // Then
    found().body("items.employeeNumber", contains(number(5)));

    // When the one row is corrected
    imported(table.replace("\n,Byron", "\nAda,Byron"), "?atomic=false")
        .body("created", equalTo(4))
        .body("unchanged", equalTo(1));

    // Then
    List<String> ids = found().extract().path("items.id");
    found()
        .body(
            "items.employeeNumber", contains(number(5), number(1), number(2), number(3), number(4)))
        .body("items.host", contains(null, ids.get(2), null, ids.get(4), null));
  }

  @Test
  void nobodyIsTheirOwnHost() {
    String host = join(null);
    problem(post(CONTRACTORS + contractor(1, number(1)), ""), 422, "rows-refused")
        .body("errors.field", contains("row 1: host"));
    imported(CONTRACTORS + contractor(1, host), "").body("created", equalTo(1));

    imported("employeeNumber,host\n" + line(1, number(1)), "?atomic=false")
        .body("refused", equalTo(1))
        .body("rows[0].errors.field", contains("host"));

    found().body("items.host", contains(host));
  }

  @Test
  void aCircleThroughSomebodyWhoIsNotInTheTableIsFound() {
    imported(HEADER + row(1, "") + row(2, number(1)) + row(3, number(2)), "")
        .body("created", equalTo(3));
    String middle = found().extract().path("items[1].id");

    problem(post("employeeNumber,manager\n" + number(1) + "," + number(3), ""), 422, "rows-refused")
        .body("errors.field", contains("row 1: manager"));
    imported("employeeNumber,manager\n" + number(1) + "," + number(3), "?atomic=false")
        .body("rows[0].errors[0].message", containsString(middle));
  }

  @Test
  void daysThatCannotBeAreRefused() {
    String header =
        "givenName,familyName,email,kind,businessProfile,host,joinedOn,endsOn,lastDay\n";
    String host = join(null);
    String table =
        header
            + line("a", "", "", "1066-10-14", "", "")
            + line("b", "", "", "yesterday", "", "")
            + line("c", "contractor", host, "2025-09-01", "2025-12-31", "")
            + line("d", "CONTRACTOR", "", "2025-09-01", "", "")
            + line("e", "", "", "2025-09-01", "", "2025-12-31")
            + line("f", "VISITOR", "", "2025-09-01", "", "")
            + line("g", "", "", today().plusYears(2).toString(), "", "");

    problem(post(table, ""), 422, "rows-refused")
        .body(
            "errors.field",
            contains(
                "row 1: joinedOn",
                "row 2: joinedOn",
                "row 2: joinedOn",
                "row 3: endsOn",
                "row 4: host",
                "row 4: endsOn",
                "row 5: lastDay",
                "row 6: kind",
                "row 7: joinedOn"));
  }

  private String line(String name, String kind, String host, String... days) {
    return "Ada,Byron%1$s,%2$s-%1$s@example.org,%3$s,developer,%4$s,%5$s\n"
        .formatted(mark, name, kind, host, String.join(",", days));
  }

  @Test
  void comingsAndGoingsAheadOfTimeAreImported() {
    String header = "email,givenName,familyName,businessProfile,joinedOn,lastDay\n";
    String address = "x-" + mark + "@example.org";
    String row = address + ",Ada,Byron" + mark + ",developer,";
    imported(header + row + today().plusDays(1) + "," + today().plusDays(3) + "\n", "")
        .body("created", equalTo(1));
    found().body("items.state", contains("ANNOUNCED")).body("items[0].lastDay", notNullValue());

    imported("email,lastDay\n" + address + ",\n", "").body("updated", equalTo(1));
    found().body("items[0].lastDay", nullValue());
    imported("email,lastDay\n" + address + "," + today().plusDays(1) + "\n", "")
        .body("updated", equalTo(1));
    clock.move(Duration.ofDays(2));

    await().untilAsserted(() -> found().body("items.state", contains("LEFT")));
    problem(post("email,businessProfile\n" + address + ",other\n", ""), 422, "rows-refused")
        .body("errors.field", contains("row 1: row"));
    imported("email\n" + address + "\n", "").body("unchanged", equalTo(1));
  }

  @Test
  void aLastDayOfWhoLeftAlreadyIsNoChangeAndKeepsNobodyElseOut() throws SQLException {
    // Given somebody who left at once, and somebody by the end of the contract
    imported(HEADER + row(1, "") + row(2, ""), "").body("created", equalTo(2));
    String host = join(null);
    String ending = today().plusDays(1).toString();
    imported(
            CONTRACTORS + row(3, "").replace("\n", ",CONTRACTOR," + host + "," + ending + "\n"), "")
        .body("created", equalTo(1));
    leave(id(1)).then().statusCode(200);
    clock.move(Duration.ofDays(2));
    await().untilAsserted(() -> found().body("items[2].state", equalTo("LEFT")));

    // When the table names their last days
    String soon = today().plusDays(30).toString();
    String header = "employeeNumber,lastDay\n";
    String table =
        header
            + line(1, today().minusDays(2).toString())
            + line(2, soon)
            + line(3, today().minusDays(1).toString());
    imported(table, "").body("unchanged", equalTo(2)).body("updated", equalTo(1));

    // Then
    found().body("items.state", contains("LEFT", "ACTIVE", "LEFT"));
    imported(table, "").body("unchanged", equalTo(3));
    imported(header + line(1, soon), "").body("unchanged", equalTo(1));
    problem(
            post("employeeNumber,lastDay,businessProfile\n" + line(1, soon, "other"), ""),
            422,
            "rows-refused")
        .body("errors.field", contains("row 1: row"));
  }

  @Test
  void aTableDoesNotSayWhoLeadsWhoeverImportsIt() {
    // Given an access manager, who works here
    imported(HEADER + row(1, ""), "").body("created", equalTo(1));
    UUID subject = UUID.randomUUID();
    String own = Rest.as(TOKEN).get("/v1/people/" + join(subject)).path("email");
    String leads = "email,manager\n" + own + "," + number(1) + "\n";
    String willLead =
        "email,movesOn,nextManager\n%s,%s,%s\n".formatted(own, today().plusDays(3), number(1));

    // When, then
    for (String table : List.of(leads, willLead)) {
      problem(post(Tokens.of(subject, ACCESS_MANAGER), table, ""), 422, "rows-refused")
          .body("errors.field", contains("row 1: manager"));
    }
    String willDo =
        "email,movesOn,nextBusinessProfile\n%s,%s,analyst\n".formatted(own, today().plusDays(3));
    problem(post(Tokens.of(subject, ACCESS_MANAGER), willDo, ""), 422, "rows-refused")
        .body("errors.field", contains("row 1: nextBusinessProfile"));
    post(Tokens.of(subject, ACCESS_MANAGER), "email,businessProfile\n" + own + ",analyst\n", "")
        .then()
        .body("updated", equalTo(1));
    imported(willLead, "").body("updated", equalTo(1));
    imported(leads, "").body("updated", equalTo(1));
  }

  @Test
  void movesAheadOfTimeAreImportedAndTakenBackAndRepeatingThemChangesNothing() {
    String site = UUID.randomUUID().toString();
    imported(HEADER + row(1, "") + row(2, "") + row(3, number(1)), "").body("created", equalTo(3));
    List<String> ids = found().extract().path("items.id");
    String header = "employeeNumber,movesOn,nextManager,nextSite\n";
    String table =
        header
            + number(1)
            + ",,,\n"
            + number(2)
            + ",%s,,%s\n".formatted(today().plusDays(1), site)
            + number(3)
            + ",%s,%s,\n".formatted(today().plusDays(3), number(2));

    // When it is tried
    imported(table, "?dryRun=true").body("updated", equalTo(2)).body("unchanged", equalTo(1));
    found().body("items.plannedMove", contains(nullValue(), nullValue(), nullValue()));

    // When it is taken, again and again
    imported(table, "").body("updated", equalTo(2));
    for (String each : List.of("", "?atomic=false")) {
      imported(table, each).body("unchanged", equalTo(3));
    }

    // Then
    found()
        .body("items[1].plannedMove.site", equalTo(site))
        .body("items[1].plannedMove.manager", nullValue())
        .body("items[2].plannedMove.movesOn", equalTo(today().plusDays(3).toString()))
        .body("items[2].plannedMove.manager", equalTo(ids.get(1)))
        .body("items[2].manager", equalTo(ids.get(0)));

    // When the first day has come, and the table has not changed
    clock.move(Duration.ofDays(1));
    await().untilAsserted(() -> found().body("items[1].site", equalTo(site)));
    imported(table, "").body("unchanged", equalTo(3));

    // When the other move is put off, and then taken back
    imported(header + number(3) + ",%s,%s,\n".formatted(today().plusDays(9), ids.get(1)), "")
        .body("updated", equalTo(1));
    found().body("items[2].plannedMove.movesOn", equalTo(today().plusDays(9).toString()));
    imported(header + number(3) + ",,,\n", "?atomic=false").body("updated", equalTo(1));
    found().body("items[2].plannedMove", nullValue());

    // Then a table without these columns says nothing of moves
    imported(header + number(3) + ",%s,,%s\n".formatted(today().plusDays(1), site), "");
    imported("employeeNumber,businessProfile\n" + number(3) + ",analyst\n", "")
        .body("updated", equalTo(1));
    found().body("items[2].plannedMove.site", equalTo(site));

    // When somebody leaves whose move the table still has
    leave(ids.get(2)).then().statusCode(200);
    imported(header + number(3) + ",%s,,%s\n".formatted(today().plusDays(1), site), "")
        .body("unchanged", equalTo(1));
  }

  @Test
  void aTableSaysAheadWhatSomebodyWillDo() throws SQLException {
    // Given somebody who will do something that the catalogue has
    imported(HEADER + row(1, ""), "").body("created", equalTo(1));
    String next = Api.bundle("next " + mark, Api.entitlement(UUID.randomUUID(), "approve"));
    String header = "employeeNumber,movesOn,nextBusinessProfile\n";
    String table = header + line(1, today().plusDays(2).toString(), "next " + mark);
    imported(table, "").body("updated", equalTo(1));
    imported(table, "").body("unchanged", equalTo(1));
    found().body("items[0].plannedMove.businessProfile", equalTo("next " + mark));
    found().body("items[0].businessProfile", equalTo("developer"));

    // When the day has come
    clock.move(Duration.ofDays(2));

    // Then they hold it, and the same table changes nothing
    String id = id(1);
    await()
        .untilAsserted(
            () ->
                assertEquals(
                    List.of(next),
                    Rest.as(TOKEN)
                        .get("/v1/profile-assignments?state=CURRENT&person=" + id)
                        .path("items.profile")));
    found().body("items[0].businessProfile", equalTo("next " + mark));
    imported(table, "").body("unchanged", equalTo(1));

    // And what cannot be named is refused
    String soon = today().plusDays(5).toString();
    problem(
            post(header + line(1, soon, "x".repeat(101)) + line(2, "", "analyst"), ""),
            422,
            "rows-refused")
        .body(
            "errors.field.findAll { it.contains('next') || it.contains('moves') }",
            contains("row 1: nextBusinessProfile", "row 2: movesOn"));
  }

  @Test
  void movesThatCannotBeAreRefusedRowByRow() throws SQLException {
    imported(HEADER + row(1, "") + row(2, number(1)) + row(3, "") + row(4, "") + row(5, ""), "")
        .body("created", equalTo(5));
    String gone = join(null);
    leave(gone).then().statusCode(200);
    String soon = today().plusDays(5).toString();
    String table =
        "employeeNumber,movesOn,nextManager,nextSite,lastDay\n"
            + line(1, soon, number(2), "", "")
            + line(2, today().toString(), number(3), "", "")
            + line(3, soon, "", "", "")
            + line(4, soon, gone, "", today().plusDays(4).toString())
            + line(5, "", number(3), "x", "");

    imported(table, "?dryRun=true&atomic=false")
        .body("refused", equalTo(5))
        .body(
            "rows.collect { it.errors.collect { e -> e.field }.join(' ') }",
            contains(
                "nextManager", "movesOn", "nextManager", "nextManager movesOn", "nextSite movesOn"))
        .body("rows[0].errors[0].message", equalTo("leads back to themselves on that day"));
    problem(post(table, ""), 422, "rows-refused");
    found().body("items.findAll { it.plannedMove != null }", hasSize(0));

    // Who comes with the same table can be the next manager, unless their row is refused, also for
    // that of their own next manager
    String newcomers =
        HEADER.replace("\n", ",movesOn,nextManager\n")
            + row(6, "").replace("\n", ",%s,%s\n".formatted(soon, number(7)))
            + row(7, "").replace("\n", ",%s,%s\n".formatted(soon, number(8)))
            + row(8, "").replace("\n", ",,\n");
    imported(newcomers.replace("Ada,Byron" + mark + ",8", ",Byron" + mark + ",8"), "?atomic=false")
        .body(
            "rows.errors.field",
            contains(List.of("nextManager"), List.of("nextManager"), List.of("givenName")))
        .body("rows[0].errors[0].message", equalTo("stands in row 2, which is refused"))
        .body("rows[1].errors[0].message", equalTo("stands in row 3, which is refused"));
    imported(newcomers, "").body("created", equalTo(3));
    found().body("items[5].plannedMove.manager", equalTo(id(7)));
  }

  @Test
  void whatWasPlannedBeforeKeepsNothingElseFromBeingImportedWhenItCanBeNoMore() {
    imported(HEADER + row(1, "") + row(2, ""), "").body("created", equalTo(2));
    String header = "employeeNumber,movesOn,nextManager,businessProfile,lastDay\n";
    String soon = today().plusDays(5).toString();
    imported(header + line(1, soon, number(2), "developer", ""), "").body("updated", equalTo(1));
    String both =
        header
            + line(1, soon, number(2), "analyst", "")
            + line(2, "", "", "developer", today().plusDays(4).toString());

    imported(both, "").body("updated", equalTo(2));
    problem(post(both.replace(soon, today().plusDays(6).toString()), ""), 422, "rows-refused")
        .body("errors.field", contains("row 1: nextManager"))
        .body("errors.message", contains("leaves before that day"));
  }

  private String line(int number, String... cells) {
    return number(number) + "," + String.join(",", cells) + "\n";
  }

  @Test
  void aTableFromElsewhereIsReadWithAMapping() {
    String table =
        "\uFEFFPrénom;Nom;Courriel;Matricule;Fonction;Arrivée;Salaire\nÉlise;Byron%1$s;%1$s@example.org;%1$s;dev;2025-09-01;1\n"
            .formatted(mark);

    problem(post(table, ""), 400, "validation");
    Rest.as(TOKEN)
        .contentType("text/csv; charset=utf-8")
        .queryParam(
            "map",
            "Prénom:givenName",
            "Nom:familyName",
            "Courriel:email",
            "Matricule:employeeNumber",
            "Fonction:businessProfile",
            "Arrivée:joinedOn",
            "Salaire:-")
        .body(table)
        .post("/v1/people/import")
        .then()
        .statusCode(200)
        .body("created", equalTo(1));
    found().body("items.givenName", contains("Élise"));
  }

  @Test
  void aLeaverIsNobodysManager() {
    String gone = join(null);
    leave(gone).then().statusCode(200);

    problem(post(HEADER + row(1, gone), ""), 422, "rows-refused")
        .body("errors.field", contains("row 1: manager"));
  }

  @Test
  void whoLeftIsNobodysNewManagerThoughInTheTableAndStaysInUnchangedRows() {
    String table = HEADER + row(1, "") + row(2, number(1));
    imported(table, "").body("created", equalTo(2));
    leave(found().extract().path("items[0].id")).then().statusCode(200);

    imported(table, "").body("unchanged", equalTo(2));
    imported(HEADER + row(2, number(1)), "").body("unchanged", equalTo(1));
    imported((HEADER + row(2, number(1))).replace("developer", "team lead"), "")
        .body("updated", equalTo(1));
    problem(post(HEADER + row(1, "") + row(3, number(1)), ""), 422, "rows-refused")
        .body("errors.field", contains("row 2: manager"));
  }

  @Test
  void aWholeTableLocksPeopleInTheOrderOfTheirIdsWhateverItsOwn() throws Exception {
    // Given more rows than are stored at once, the last one about whoever has the lowest id
    List<String> rows =
        new ArrayList<>(IntStream.rangeClosed(1, 501).mapToObj(i -> row(i, "")).toList());
    imported(HEADER + String.join("", rows), "").body("created", equalTo(501));
    Collections.reverse(rows);
    String changed = (HEADER + String.join("", rows)).replace("developer", "team lead");
    String first = id(1);
    String last = id(501);

    // When
    try (Connection other = database.getConnection()) {
      other.setAutoCommit(false);
      // That it is free locks it, once the recomputation of rights is through with them.
      await().until(() -> isFree(other, first));
      CompletableFuture<Response> answer = CompletableFuture.supplyAsync(() -> post(changed, ""));
      await().until(() -> isAwaited(other));

      // Then
      await().until(() -> isFree(other, last));
      other.rollback();
      answer.join().then().statusCode(200).body("updated", equalTo(501));
    }
  }

  @Test
  void whoeverGetsAnotherManagerWaitsForTheirTurnBeforeTheirRowIsLocked() throws Exception {
    String person = join(null);
    var details = Api.profile(null);
    details.put("manager", join(null));

    try (Connection other = database.getConnection()) {
      other.setAutoCommit(false);
      try (Statement statement = other.createStatement()) {
        statement.execute("select pg_advisory_xact_lock(%d)".formatted(Relations.LOCK));
      }
      CompletableFuture<Response> answer =
          CompletableFuture.supplyAsync(
              () -> Api.change(TOKEN, "PUT", "/v1/people/" + person, "", details));
      await().until(() -> isAwaited(other));

      await().until(() -> isFree(other, person));
      other.rollback();
      answer.join().then().statusCode(200);
    }
  }

  private static void lock(Connection connection, String person) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "select id from person where id = '%s' for update nowait".formatted(person));
    }
  }

  /** Whether anybody waits for a lock that {@code holder} has. */
  private boolean isAwaited(Connection holder) throws SQLException {
    int pid = holder.unwrap(PGConnection.class).getBackendPID();
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "select count(*) > 0 from pg_stat_activity where ? = any(pg_blocking_pids(pid))")) {
      statement.setInt(1, pid);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** Not while somebody else works with the person, as the recomputation of rights does shortly. */
  private static boolean isFree(Connection connection, String person) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      lock(connection, person);
      return true;
    } catch (SQLException e) {
      connection.rollback(before);
      return false;
    }
  }

  @Test
  void whatIsNoTableIsRefusedWithAReason() {
    for (String table : new String[] {"email\n", "email,email\na,b\n", "email\na,b\n", ""}) {
      assertEquals(400, post(table, "").statusCode(), table);
    }
    byte[] latin = "email\né\n".getBytes(StandardCharsets.ISO_8859_1);
    problem(
        Rest.as(TOKEN).contentType("text/csv").body(latin).post("/v1/people/import"),
        400,
        "bad-request");
  }

  @Test
  void ofToolsOnlyTheHrSoftwareSaysWhoWorksHere() {
    String table = HEADER + row(1, "");

    for (String role : List.of(STAFF, TOOL)) {
      assertEquals(403, tried(Tokens.of(role), table), role);
    }
    assertEquals(200, tried(Tokens.of(HR_IMPORT), table));
  }

  private static int tried(String token, String table) {
    return Rest.as(token)
        .contentType("text/csv")
        .body(table)
        .post("/v1/people/import?dryRun=true")
        .statusCode();
  }

  @Test
  void aHundredThousandRowsAreReadAndOneMoreIsTooMany() {
    String rows =
        IntStream.rangeClosed(1, 100_000)
            .mapToObj(i -> row(i, i == 1 ? "" : number(1 + i / 10)))
            .collect(Collectors.joining());

    problem(post(HEADER + rows + row(100_001, ""), ""), 400, "bad-request");
    problem(
            post(HEADER + rows.replace(number(99_999) + ",developer", number(99_999) + ","), ""),
            422,
            "rows-refused")
        .body("errors.field", contains("row 99999: businessProfile"));
    imported(HEADER + rows, "?dryRun=true").body("created", equalTo(100_000));
  }

  @Test
  void thousandsOfRowsAreTakenWholeEachWithItsEvent() throws SQLException {
    String rows =
        IntStream.rangeClosed(1, ROWS)
            .mapToObj(i -> row(i, i == 1 ? "" : number(1 + i / 10)))
            .collect(Collectors.joining());

    imported(HEADER + rows, "")
        .body("created", equalTo(ROWS))
        .body("rows", empty())
        .body("taken", hasSize(1_000));
    imported(HEADER + rows, "").body("unchanged", equalTo(ROWS));

    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "select count(*) from person where family_name = ? and event_number = 1")) {
      statement.setString(1, "Byron" + mark);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        assertEquals(ROWS, row.getInt(1));
      }
    }
    String last =
        Rest.as(TOKEN)
            .queryParam("ids", id(ROWS))
            .get("/v1/people")
            .then()
            .body("items.employeeNumber", contains(number(ROWS)))
            .extract()
            .path("items[0].id");
    try (Topic topic = Topic.named("vigie.access.events")) {
      topic.await(1, about(last).and(ofType("person.joined.v1")));
    }
  }

  private String id(int number) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("select id from person where employee_number = ?")) {
      statement.setString(1, number(number));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  private ValidatableResponse found() {
    return Rest.as(TOKEN).get("/v1/people?name=Byron" + mark).then().statusCode(200);
  }

  private static ValidatableResponse imported(String table, String query) {
    return post(table, query).then().statusCode(200);
  }

  private static Response post(String table, String query) {
    return post(TOKEN, table, query);
  }

  private static Response post(String token, String table, String query) {
    return Rest.as(token)
        .contentType("text/csv; charset=utf-8")
        .body(table)
        .post("/v1/people/import" + query);
  }
}
