package io.vigie.access.request;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.access.request.ApprovalModel.Given;
import io.vigie.access.request.ApprovalModel.Request;
import io.vigie.access.request.ApprovalModel.Substitution;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Whoever asks, also for a moment, approves, refuses, renews, breaks the glass, justifies, stands
 * in or leaves, in whatever order and however late: what waits for whom and what is in force is
 * what a model says that is too simple to be wrong. Nobody approves their own, nothing is in force
 * with fewer approvals than its path has, save what an emergency gave, and nothing outlives its
 * time.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ApprovalModelTest {

  private static final int STEPS = 45;
  private static final Duration LAPSE_AFTER = Duration.ofDays(30);
  private static final Duration RENEWAL_OPENS = Duration.ofDays(14);

  @Inject MovableClock clock;
  @Inject DataSource database;

  private final UUID substitute = UUID.randomUUID();
  private final Map<String, String> tokens = new HashMap<>();
  private final List<String> actors = new ArrayList<>();
  private final List<String> done = new ArrayList<>();
  private Circle circle;
  private String substituteId;
  private ApprovalModel model;
  private SplittableRandom random;

  @BeforeEach
  void people() {
    circle = new Circle();
    substituteId = Api.join(substitute);
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatWaitsForWhomAndWhatIsInForceIsWhatTheModelSays(long seed) throws SQLException {
    random = new SplittableRandom(seed);
    Map<String, Set<String>> roles = new HashMap<>();
    actor(circle.recipient, roles, CISO);
    actor(circle.manager, roles);
    actor(circle.owner, roles, seed % 2 == 0 ? CISO : ACCESS_MANAGER);
    actor(substitute, roles, ACCESS_MANAGER);
    actor(UUID.randomUUID(), roles, ACCESS_MANAGER);
    actor(UUID.randomUUID(), roles, CISO);
    model =
        new ApprovalModel(
            circle.recipient.toString(), circle.manager.toString(), circle.owner.toString(), roles);
    for (int step = 0; step < STEPS; step++) {
      step();
      model.tick(clock.instant(), LAPSE_AFTER);
      await().untilAsserted(this::assertAsTheModelSays);
    }
    assertEquals(0, rightsThatMustNotBe());
  }

  private void actor(UUID subject, Map<String, Set<String>> roles, String... held) {
    actors.add(subject.toString());
    tokens.put(subject.toString(), Tokens.of(subject, held));
    Set<String> names = new HashSet<>();
    for (String role : held) {
      names.add(role.equals(CISO) ? "CISO" : "ACCESS_MANAGER");
    }
    roles.put(subject.toString(), names);
  }

  private void step() {
    switch (random.nextInt(15)) {
      case 0, 1 -> ask();
      case 2 -> delegate();
      case 3 -> stop("refusal");
      case 4 -> stop("withdrawal");
      case 5 -> renew();
      case 6 -> pass();
      case 7 -> leave();
      case 8 -> breakGlass();
      case 9 -> justify();
      case 10 -> accept();
      default -> approve();
    }
  }

  private void assertAsTheModelSays() {
    Instant now = clock.instant();
    for (String actor : actors) {
      if (model.left.contains(actor)) {
        continue;
      }
      Set<String> waiting = new TreeSet<>();
      for (Request request : model.requests) {
        if (!model.possible(actor, request, now).isEmpty()) {
          waiting.add(request.id);
        }
      }
      List<String> listed =
          Rest.as(tokens.get(actor))
              .get("/v1/rights?awaiting=me&limit=200&person=" + circle.recipientId)
              .path("items.id");
      assertEquals(waiting, new TreeSet<>(listed), () -> actor + "\n" + String.join("\n", done));
    }
    for (Request request : model.requests) {
      Response right = Rest.as(Api.TOKEN).get("/v1/rights/" + request.id);
      assertEquals(request.state, right.path("state"), () -> String.join("\n", done));
      Map<String, Object> emergency = right.path("emergency");
      assertEquals(
          request.isMissed,
          emergency != null && emergency.get("missedAt") != null,
          () -> request.id + "\n" + String.join("\n", done));
    }
  }

  /** What no sequence of steps may lead to, asked of what is stored. */
  private int rightsThatMustNotBe() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                select count(*) from access_right r join person p on p.id = r.person_id
                cross join lateral (select cast(r.approvals as jsonb) as a) j
                where p.id = cast(? as uuid) and (
                  r.state = 'APPROVED' and r.valid_until <= ?
                  or r.ground = 'BREAK_GLASS' and (r.valid_until > r.decided_at + interval '4 hours'
                    or r.accepted_by = p.subject or r.justify_by is null)
                  or exists (select from jsonb_array_elements(a -> 'given') g
                    where g ->> 'by' in (a ->> 'askedBy', p.subject)
                      or g ->> 'onBehalfOf' in (a ->> 'askedBy', p.subject))
                  or r.state in ('APPROVED', 'EXPIRED') and r.decided_at is null)""")) {
      statement.setString(1, circle.recipientId);
      statement.setObject(2, OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private void ask() {
    String asker = actors.get(random.nextInt(actors.size()));
    if (model.left.contains(asker)) {
      return;
    }
    boolean mayAsk =
        asker.equals(model.recipient)
            || asker.equals(model.manager)
            || model.roles.get(asker).contains("ACCESS_MANAGER");
    Request request = new Request();
    request.sensitivity = List.of("NORMAL", "SENSITIVE", "PRIVILEGED").get(random.nextInt(3));
    request.asker = asker;
    request.askedAt = clock.instant();
    Map<String, String> body = new HashMap<>();
    body.put("entitlement", circle.entitlement("VPN", request.sensitivity));
    if (random.nextInt(3) == 0) {
      request.duration = Duration.ofHours(random.nextBoolean() ? 1 : 24);
      body.put("duration", request.duration.toString());
    } else {
      request.validUntil = clock.instant().plus(Duration.ofDays(3 + random.nextInt(30)));
      body.put("validUntil", request.validUntil.toString());
    }
    Response answer = circle.ask(tokens.get(asker), body);
    done.add("%s asks for %s: %d".formatted(asker, request.sensitivity, answer.statusCode()));
    assertEquals(mayAsk ? 201 : 403, answer.statusCode());
    if (mayAsk) {
      request.id = answer.path("id");
      model.requests.add(request);
    }
  }

  private Request any() {
    return model.requests.isEmpty()
        ? null
        : model.requests.get(random.nextInt(model.requests.size()));
  }

  private void approve() {
    Request request = any();
    String actor = actors.get(random.nextInt(actors.size()));
    if (request == null || model.left.contains(actor)) {
      return;
    }
    Instant now = clock.instant();
    Set<Given> possible = model.possible(actor, request, now);
    boolean isTimeOver = request.validUntil != null && !request.validUntil.isAfter(now);
    Response answer = Circle.approve(tokens.get(actor), request.id);
    done.add("%s approves %s: %d".formatted(actor, request.id, answer.statusCode()));
    if (possible.isEmpty() || isTimeOver) {
      assertTrue(
          Set.of(403, 409, 422).contains(answer.statusCode()), () -> String.join("\n", done));
      return;
    }
    answer.then().statusCode(200);
    List<Map<String, Object>> all = answer.path("approval.given");
    Map<String, Object> last = all.get(all.size() - 1);
    Given given =
        new Given(
            (Integer) last.get("step"),
            (String) last.get("part"),
            (String) last.get("as"),
            (String) last.get("by"),
            (String) last.get("onBehalfOf"));
    assertTrue(possible.contains(given), () -> given + "\n" + String.join("\n", done));
    request.given.add(given);
    if (ApprovalModel.isComplete(request)) {
      request.state = "APPROVED";
      request.validUntil = request.renewalUntil == null ? request.validUntil : request.renewalUntil;
      request.renewalUntil = null;
      if (request.duration != null) {
        request.validUntil = lasts(answer, request.duration, now);
      }
    }
  }

  /** Until when, which is so long from when it was done, a moment after {@code before}. */
  private Instant lasts(Response answer, Duration duration, Instant before) {
    Instant until = Instant.parse(answer.path("validUntil"));
    assertTrue(
        !until.isBefore(before.plus(duration)) && !until.isAfter(clock.instant().plus(duration)),
        () -> until + "\n" + String.join("\n", done));
    return until;
  }

  private void breakGlass() {
    Request request = new Request();
    request.sensitivity = List.of("NORMAL", "SENSITIVE", "PRIVILEGED").get(random.nextInt(3));
    request.asker = model.recipient;
    Instant before = clock.instant();
    Response answer =
        Rest.as(tokens.get(model.recipient))
            .body(
                Map.of(
                    "entitlement",
                    circle.entitlement("DATABASE_ROLE", request.sensitivity),
                    "reason",
                    "x"))
            .post("/v1/rights/break-glass");
    answer.then().statusCode(201);
    request.id = answer.path("id");
    request.state = "APPROVED";
    request.duration = Duration.ofHours(4);
    request.validUntil = lasts(answer, request.duration, before);
    request.justifyBy = Instant.parse(answer.path("emergency.justifyBy"));
    model.requests.add(request);
    done.add("the glass is broken for " + request.id);
  }

  private void justify() {
    Request request = any();
    String actor = actors.get(random.nextInt(actors.size()));
    if (request == null || model.left.contains(actor)) {
      return;
    }
    boolean may =
        request.justifyBy != null && !request.isJustified && actor.equals(model.recipient);
    Response answer =
        Api.act(tokens.get(actor), request.id, "justification", Map.of("reason", "x"));
    done.add("%s justifies %s: %d".formatted(actor, request.id, answer.statusCode()));
    assertEquals(may, answer.statusCode() == 200, () -> String.join("\n", done));
    request.isJustified |= may;
  }

  private void accept() {
    Request request = any();
    String actor = actors.get(random.nextInt(actors.size()));
    if (request == null || model.left.contains(actor)) {
      return;
    }
    boolean may =
        request.isJustified
            && !request.isAccepted
            && !actor.equals(model.recipient)
            && model.roles.get(actor).contains("CISO");
    Response answer = Api.act(tokens.get(actor), request.id, "justification/acceptance", Map.of());
    done.add("%s accepts %s: %d".formatted(actor, request.id, answer.statusCode()));
    assertEquals(may, answer.statusCode() == 200, () -> String.join("\n", done));
    request.isAccepted |= may;
  }

  private void stop(String how) {
    Request request = any();
    String actor = actors.get(random.nextInt(actors.size()));
    if (request == null || model.left.contains(actor)) {
      return;
    }
    boolean may =
        how.equals("withdrawal")
            ? actor.equals(request.asker)
            : model.roles.get(actor).contains("ACCESS_MANAGER")
                || !model.possible(actor, request, clock.instant()).isEmpty();
    Response answer =
        Api.act(
            tokens.get(actor),
            request.id,
            how,
            how.equals("refusal") ? Map.of("reason", "x") : Map.of());
    done.add("%s %s of %s: %d".formatted(actor, how, request.id, answer.statusCode()));
    boolean isDone = may && request.waits();
    assertEquals(isDone, answer.statusCode() == 200, () -> String.join("\n", done));
    if (isDone) {
      if (request.renewalUntil == null) {
        request.state = how.equals("refusal") ? "REFUSED" : "WITHDRAWN";
      }
      request.renewalUntil = null;
    }
  }

  private void renew() {
    Request request = any();
    if (request == null || !request.state.equals("APPROVED") || request.renewalUntil != null) {
      return;
    }
    Instant until = request.validUntil.plus(Duration.ofDays(1 + random.nextInt(30)));
    boolean isRenewable = request.duration == null;
    boolean isOpen =
        isRenewable && !request.validUntil.minus(RENEWAL_OPENS).isAfter(clock.instant());
    String asker = random.nextBoolean() ? model.recipient : substitute.toString();
    Response answer =
        Api.act(
            tokens.get(asker),
            request.id,
            "renewal",
            Map.of("validUntil", until.toString(), "reason", "x"));
    done.add("%s renews %s: %d".formatted(asker, request.id, answer.statusCode()));
    assertEquals(isOpen ? 200 : isRenewable ? 409 : 422, answer.statusCode());
    if (isOpen) {
      request.asker = asker;
      request.askedAt = clock.instant();
      request.renewalUntil = until;
      request.given.clear();
    }
  }

  private void delegate() {
    boolean isManager = random.nextBoolean();
    String absent = isManager ? model.manager : model.owner;
    if (model.left.contains(absent)
        || model.substitutions.stream()
            .anyMatch(
                each -> each.absent().equals(absent) && each.until().isAfter(clock.instant()))) {
      return;
    }
    Instant until = clock.instant().plus(Duration.ofDays(1 + random.nextInt(20)));
    Rest.as(tokens.get(absent))
        .body(
            Map.of(
                "person",
                isManager ? circle.managerId : circle.ownerId,
                "substitute",
                substituteId,
                "validUntil",
                until.toString()))
        .post("/v1/delegations")
        .then()
        .statusCode(201);
    done.add("the substitute stands in for " + absent + " until " + until);
    model.substitutions.add(new Substitution(absent, substitute.toString(), until));
  }

  /** Rarely, since it does not come back. */
  private void leave() {
    if (random.nextInt(3) == 0 && model.left.isEmpty()) {
      Api.leave(circle.managerId).then().statusCode(200);
      done.add("the manager leaves");
      model.left.add(model.manager);
    }
  }

  /** Whole days and some, so that no two times that matter ever are the same. */
  private void pass() {
    clock.move(Duration.ofDays(random.nextInt(9)).plusMinutes(173));
    done.add("it is " + clock.instant());
  }
}
