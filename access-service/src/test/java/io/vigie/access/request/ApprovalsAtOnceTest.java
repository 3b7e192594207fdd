package io.vigie.access.request;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.Meeting;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.stateOf;
import static io.vigie.access.request.Circle.approve;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whoever decides about one request while somebody else does, both calls in flight. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ApprovalsAtOnceTest {

  @Inject DataSource database;

  private Circle circle;
  private String manager;
  private String owner;

  @BeforeEach
  void people() {
    circle = new Circle();
    manager = Tokens.of(circle.manager);
    owner = Tokens.of(circle.owner);
  }

  private List<Response> atOnce(String right, Supplier<Response> one, Supplier<Response> other)
      throws SQLException {
    return Meeting.of(
        database,
        "select 1 from access_right where id = '%s' for update".formatted(right),
        List.of(one, other));
  }

  private static Response only(List<Response> answers, int status) {
    List<Response> such = answers.stream().filter(answer -> answer.statusCode() == status).toList();
    assertEquals(
        1, such.size(), () -> answers.stream().map(Response::asString).toList().toString());
    return such.get(0);
  }

  private static List<String> told(String right, int count) {
    try (Topic topic = Topic.named("vigie.access.events")) {
      return topic.await(count, about(right)).stream()
          .map(record -> Topic.header(record, "ce_type"))
          .toList();
    }
  }

  @RepeatedTest(3)
  void whereOneIsNeededOneCountsAndTheOtherIsToldToReadAgain() throws SQLException {
    // Given
    String right = circle.asks("NORMAL");

    // When
    List<Response> answers =
        atOnce(right, () -> approve(manager, right), () -> approve(owner, right));

    // Then
    only(answers, 200);
    problem(only(answers, 412), 412, "stale");
    Rest.as(Api.TOKEN).get("/v1/rights/" + right).then().body("approval.given", hasSize(1));
    problem(approve(owner, right), 409, "right-not-requested");
    assertEquals(List.of("right.requested.v1", "right.approved.v1"), told(right, 2));
  }

  @Test
  void whereBothAreNeededTheSecondReadsAgainAndCounts() throws SQLException {
    // Given
    String right = circle.asks("PRIVILEGED");
    String ciso = Tokens.of(CISO);

    // When
    List<Response> answers = atOnce(right, () -> approve(owner, right), () -> approve(ciso, right));

    // Then
    Response first = only(answers, 200);
    problem(only(answers, 412), 412, "stale");
    assertEquals("REQUESTED", first.path("state"));

    // When whoever came second repeats it
    approve(answers.get(0) == first ? ciso : owner, right).then().statusCode(200);

    // Then
    assertEquals("APPROVED", stateOf(right));
    Rest.as(Api.TOKEN)
        .get("/v1/rights/" + right)
        .then()
        .body("approval.given.as", containsInAnyOrder("OWNER", "CISO"))
        .body("approval.awaits", empty());
  }

  @Test
  void oneWhoApprovesTwiceAtOnceCountsOnce() throws SQLException {
    String right = circle.asks("PRIVILEGED");

    List<Response> answers =
        atOnce(right, () -> approve(owner, right), () -> approve(owner, right));

    only(answers, 200);
    problem(only(answers, 412), 412, "stale");
    problem(approve(owner, right), 422, "already-approved");
    assertEquals("REQUESTED", stateOf(right));
  }

  @Test
  void ofAnApprovalAndARefusalAtOnceOneHolds() throws SQLException {
    String right = circle.asks("NORMAL");

    List<Response> answers =
        atOnce(
            right,
            () -> approve(manager, right),
            () -> Api.act(owner, right, "refusal", Map.of("reason", "Not in this team")));

    String state = only(answers, 200).path("state");
    problem(only(answers, 412), 412, "stale");
    assertEquals(state, stateOf(right));
    assertEquals(
        List.of("right.requested.v1", "right." + state.toLowerCase() + ".v1"), told(right, 2));
  }

  @Test
  void whoWithdrawsWhileSomebodyApprovesHasItWithdrawnOrIsTold() throws SQLException {
    String right = circle.asks("NORMAL");

    List<Response> answers =
        atOnce(
            right,
            () -> approve(manager, right),
            () -> Api.act(Tokens.of(circle.recipient), right, "withdrawal", Map.of()));

    String state = only(answers, 200).path("state");
    assertEquals(state, stateOf(right));
    assertEquals(
        List.of(200, 412),
        Stream.of(answers.get(0), answers.get(1)).map(Response::statusCode).sorted().toList());
  }
}
