package io.vigie.access.review;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.access.Api;
import io.vigie.access.client.Clients;
import io.vigie.access.review.ReviewModel.Asked;
import io.vigie.access.review.ReviewModel.Held;
import io.vigie.access.review.ReviewModel.Kind;
import io.vigie.access.review.ReviewModel.Round;
import io.vigie.access.review.ReviewModel.Worker;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Whatever is asked, answered and left unanswered in whatever order: rights and items are what a
 * model says that is too simple to be wrong, nobody reviews their own or the same twice, and
 * silence approves nothing.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ReviewModelTest {

  private static final int STEPS = 60;

  @Inject MovableClock clock;
  @Inject DataSource database;

  private final ReviewModel model = new ReviewModel();
  private final Map<Worker, String> tokens = new HashMap<>();
  private final List<String> done = new ArrayList<>();
  private final UUID asset = UUID.randomUUID();
  private final UUID site = UUID.randomUUID();
  private SplittableRandom random;
  private int reductions;

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatBecomesOfRightsIsWhatTheModelSays(long seed) throws SQLException {
    random = new SplittableRandom(seed);
    Worker head = join(null, false);
    Worker first = join(head, true);
    Worker second = join(head, false);
    Worker other = join(null, true);
    List<Worker> holders =
        List.of(first, join(first, false), join(first, false), join(second, false), other);
    for (Worker owner : List.of(head, first, holders.get(1))) {
      String entitlement = Reviews.entitlement(asset, owner.id, "NORMAL");
      for (Worker holder : holders) {
        model.rights.add(new Held(Reviews.right(holder.id, entitlement), holder, owner));
      }
    }
    for (Worker responsible : holders) {
      model.rights.add(
          Held.program(Reviews.program(UUID.randomUUID(), responsible.id), responsible));
    }
    for (Worker holder : holders) {
      model.rights.add(Held.clientAccess(Clients.approvedOf(holder.id), holder));
    }
    open();
    for (int step = 0; step < STEPS; step++) {
      step();
      model.tick(clock.instant());
      await().untilAsserted(this::assertAsTheModelSays);
    }
    assertEquals(0, count(OWN), () -> String.join("\n", done));
    assertEquals(0, count(TWICE), () -> String.join("\n", done));
    assertEquals(0, count(SILENT), () -> String.join("\n", done));
    assertEquals(0, count(UNDONE), () -> String.join("\n", done));
  }

  private void step() throws SQLException {
    switch (random.nextInt(20)) {
      case 0, 1 -> open();
      case 2, 3 -> pass();
      case 4 -> leave();
      case 5, 6 -> close();
      default -> answer();
    }
  }

  private Worker join(Worker manager, boolean managesAccess) {
    UUID subject = UUID.randomUUID();
    String id = Reviews.personAt(site, subject, manager == null ? null : manager.id);
    Worker worker = new Worker(id, subject.toString(), manager, managesAccess);
    model.people.add(worker);
    tokens.put(worker, Tokens.of(subject, managesAccess ? ACCESS_MANAGER : STAFF));
    return worker;
  }

  private void open() {
    ReviewerRule rule = ReviewerRule.values()[random.nextInt(3)];
    List<Asked> items = model.items(rule);
    Map<String, Object> plan = Reviews.plan(asset, rule);
    plan.put("scope", Map.of("sites", List.of(site)));
    String id = Reviews.open(plan);
    var campaign = Rest.as(TOKEN).get("/v1/campaigns/" + id);
    assertEquals(items.size(), (int) campaign.path("items"), () -> String.join("\n", done));
    model.rounds.add(
        new Round(
            id,
            Instant.parse(campaign.path("dueAt")),
            Instant.parse(campaign.path("graceUntil")),
            items));
    done.add("%s opens with %d by %s".formatted(id, items.size(), rule));
  }

  private void pass() {
    clock.move(Duration.ofHours(4 + random.nextInt(22)).plusMinutes(7));
    done.add("it is " + clock.instant());
  }

  private void leave() {
    Worker worker = model.people.get(1 + random.nextInt(model.people.size() - 1));
    long gone = model.people.stream().filter(each -> each.hasLeft).count();
    if (!worker.hasLeft && gone < 3) {
      Api.leave(worker.id).then().statusCode(200);
      done.add(worker.id + " leaves");
      model.leave(worker);
    }
  }

  private void close() {
    Round round = model.rounds.get(random.nextInt(model.rounds.size()));
    boolean mayClose = model.mayClose(round, clock.instant());
    Reviews.close(round.id).then().statusCode(mayClose ? 200 : 409);
    done.add("%s %s".formatted(round.id, mayClose ? "closes" : "does not close"));
    round.isOpen = round.isOpen && !mayClose;
  }

  private void answer() throws SQLException {
    Round round =
        model.rounds.get(
            model.rounds.size() - 1 - random.nextInt(Math.min(2, model.rounds.size())));
    if (round.items.isEmpty()) {
      return;
    }
    Asked item = round.items.get(random.nextInt(round.items.size()));
    Worker by = somebody();
    if (random.nextInt(3) > 0 && item.reviewer != null) {
      by = item.reviewer;
    }
    Worker to = somebody();
    Verdict verdict = Verdict.values()[random.nextInt(Verdict.values().length)];
    if (by.hasLeft) {
      return;
    }
    Object[] more =
        switch (verdict) {
          case DELEGATE -> new Object[] {"delegate", to.id};
          case REDUCE -> new Object[] {"until", inTheFarFuture().toString()};
          default -> new Object[0];
        };
    boolean isTaken = model.mayAnswer(round, item, by, verdict, to, clock.instant());
    Map<String, Object> line = Reviews.line(asked(round, item.right), verdict.name(), more);
    done.add(
        "%s says %s of %s in %s, to %s: %s"
            .formatted(by.id, verdict, item.right.id, round.id, to.id, isTaken));
    Reviews.decide(tokens.get(by), round.id, line)
        .then()
        .statusCode(!round.isOpen ? 409 : isTaken ? 200 : 422);
    if (round.isOpen && isTaken) {
      model.answer(item, by, verdict, to);
      if (verdict == Verdict.REVOKE && item.right.kind == Kind.PROGRAM) {
        theDirectoryCloses(item.right.id);
      } else if (verdict == Verdict.REVOKE && item.right.kind == Kind.RIGHT) {
        Reviews.confirm(TOKEN, round.id, line.get("item")).then().statusCode(200);
      }
    }
  }

  private void theDirectoryCloses(String program) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                with closed as (update service_account set closed_at = now() where id = ? returning subject)
                delete from directory_change where account = (select subject from closed)""")) {
      statement.setObject(1, UUID.fromString(program));
      assertEquals(1, statement.executeUpdate());
    }
  }

  private static Map<String, Object> asked(Round round, Held right) {
    return Reviews.items(TOKEN, round.id, "reviewer=all").stream()
        .filter(item -> right.id.equals(id(item)))
        .findFirst()
        .orElseThrow();
  }

  private static String id(Map<String, Object> item) {
    return first(item, "right", "serviceAccount", "clientAccess");
  }

  private static String stateOf(Map<String, Object> item) {
    return first(item, "rightState", "serviceAccountState", "clientAccessState");
  }

  private static String first(Map<String, Object> item, String... fields) {
    return Stream.of(fields)
        .map(field -> (String) item.get(field))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }

  /** Earlier than any end that there was. */
  private Instant inTheFarFuture() {
    return clock.instant().plus(Duration.ofDays(2_000 - 40L * reductions++));
  }

  private Worker somebody() {
    return model.people.get(random.nextInt(model.people.size()));
  }

  private void assertAsTheModelSays() {
    for (Round round : model.rounds) {
      Map<String, String> expected = new TreeMap<>();
      round.items.forEach(
          item ->
              expected.put(
                  item.right.id,
                  "%s %s %s %d"
                      .formatted(
                          item.right.state,
                          item.state,
                          item.reviewer == null ? null : item.reviewer.id,
                          item.stage)));
      Map<String, String> actual = new TreeMap<>();
      Reviews.items(TOKEN, round.id, "reviewer=all")
          .forEach(
              item ->
                  actual.put(
                      id(item),
                      "%s %s %s %s"
                          .formatted(
                              stateOf(item),
                              item.get("state"),
                              item.get("reviewer"),
                              item.get("stage"))));
      assertEquals(expected, actual, () -> round.id + "\n" + String.join("\n", done));
    }
  }

  private static final String OWN =
      """
      select count(*) from review_answer a join review v on v.id = a.review_id
      join person p on p.id = v.person_id where a.answered_by = p.subject and ?::timestamptz is not null""";

  private static final String TWICE =
      """
      select count(*) from review_answer a join review_answer b on b.review_id = a.review_id
      where a.stage = 1 and b.stage = 2 and a.answered_by = b.answered_by
        and a.verdict in ('CERTIFY', 'REDUCE') and ?::timestamptz is not null""";

  private static final String SILENT =
      """
      select count(*) from review v join campaign c on c.id = v.campaign_id
      join access_right r on r.id = v.right_id
      where c.state in ('OPEN', 'CLOSED') and c.grace_until <= ? and v.state = 'PENDING'
        and r.state = 'APPROVED' and not exists
          (select from review w where w.right_id = v.right_id and w.id > v.id)""";

  private static final String UNDONE =
      """
      select count(*) from review v join campaign c on c.id = v.campaign_id
      join access_right r on r.id = v.right_id
      where c.state = 'CLOSED' and v.state = 'REVOKED' and ?::timestamptz is not null
        and (r.state <> 'REVOKED' or v.confirmed_at is null)""";

  private int count(String query) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }
}
