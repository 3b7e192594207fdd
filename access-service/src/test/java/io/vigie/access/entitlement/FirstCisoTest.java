package io.vigie.access.entitlement;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.kernel.Problem;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Meeting;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Against contracts/policy/first-ciso.json, at a service whose operator set a one-time token. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@WithTestResource(FirstCisoTest.OneTimeToken.class)
class FirstCisoTest {

  private static final String TOKEN = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";

  /** The operator's setting. */
  public static class OneTimeToken implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
      return Map.of("vigie.access.first-ciso-token", TOKEN);
    }

    @Override
    public void stop() {
      // nothing runs
    }
  }

  @Inject MovableClock clock;
  @Inject DataSource database;

  private final UUID operator = UUID.randomUUID();

  /** Neither the service nor anybody who asks it can take back that there was a CISO. */
  @BeforeEach
  void nobodyWasEverCiso() throws SQLException {
    asSuperuser(
        "delete from first_ciso",
        "delete from drift where what = 'ciso'",
        "update entitlement set directory_name = 'former' where directory_kind = 'ROLE'",
        "update business_profile set state = 'RETIRED'");
  }

  private static void asSuperuser(String... statements) throws SQLException {
    try (Connection connection = Infrastructure.running().superuser("access");
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  @AfterEach
  void timeIsNowAgain() {
    clock.backToNow();
  }

  private Response appoint(String token, UUID subject) {
    return Rest.as(Tokens.of(operator, TOOL))
        .body(
            Map.of(
                "token",
                token,
                "givenName",
                "Charlie",
                "familyName",
                "Laurent",
                "email",
                UUID.randomUUID() + "@example.org",
                "subject",
                subject.toString()))
        .post("/v1/first-ciso");
  }

  private Response appoint(String token) {
    return appoint(token, UUID.randomUUID());
  }

  private static Response rightsOf(String person) {
    return Rest.as(Api.TOKEN).get("/v1/people/" + person + "/effective-rights");
  }

  @Test
  void theFirstCisoIsAPersonWithBothRolesAndTheLogSaysWhoMadeThem() {
    // When
    String person =
        appoint(TOKEN)
            .then()
            .statusCode(201)
            .header("Vigie-Receipt", notNullValue())
            .body("state", equalTo("ACTIVE"))
            .body("businessProfile", equalTo("CISO"))
            .extract()
            .path("id");

    // Then
    rightsOf(person).then().body("items.name", containsInAnyOrder(CISO, ACCESS_MANAGER));
    for (String role : List.of(CISO, ACCESS_MANAGER)) {
      String entitlement =
          rightsOf(person).path("items.find { it.name == '%s' }.entitlement", role);
      Rest.as(Api.TOKEN)
          .get("/v1/entitlements/" + entitlement)
          .then()
          .body("terms.directory.kind", equalTo("ROLE"))
          .body("terms.directory.name", equalTo(role))
          .body("terms.sensitivity", equalTo("PRIVILEGED"))
          .body("terms.owner", equalTo(person));
    }
    try (Topic topic = Topic.named("vigie.access.events")) {
      ConsumerRecord<String, byte[]> joined = topic.await(1, about(person)).get(0);
      assertEquals("person.joined.v1", header(joined, "ce_type"));
      assertEquals(operator.toString(), header(joined, "ce_actor"));
      List<ConsumerRecord<String, byte[]>> granted =
          topic.await(
              2,
              ofType("right.granted.v1").and(right -> new String(right.value()).contains(person)));
      assertEquals(2, granted.size());
      granted.forEach(right -> assertEquals(operator.toString(), header(right, "ce_actor")));
    }
  }

  @Test
  void theFirstCisoRegistersAnAccessManagerAndIsNoneAnyMoreAfterAWeek() {
    // Given
    UUID subject = UUID.randomUUID();
    String ciso = appoint(TOKEN, subject).then().statusCode(201).extract().path("id");

    // When
    Map<String, Object> newcomer = Api.profile(null);
    newcomer.put("businessProfile", "Access management");
    String second =
        Rest.as(Tokens.of(subject, STAFF, CISO, ACCESS_MANAGER))
            .body(newcomer)
            .post("/v1/people")
            .then()
            .statusCode(201)
            .extract()
            .path("id");

    // Then
    rightsOf(second).then().body("items.name", contains(ACCESS_MANAGER));
    clock.move(Duration.ofDays(8));
    await().untilAsserted(() -> rightsOf(ciso).then().body("items.name", contains(CISO)));
    rightsOf(second).then().body("items.name", hasItem(ACCESS_MANAGER));
  }

  @Test
  void aSecondTimeIsRefusedAndMakesNobody() {
    appoint(TOKEN).then().statusCode(201);
    UUID late = UUID.randomUUID();

    problem(appoint(TOKEN, late), 409, "ciso-exists").body("detail", containsString("for ever"));

    problem(Rest.as(Tokens.of(late, STAFF)).get("/v1/people/me"), 404, "not-found");
  }

  @Test
  void ofTwoWhoComeAtOnceOneIsTaken() throws SQLException {
    Supplier<Response> call = () -> appoint(TOKEN);

    List<Response> answers =
        Meeting.of(
            database, "insert into first_ciso (made_at) values (now())", List.of(call, call));

    assertEquals(List.of(201, 409), answers.stream().map(Response::statusCode).sorted().toList());
    answers.stream()
        .filter(answer -> answer.statusCode() == 409)
        .forEach(answer -> problem(answer, 409, "ciso-exists"));
  }

  @Test
  void whereSomebodyWasCisoInTheCatalogueItIsRefusedEvenAfterTheyLostIt() {
    // Given
    String ciso =
        Rest.as(Api.TOKEN)
            .body(
                Map.of(
                    "asset",
                    UUID.randomUUID(),
                    "name",
                    "answers for security",
                    "type",
                    "APPLICATION_ROLE",
                    "terms",
                    Map.of(
                        "owner",
                        Api.join(null),
                        "sensitivity",
                        "PRIVILEGED",
                        "longest",
                        "P365D",
                        "directory",
                        Map.of("kind", "ROLE", "name", CISO))))
            .post("/v1/entitlements")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    String person = Api.join(null);
    String assignment = Api.assign(person, Api.bundle("Security " + UUID.randomUUID(), ciso));
    rightsOf(person).then().body("items.entitlement", contains(ciso));
    problem(appoint(TOKEN), 409, "ciso-exists");

    // When
    Api.change(
            Api.TOKEN,
            "POST",
            "/v1/profile-assignments/" + assignment,
            "/end",
            Map.of("reason", "moved on"))
        .then()
        .statusCode(200);

    // Then
    rightsOf(person).then().body("items", empty());
    problem(appoint(TOKEN), 409, "ciso-exists");
  }

  @Test
  void whereSomebodysAccountGotTheRoleByHandItIsRefused() throws SQLException {
    asSuperuser(
        """
        insert into drift
          (id, version, event_number, published_state, kind, account, what, state, found_at)
        values
          (gen_random_uuid(), 0, 1, '{}', 'UNAPPROVED_ROLE', 'by-hand', 'ciso', 'ENDED', now())""");

    problem(appoint(TOKEN), 409, "ciso-exists");
  }

  @Test
  void aWrongTokenIsRefusedWithAnEventAndTheRightOneIsTakenAfterwards() {
    // When
    problem(appoint(TOKEN.replace('c', 'd')), 403, "forbidden");
    problem(appoint(TOKEN.substring(0, 31)), 400, "validation")
        .body("errors.field", contains("token"));

    // Then
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> refused =
          topic.await(
              1,
              ofType("security.refused.v1")
                  .and(refusal -> operator.toString().equals(header(refusal, "ce_actor"))));
      String told = new String(refused.get(0).value());
      assertTrue(told.contains("/v1/first-ciso"), told);
    }
    appoint(TOKEN).then().statusCode(201);
  }

  /** As it is where nobody set anything, or something that can be guessed. */
  @Test
  void withoutATokenOf32CharactersItIsClosed() {
    String tooShort = TOKEN.substring(0, 31);
    for (Optional<String> set : Stream.of(null, "", tooShort).map(Optional::ofNullable).toList()) {
      FirstCisoResource closed = new FirstCisoResource(set, null, null, null, null, null);

      Problem refusal =
          assertThrows(
              Problem.class,
              () ->
                  closed.appoint(
                      new FirstCisoResource.Appointment(
                          set.orElse(""), "Charlie", "Laurent", "charlie@example.org", null)));
      assertEquals("forbidden", refusal.code());
      assertEquals(403, refusal.status());
    }
  }
}
