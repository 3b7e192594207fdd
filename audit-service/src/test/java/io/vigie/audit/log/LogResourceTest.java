package io.vigie.audit.log;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

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
import io.vigie.verifier.ConsistencyProof;
import io.vigie.verifier.ExportVerifier.Mismatch;
import io.vigie.verifier.ExportVerifier.Verdict;
import io.vigie.verifier.ExportVerifier.Verified;
import io.vigie.verifier.ExportVerifier.WrongRoot;
import io.vigie.verifier.InclusionProof;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.number;
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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class LogResourceTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  private static Response get(String path, Object... parameters) {
    return Rest.as(Tokens.of(AUDITOR)).get(path, parameters);
  }

  /** Publishes and waits until all of it is logged. Returns the index of each. */
  private static List<Long> logged(List<Draft> drafts) {
    Records.publish(drafts);
    String ids =
        drafts.stream().map(draft -> "'" + draft.id() + "'").collect(Collectors.joining(","));
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertEquals(
                    drafts.size(),
                    number("select count(*) from event_id where id in (" + ids + ")")));
    return drafts.stream()
        .map(draft -> number("select index from event_id where id = '" + draft.id() + "'"))
        .toList();
  }

  private static long logged(Draft draft) {
    return logged(List.of(draft)).get(0);
  }

  private static byte[] bytes(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  private static List<byte[]> hashes(JsonPath proof) {
    return proof.getList("hashes", String.class).stream().map(LogResourceTest::bytes).toList();
  }

  private static boolean holds(JsonPath proof) {
    return InclusionProof.verify(
        proof.getLong("index"),
        proof.getLong("size"),
        bytes(proof.getString("leafHash")),
        hashes(proof),
        bytes(proof.getString("root")));
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
    get("/v1/log/entries/by-event/" + fresh)
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
    get("/v1/log/entries/by-event/" + UUID.randomUUID()).then().statusCode(404);
  }

  @Test
  void everyEntryIsProvenInTheTreeAsItIsAndAsItWas() {
    List<Long> indexes =
        logged(IntStream.range(0, 300).mapToObj(i -> Records.registration()).toList());
    long first = indexes.get(0);
    long last = indexes.stream().mapToLong(Long::longValue).max().orElseThrow();

    for (long index : new long[] {0, first, first + 1, last - 100, last}) {
      JsonPath now =
          get("/v1/log/entries/{i}/proof", index).then().statusCode(200).extract().jsonPath();
      assertTrue(holds(now), "entry " + index);
      for (long size : new long[] {index + 1, index + 2, last, last + 1}) {
        if (size > index && size <= last + 1) {
          JsonPath then =
              get("/v1/log/entries/{i}/proof?size={s}", index, size)
                  .then()
                  .statusCode(200)
                  .extract()
                  .jsonPath();
          assertEquals(size, then.getLong("size"));
          assertTrue(holds(then), index + " of " + size);
        }
      }
    }
  }

  @Test
  void everyLaterTreeExtendsEveryEarlierOne() {
    long size =
        logged(IntStream.range(0, 260).mapToObj(i -> Records.registration()).toList()).get(259) + 1;
    LongStream.of(1, 2, 3, size / 2, 255, 256, 257, size - 1, size)
        .filter(from -> from <= size)
        .forEach(
            from -> {
              JsonPath proof =
                  get("/v1/log/consistency?from={f}&to={t}", from, size)
                      .then()
                      .statusCode(200)
                      .extract()
                      .jsonPath();
              assertTrue(
                  ConsistencyProof.verify(
                      from,
                      size,
                      hashes(proof),
                      bytes(proof.getString("rootFrom")),
                      bytes(proof.getString("rootTo"))),
                  from + " to " + size);
            });
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
    while (page.header("Link") != null) {
      page = Rest.as(Tokens.of(AUDITOR)).get(page.header("Link").replaceAll("^<([^>]*)>.*$", "$1"));
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
  void theLogSaysHowFarItIsAndWhichNumbersOfEachSourceItHas() {
    long index = logged(Records.registration());
    get("/v1/log")
        .then()
        .statusCode(200)
        .body("origin", equalTo("vigie.local/log"))
        .body("size", greaterThanOrEqualTo((int) index + 1))
        .body("sources.source", hasItem("/vigie/asset"));
  }

  @Test
  void anExportIsVerifiedByTheIndependentVerifier() {
    logged(IntStream.range(0, 600).mapToObj(i -> Records.registration()).toList());
    Verified verified = assertInstanceOf(Verified.class, verified());
    assertTrue(verified.size() >= 600);
  }

  private static Verdict verified() {
    return LogDatabase.verifyExport();
  }

  @ParameterizedTest
  @CsvSource({
    "entry, canonical, 'set canonical = set_byte(canonical, 20, get_byte(canonical, 20) # 1)'",
    "entry, leaf, 'set leaf = set_byte(leaf, 31, get_byte(leaf, 31) # 1)'",
    "payload, body, 'set body = set_byte(body, 0, get_byte(body, 0) # 1)'",
    "payload, salt, 'set salt = set_byte(salt, 9, get_byte(salt, 9) # 128)'"
  })
  void aByteThatTheSuperuserFlipsIsFoundAtItsIndex(String table, String column, String change)
      throws Exception {
    long index = logged(Records.registration());
    String flip = "update " + table + " " + change + " where index = " + index;
    LogDatabase.tamper(flip);
    try {
      Mismatch found = assertInstanceOf(Mismatch.class, verified());
      assertEquals(index, found.index(), found.reason());
    } finally {
      LogDatabase.tamper(flip);
    }
    assertInstanceOf(Verified.class, verified());
  }

  @Test
  void anEntryThatTheSuperuserRewritesConsistentlyBreaksTheRootAndItsProof() throws Exception {
    long index = logged(Records.registration());
    LogDatabase.execute(
        "set session_replication_role = replica",
        "create table spare as select * from entry where index = " + index,
        "update entry set canonical = convert_to(replace(convert_from(canonical, 'UTF8'), '11111111', '99999999'), 'UTF8') where index = "
            + index,
        "update entry set leaf = sha256('\\x00'::bytea || canonical) where index = " + index);
    try {
      assertInstanceOf(WrongRoot.class, verified());
      assertFalse(holds(get("/v1/log/entries/{i}/proof", index).jsonPath()));
    } finally {
      LogDatabase.execute(
          "set session_replication_role = replica",
          "update entry e set canonical = s.canonical, leaf = s.leaf from spare s where e.index = s.index",
          "drop table spare");
    }
    assertInstanceOf(Verified.class, verified());
  }

  @Test
  void aTileThatTheSuperuserChangesMakesNoProofThatHolds() throws Exception {
    logged(IntStream.range(0, 260).mapToObj(i -> Records.registration()).toList());
    String flip =
        "update tile set hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) where level = 0 and index = 0";
    LogDatabase.tamper(flip);
    try {
      assertFalse(holds(get("/v1/log/entries/1/proof").jsonPath()));
    } finally {
      LogDatabase.tamper(flip);
    }
    assertTrue(holds(get("/v1/log/entries/1/proof").jsonPath()));
  }

  @Test
  void anEntryThatTheSuperuserDeletesBreaksTheExport() throws Exception {
    long index = logged(Records.registration());
    LogDatabase.execute(
        "set session_replication_role = replica",
        "create table spare as select * from entry where index = " + index,
        "delete from entry where index = " + index);
    try {
      logged(Records.registration());
      Mismatch found = assertInstanceOf(Mismatch.class, verified());
      assertEquals(index, found.index());
    } finally {
      LogDatabase.execute("insert into entry select * from spare", "drop table spare");
    }
    assertInstanceOf(Verified.class, verified());
  }

  @Test
  void anErasedPayloadLeavesEveryProofWhole() throws Exception {
    Draft draft = Records.registration();
    long index = logged(draft);
    LogDatabase.execute(
        "set session_replication_role = replica",
        "create table spare as select * from payload where index = " + index,
        "delete from payload where index = " + index);
    try {
      Verified verified = assertInstanceOf(Verified.class, verified());
      assertEquals(1, verified.erased());
      get("/v1/log/entries/" + index).then().statusCode(200).body("payload", nullValue());
      assertTrue(holds(get("/v1/log/entries/{i}/proof", index).jsonPath()));

      Draft after = Records.registration();
      Records.publish(List.of(draft, after)); // the erased event, delivered once more
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> get("/v1/log/entries/by-event/" + after.id()).then().statusCode(200));
      assertEquals(1, LogDatabase.entriesOf(draft.id()));
    } finally {
      LogDatabase.execute("insert into payload select * from spare", "drop table spare");
    }
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
