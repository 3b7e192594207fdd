package io.vigie.audit.log;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.kernel.Ids;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.bytes;
import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class LogResourceTest {

  private static final Duration LONG = Duration.ofMinutes(3);

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private static Response get(String path, Object... parameters) {
    return Rest.as(Tokens.of(AUDITOR)).get(path, parameters);
  }

  /** Where the next page is, or null. */
  private static String next(Response page) {
    return page.headers().getValues("Link").stream()
        .filter(link -> link.endsWith("rel=\"next\""))
        .map(link -> link.replaceAll("^<([^>]*)>.*$", "$1"))
        .findFirst()
        .orElse(null);
  }

  private static byte[] bytes(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  @Test
  void anEventIsFoundByItsIdAndItsEntryCommitsToWhatWasPublished() throws Exception {
    Draft draft = Records.registration();
    long index = logged(draft);

    get("/v1/log/entries/by-event/" + draft.id())
        .then()
        .statusCode(200)
        .body("index", equalTo((int) index))
        .body("entry.id", equalTo(draft.id().toString()))
        .body("entry.subject", equalTo("asset/" + draft.asset()))
        .body("payload", nullValue());

    JsonPath whole = get("/v1/log/entries/" + index).then().statusCode(200).extract().jsonPath();
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update((byte) 0);
    assertArrayEquals(
        bytes(whole.getString("leafHash")),
        sha256.digest(whole.getString("canonical").getBytes(StandardCharsets.UTF_8)));
    sha256.update(bytes(whole.getString("salt")));
    assertEquals(
        whole.getString("entry.commitment"),
        Base64.getEncoder().encodeToString(sha256.digest(draft.value())));
    assertArrayEquals(draft.value(), bytes(whole.getString("payload")));
  }

  @Test
  void whoeverReadsAPayloadIsInTheLogThemselves() {
    long index = logged(Records.registration());
    UUID reader = UUID.randomUUID();
    Rest.as(Tokens.of(reader, AUDITOR)).get("/v1/log/entries/" + index).then().statusCode(200);
    Rest.as(Tokens.of(reader, AUDITOR)).get("/v1/log/entries/by-event/" + UUID.randomUUID());

    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                get("/v1/log/entries?type=audit.log-read.v1&actor=" + reader)
                    .then()
                    .statusCode(200)
                    .body("items", hasSize(1))
                    .body("items[0].entry.source", equalTo("/vigie/audit")));
  }

  @Test
  void anEventThatMayBeOnItsWayIsToBeAskedForAgainAndAnOldOneNeverWas() {
    UUID fresh = Ids.next();
    get("/v1/log/entries/by-event/" + fresh).then().statusCode(202).header("Retry-After", "1");
    clock.move(Duration.ofMinutes(2));
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> {
              LogDatabase.allIsSent();
              get("/v1/log/entries/by-event/" + fresh)
                  .then()
                  .statusCode(404)
                  .contentType("application/problem+json");
            });
    get("/v1/log/entries/by-event/" + UUID.randomUUID()).then().statusCode(404);
  }

  @Test
  void aSearchFiltersByEachPropertyAndPagesInTheOrderOfTheLog() {
    String actor = UUID.randomUUID().toString();
    UUID asset = UUID.randomUUID();
    List<Draft> drafts =
        IntStream.range(0, 5)
            .mapToObj(
                i ->
                    Records.registration(asset)
                        .with("ce_actor", actor)
                        .with("ce_eventnumber", Integer.toString(i + 1))
                        .with("ce_time", "2031-05-0%dT00:00:00Z".formatted(i + 1)))
            .toList();
    List<Long> indexes = logged(drafts);

    String[] filters = {
      "actor=" + actor,
      "subject=asset/" + asset,
      "type=asset.registered.v1&actor=" + actor,
      "source=/vigie/asset&actor=" + actor,
      "from=2031-05-01T00:00:00Z&to=2031-05-06T00:00:00%2B00:00&actor=" + actor
    };
    for (String filter : filters) {
      Rest.as(Tokens.of(AUDITOR))
          .urlEncodingEnabled(false)
          .get("/v1/log/entries?" + filter)
          .then()
          .statusCode(200)
          .body("items.index", equalTo(indexes.stream().map(Long::intValue).toList()));
    }
    get("/v1/log/entries?actor=" + actor + "&source=/vigie/access")
        .then()
        .body("items", hasSize(0));
    get("/v1/log/entries?actor=" + actor + "&from=2031-05-02T00:00:00Z&to=2031-05-04T00:00:00Z")
        .then()
        .body("items", hasSize(2));

    Response page = get("/v1/log/entries?limit=2&actor=" + actor);
    List<Integer> seen = new ArrayList<>(page.jsonPath().getList("items.index"));
    while (next(page) != null) {
      page = Rest.as(Tokens.of(AUDITOR)).get(next(page));
      seen.addAll(page.jsonPath().getList("items.index"));
    }
    assertEquals(indexes.stream().map(Long::intValue).toList(), seen);
  }

  @Test
  void anObjectsHistorySaysWhoDidWhatWhenAndWhatChanged() {
    Draft draft = Records.registration();
    long index = logged(draft);
    Rest.as(Tokens.of(ASSET_MANAGER))
        .get("/v1/objects/asset/" + draft.asset() + "/history")
        .then()
        .statusCode(200)
        .body("items", hasSize(1))
        .body("items[0].index", equalTo((int) index))
        .body("items[0].type", equalTo("asset.registered.v1"))
        .body("items[0].actor", equalTo("11111111-2222-3333-4444-555555555555"))
        .body("items[0].time", equalTo("2026-01-02T03:04:05Z"))
        .body("items[0].eventNumber", equalTo(1))
        .body("items[0].changes.state", equalTo("IN_STOCK"));
    get("/v1/objects/asset/" + UUID.randomUUID() + "/history")
        .then()
        .statusCode(200)
        .body("items", hasSize(0));
    get("/v1/objects/asset/42/history").then().statusCode(404);
    get("/v1/objects/ASSET/" + UUID.randomUUID() + "/history").then().statusCode(400);
  }

  @Test
  void aHistoryOfLargePayloadsComesInPagesOfBoundedSize() {
    UUID asset = UUID.randomUUID();
    String large = "x".repeat(700_000);
    List<Long> indexes =
        logged(
            IntStream.range(0, 12)
                .mapToObj(i -> Records.registration(asset).with("x-large", large))
                .toList());

    Response page = get("/v1/objects/asset/" + asset + "/history?limit=200");
    List<Integer> seen = new ArrayList<>(page.jsonPath().getList("items.index"));
    assertEquals(9, seen.size()); // of 0.93 MB each: the ninth passes 8 MiB
    page = Rest.as(Tokens.of(AUDITOR)).get(next(page));
    seen.addAll(page.jsonPath().getList("items.index"));

    assertEquals(indexes.stream().map(Long::intValue).toList(), seen);
    assertEquals(null, next(page));
  }

  @Test
  void theLogSaysHowFarItIsAndWhichNumbersOfEachSourceItHas() {
    long index = logged(Records.registration());
    get("/v1/log")
        .then()
        .statusCode(200)
        .body("origin", equalTo("vigie.local/log"))
        .body("size", greaterThanOrEqualTo((int) index + 1))
        .body("sources.source", hasItem("/vigie/asset"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/log/entries/-1",
        "/v1/log/entries/x",
        "/v1/log/entries/9223372036854775808",
        "/v1/log/entries/999999999999999999",
        "/v1/log/entries/1.5/proof",
        "/v1/log/entries/999999999999999999/proof",
        "/v1/log/entries/99999999999999999999999/proof",
        "/v1/log/entries/by-event/42"
      })
  void whatIsNotInTheLogIsNotFound(String path) {
    get(path)
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("status", equalTo(404));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/log/entries/0/proof?size=0",
        "/v1/log/entries/0/proof?size=-1",
        "/v1/log/entries/0/proof?size=many",
        "/v1/log/entries/0/proof?size=999999999999999999",
        "/v1/log/entries/0/proof?size=9223372036854775808",
        "/v1/log/entries/1/proof?size=1",
        "/v1/log/consistency",
        "/v1/log/consistency?from=0",
        "/v1/log/consistency?from=2&to=1",
        "/v1/log/consistency?from=1&to=999999999999999999",
        "/v1/log/consistency?from=x",
        "/v1/log/entries?limit=0",
        "/v1/log/entries?limit=201",
        "/v1/log/entries?after=-1",
        "/v1/log/entries?after=9999999999999999999",
        "/v1/log/entries?from=yesterday",
        "/v1/log/entries?to=2026-13-01T00:00:00Z",
        "/v1/log/entries?colour=red"
      })
  void whatCannotBeAskedIsABadRequest(String path) {
    logged(List.of(Records.registration(), Records.registration()));
    get(path)
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("status", equalTo(400));
  }
}
