package io.vigie.audit.erasure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.audit.payload.PersonKeys.KeyId;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.verifier.ExportVerifier.Mismatch;
import io.vigie.verifier.ExportVerifier.Verified;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.audit.LogDatabase.holds;
import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.audit.LogDatabase.number;
import static io.vigie.audit.intake.Records.request;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ErasureTest {

  private static final Duration LONG = Duration.ofMinutes(3);

  @Inject PersonKeys keys;
  @Inject KeyDestruction destruction;
  @Inject ErasedPeople erasedPeople;
  @Inject ErasureOrders erasureOrders;
  @Inject Outbox outbox;
  @Inject Clock clock;

  @ConfigProperty(name = "vigie.log.keys-dir")
  Path directory;

  private static Draft joined(String person, String account) {
    return Records.event(
        "person.joined.v1",
        "person/" + person,
        """
        {"aggregateId":"%s","businessProfile":"developer","subject":"%s","at":"2026-01-02T03:04:05Z",
        "changes":{"subject":"%s"}}"""
            .formatted(person, account, account));
  }

  private static Draft refusalOf(String account) {
    return Records.event(
            "security.refused.v1",
            "refusal/" + UUID.randomUUID(),
            """
            {"aggregateId":"%s","status":403,"problem":"forbidden","method":"POST","path":"/v1/assets",
            "remote":"192.0.2.7","at":"2026-01-02T03:04:05Z"}"""
                .formatted(UUID.randomUUID()))
        .with("ce_actor", account);
  }

  private static String somebody() {
    return UUID.randomUUID().toString();
  }

  private static Response get(String path, Object... parameters) {
    return Rest.as(Tokens.of(AUDITOR)).get(path, parameters);
  }

  private static ValidatableResponse entry(long index) {
    return get("/v1/log/entries/" + index).then().statusCode(200);
  }

  private static Map<String, Object> order(String... ids) {
    Map<String, Object> order = new LinkedHashMap<>();
    order.put("ids", List.of(ids));
    order.put("reason", "asked for it");
    order.put("reference", "DPO-2026-014");
    return order;
  }

  private static Response post(Map<String, Object> order) {
    return Rest.as(Tokens.of(CISO)).body(order).post("/v1/erasures");
  }

  private static ValidatableResponse erase(String... ids) {
    return post(order(ids)).then().statusCode(201);
  }

  private static void assertReadable(long index, Draft draft) {
    entry(index).body("payload", equalTo(Base64.getEncoder().encodeToString(draft.value())));
  }

  private static void assertErased(long index) {
    entry(index).body("payload", nullValue()).body("salt", nullValue());
  }

  private static Verified verified() {
    return assertInstanceOf(Verified.class, LogDatabase.verifyExport());
  }

  private static String lastEvent(String type, String id) {
    String found = "/v1/log/entries?type=" + type + "&subject=erasure/" + id;
    await()
        .atMost(LONG)
        .untilAsserted(() -> get(found).then().statusCode(200).body("items", hasSize(1)));
    long index = get(found).jsonPath().getLong("items[0].index");
    String payload = entry(index).extract().path("payload");
    return new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8);
  }

  @Test
  void aPayloadAboutAPersonIsReadAsPublishedAndStoredAsNobodyCanReadIt() {
    String anna = somebody();
    Draft draft = request(anna);
    long index = logged(draft);

    assertReadable(index, draft);
    assertEquals(
        0,
        number(
            "select count(*) from payload where index = %d and position('because' in encode(body, 'escape')) > 0"
                .formatted(index)));
    assertEquals(
        1,
        number("select key from payload where index = " + index + " and person = '" + anna + "'"));
    Rest.as(Tokens.of(AUDITOR))
        .urlEncodingEnabled(false)
        .get("/v1/objects/" + draft.headers().get("ce_subject") + "/history")
        .then()
        .statusCode(200)
        .body("items[0].changes.reason", equalTo("because of " + anna));
    verified();
  }

  @Test
  void whatTheLogHoldsOfAPersonIsErasedWhileEveryProofGoesOnHolding() {
    String anna = somebody();
    String ben = somebody();
    Draft aboutBen = request(ben);
    List<Long> indexes = logged(List.of(request(anna), aboutBen, request(anna)));
    long erasedBefore = verified().erased();
    UUID ciso = UUID.randomUUID();

    String id =
        Rest.as(Tokens.of(ciso, CISO))
            .body(order(anna))
            .post("/v1/erasures")
            .then()
            .statusCode(201)
            .header("Location", containsString("/v1/erasures/"))
            .body("ids", contains(anna))
            .body("keys", equalTo(1))
            .body("payloads", equalTo(2))
            .body("doneAt", notNullValue())
            .body("outOfReach", hasSize(5))
            .extract()
            .path("id");

    assertErased(indexes.get(0));
    assertErased(indexes.get(2));
    assertReadable(indexes.get(1), aboutBen);
    assertTrue(holds(get("/v1/log/entries/{i}/proof", indexes.get(0)).jsonPath()));
    assertEquals(erasedBefore + 2, verified().erased());

    String ordered = lastEvent("audit.erasure-ordered.v1", id);
    assertTrue(ordered.contains("asked for it") && ordered.contains(anna), ordered);
    String erased = lastEvent("audit.payload-erased.v1", id);
    assertTrue(erased.contains("\"payloads\":2"), erased);
    assertTrue(erased.contains("\"orderedBy\":\"" + ciso + "\""), erased);
    get("/v1/log/entries?type=audit.erasure-ordered.v1&actor=" + ciso)
        .then()
        .body("items", hasSize(1));
    get("/v1/erasures/" + id).then().statusCode(200).body("payloads", equalTo(2));
    get("/v1/erasures?limit=200").then().statusCode(200).body("items.id", hasItem(id));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onePersonIsErasedUnderAllTheirIdsWhicheverIsNamed(boolean isAccountNamed) {
    String anna = somebody();
    String account = somebody();
    List<Long> indexes =
        logged(
            List.of(joined(anna, account), request(anna), refusalOf(account), request(somebody())));

    erase(isAccountNamed ? account : anna)
        .body("ids", containsInAnyOrder(anna, account))
        .body("keys", equalTo(2))
        .body("payloads", equalTo(3));

    indexes.subList(0, 3).forEach(ErasureTest::assertErased);
    entry(indexes.get(3)).body("payload", notNullValue());
    assertEquals(0, number("select count(*) from person_alias where id = '" + account + "'"));
  }

  @Test
  void anAccountThatTwoPeopleHadIsErasedOnlyWhereItIsNamed() {
    String anna = somebody();
    String ben = somebody();
    String account = somebody();
    List<Long> indexes =
        logged(List.of(joined(anna, account), joined(ben, account), refusalOf(account)));

    erase(anna).body("ids", contains(anna));
    assertErased(indexes.get(0));
    entry(indexes.get(1)).body("payload", notNullValue());
    entry(indexes.get(2)).body("payload", notNullValue());

    erase(ben, account).body("ids", containsInAnyOrder(ben, account));
    assertErased(indexes.get(1));
    assertErased(indexes.get(2));
  }

  @Test
  void aDatabaseThatIsRestoredFromBeforeTheErasureDoesNotBringThePayloadBack() throws SQLException {
    String anna = somebody();
    long index = logged(request(anna));
    LogDatabase.execute("create table dump as select * from payload where index = " + index);
    try {
      erase(anna);
      LogDatabase.execute(
          "set session_replication_role = replica",
          "delete from payload where index = " + index,
          "insert into payload select * from dump");
      assertErased(index);
      verified();
    } finally {
      LogDatabase.execute("drop table dump");
    }
  }

  @Test
  void anErasedEventThatComesAgainIsStillADuplicate() {
    String anna = somebody();
    Draft draft = request(anna);
    long index = logged(draft);
    erase(anna);

    Records.publish(List.of(draft));
    Draft after = request(somebody());
    logged(after);

    assertEquals(1, LogDatabase.entriesOf(draft.id()));
    assertErased(index);
  }

  @Test
  void whatIsLoggedAboutThePersonAfterwardsIsReadableUntilAnotherErasure() {
    String anna = somebody();
    long before = logged(request(anna));
    erase(anna);
    Draft late = request(anna);
    long after = logged(late);

    assertReadable(after, late);
    assertErased(before);
    erase(anna).body("keys", equalTo(2)).body("payloads", equalTo(2));
    assertErased(after);
    erase(anna).body("keys", equalTo(2)).body("payloads", equalTo(2));
  }

  @Test
  void anErasureCountsEveryPayloadUnderItsKeysThoughOthersComeInMeanwhile() {
    String anna = somebody();
    logged(request(anna));
    List<Draft> drafts = Stream.generate(() -> request(anna)).limit(300).toList();
    CompletableFuture<Void> coming =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < drafts.size(); i += 10) {
                Records.publish(drafts.subList(i, i + 10));
              }
            });
    await()
        .atMost(LONG)
        .until(() -> number("select count(*) from payload where person = '" + anna + "'") > 20);

    int counted = erase(anna).extract().path("payloads");

    coming.join();
    await()
        .atMost(LONG)
        .until(() -> number("select count(*) from payload where person = '" + anna + "'") == 301);
    assertEquals(
        counted, number("select count(*) from payload where key = 1 and person = '" + anna + "'"));
    verified();
  }

  @Test
  void anErasureThatIsRepeatedUnderItsKeyIsOneErasure() {
    String anna = somebody();
    logged(request(anna));
    UUID ciso = UUID.randomUUID();
    List<String> ids =
        List.of(1, 2).stream()
            .map(
                time ->
                    Rest.as(Tokens.of(ciso, CISO))
                        .header("Idempotency-Key", "erase " + anna)
                        .body(order(anna))
                        .post("/v1/erasures")
                        .then()
                        .statusCode(201)
                        .extract()
                        .<String>path("id"))
            .toList();
    assertEquals(ids.get(0), ids.get(1));
  }

  @Test
  void whomAccessServiceForgotTheLogForgetsOnceInTheNameOfWhoeverHadItDone() throws Throwable {
    // Given
    String anna = somebody();
    String account = somebody();
    List<Long> indexes = logged(List.of(joined(anna, account), refusalOf(account)));
    Draft forgotten = forgotten(anna, account, "they asked for it");

    // When it is told, and looked for twice
    tell(List.of(forgotten));
    VertxContextSupport.subscribeAndAwait(() -> erasedPeople.look());
    VertxContextSupport.subscribeAndAwait(() -> erasedPeople.look());

    // Then
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                get("/v1/erasures?event=" + forgotten.id())
                    .then()
                    .statusCode(200)
                    .body("items", hasSize(1))
                    .body("items[0].ids", containsInAnyOrder(anna, account))
                    .body("items[0].orderedBy", equalTo(forgotten.headers().get("ce_actor")))
                    .body("items[0].reference", equalTo("DPO-2026-016"))
                    .body("items[0].payloads", equalTo(2))
                    .body("items[0].doneAt", notNullValue()));
    indexes.forEach(ErasureTest::assertErased);
    String told =
        entry(number("select index from event_id where id = '" + forgotten.id() + "'"))
            .extract()
            .path("payload");
    assertTrue(
        new String(Base64.getDecoder().decode(told), StandardCharsets.UTF_8).contains(anna), told);
    verified();
  }

  /** Of somebody whom access-service forgot, with {@code reason}. */
  private static Draft forgotten(String person, String account, String reason) {
    return Records.eventOf(
        "access",
        "person.erased.v1",
        "person/" + person,
        """
        {"aggregateId":"%s","subject":"%s","reason":"%s","reference":"DPO-2026-016",
        "at":"2026-01-02T03:04:05Z","changes":{}}"""
            .formatted(person, account, reason));
  }

  /** Has access-service say so, and awaits that it is logged. */
  private static void tell(List<Draft> drafts) {
    Records.publishOf("access", drafts);
    UUID last = drafts.get(drafts.size() - 1).id();
    await().atMost(LONG).untilAsserted(() -> assertEquals(1, LogDatabase.entriesOf(last)));
  }

  private static void awaitAnswered(Draft forgotten) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                get("/v1/erasures?event=" + forgotten.id())
                    .then()
                    .statusCode(200)
                    .body("items.doneAt", contains(notNullValue())));
  }

  @Test
  void whatCannotBeReadErasesNothingAndHoldsUpNobodyBehindIt() throws Throwable {
    // Given more than are looked at at once, each of which does not say why, or names nobody
    String ben = somebody();
    long bens = logged(request(ben));
    String anna = somebody();
    long annas = logged(request(anna));
    List<Draft> drafts =
        new ArrayList<>(
            Stream.generate(() -> forgotten(somebody(), somebody(), "")).limit(50).toList());
    drafts.add(forgotten(ben, "system:access", "they asked for it"));
    drafts.add(forgotten(ben, somebody() + "\\n" + somebody(), "they asked for it"));
    drafts.add(forgotten(anna, somebody(), "they asked for it"));

    // When
    tell(drafts);
    VertxContextSupport.subscribeAndAwait(() -> erasedPeople.look());

    // Then
    awaitAnswered(drafts.get(52));
    assertErased(annas);
    entry(bens).body("payload", notNullValue());
    for (Draft refused : drafts.subList(0, 52)) {
      get("/v1/erasures?event=" + refused.id()).then().statusCode(200).body("items", hasSize(0));
    }
  }

  @Test
  void anEventIsAnsweredByOneOrderWhicheverReplicaIsFirst() throws Throwable {
    String anna = somebody();
    UUID event = UUID.randomUUID();
    List<Erasure> orders =
        Stream.generate(
                () ->
                    new Erasure(
                            List.of(anna),
                            List.of(),
                            "they asked for it",
                            null,
                            "DPO-2026-017",
                            "a ciso",
                            clock.instant())
                        .answering(event))
            .limit(2)
            .toList();

    assertNotNull(VertxContextSupport.subscribeAndAwait(() -> erasureOrders.place(orders.get(0))));
    assertNull(VertxContextSupport.subscribeAndAwait(() -> erasureOrders.place(orders.get(1))));

    assertEquals(1, number("select count(*) from erasure where event = '" + event + "'"));
  }

  @Test
  void whatIsLoggedLateAboutSomebodyWhomAccessServiceForgotIsErasedWithinADay() throws Throwable {
    // Given
    String anna = somebody();
    logged(request(anna));
    Draft forgotten = forgotten(anna, somebody(), "they asked for it");
    tell(List.of(forgotten));
    VertxContextSupport.subscribeAndAwait(() -> erasedPeople.look());
    awaitAnswered(forgotten);
    long late = logged(request(anna));
    entry(late).body("payload", notNullValue());

    // When the day comes twice
    VertxContextSupport.subscribeAndAwait(() -> destruction.destroyAgain());
    VertxContextSupport.subscribeAndAwait(() -> destruction.destroyAgain());

    // Then
    assertErased(late);
    String orders =
        "select count(*) from erasure where reference = 'DPO-2026-016' and '%s' = any(ids)"
            .formatted(anna);
    assertEquals(2, number(orders));
    verified();
  }

  @Test
  void nobodyElseThanAccessServiceHasTheLogForgetSomebody() throws Throwable {
    String anna = somebody();
    long index = logged(request(anna));
    logged(
        Records.event(
            "person.erased.v1",
            "person/" + anna,
            """
            {"aggregateId":"%s","reason":"a forgery","reference":"none","at":"2026-01-02T03:04:05Z",
            "changes":{}}"""
                .formatted(anna)));

    VertxContextSupport.subscribeAndAwait(() -> erasedPeople.look());

    entry(index).body("payload", notNullValue());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anErasureThatACrashInterruptedIsTakenUpAgain(boolean isKeyDestroyed) throws Throwable {
    String anna = somebody();
    long index = logged(request(anna));
    KeyId key = new KeyId(anna, 1);
    Erasure erasure =
        new Erasure(
            List.of(anna),
            List.of(key),
            "asked for it",
            null,
            "DPO-2026-015",
            "a ciso",
            clock.instant());
    UUID id = erasure.id();
    VertxContextSupport.subscribeAndAwait(
        () -> // what the order committed before the process was killed
        Panache.withTransaction(
                () ->
                    erasure
                        .<Erasure>persist()
                        .call(
                            () ->
                                outbox.appendFact(
                                    "erasure", id.toString(), "a ciso", erasure.ordered()))));
    if (isKeyDestroyed) {
      keys.destroy(key);
    }

    VertxContextSupport.subscribeAndAwait(() -> destruction.resume());
    VertxContextSupport.subscribeAndAwait(() -> destruction.resume());

    assertErased(index);
    get("/v1/erasures/" + id)
        .then()
        .statusCode(200)
        .body("payloads", equalTo(1))
        .body("doneAt", notNullValue());
    String erased = lastEvent("audit.payload-erased.v1", id.toString());
    assertTrue(erased.contains("\"orderedBy\":\"a ciso\""), erased);
  }

  @Test
  void anOrderThatCannotBeCarriedOutAtOnceStandsAndIsCarriedOutLater() throws Throwable {
    String anna = somebody();
    Set<Path> before = keyFiles();
    long index = logged(request(anna));
    Path file = newOf(before);
    Path aside = Files.move(file, directory.resolve("aside"));
    Files.createDirectory(file); // which nobody can overwrite
    String id;
    try {
      id =
          post(order(anna)).then().statusCode(202).body("doneAt", nullValue()).extract().path("id");
    } finally {
      Files.delete(file);
      Files.move(aside, file);
    }

    VertxContextSupport.subscribeAndAwait(() -> destruction.resume());

    get("/v1/erasures/" + id).then().statusCode(200).body("doneAt", notNullValue());
    assertErased(index);
    lastEvent("audit.payload-erased.v1", id);
  }

  @Test
  void whileTheKeysAreAwayNothingIsReadAndNothingIsLoggedInPlain() throws IOException {
    String anna = somebody();
    long index = logged(request(anna));
    Draft meanwhile = request(anna);
    Path mark = directory.resolve("destroyed");
    Path aside = directory.resolve("aside");
    boolean isMarked = Files.exists(mark);
    if (isMarked) {
      Files.move(mark, aside);
    }
    Files.createDirectory(mark); // which nobody can read
    try {
      Rest.problem(get("/v1/log/entries/" + index), 503, "unavailable");
      Rest.problem(post(order(anna)), 503, "unavailable");
      Records.publish(List.of(meanwhile));
      Rest.problem(get("/v1/log/entries/" + index), 503, "unavailable");
      assertEquals(0, LogDatabase.entriesOf(meanwhile.id()));
    } finally {
      Files.delete(mark);
      if (isMarked) {
        Files.move(aside, mark);
      }
    }

    await()
        .atMost(LONG)
        .untilAsserted(() -> assertEquals(1, LogDatabase.entriesOf(meanwhile.id())));
    long later = number("select index from event_id where id = '" + meanwhile.id() + "'");
    assertReadable(later, meanwhile);
    assertEquals(1, number("select count(person) from payload where index = " + later));
  }

  @Test
  void keysThatComeBackWithAnOldCopyOfTheirDirectoryAreDestroyedAgain() throws Throwable {
    String anna = somebody();
    Set<Path> before = keyFiles();
    long index = logged(request(anna));
    Path file = newOf(before);
    byte[] copy = Files.readAllBytes(file);
    erase(anna);

    Files.delete(Path.of(file.toString().replace(".key", ".gone")));
    Files.write(file, copy);
    VertxContextSupport.subscribeAndAwait(() -> destruction.destroyAgain());

    assertErased(index);
    assertFalse(Files.exists(file));
  }

  private Path newOf(Set<Path> before) throws IOException {
    Set<Path> made = keyFiles();
    made.removeAll(before);
    assertEquals(1, made.size());
    return made.iterator().next();
  }

  private Set<Path> keyFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".key")).collect(Collectors.toSet());
    }
  }

  @Test
  void theTextThatASearchFindsAPayloadByGoesWithIt() throws SQLException {
    String anna = somebody();
    long index = logged(request(anna));
    long other = logged(request(somebody()));
    String added = "insert into search_text (word, index) values ('unheard', %d)";
    LogDatabase.execute(added.formatted(index), added.formatted(other));
    try {
      erase(anna);
      String left = "select sum(index)::bigint from search_text where word = 'unheard'";
      assertEquals(other, number(left));
      String tellers = "select count(*) from search_text where word like '%:%' and index = ";
      assertEquals(2, number(tellers + index)); // they stand in the entry, too

      LogDatabase.execute(added.formatted(index));
      erase(anna); // once more, after an old dump was restored
      assertEquals(other, number(left));
    } finally {
      LogDatabase.execute("delete from search_text where word = 'unheard'");
    }
  }

  @Test
  void aByteOfASealedPayloadThatTheSuperuserFlipsIsDamageAndNoErasure() throws SQLException {
    long index = logged(request(somebody()));
    String flip =
        "update payload set body = set_byte(body, 30, get_byte(body, 30) # 1) where index = "
            + index;
    LogDatabase.tamper(flip);
    try {
      Mismatch found = assertInstanceOf(Mismatch.class, LogDatabase.verifyExport());
      assertEquals(index, found.index(), found.reason());
    } finally {
      LogDatabase.tamper(flip);
    }
    verified();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from erasure",
        "truncate erasure",
        "update erasure set reason = 'x'",
        "update erasure set ordered_by = 'x'",
        "update payload set key = null",
        "update person_alias set id = 'x'"
      })
  void theServicesOwnRoleCannotChangeWhatWasOrdered(String statement) throws SQLException {
    try (Connection runtime = Infrastructure.running().runtimeRole("audit");
        Statement sql = runtime.createStatement()) {
      SQLException refused = assertThrows(SQLException.class, () -> sql.execute(statement));
      assertEquals("42501", refused.getSQLState(), refused.getMessage());
    }
  }

  @Test
  void idsThatTheLogDoesNotKnowAreNotTakenForErased() {
    Response answer = post(order(somebody(), somebody()));
    Rest.problem(answer, 422, "nothing-to-erase");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"ids\":[],\"reason\":\"r\",\"reference\":\"x\"}",
        "{\"ids\":[\"\"],\"reason\":\"r\",\"reference\":\"x\"}",
        "{\"ids\":[null],\"reason\":\"r\",\"reference\":\"x\"}",
        "{\"ids\":[\"a\\u0000b\"],\"reason\":\"r\",\"reference\":\"x\"}",
        "{\"ids\":[\"a\\nb\"],\"reason\":\"r\",\"reference\":\"x\"}",
        "{\"ids\":[\"system:incident\"],\"reason\":\"r\",\"reference\":\"x\"}",
        "{\"ids\":[\"anonymous\"],\"reason\":\"r\",\"reference\":\"x\"}",
        "{\"ids\":\"a\",\"reason\":\"r\",\"reference\":\"x\"}",
        "{\"ids\":[\"a\"],\"reason\":\" \",\"reference\":\"x\"}",
        "{\"ids\":[\"a\"],\"reason\":\"r\"}",
        "{\"ids\":[\"a\"],\"reason\":\"r\",\"reference\":\"x\",\"force\":true}",
        "[]",
        "nothing"
      })
  void anOrderThatCannotBeUnderstoodIsABadRequest(String body) {
    Rest.as(Tokens.of(CISO))
        .body(body)
        .post("/v1/erasures")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("status", equalTo(400));
  }

  @Test
  void tooLongATextIsABadRequestAndAnUnknownErasureIsNotFound() {
    Map<String, Object> order = order("a");
    order.put("reason", "x".repeat(2_001));
    post(order).then().statusCode(400);
    post(order("x".repeat(201))).then().statusCode(400);
    get("/v1/erasures/" + UUID.randomUUID()).then().statusCode(404);
    get("/v1/erasures/42").then().statusCode(404);
    get("/v1/erasures?limit=0").then().statusCode(400);
  }
}
