package io.vigie.audit.log;

import java.util.List;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

/** Events of several objects on one topic: audit-service does not mind which service sends them. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class AsOfResourceTest {

  private static Response get(String role, String path) {
    return Rest.as(Tokens.of(role)).get(path);
  }

  private static Draft event(String type, String object, int number, String time, String members) {
    UUID id = UUID.fromString(object.substring(object.indexOf('/') + 1));
    return Records.registration(id)
        .with("ce_type", type)
        .with("ce_dataschema", "urn:vigie:schema:" + type)
        .with("ce_subject", object)
        .with("ce_time", time)
        .with("ce_eventnumber", Integer.toString(number))
        .withValue("{\"aggregateId\":\"%s\",\"at\":\"%s\",%s}".formatted(id, time, members));
  }

  private static String approval(UUID person, UUID asset) {
    return "\"person\":\"%s\",\"asset\":\"%s\",\"entitlement\":\"admin\",\"changes\":{\"state\":\"APPROVED\"}"
        .formatted(person, asset);
  }

  private static String request(UUID person, UUID asset, String until) {
    return """
        "person":"%s","asset":"%s","entitlement":"admin","reason":"on call","validUntil":"%s",
        "changes":{"person":"%s","asset":"%s","entitlement":"admin","validUntil":"%s","state":"REQUESTED"}"""
        .formatted(person, asset, until, person, asset, until);
  }

  private static String run(UUID plan, UUID asset, String outcome, String end) {
    return """
        "plan":"%s","asset":"%s","outcome":"%s","startedAt":"2026-03-01T00:00:00Z","endedAt":"%s",
        "changes":{"plan":"%s","asset":"%s","outcome":"%s","endedAt":"%s","recoveryPoint":"UNVERIFIED"}"""
        .formatted(plan, asset, outcome, end, plan, asset, outcome, end);
  }

  @Test
  void anObjectsStateIsWhatItsEventsHadMadeItByThen() {
    String asset = "asset/" + UUID.randomUUID();
    List<Long> indexes =
        logged(
            List.of(
                event(
                    "asset.registered.v1",
                    asset,
                    1,
                    "2026-03-01T10:00:00Z",
                    "\"kind\":\"SERVER\",\"production\":true,\"changes\":{\"name\":\"web-1\",\"state\":\"IN_STOCK\"}"),
                event(
                    "asset.commissioned.v1",
                    asset,
                    2,
                    "2026-03-02T10:00:00Z",
                    "\"changes\":{\"state\":\"IN_SERVICE\",\"name\":null}"),
                event(
                    "asset.snapshot.v1",
                    asset,
                    2,
                    "2026-03-03T10:00:00Z",
                    "\"state\":{\"state\":\"IN_SERVICE\",\"kind\":\"SERVER\"}")));
    String path = "/v1/log/as-of?subject=" + asset + "&at=";

    get(ASSET_MANAGER, path + "2026-03-01T10:00:00Z")
        .then()
        .statusCode(200)
        .body("state.state", equalTo("IN_STOCK"))
        .body("state.name", equalTo("web-1"))
        .body("entries", equalTo(List.of(indexes.get(0).intValue())));
    get(ASSET_MANAGER, path + "2026-03-02T12:00:00Z")
        .then()
        .body("state.state", equalTo("IN_SERVICE"))
        .body("state.name", nullValue())
        .body("entries", hasSize(2))
        .body("leftOut", empty());
    get(ASSET_MANAGER, path + "2026-03-04T00:00:00Z")
        .then()
        .body("state.kind", equalTo("SERVER"))
        .body("entries", equalTo(List.of(indexes.get(2).intValue())));
    get(ASSET_MANAGER, path + "2026-03-01T09:59:59Z").then().statusCode(404);
  }

  @Test
  void aStateSaysWhichEntriesItWasMadeWithoutBecauseTheyWereErased() throws Exception {
    UUID asset = UUID.randomUUID();
    long index = logged(Records.registration(asset));
    LogDatabase.execute(
        "set session_replication_role = replica",
        "create table spare as select * from payload where index = " + index,
        "delete from payload where index = " + index);
    try {
      long lost =
          logged(
              event(
                  "asset.commissioned.v1",
                  "asset/" + asset,
                  2,
                  "2026-03-02T10:00:00Z",
                  "\"changes\":{\"state\":\"IN_SERVICE\"}"));
      get(AUDITOR, "/v1/log/as-of?subject=asset/" + asset + "&at=2026-04-01T00:00:00Z")
          .then()
          .statusCode(200)
          .body("entries", equalTo(List.of((int) lost)))
          .body("leftOut", equalTo(List.of((int) index)));
    } finally {
      LogDatabase.execute("insert into payload select * from spare", "drop table spare");
    }
  }

  @Test
  void aPersonsRightsAreThoseInForceThen() {
    UUID person = UUID.randomUUID();
    UUID asset = UUID.randomUUID();
    String right = "right/" + UUID.randomUUID();
    String short1 = "right/" + UUID.randomUUID();
    logged(
        List.of(
            event(
                "right.requested.v1",
                right,
                1,
                "2026-03-01T10:00:00Z",
                request(person, asset, "2026-06-01T00:00:00Z")),
            event("right.approved.v1", right, 2, "2026-03-02T10:00:00Z", approval(person, asset)),
            event(
                "right.requested.v1",
                short1,
                1,
                "2026-03-01T10:00:00Z",
                request(person, asset, "2026-03-03T00:00:00Z")),
            event("right.approved.v1", short1, 2, "2026-03-02T10:00:00Z", approval(person, asset)),
            event(
                "right.revoked.v1",
                right,
                3,
                "2026-03-05T10:00:00Z",
                "\"person\":\"%s\",\"asset\":\"%s\",\"entitlement\":\"admin\",\"reason\":\"moved\",\"changes\":{\"state\":\"REVOKED\"}"
                    .formatted(person, asset))));
    String path = "/v1/log/as-of/rights?person=" + person + "&at=";

    get(ACCESS_MANAGER, path + "2026-03-01T12:00:00Z")
        .then()
        .statusCode(200)
        .body("rights", empty());
    get(ACCESS_MANAGER, path + "2026-03-02T12:00:00Z").then().body("rights", hasSize(2));
    get(ACCESS_MANAGER, path + "2026-03-04T12:00:00Z")
        .then()
        .body("rights.subject", equalTo(List.of(right)))
        .body("rights[0].state.entitlement", equalTo("admin"))
        .body("rights[0].entries", hasSize(2));
    get(ACCESS_MANAGER, path + "2026-03-06T12:00:00Z").then().body("rights", empty());
    get(ASSET_MANAGER, path + "2026-03-06T12:00:00Z").then().statusCode(403);
  }

  private static String ofProfile(UUID person, UUID asset, UUID profile, String changes) {
    return """
        "person":"%s","asset":"%s","entitlement":"deploy","entitlementId":"%s","ground":"PROFILE",
        "profile":"%s",%s"""
        .formatted(person, asset, UUID.randomUUID(), profile, changes);
  }

  @Test
  void aRightThatAProfileGaveIsInForceFromTheGrantToTheEndOfItsGrace() {
    UUID person = UUID.randomUUID();
    UUID asset = UUID.randomUUID();
    UUID profile = UUID.randomUUID();
    String right = "right/" + UUID.randomUUID();
    String end = "2026-03-20T10:00:00Z";
    logged(
        List.of(
            event(
                "right.granted.v1",
                right,
                1,
                "2026-03-01T10:00:00Z",
                ofProfile(
                    person,
                    asset,
                    profile,
                    "\"changes\":{\"person\":\"%s\",\"ground\":\"PROFILE\",\"profile\":\"%s\",\"state\":\"APPROVED\"}"
                        .formatted(person, profile))),
            event(
                "right.ending.v1",
                right,
                2,
                "2026-03-06T10:00:00Z",
                ofProfile(
                    person,
                    asset,
                    profile,
                    "\"validUntil\":\"%s\",\"changes\":{\"validUntil\":\"%s\"}"
                        .formatted(end, end)))));
    String path = "/v1/log/as-of/rights?person=" + person + "&at=";

    get(ACCESS_MANAGER, path + "2026-03-01T09:59:59Z").then().body("rights", empty());
    get(ACCESS_MANAGER, path + "2026-03-10T00:00:00Z")
        .then()
        .body("rights.subject", equalTo(List.of(right)))
        .body("rights[0].state.ground", equalTo("PROFILE"))
        .body("rights[0].state.profile", equalTo(profile.toString()))
        .body("rights[0].state.validUntil", equalTo(end));
    get(ACCESS_MANAGER, path + end).then().body("rights", empty());

    // And without an end again where the profile gave it again
    logged(
        event(
            "right.continued.v1",
            right,
            3,
            "2026-03-12T10:00:00Z",
            ofProfile(person, asset, profile, "\"changes\":{\"validUntil\":null}")));
    get(ACCESS_MANAGER, path + "2026-03-25T00:00:00Z")
        .then()
        .body("rights.subject", equalTo(List.of(right)))
        .body("rights[0].state.validUntil", nullValue());
  }

  @Test
  void aRightThatWasSuspendedIsInForceBeforeThatAndFromWhenItGoesOn() {
    UUID person = UUID.randomUUID();
    UUID asset = UUID.randomUUID();
    UUID profile = UUID.randomUUID();
    String right = "right/" + UUID.randomUUID();
    logged(
        List.of(
            event(
                "right.granted.v1",
                right,
                1,
                "2026-03-01T10:00:00Z",
                ofProfile(
                    person,
                    asset,
                    profile,
                    "\"changes\":{\"person\":\"%s\",\"state\":\"APPROVED\"}".formatted(person))),
            event(
                "right.suspended.v1",
                right,
                2,
                "2026-03-06T10:00:00Z",
                ofProfile(person, asset, profile, "\"changes\":{\"state\":\"SUSPENDED\"}")),
            event(
                "right.resumed.v1",
                right,
                3,
                "2026-03-09T10:00:00Z",
                ofProfile(person, asset, profile, "\"changes\":{\"state\":\"APPROVED\"}"))));
    String path = "/v1/log/as-of/rights?person=" + person + "&at=";

    get(ACCESS_MANAGER, path + "2026-03-06T09:59:59Z")
        .then()
        .statusCode(200)
        .body("rights.subject", equalTo(List.of(right)));
    get(ACCESS_MANAGER, path + "2026-03-06T10:00:00Z").then().body("rights", empty());
    get(ACCESS_MANAGER, path + "2026-03-09T09:59:59Z").then().body("rights", empty());
    get(ACCESS_MANAGER, path + "2026-03-09T10:00:00Z")
        .then()
        .body("rights.subject", equalTo(List.of(right)))
        .body("rights[0].entries", hasSize(3));
    get(ACCESS_MANAGER, "/v1/log/as-of?subject=" + right + "&at=2026-03-07T00:00:00Z")
        .then()
        .body("state.state", equalTo("SUSPENDED"));
  }

  private static Draft success(String run, UUID plan, UUID asset, int day) {
    String body = run(plan, asset, "SUCCEEDED", "2026-03-0%dT09:00:00Z".formatted(day));
    return event(
        "backup-run.reported.v1",
        run,
        1,
        "2026-03-0%dT10:00:00Z".formatted(day),
        body + ",\"bytes\":1,\"sha256\":\"" + "0".repeat(64) + "\"");
  }

  /** What an event is called does not matter to a fold. */
  private static Draft tested(String run, int day, String outcome) {
    return event(
        "asset.commissioned.v1",
        run,
        2,
        "2026-03-0%dT12:00:00Z".formatted(day),
        "\"changes\":{\"recoveryPoint\":\"" + outcome + "\"}");
  }

  @Test
  void theRestorePointOfAnAssetIsItsLastSuccessfulBackupReportedByThen() {
    UUID asset = UUID.randomUUID();
    UUID plan = UUID.randomUUID();
    String good = "backup-run/" + UUID.randomUUID();
    String bad = "backup-run/" + UUID.randomUUID();
    logged(
        List.of(
            success(good, plan, asset, 1),
            event(
                "backup-run.reported.v1",
                bad,
                1,
                "2026-03-02T10:00:00Z",
                run(plan, asset, "FAILED", "2026-03-02T09:00:00Z"))));
    String path = "/v1/log/as-of/restore-point?asset=" + asset + "&at=";

    get(SYSADMIN, path + "2026-03-03T00:00:00Z")
        .then()
        .statusCode(200)
        .body("lastReported.subject", equalTo(good))
        .body("lastReported.state.endedAt", equalTo("2026-03-01T09:00:00Z"))
        .body("lastVerified", nullValue());
    get(SYSADMIN, path + "2026-03-01T09:59:00Z").then().statusCode(404);
    get(ACCESS_MANAGER, path + "2026-03-03T00:00:00Z").then().statusCode(403);
  }

  @Test
  void aNewerBackupThatNobodyTestedHidesNoneThatIsKnownToBeRestorable() {
    UUID asset = UUID.randomUUID();
    UUID plan = UUID.randomUUID();
    String verified = "backup-run/" + UUID.randomUUID();
    String unusable = "backup-run/" + UUID.randomUUID();
    String newest = "backup-run/" + UUID.randomUUID();
    logged(List.of(success(verified, plan, asset, 1), tested(verified, 2, "VERIFIED")));
    logged(List.of(success(unusable, plan, asset, 3), tested(unusable, 4, "UNUSABLE")));
    logged(success(newest, plan, asset, 5));
    String path = "/v1/log/as-of/restore-point?asset=" + asset + "&at=";

    get(SYSADMIN, path + "2026-03-06T00:00:00Z")
        .then()
        .statusCode(200)
        .body("lastVerified.subject", equalTo(verified))
        .body("lastVerified.entries", hasSize(2))
        .body("lastReported.subject", equalTo(newest));
    get(SYSADMIN, path + "2026-03-02T00:00:00Z")
        .then()
        .body("lastVerified", nullValue())
        .body("lastReported.subject", equalTo(verified));
  }

  @Test
  void aTimelineShowsOfOtherObjectsEventsThoseThatTheReaderMayReadAbout() {
    UUID asset = UUID.randomUUID();
    String right = "right/" + UUID.randomUUID();
    int registered = (int) logged(Records.registration(asset));
    int requested =
        (int)
            logged(
                event(
                    "right.requested.v1",
                    right,
                    1,
                    "2026-03-01T10:00:00Z",
                    request(UUID.randomUUID(), asset, "2026-06-01T00:00:00Z")));
    String path = "/v1/objects/asset/" + asset + "/timeline";

    get(AUDITOR, path)
        .then()
        .statusCode(200)
        .body("items.index", equalTo(List.of(registered, requested)))
        .body("items[1].subject", equalTo(right));
    get(ASSET_MANAGER, path).then().body("items", hasSize(1));
    get(SYSADMIN, path).then().body("items", hasSize(2));
    get(ACCESS_MANAGER, path).then().statusCode(403);
  }

  @Test
  void theTimelineOfAnIncidentShowsTheHoldOnBackupsAndAPinThatMovedLater() {
    UUID incident = UUID.randomUUID();
    String hold = "backup-hold/" + UUID.randomUUID();
    String about =
        "\"asset\":\"%s\",\"incident\":\"%s\",\"changes\":{},"
            .formatted(UUID.randomUUID(), incident);
    int placed =
        (int)
            logged(
                event(
                    "backup-hold.placed.v1",
                    hold,
                    1,
                    "2026-03-01T10:00:00Z",
                    about + "\"compromisedSince\":\"2026-03-01T09:00:00Z\""));
    int pinned =
        (int)
            logged(
                event(
                    "backup-hold.pinned.v1",
                    hold,
                    2,
                    "2026-03-02T10:00:00Z",
                    about + "\"run\":\"%s\"".formatted(UUID.randomUUID())));

    get(AUDITOR, "/v1/objects/incident/" + incident + "/timeline")
        .then()
        .statusCode(200)
        .body("items.index", equalTo(List.of(placed, pinned)))
        .body("items.type", equalTo(List.of("backup-hold.placed.v1", "backup-hold.pinned.v1")));
  }

  @Test
  void whoReadsTheHistoryOfAPersonIsInTheLogThemselves() {
    UUID reader = UUID.randomUUID();
    Rest.as(Tokens.of(reader, AUDITOR))
        .get("/v1/objects/person/" + UUID.randomUUID() + "/history")
        .then()
        .statusCode(200);
    await()
        .atMost(java.time.Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                get(AUDITOR, "/v1/log/entries?type=audit.history-read.v1&actor=" + reader)
                    .then()
                    .body("items", hasSize(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/log/as-of",
        "/v1/log/as-of?subject=asset/01936f2a-5c00-7000-8000-000000000001",
        "/v1/log/as-of?subject=asset&at=2026-03-01T00:00:00Z",
        "/v1/log/as-of?subject=asset/01936f2a-5c00-7000-8000-000000000001&at=now",
        "/v1/log/as-of/rights?at=2026-03-01T00:00:00Z",
        "/v1/log/as-of/restore-point?at=2026-03-01T00:00:00Z"
      })
  void whatCannotBeAskedIsABadRequest(String path) {
    get(AUDITOR, path).then().statusCode(400).contentType("application/problem+json");
  }
}
