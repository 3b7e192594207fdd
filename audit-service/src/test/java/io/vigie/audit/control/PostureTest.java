package io.vigie.audit.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.sqlclient.Pool;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.control.Control.Trigger;
import io.vigie.audit.control.Judgement.Verdict;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.kernel.PolicyTable;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.audit.LogDatabase.number;
import static io.vigie.audit.LogDatabase.text;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** From events on the topic, through the log, to verdicts and to the state of rules. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class PostureTest {

  private static final Duration LONG = Duration.ofMinutes(3);
  private static final String WRONG_STATES =
      """
      select string_agg(rule, ' ') from control c join lateral (
        select count(*) as scope, count(*) filter (where not holds) as failing,
          count(*) filter (where not holds and exception is not null) as excepted
        from verdict v where v.rule = c.rule) n on true
      where (c.in_scope, c.failing, c.excepted) is distinct from (n.scope, n.failing, n.excepted)
        or c.state <> case when n.scope = 0 then 'NOT_APPLICABLE' when n.failing = 0 then 'GREEN'
          when n.failing > n.excepted then 'RED' else 'AMBER' end""";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SEED = "vigie.history.seed";
  private static final List<Long> FIXED = List.of(11L, 4711L, 57L);

  /** How long a history lasts, in three parts of {@link #EVENTS} each. */
  private static final List<Integer> HOURS = List.of(0, 7, 25);

  private static final int EVENTS = 200;

  @Inject Posture posture;
  @Inject Controls controls;
  @Inject MovableClock clock;
  @Inject MeterRegistry registry;
  @Inject Pool database;
  @Inject PersonKeys keys;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  static Draft event(String type, String object, int number, String changes) {
    ObjectNode data = RandomHistory.example(type, object);
    try {
      data.set(type.endsWith(".snapshot.v1") ? "state" : "changes", JSON.readTree(changes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Records.registration(UUID.fromString(object.substring(object.indexOf('/') + 1)))
        .with("ce_type", type)
        .with("ce_dataschema", "urn:vigie:schema:" + type)
        .with("ce_subject", object)
        .with("ce_eventnumber", Integer.toString(number))
        .withValue(data.toString());
  }

  /** Waits until controls have read all that is logged, and judged what is due. */
  private void judged() {
    long published = LogDatabase.published();
    await()
        .atMost(LONG)
        .until(
            () ->
                number(
                        "select count(*) from control_reading where reads <> '' and position >= "
                            + published)
                    == 1);
    await()
        .atMost(LONG)
        .until(
            () ->
                number("select count(*) from control where digest <> ''") == controls.all().size()
                    && number(
                            "select count(*) from verdict where turns_at <= '"
                                + clock.instant()
                                + "'")
                        == 0);
  }

  private long take(Draft... events) {
    List<Long> indexes = logged(List.of(events));
    judged();
    return indexes.get(indexes.size() - 1);
  }

  private static String why(String rule, UUID id) {
    return text(
        "select (select (case when holds then '' else 'not ' end) || why from verdict where rule = '"
            + rule
            + "' and id = '"
            + id
            + "')");
  }

  /** An exception that one person asked for and another one approved. */
  private static String excepted(String rule, String object, Instant endsAt) {
    Map<String, Object> asked = new TreeMap<>();
    asked.put("rule", rule);
    asked.put("object", object);
    asked.put("reason", "it is replaced");
    asked.put("endsAt", endsAt.toString());
    String id =
        Rest.as(Tokens.of(SYSADMIN))
            .body(asked)
            .post("/v1/control-exceptions")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    change(id, "approval", Map.of());
    return id;
  }

  private static void change(String exception, String what, Map<String, Object> body) {
    String path = "/v1/control-exceptions/" + exception;
    String etag = Rest.as(Tokens.of(CISO)).get(path).header("ETag");
    Rest.as(Tokens.of(CISO))
        .header("If-Match", etag)
        .body(body)
        .post(path + "/" + what)
        .then()
        .statusCode(200);
  }

  private static void awaitState(String rule, String state) {
    await().atMost(LONG).untilAsserted(() -> get("/" + rule).body("control.state", equalTo(state)));
  }

  private static ValidatableResponse get(String path) {
    return Rest.as(Tokens.of(AUDITOR)).get("/v1/controls" + path).then().statusCode(200);
  }

  /** As if nobody had had playbooks before: other tests have. */
  private void withoutPlaybooks() throws Exception {
    judged();
    LogDatabase.execute(
        "delete from object where kind in ('playbook', 'playbook-run')",
        "delete from control_turn where rule = 'R13.3'",
        "delete from verdict where rule = 'R13.3'",
        "delete from control where rule = 'R13.3'");
    judged();
  }

  @Test
  void aRuleTurnsRedAmberAndGreenByEventsAndByTimeAndSaysWhenAndWhy() throws Exception {
    withoutPlaybooks();
    get("/R13.3").body("control.state", equalTo("NOT_APPLICABLE"));
    UUID playbook = UUID.randomUUID();
    String object = "playbook/" + playbook;
    Instant due = clock.instant().plus(Duration.ofHours(2));

    long approved =
        take(
            event(
                "playbook.approved.v1",
                object,
                1,
                "{\"inForce\":1,\"exerciseDueAt\":\"" + due + "\"}"));
    get("/R13.3")
        .body("control.state", equalTo("GREEN"))
        .body("control.inScope", equalTo(1))
        .body("query", containsString("p.kind = 'playbook'"))
        .body("whys.in-time.fr", notNullValue());
    get("/R13.3/objects")
        .body("items[0].turnsAt", equalTo(due.toString()))
        .body("items[0].owner", nullValue())
        .body("items[0].inCharge", equalTo("responder"));

    clock.move(Duration.ofHours(2));
    judged();
    get("/R13.3").body("control.state", equalTo("RED")).body("control.failing", equalTo(1));
    get("/R13.3/objects?holds=false")
        .body("items[0].id", equalTo(playbook.toString()))
        .body("items[0].why", equalTo("exercise-overdue"))
        .body("items[0].exception", nullValue())
        .body("items[0].entry", nullValue());

    Instant end = due.plus(Duration.ofHours(1));
    String exception = excepted("R13.3", object, end);
    awaitState("R13.3", "AMBER");
    get("/R13.3").body("control.failing", equalTo(1)).body("control.excepted", equalTo(1));
    get("/R13.3/objects?holds=false")
        .body("items[0].exception.id", equalTo(exception))
        .body("items[0].exception.reason", equalTo("it is replaced"))
        .body("items[0].exception.decidedBy", notNullValue())
        .body("items[0].exception.endsAt", equalTo(end.toString()))
        .body("items[0].turnsAt", equalTo(end.toString()));

    String another = "playbook/" + UUID.randomUUID();
    long uncovered =
        take(
            event(
                "playbook.approved.v1",
                another,
                1,
                "{\"inForce\":1,\"exerciseDueAt\":\"" + due + "\"}"));
    get("/R13.3")
        .body("control.state", equalTo("RED"))
        .body("control.failing", equalTo(2))
        .body("control.excepted", equalTo(1));
    long gone = take(event("playbook.snapshot.v1", another, 1, "{\"submitted\":1}"));
    get("/R13.3").body("control.state", equalTo("AMBER"));

    clock.move(Duration.ofHours(1));
    judged();
    get("/R13.3").body("control.state", equalTo("RED")).body("control.excepted", equalTo(0));

    long exercised =
        take(
            event(
                "playbook.exercised.v1",
                object,
                2,
                "{\"exercisedAt\":\"%s\",\"exerciseDueAt\":\"%s\"}"
                    .formatted(due, due.plus(Duration.ofDays(30)))));
    get("").body("find { it.rule == 'R13.3' }.state", equalTo("GREEN"));

    long replaced = take(event("playbook.snapshot.v1", object, 2, "{\"submitted\":2}"));
    get("/R13.3").body("control.state", equalTo("NOT_APPLICABLE"));

    get("/R13.3/history")
        .body(
            "items.state",
            contains(
                "NOT_APPLICABLE",
                "GREEN",
                "RED",
                "AMBER",
                "RED",
                "AMBER",
                "RED",
                "GREEN",
                "NOT_APPLICABLE"))
        .body(
            "items.cause",
            contains("QUERY", "EVENT", "TIME", "EVENT", "EVENT", "EVENT", "TIME", "EVENT", "EVENT"))
        .body("items.excepted", contains(0, 0, 0, 1, 1, 1, 0, 0, 0))
        .body(
            "items.entry",
            contains(
                nullValue(),
                equalTo((int) approved),
                nullValue(),
                equalTo((int) lastEntryOf("control-exception/" + exception)),
                equalTo((int) uncovered),
                equalTo((int) gone),
                nullValue(),
                equalTo((int) exercised),
                equalTo((int) replaced)));
    get("/R13.3/objects/" + playbook + "/history")
        .body("items.holds", contains(true, false, false, false, true, null))
        .body("items.exception", contains(null, null, exception, null, null, null))
        .body("items.cause", contains("EVENT", "TIME", "EVENT", "TIME", "EVENT", "EVENT"));
    String page = get("/R13.3/history?limit=2").extract().header("Link");
    assertTrue(page.contains("rel=\"next\""), page);
    Rest.as(Tokens.of(CISO))
        .get(page.substring(1, page.indexOf('>')))
        .then()
        .statusCode(200)
        .body("items.state", contains("RED", "AMBER"));
  }

  private static long lastEntryOf(String subject) {
    return number("select max(index) from entry where subject = '" + subject + "'");
  }

  @Test
  void anExceptionForWhateverARuleAsksOfCountsUntilItIsWithdrawn() {
    // Nobody else in these tests makes exceptions to this rule.
    UUID asset = UUID.randomUUID();
    UUID later = UUID.randomUUID();
    String unclassified = "{\"state\":\"IN_SERVICE\"}";
    take(event("asset.registered.v1", "asset/" + asset, 1, unclassified));
    get("/R3.2").body("control.state", equalTo("RED"));

    String exception = excepted("R3.2", null, clock.instant().plus(Duration.ofDays(1)));
    awaitState("R3.2", "AMBER");
    take(event("asset.registered.v1", "asset/" + later, 1, unclassified));
    get("/R3.2").body("control.state", equalTo("AMBER"));
    get("/R3.2/objects/" + later + "/history").body("items.exception", contains(exception));
    get("?state=AMBER").body("rule", hasItem("R3.2")).body("state", everyItem(equalTo("AMBER")));
    get("/statement-of-applicability")
        .body(
            "controls.rules.flatten().findAll { it.rule == 'R3.2' }.state",
            everyItem(equalTo("AMBER")));

    change(exception, "withdrawal", Map.of("reason", "all is classified"));
    awaitState("R3.2", "RED");
    get("/R3.2/objects/" + asset + "/history")
        .body("items.holds", contains(false, false, false))
        .body("items.exception", contains(null, exception, null));
    get("/R3.2/history?limit=200")
        .body("items[-1].entry", equalTo((int) lastEntryOf("control-exception/" + exception)));
  }

  @Test
  void whatAnObjectIsJudgedByMayBeAnotherObjectsEvent() {
    UUID asset = UUID.randomUUID();
    UUID owner = UUID.randomUUID();
    UUID successor = UUID.randomUUID();
    take(
        event(
            "asset.registered.v1",
            "asset/" + asset,
            1,
            "{\"kind\":\"SERVER\",\"state\":\"IN_SERVICE\"}"));
    assertEquals("not no-owner", why("R3.3", asset));

    take(event("asset.owner-assigned.v1", "asset/" + asset, 2, "{\"owner\":\"" + owner + "\"}"));
    assertEquals("not owner-unknown", why("R3.3", asset));
    take(event("person.joined.v1", "person/" + owner, 1, "{\"state\":\"ACTIVE\"}"));
    assertEquals("owned", why("R3.3", asset));
    long left = take(event("person.left.v1", "person/" + owner, 2, "{\"state\":\"LEFT\"}"));
    assertEquals("not owner-left", why("R3.3", asset));
    get("/R3.3/objects/" + asset + "/history")
        .body("items.entry", hasItem((int) left))
        .body("items.kind", everyItem(equalTo("asset")))
        .body("items.why", contains("no-owner", "owned", "owner-left"))
        .body("items[0].owner", nullValue())
        .body("items[1].owner", equalTo(owner.toString()))
        .body("items[2].owner", equalTo(owner.toString()));

    take(
        event("person.joined.v1", "person/" + successor, 1, "{\"state\":\"ACTIVE\"}"),
        event("asset.owner-assigned.v1", "asset/" + asset, 3, "{\"owner\":\"" + successor + "\"}"));
    assertEquals("owned", why("R3.3", asset));

    UUID plan = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    take(
        event(
            "asset.registered.v1",
            "asset/" + other,
            1,
            "{\"kind\":\"SERVER\",\"state\":\"IN_SERVICE\"}"),
        event(
            "backup-plan.created.v1",
            "backup-plan/" + plan,
            1,
            "{\"asset\":\"" + asset + "\",\"state\":\"ACTIVE\"}"));
    assertEquals("planned", why("R12.1", asset));
    take(
        event(
            "backup-plan.redirected.v1",
            "backup-plan/" + plan,
            2,
            "{\"asset\":\"" + other + "\"}"));
    assertEquals("not no-plan", why("R12.1", asset));
    assertEquals("planned", why("R12.1", other));

    // What leaves the scope is the last owner's still
    take(event("asset.retired.v1", "asset/" + asset, 4, "{\"state\":\"RETIRED\"}"));
    get("/R3.3/objects/" + asset + "/history")
        .body("items[-1].holds", nullValue())
        .body("items[-1].owner", equalTo(successor.toString()));
  }

  @Test
  void aTurnIsProvenByTheEventThatMadeItAndNotByAnotherOfTheSameBatch() throws Exception {
    UUID asset = UUID.randomUUID();
    UUID owner = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    UUID successor = UUID.randomUUID();
    String registered = "{\"kind\":\"SERVER\",\"state\":\"IN_SERVICE\",\"owner\":\"%s\"}";
    take(
        event("person.joined.v1", "person/" + owner, 1, "{\"state\":\"ACTIVE\"}"),
        event("person.joined.v1", "person/" + successor, 1, "{\"state\":\"ACTIVE\"}"),
        event("asset.registered.v1", "asset/" + asset, 1, registered.formatted(owner)));
    LogDatabase.execute("update control set state = 'GREEN' where rule = 'R3.3'");

    Draft left = event("person.left.v1", "person/" + owner, 2, "{\"state\":\"LEFT\"}");
    List<Long> entries =
        logged(
            List.of(
                left,
                event("asset.registered.v1", "asset/" + other, 1, registered.formatted(successor))
                    .withKeyOf(left)));
    judged();
    assertEquals("owned", why("R3.3", other));
    get("/R3.3/history?limit=200")
        .body("items[-1].state", oneOf("RED", "AMBER"))
        .body("items[-1].cause", equalTo("EVENT"))
        .body("items[-1].entry", equalTo(entries.get(0).intValue()));

    UUID person = UUID.randomUUID();
    Draft joined = event("person.joined.v1", "person/" + person, 1, "{\"state\":\"ACTIVE\"}");
    Draft course =
        event("course.changed.v1", "course/" + UUID.randomUUID(), 1, "{\"state\":\"RETIRED\"}");
    List<Long> both = logged(List.of(joined, course.withKeyOf(joined)));
    judged();
    get("/R2.1/objects/" + person + "/history")
        .body("items.entry", contains(both.get(0).intValue()));
  }

  @Test
  void anAnswerInAReviewConfirmsTheRightThatItIsAboutWithoutAnEventOfTheRight() {
    UUID right = UUID.randomUUID();
    Instant now = clock.instant();
    String given = "{\"state\":\"APPROVED\",\"decidedAt\":\"%s\"}";
    String kept = "{\"right\":\"%s\",\"certifiedAt\":\"%s\"}";

    long first =
        take(
            event(
                "right.granted.v1",
                "right/" + right,
                1,
                given.formatted(now.minus(Duration.ofDays(200)))));
    assertEquals("not overdue", why("R4.7", right));

    long second =
        take(
            event(
                "review.decided.v1", "review/" + UUID.randomUUID(), 1, kept.formatted(right, now)));
    assertEquals("confirmed", why("R4.7", right));
    get("/R4.7/objects/" + right + "/history")
        .body("items.entry", contains((int) first, (int) second));
  }

  @Test
  void whatNoControlReadsIsNotKeptAndWhatCannotBeKeptStopsNothing() {
    UUID asset = UUID.randomUUID();
    UUID odd = UUID.randomUUID();
    take(
        event(
            "asset.registered.v1",
            "asset/" + asset,
            1,
            "{\"name\":\"of somebody\",\"state\":\"IN_SERVICE\"}"),
        event(
            "asset.registered.v1",
            "asset/" + odd,
            1,
            "{\"state\":\"IN_SERVICE\",\"owner\":\"\\u0000\"}"));
    assertEquals(
        "{\"state\": \"IN_SERVICE\"}", text("select state from object where id = '" + asset + "'"));
    assertEquals("{}", text("select state from object where id = '" + odd + "'"));
    assertEquals("not unclassified", why("R3.2", asset));
  }

  /** Those that are the same each time and one that is not, or the one that somebody asks for. */
  static List<Long> seeds() {
    Long asked = Long.getLong(SEED);
    return asked == null
        ? Stream.concat(FIXED.stream(), Stream.of(new Random().nextLong())).toList()
        : List.of(asked);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void afterAnyHistoryVerdictsAreWhatTheQueriesAnswerOfTheWholeOfIt(long seed) throws Throwable {
    System.out.printf("To repeat this history: -D%s=%d%n", SEED, seed);
    RandomHistory history = new RandomHistory(seed, clock.instant());
    Set<String> asked = new TreeSet<>();
    int excepted = 0;
    for (int hours : HOURS) {
      logged(history.next(EVENTS / 2));
      judged();
      logged(history.next(EVENTS / 2));
      clock.move(Duration.ofHours(hours));
      judged();
      excepted += assertEverythingIsJudged(history, asked);
    }
    assertTrue(asked.size() > controls.all().size() * 3 / 4, asked.toString());
    assertTrue(excepted > 0, "a history in which nothing is excepted shows less");

    List<String> incremental = kept(history);
    VertxContextSupport.subscribeAndAwait(posture::rebuild);
    judged();
    assertEquals(incremental, kept(history));
  }

  @Test
  void ofEachRuleOneOfTheHistoriesThatAreTheSameEachTimeHasSomethingInScope() throws SQLException {
    Set<String> lacking =
        controls.all().stream().map(Control::rule).collect(Collectors.toCollection(TreeSet::new));
    for (long seed : FIXED) {
      Instant now = clock.instant();
      RandomHistory history = new RandomHistory(seed, now);
      for (int hours : HOURS) {
        history.next(EVENTS);
        now = now.plus(Duration.ofHours(hours));
        try (Judgement judgement = Judgement.of(read(history))) {
          for (Control control : controls.all()) {
            if (lacking.contains(control.rule()) && !judgement.all(control, now).isEmpty()) {
              lacking.remove(control.rule());
            }
          }
        }
      }
    }
    assertEquals(Set.of(), lacking, "nothing shows of these that they are judged right");
  }

  @Test
  void historiesChangeEachMemberThatAQueryReads() {
    for (Control control : controls.all()) {
      control
          .watch()
          .reads()
          .forEach(
              (kind, members) -> {
                Set<String> lacking = new TreeSet<>(members);
                lacking.removeAll(RandomHistory.members(kind));
                assertEquals(Set.of(), lacking, control.rule() + ": " + kind);
              });
    }
  }

  /**
   * Adds the rules that have objects of the history in scope to {@code asked}; returns how many
   * verdicts are excepted.
   */
  private int assertEverythingIsJudged(RandomHistory history, Set<String> asked)
      throws SQLException {
    Map<String, JsonNode> states = read(history);
    Instant now = clock.instant();
    int failing = 0;
    int excepted = 0;
    try (Judgement judgement = Judgement.of(states).withKept(meantForAll())) {
      for (Control control : controls.all()) {
        Map<UUID, Verdict> whole = judgement.all(control, now);
        whole
            .entrySet()
            .removeIf(of -> !states.containsKey(of.getValue().kind() + "/" + of.getKey()));
        assertEquals(whole, Judgement.kept(control.rule(), states.keySet()), control.rule());
        failing += (int) whole.values().stream().filter(verdict -> !verdict.holds()).count();
        excepted +=
            (int) whole.values().stream().filter(verdict -> verdict.exception() != null).count();
        if (!whole.isEmpty()) {
          asked.add(control.rule());
        }
      }
    }
    assertTrue(failing > excepted, "a history in which nothing fails shows nothing");
    assertNull(text(WRONG_STATES), "rules whose state is not what their verdicts come to");
    return excepted;
  }

  /** What controls read of the objects of a history, each by {@code <kind>/<id>}. */
  private Map<String, JsonNode> read(RandomHistory history) {
    Map<String, JsonNode> states = history.states();
    states.replaceAll(
        (object, state) ->
            ((ObjectNode) state.deepCopy())
                .retain(controls.reads().get(object.substring(0, object.indexOf('/')))));
    return states;
  }

  /** Kinds of objects on which all of a rule depends: those of other histories count too. */
  private Set<String> meantForAll() {
    Stream<String> kinds =
        controls.all().stream()
            .flatMap(control -> control.watch().watches().stream())
            .filter(Trigger::every)
            .map(Trigger::kind);
    return Stream.concat(kinds, Stream.of("control-exception")).collect(Collectors.toSet());
  }

  /** All that is kept of the objects of a history. */
  private static List<String> kept(RandomHistory history) {
    String ids =
        history.states().keySet().stream()
            .map(object -> "'" + object.substring(object.indexOf('/') + 1) + "'")
            .collect(Collectors.joining(","));
    return List.of(
        text(
            "select string_agg(o::text, e'\\n' order by kind, id) from object o where id in ("
                + ids
                + ")"),
        text(
            "select string_agg(v::text, e'\\n' order by rule, id) from verdict v where id in ("
                + ids
                + ")"));
  }

  @Test
  void anotherQueryJudgesEverythingAndOnlyWhatItJudgesOtherwiseTurns() throws Exception {
    UUID asset = UUID.randomUUID();
    take(event("asset.registered.v1", "asset/" + asset, 1, "{\"state\":\"IN_SERVICE\"}"));
    String history =
        "select count(*) from verdict_turn where rule = 'R3.2' and object = '" + asset + "'";
    assertEquals(1, number(history));

    // In this order: the service looks at verdicts anew once it sees another query.
    LogDatabase.execute(
        "delete from verdict where rule = 'R3.2' and id = '" + asset + "'",
        "update control set digest = 'of another query' where rule = 'R3.2'");
    await().atMost(LONG).until(() -> "not unclassified".equals(why("R3.2", asset)));
    assertEquals(2, number(history));
    get("/R3.2").body("control.current", equalTo(true));
    get("/R3.2/objects/" + asset + "/history").body("items.cause", contains("EVENT", "QUERY"));
  }

  @Test
  void aQueryThatFailsStopsNoOtherIsSaidOnceAndMissesNothing() throws Exception {
    judged();
    String state = get("/R2.1").extract().path("control.state");
    UUID person = UUID.randomUUID();
    UUID asset = UUID.randomUUID();
    List<String> said = new CopyOnWriteArrayList<>();
    Handler listener = listener(said);
    Logger log = Logger.getLogger(Verdicts.class.getName());
    log.addHandler(listener);
    LogDatabase.execute("alter function day(jsonb, text) rename to day_away");
    try {
      logged(
          List.of(
              event("person.joined.v1", "person/" + person, 1, "{\"state\":\"ACTIVE\"}"),
              event("asset.registered.v1", "asset/" + asset, 1, "{\"state\":\"IN_SERVICE\"}")));
      await().atMost(LONG).until(() -> "not unclassified".equals(why("R3.2", asset)));
      get("/R2.1")
          .body("control.current", equalTo(false))
          .body("control.state", equalTo(state))
          .body("control.failure.why", containsString("function day"))
          .body("control.failure.since", notNullValue());
      get("").body("findAll { it.failure != null }.rule", hasItem("R2.1"));
      assertNull(why("R2.1", person));

      String retry = "select retry_at::text from control_failure where rule = 'R2.1'";
      String first = text(retry);
      clock.move(Duration.ofMinutes(2));
      await().atMost(LONG).until(() -> !first.equals(text(retry)));
      logged(List.of(event("asset.lost.v1", "asset/" + asset, 2, "{\"state\":\"LOST\"}")));
      await().atMost(LONG).until(() -> why("R3.2", asset) == null);
      List<String> once = said.stream().filter(text -> text.contains("control R2.1 ")).toList();
      assertEquals(1, once.size(), said.toString());
      assertTrue(once.get(0).contains("function day"), once.get(0));
    } finally {
      LogDatabase.execute("alter function day_away(jsonb, text) rename to day");
      log.removeHandler(listener);
    }

    clock.move(Duration.ofMinutes(2));
    judged();
    get("/R2.1").body("control.current", equalTo(true)).body("control.failure", nullValue());
    assertNotNull(why("R2.1", person));
  }

  @Test
  void aRuleIsNotCurrentWhileControlsAreBehind() throws Exception {
    judged();
    try (Connection replica = Infrastructure.running().superuser("audit");
        Statement hanging = replica.createStatement()) {
      replica.setAutoCommit(false);
      hanging.execute("select * from control_reading for update");
      logged(
          List.of(
              event(
                  "asset.registered.v1",
                  "asset/" + UUID.randomUUID(),
                  1,
                  "{\"state\":\"IN_SERVICE\"}")));
      get("/R3.2").body("control.current", equalTo(true));
      clock.move(Duration.ofMinutes(2));
      get("/R3.2").body("control.current", equalTo(false));
      get("").body("findAll { it.current }", empty());
      await().atMost(LONG).until(() -> registry.get("vigie.controls.behind").gauge().value() > 0);
    }

    judged();
    get("/R3.2").body("control.current", equalTo(true));
    await().atMost(LONG).until(() -> registry.get("vigie.controls.behind").gauge().value() == 0);
  }

  @Test
  void aVersionThatFindsAnotherOneAtWorkStopsAndOneThatStartsTakesOver() throws Exception {
    judged();
    UUID asset = UUID.randomUUID();
    String objects = "select count(*) from object";
    long kept = number(objects);
    LogDatabase.execute("update control_reading set reads = 'of another version'");
    try {
      logged(
          List.of(event("asset.registered.v1", "asset/" + asset, 1, "{\"state\":\"IN_SERVICE\"}")));
      assertEquals(0L, posture.step().await().atMost(LONG));
      await().atMost(LONG).until(() -> registry.get("vigie.controls.behind").gauge().value() > 0);
      assertEquals("of another version", text("select reads from control_reading"));
      assertEquals(kept, number(objects));
      assertEquals(0, number("select count(*) from control where digest = ''"));

      Posture started = new Posture(controls, database, keys, JSON, registry, clock);
      await().atMost(LONG).until(() -> started.step().await().atMost(LONG) > 0);
    } finally {
      LogDatabase.execute(
          "update control_reading set reads = '' where reads = 'of another version'");
    }
    judged();
    assertEquals("not unclassified", why("R3.2", asset));
  }

  @Test
  void aRuleWhoseQueryWasTakenAwayHasNoStateAnyMore() throws Exception {
    judged();
    // The verdict first: a look between the two would find a rule without any.
    LogDatabase.execute(
        "insert into verdict (rule, kind, id, holds, why, since)"
            + " values ('R0.1', 'asset', gen_random_uuid(), true, '', now())");
    LogDatabase.execute("insert into control values ('R0.1', 'digest', 'GREEN', 1, 0, now())");
    await()
        .atMost(LONG)
        .until(() -> number("select count(*) from control where rule = 'R0.1'") == 0);
    assertEquals(0, number("select count(*) from verdict where rule = 'R0.1'"));

    LogDatabase.execute(
        "insert into control_failure (rule, digest, why, since, retry_at)"
            + " values ('R0.2', 'digest', 'why', now(), now())");
    await()
        .atMost(LONG)
        .until(() -> number("select count(*) from control_failure where rule = 'R0.2'") == 0);
  }

  @Test
  void aLookThatFindsNothingToDoLocksNothing() {
    judged();
    await()
        .atMost(LONG)
        .until(
            () -> {
              String locked = text("select xmax::text from control_reading");
              posture.keep().await().atMost(LONG);
              return text("select xmax::text from control_reading").equals(locked);
            });
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
  void theCatalogueIsWholeAndShowsNothingThatNoQueryKnowsAsComputed() {
    judged();
    List<String> rules = PolicyTable.read("rules", Rules.class).rules();
    get("").body("rule", equalTo(rules));
    List<String> queried = controls.all().stream().map(Control::rule).toList();
    get("").body("findAll { it.state != null }.rule", equalTo(queried));
    get("").body("findAll { it.current }.rule", equalTo(queried));

    get("?decided=QUERY").body("rule", equalTo(queried));
    get("/R10.4")
        .body("control.decided", equalTo("ATTESTATION"))
        .body("control.state", nullValue())
        .body("control.current", equalTo(false))
        .body("attestation.by", equalTo("ciso"))
        .body("tests", nullValue());
    get("/R1.1")
        .body("control.title.fr", containsString("Programme"))
        .body("control.mappings.iso27001", hasItem("A.5.36"))
        .body("control.current", equalTo(false))
        .body("tests", contains("io.vigie.testkit.ControlsTest"));
    Rest.as(Tokens.of(AUDITOR)).get("/v1/controls/R1.1/objects").then().statusCode(404);
  }

  private record Rules(List<String> rules) {}

  @Test
  void theCatalogueIsFilteredAndWhatIsNoFilterIsRefused() {
    judged();
    get("?section=12&owner=backup").body("rule", hasItem("R12.1"));
    get("?section=12").body("section", everyItem(equalTo(12)));
    get("?owner=backup").body("owners", everyItem(hasItem("backup"))).body("", not(empty()));
    get("?decided=BUILD").body("decided", everyItem(equalTo("BUILD"))).body("", not(empty()));
    get("?state=GREEN").body("state", everyItem(equalTo("GREEN")));
    get("?state=GREEN&decided=ATTESTATION").body("", empty());
    for (String wrong : List.of("state=BLUE", "section=0", "owner=nobody", "decided=NOBODY")) {
      Rest.as(Tokens.of(AUDITOR)).get("/v1/controls?" + wrong).then().statusCode(400);
    }
  }

  @Test
  void theStatementOfApplicabilityHasAllOfAnnexAWithRulesOrReasons() {
    judged();
    String path = "/statement-of-applicability";
    String state = get("/R3.3").extract().path("control.state");
    get(path)
        .body("controls.id", hasSize(93))
        .body("controls[0].id", equalTo("A.5.1"))
        .body("controls[9].id", equalTo("A.5.10"))
        .body("controls[92].id", equalTo("A.8.34"))
        .body("controls.findAll { it.rules.empty == (it.justification == null) }", empty())
        .body("controls.find { it.id == 'A.5.9' }.rules.rule", hasItem("R3.3"))
        .body(
            "controls.find { it.id == 'A.5.9' }.rules.find { it.rule == 'R3.3' }.state",
            equalTo(state))
        .body("controls.find { it.id == 'A.5.8' }.rules", empty())
        .body("controls.find { it.id == 'A.5.8' }.justification.fr", containsString("projets"));

    List<String> rows =
        get(path + "/csv").contentType("text/csv").extract().asString().lines().toList();
    List<List<?>> served = get(path).extract().path("controls.rules");
    assertEquals(
        served.stream().mapToInt(rules -> Math.max(1, rules.size())).sum(), rows.size() - 1);
    assertTrue(rows.get(0).startsWith("control,applicable,"), rows.get(0));
    assertTrue(
        rows.stream()
            .anyMatch(row -> row.matches("A\\.5\\.9,true,,,R3\\.3,.*,QUERY," + state + ",.*")),
        rows.toString());
    assertTrue(
        rows.stream().anyMatch(row -> row.matches("A\\.5\\.8,true,.*projets.*,,.*,,,,,,")),
        rows.toString());
    Rest.as(Tokens.of(SYSADMIN)).get("/v1/controls" + path + "/csv").then().statusCode(403);
  }

  @Test
  void onlyAuditorsAndTheCisoSeeControlsAndOnlyThoseThereAre() {
    Rest.as(Tokens.of(SYSADMIN)).get("/v1/controls").then().statusCode(403);
    Rest.as(Tokens.of(CISO)).get("/v1/controls").then().statusCode(200);
    Rest.as(Tokens.of(AUDITOR)).get("/v1/controls/R99.9").then().statusCode(404);
    Rest.as(Tokens.of(AUDITOR)).get("/v1/controls/R99.9/objects").then().statusCode(404);
  }
}
