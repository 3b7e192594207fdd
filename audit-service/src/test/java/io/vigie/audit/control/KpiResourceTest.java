package io.vigie.audit.control;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.audit.LogDatabase.number;
import static io.vigie.audit.LogDatabase.text;
import static io.vigie.audit.control.PostureTest.event;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** From events on the topic, through the log, to figures and what is behind them. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class KpiResourceTest {

  private static final Duration LONG = Duration.ofMinutes(3);

  /** As the console does, at most. */
  private static final Duration CALLER_WAITS = Duration.ofSeconds(4);

  @Inject Controls controls;
  @Inject Kpis kpis;
  @Inject MovableClock clock;

  @BeforeEach
  void everythingIsRead() {
    logged(1);
    read();
  }

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  /** Waits until objects are kept to the end of the log, and every rule is judged. */
  private void read() {
    long published = LogDatabase.published();
    await()
        .atMost(LONG)
        .until(
            () ->
                number(
                            "select count(*) from control_reading where reads <> '' and position >= "
                                + published)
                        == 1
                    && number("select count(*) from control where digest <> ''")
                        == controls.all().size());
  }

  private List<Long> take(Draft... events) {
    List<Long> entries = logged(List.of(events));
    read();
    return entries;
  }

  private static ValidatableResponse get(String path) {
    return Rest.as(Tokens.of(CISO)).get("/v1/kpis" + path).then().statusCode(200);
  }

  private static float value(String id) {
    return get("/" + id).extract().<Number>path("kpi.value").floatValue();
  }

  private static Draft alert(String type, UUID id, int number, String changes) {
    return event("monitoring-alert." + type + ".v1", "monitoring-alert/" + id, number, changes);
  }

  @Test
  void aFigureFollowsTheLogAndLeadsToTheEntriesBehindIt() {
    float before = value("alerts-unacknowledged");
    UUID first = UUID.fromString("00000000-0000-4000-8000-000000000001");
    UUID second = UUID.fromString("00000000-0000-4000-8000-000000000002");
    String fires = "{\"state\":\"FIRING\",\"firedAt\":\"%s\"}".formatted(clock.instant());

    List<Long> entries = take(alert("fired", first, 1, fires), alert("fired", second, 1, fires));
    assertEquals(before + 2, value("alerts-unacknowledged"));
    get("/alerts-unacknowledged/objects?limit=1")
        .body("items.id", equalTo(List.of(first.toString())))
        .body("items[0].kind", equalTo("monitoring-alert"))
        .body("items[0].amount", equalTo(1.0F))
        .body("items[0].whole", nullValue())
        .body("items[0].entry", equalTo(entries.get(0).intValue()));
    String link = get("/alerts-unacknowledged/objects?limit=1").extract().header("Link");
    Rest.as(Tokens.of(CISO))
        .get(link.substring(1, link.indexOf('>')))
        .then()
        .statusCode(200)
        .body("items.id", equalTo(List.of(second.toString())))
        .body("items[0].entry", equalTo(entries.get(1).intValue()));

    long taken =
        take(alert(
                "acknowledged",
                first,
                2,
                "{\"state\":\"ACKNOWLEDGED\",\"acknowledgedAt\":\"%s\"}"
                    .formatted(clock.instant())))
            .get(0);
    assertEquals(before + 1, value("alerts-unacknowledged"));
    get("/alerts-unacknowledged/objects?limit=200")
        .body("items.id", not(hasItem(first.toString())));
    get("/time-to-acknowledge")
        .body("kpi.value", notNullValue())
        .body("kpi.unit", equalTo("MINUTES"))
        .body("kpi.target", nullValue());
    get("/time-to-acknowledge/objects?limit=200")
        .body("items.find { it.id == '" + first + "' }.entry", equalTo((int) taken));
  }

  @Test
  void howLongAgoAMachineWasPatchedIsBehindItsFigureWithTheEntryThatToldIt() {
    UUID machine = UUID.randomUUID();
    LocalDate patched = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(12);
    long told =
        take(
                event(
                    "asset.registered.v1",
                    "asset/" + machine,
                    1,
                    "{\"kind\":\"LAPTOP\",\"state\":\"IN_SERVICE\"}"),
                event(
                    "posture.judged.v1",
                    "posture/" + machine,
                    1,
                    "{\"patchedOn\":\"%s\"}".formatted(patched)))
            .get(1);

    get("/patch-age").body("kpi.value", notNullValue()).body("kpi.unit", equalTo("DAYS"));
    get("/patch-age/objects?amount=12&limit=200")
        .body("items.find { it.id == '" + machine + "' }.kind", equalTo("asset"))
        .body("items.find { it.id == '" + machine + "' }.entry", equalTo((int) told));
  }

  @Test
  void whatDoesNotCountInAShareIsFoundByItsAmountAndTheSeriesEndsWithNow() {
    UUID asset = UUID.randomUUID();
    take(event("asset.registered.v1", "asset/" + asset, 1, "{\"state\":\"IN_SERVICE\"}"));
    get("/assets-described")
        .body("kpi.target.value", equalTo(100.0F))
        .body("kpi.target.rule", equalTo("R3.3"))
        .body("kpi.better", equalTo("HIGHER"))
        .body("query", containsString("from verdict_turn t"));
    // It has neither an owner nor levels.
    String after =
        new UUID(asset.getMostSignificantBits(), asset.getLeastSignificantBits() - 1).toString();
    get("/assets-described/objects?amount=0&limit=1&after=" + after)
        .body("items.id", equalTo(List.of(asset.toString())))
        .body("items.amount", equalTo(List.of(0.0F)))
        .body("items.whole", equalTo(List.of(1.0F)))
        .body("items.entry", everyItem(notNullValue()));
    get("/assets-described/objects?amount=1&limit=1&after=" + after)
        .body("items.id", not(hasItem(asset.toString())));

    clock.move(Duration.ofDays(4));
    get("/rules-green?days=3").body("days", hasSize(3));
    JsonPath whole = get("/rules-green?days=90").extract().jsonPath();
    assertEquals(
        text("select (logged_at at time zone 'UTC')::date from entry order by index limit 1"),
        whole.getString("days[0].day"));
    assertEquals(whole.getFloat("kpi.value"), whole.getFloat("days[-1].value"));
    assertEquals(whole.getLong("kpi.objects"), whole.getLong("days[-1].objects"));
    get("/alerts-unacknowledged").body("days", nullValue()).body("kpi.history", equalTo(false));
  }

  @Test
  void everyFigureIsComputedOrSaysWhyNotAndNoneIsZeroForWantOfKnowledge() {
    List<String> ids = kpis.all().stream().map(Kpi::id).toList();
    // A machine that stands still for as long as a figure may take makes it unknown, once.
    await()
        .atMost(LONG)
        .untilAsserted(() -> get("").body("findAll { it.unknown?.why == 'QUERY_FAILS' }", empty()));
    get("")
        .body("id", equalTo(ids))
        .body("findAll { (it.value == null) == (it.unknown == null) }", empty())
        .body("findAll { it.objects == null || it.unmeasured == null }", empty())
        .body("current", everyItem(equalTo(true)))
        .body("title.fr", everyItem(notNullValue()));
    // Nobody in these tests has campaigns of reviews.
    get("/reviews-answered")
        .body("kpi.value", nullValue())
        .body("kpi.unknown.why", equalTo("NOTHING"))
        .body("kpi.unknown.says.fr", containsString("campagne"))
        .body("kpi.objects", equalTo(0));
    get("?level=OPERATIONAL").body("level", everyItem(equalTo("OPERATIONAL"))).body("", hasSize(5));
  }

  @Test
  void aQueryThatTakesTooLongCostsNoOtherFigureAndIsToldOnce() throws Exception {
    List<String> said = new CopyOnWriteArrayList<>();
    Handler listener = listener(said);
    Logger log = Logger.getLogger(KpiResource.class.getName());
    log.addHandler(listener);
    try (Connection other = Infrastructure.running().superuser("audit");
        Statement hanging = other.createStatement()) {
      other.setAutoCommit(false);
      hanging.execute("lock table control_turn in access exclusive mode");
      for (int times = 0; times < 2; times++) {
        get("?level=STRATEGIC")
            .body("find { it.id == 'rules-green' }.value", nullValue())
            .body("find { it.id == 'rules-green' }.current", equalTo(false))
            .body("find { it.id == 'rules-green' }.unknown.why", equalTo("QUERY_FAILS"))
            .body(
                "find { it.id == 'rules-green' }.unknown.failure",
                containsString("statement timeout"))
            .body("find { it.id == 'legal-clocks-overdue' }.value", notNullValue())
            .body("find { it.id == 'legal-clocks-overdue' }.current", equalTo(true));
      }
      long shortest = Long.MAX_VALUE;
      // A machine that is busy with something else may take longer, but not each time.
      for (int times = 0; times < 10 && shortest >= CALLER_WAITS.toNanos(); times++) {
        long began = System.nanoTime();
        get("/rules-green").body("kpi.value", nullValue()).body("days", nullValue());
        shortest = Math.min(shortest, System.nanoTime() - began);
      }
      assertTrue(shortest < CALLER_WAITS.toNanos(), Duration.ofNanos(shortest)::toString);
      Rest.as(Tokens.of(CISO)).get("/v1/kpis/rules-green/objects").then().statusCode(503);
    } finally {
      log.removeHandler(listener);
    }
    assertEquals(
        1,
        said.stream()
            .filter(text -> text.startsWith("The query of figure rules-green fails: "))
            .count(),
        said.toString());
    get("/rules-green").body("kpi.unknown.why", not(equalTo("QUERY_FAILS")));
  }

  private static Handler listener(List<String> said) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        said.add(((ExtLogRecord) record).getFormattedMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void figuresAreNotCurrentWhileControlsAreBehind() throws Exception {
    try (Connection replica = Infrastructure.running().superuser("audit");
        Statement hanging = replica.createStatement()) {
      replica.setAutoCommit(false);
      hanging.execute("select * from control_reading for update");
      logged(1);
      get("/log-lag").body("kpi.current", equalTo(true));
      clock.move(Duration.ofMinutes(2));
      get("").body("findAll { it.current }", empty());
      get("/alerts-unacknowledged").body("kpi.value", notNullValue());
    }
    read();
    get("/log-lag").body("kpi.current", equalTo(true));
  }

  @Test
  void whileObjectsArePutTogetherThereIsNoFigureOfThem() throws Exception {
    LogDatabase.execute("update control_reading set reads = 'of another version'");
    try {
      get("/alerts-unacknowledged")
          .body("kpi.value", nullValue())
          .body("kpi.current", equalTo(false))
          .body("kpi.unknown.why", equalTo("LOG_UNREAD"))
          .body("kpi.unknown.failure", nullValue());
      get("/legal-clocks-overdue").body("kpi.value", nullValue()).body("days", nullValue());
      get("/log-lag").body("kpi.value", notNullValue()).body("kpi.current", equalTo(false));
      Rest.as(Tokens.of(CISO)).get("/v1/kpis/alerts-unacknowledged/objects").then().statusCode(503);
    } finally {
      LogDatabase.execute(
          "update control_reading set reads = '' where reads = 'of another version'");
    }
    read();
    get("/alerts-unacknowledged").body("kpi.value", notNullValue());
  }

  @Test
  void aRulesFigureIsNotCurrentWhileAnyRuleIsNotJudgedByItsQuery() throws Exception {
    LogDatabase.execute(
        "insert into control_failure (rule, digest, why, since, retry_at)"
            + " select rule, digest, 'of this test', now(), now() + interval '1 hour' from control where rule = 'R13.3'",
        "update control set digest = '' where rule = 'R13.3'");
    try {
      get("/rules-green").body("kpi.current", equalTo(false));
      get("/alerts-unacknowledged").body("kpi.current", equalTo(true));
    } finally {
      LogDatabase.execute("delete from control_failure where why = 'of this test'");
    }
    read();
    get("/rules-green").body("kpi.current", equalTo(true));
  }

  @Test
  void systemAdministratorsReadTheFiguresOfOperationsAlone() {
    String sysadmin = Tokens.of(SYSADMIN);
    Rest.as(sysadmin)
        .get("/v1/kpis")
        .then()
        .statusCode(200)
        .body("", hasSize(5))
        .body("level", everyItem(equalTo("OPERATIONAL")));
    Rest.as(sysadmin).get("/v1/kpis/log-lag").then().statusCode(200);
    Rest.as(sysadmin).get("/v1/kpis/log-lag/objects").then().statusCode(200);
    for (String path :
        List.of(
            "?level=STEERING", "?level=STRATEGIC", "/rules-green", "/time-to-contain/objects")) {
      Rest.as(sysadmin)
          .get("/v1/kpis" + path)
          .then()
          .statusCode(403)
          .body("detail", containsString("OPERATIONAL"));
    }
    Rest.as(Tokens.of(RESPONDER)).get("/v1/kpis").then().statusCode(403);
    Rest.as(Tokens.of(AUDITOR)).get("/v1/kpis").then().statusCode(200).body("", hasSize(20));
  }

  @Test
  void anEntryBehindAFigureLeadsWhoMayReadAboutItsObjectToItsReceipt() {
    Draft readable = event("asset.registered.v1", "asset/" + UUID.randomUUID(), 1, "{}");
    Draft hidden = event("duty-rule.created.v1", "duty-rule/" + UUID.randomUUID(), 1, "{}");
    List<Long> entries = take(readable, hidden);
    for (String reader : List.of(CISO, AUDITOR)) {
      delayOf(entries.get(0), reader).body("items[0].event", equalTo(readable.id().toString()));
      delayOf(entries.get(1), reader).body("items[0].event", equalTo(hidden.id().toString()));
    }
    delayOf(entries.get(0), SYSADMIN).body("items[0].event", equalTo(readable.id().toString()));
    delayOf(entries.get(1), SYSADMIN).body("items[0].event", nullValue());
    Rest.as(Tokens.of(SYSADMIN)).get("/v1/receipts/" + readable.id()).then().statusCode(200);
  }

  /** Of the log's delay, what this entry has. */
  private static ValidatableResponse delayOf(long index, String role) {
    // Ids are compared as text.
    String before = index % 10 == 0 ? Long.toString(index / 10) : (index - 1) + "z";
    return Rest.as(Tokens.of(role))
        .get("/v1/kpis/log-lag/objects?limit=1&after=" + before)
        .then()
        .statusCode(200)
        .body("items[0].id", equalTo(Long.toString(index)))
        .body("items[0].entry", equalTo((int) index));
  }

  @Test
  void whatIsNoFigureAndNoFilterIsRefused() {
    Rest.as(Tokens.of(CISO)).get("/v1/kpis/happiness").then().statusCode(404);
    Rest.as(Tokens.of(CISO)).get("/v1/kpis/happiness/objects").then().statusCode(404);
    for (String wrong :
        List.of(
            "?level=TACTICAL",
            "/rules-green?days=0",
            "/rules-green?days=91",
            "/rules-green/objects?amount=much",
            "/rules-green/objects?limit=201",
            "/rules-green/objects?after=%27")) {
      Rest.as(Tokens.of(CISO)).get("/v1/kpis" + wrong).then().statusCode(400);
    }
  }
}
