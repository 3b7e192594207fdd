package io.vigie.access.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import jakarta.inject.Inject;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import io.vigie.access.Api;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

/** What becomes of findings; the accounts are told, where the connected directory reads them. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DriftResourceTest {

  @Inject Examination examination;
  @Inject Changes changes;
  @Inject PendingExaminations pending;
  @Inject MovableClock clock;

  @AfterEach
  void theClockGoesBack() {
    clock.backToNow();
  }

  private static <T> T await(Supplier<Uni<T>> work) throws Throwable {
    return VertxContextSupport.subscribeAndAwait(() -> Panache.withTransaction(work));
  }

  private static void nothingWaits() throws Throwable {
    await(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session.createNativeQuery("delete from directory_change").executeUpdate()));
  }

  /** Somebody whose account is all that it must be, and who waits no more. */
  private static String settled(UUID subject) throws Throwable {
    String person = Api.join(subject);
    nothingWaits();
    return person;
  }

  /** Somebody whose account was tried once, in vain. */
  private String failed(UUID subject, boolean isAway) throws Throwable {
    nothingWaits();
    String person = Api.join(subject);
    Changes.Claim claim = await(changes::claim);
    assertEquals(UUID.fromString(person), claim.person());
    await(() -> changes.fail(claim, "as the test has it", isAway));
    return person;
  }

  private static String emailOf(String person) {
    return Rest.as(Api.TOKEN).get("/v1/people/" + person).path("email");
  }

  private void see(UUID subject, String email, String... roles) throws Throwable {
    Account account =
        new Account(subject.toString(), "ada", email, true, Set.of(roles), Set.of(roles), Set.of());
    Instant readAt = clock.instant();
    VertxContextSupport.subscribeAndAwait(() -> examination.of(List.of(account), readAt));
  }

  private void seeProgram(UUID subject, String client, String... roles) throws Throwable {
    Account account =
        new Account(subject.toString(), client, null, true, Set.of(roles), Set.of(roles), Set.of());
    Instant readAt = clock.instant();
    VertxContextSupport.subscribeAndAwait(() -> examination.ofPrograms(List.of(account), readAt));
  }

  private static Response drifts(UUID subject) {
    return Rest.as(Api.TOKEN).get("/v1/drifts?live=true&account=" + subject);
  }

  private static Response act(String token, String id, String step, Map<String, ?> body) {
    return Rest.as(token)
        .header("If-Match", Rest.as(Api.TOKEN).get("/v1/drifts/" + id).header("ETag"))
        .body(body)
        .post("/v1/drifts/" + id + "/" + step);
  }

  @Test
  void anAccountThatWaitsOrOfWhichSomethingWasFoundIsLookedAtAgain() throws Throwable {
    // Given
    UUID subject = UUID.randomUUID();
    String person = Api.join(subject);
    String email = emailOf(person);

    // When
    see(subject, email, "auditor");

    // Then
    drifts(subject).then().body("items.size()", equalTo(0));
    PendingExaminations.Pending pending = markOf(subject);
    assertEquals(
        Set.of(subject.toString()), await(() -> examination.waiting(List.of(subject.toString()))));

    // And once nothing waits
    nothingWaits();
    assertEquals(Set.of(), await(() -> examination.waiting(List.of(subject.toString()))));
    see(subject, email, "auditor");
    drifts(subject).then().body("items.what", hasItem("auditor"));
    await(() -> this.pending.finish(pending));
    PendingExaminations.Pending again = markOf(subject);
    assertNotEquals(pending.mark(), again.mark());

    // And where nothing is new
    see(subject, email, "auditor");
    await(() -> this.pending.finish(again));
    assertNull(markOf(subject));
  }

  @Test
  void anAccountThatWasChangedSinceItWasReadIsNotJudgedAndLookedAtAgain() throws Throwable {
    // Given
    UUID subject = UUID.randomUUID();
    String person = settled(subject);
    Instant readAt = clock.instant();
    await(
        () -> KnownAccount.remember(subject.toString(), UUID.fromString(person), clock.instant()));

    // When
    Account account =
        new Account(
            subject.toString(),
            "ada",
            emailOf(person),
            true,
            Set.of("auditor"),
            Set.of("auditor"),
            Set.of());
    VertxContextSupport.subscribeAndAwait(() -> examination.of(List.of(account), readAt));

    // Then
    drifts(subject).then().body("items.size()", equalTo(0));
    assertNotNull(markOf(subject));
  }

  @Test
  void anAccountThatIsBeingMadeIsNobodysOnlyOnceItIsNotAnyMore() throws Throwable {
    // Given
    UUID subject = UUID.randomUUID();
    String person = settled(UUID.randomUUID());
    await(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createNativeQuery(
                                "insert into directory_intent values (cast(?1 as uuid), 'ada')")
                            .setParameter(1, person)
                            .executeUpdate()));

    // When
    see(subject, "ada@example.org", "staff");

    // Then
    drifts(subject).then().body("items.size()", equalTo(0));
    assertNotNull(markOf(subject));

    // And once it is nobody's
    await(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session.createNativeQuery("delete from directory_intent").executeUpdate()));
    see(subject, "ada@example.org", "staff");
    drifts(subject).then().body("items.kind", hasItem("ACCOUNT_WITHOUT_PERSON"));
  }

  @Test
  void aMarkThatIsMadeAfterAnotherWasFinishedIsNotTakenForThat() throws Throwable {
    UUID subject = UUID.randomUUID();
    await(() -> pending.mark(Set.of(subject.toString())));
    PendingExaminations.Pending first = markOf(subject);
    await(() -> pending.finish(first));

    await(() -> pending.mark(Set.of(subject.toString())));
    await(() -> pending.finish(first));

    assertNotNull(markOf(subject));
  }

  /** Null where it is not marked. */
  private PendingExaminations.Pending markOf(UUID subject) throws Throwable {
    return await(() -> pending.after("", Integer.MAX_VALUE)).stream()
        .filter(each -> each.account().equals(subject.toString()))
        .findFirst()
        .orElse(null);
  }

  @Test
  void aRoleThatNobodyApprovedIsFoundOnceWaitsForADecisionAndIsOverWhenItIsGone() throws Throwable {
    // Given
    UUID subject = UUID.randomUUID();
    String person = settled(subject);
    String email = emailOf(person);
    see(subject, email, "staff");
    drifts(subject).then().statusCode(200).body("items.size()", equalTo(0));

    // When
    see(subject, email, "staff", "responder");
    see(subject, email, "staff", "responder");

    // Then
    String id =
        drifts(subject)
            .then()
            .body("items.kind", contains("UNAPPROVED_ROLE"))
            .body("items.what", contains("responder"))
            .body("items.person", contains(person))
            .body("items.state", contains("OPEN"))
            .extract()
            .path("items[0].id");
    Rest.as(Api.TOKEN).get("/v1/tasks?limit=200").then().body("items.id", hasItem(id));
    Rest.as(Tokens.of(CISO)).get("/v1/tasks?limit=200").then().body("items.id", not(hasItem(id)));

    see(subject, email, "staff");

    drifts(subject).then().body("items.size()", equalTo(0));
    Rest.as(Api.TOKEN).get("/v1/drifts/" + id).then().body("state", equalTo("ENDED"));
    try (Topic topic = Topic.named("vigie.access.events")) {
      assertEquals(
          List.of("drift.found.v1", "drift.ended.v1"),
          topic.await(2, about(id)).stream().map(record -> header(record, "ce_type")).toList());
    }
  }

  @Test
  void whatIsAcceptedIsFoundAgainWhenItsTimeIsOver() throws Throwable {
    UUID subject = UUID.randomUUID();
    String email = emailOf(settled(subject));
    see(subject, email, "staff", "responder");
    String id = drifts(subject).path("items[0].id");
    Map<String, Object> acceptance =
        Map.of(
            "reason",
            "the migration",
            "until",
            clock.instant().plus(Duration.ofDays(30)).toString());

    act(Tokens.of(subject, ACCESS_MANAGER), id, "acceptance", acceptance)
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:own-account"));
    act(Tokens.of(CISO), id, "acceptance", acceptance)
        .then()
        .statusCode(200)
        .body("state", equalTo("ACCEPTED"))
        .body("reason", equalTo("the migration"));
    see(subject, email, "staff", "responder");
    drifts(subject).then().body("items.id", contains(id));

    clock.move(Duration.ofDays(31));
    see(subject, email, "staff", "responder");

    drifts(subject).then().body("items.state", contains("OPEN")).body("items.id", not(hasItem(id)));
  }

  @Test
  void anAccessManagerHasItPutRight() throws Throwable {
    UUID subject = UUID.randomUUID();
    String person = settled(subject);
    see(subject, emailOf(person), "staff", "responder");
    String id = drifts(subject).path("items[0].id");

    act(Tokens.of(CISO), id, "repair", Map.of()).then().statusCode(403);
    act(Api.TOKEN, id, "repair", Map.of())
        .then()
        .statusCode(200)
        .body("state", equalTo("REPAIRING"))
        .body("decidedBy", equalTo(Api.MANAGER.toString()));

    Rest.as(Api.TOKEN)
        .get("/v1/directory/changes?person=" + person)
        .then()
        .body("items.urgent", contains(true));
    act(Api.TOKEN, id, "repair", Map.of()).then().statusCode(409);
  }

  @Test
  void anAccountThatIsNobodysIsFoundAndRepairedByItsOwnName() throws Throwable {
    UUID subject = UUID.randomUUID();
    see(subject, "x@example.org");

    String id =
        drifts(subject)
            .then()
            .body("items.kind", contains("ACCOUNT_WITHOUT_PERSON"))
            .body("items.person", contains(nullValue()))
            .extract()
            .path("items[0].id");
    act(Api.TOKEN, id, "repair", Map.of()).then().statusCode(200);
    Rest.as(Api.TOKEN)
        .get("/v1/directory/changes?limit=200")
        .then()
        .body("items.account", hasItem(subject.toString()));
  }

  @Test
  void aProgramThatNobodyAnswersForIsAFindingUntilSomebodyDoes() throws Throwable {
    // Given
    UUID subject = UUID.randomUUID();
    seeProgram(subject, "nightly-export", "internal-tool");
    String id =
        drifts(subject)
            .then()
            .body("items.kind", contains("ACCOUNT_WITHOUT_PERSON"))
            .body("items.state", contains("OPEN"))
            .extract()
            .path("items[0].id");

    // When
    register(subject);
    seeProgram(subject, "nightly-export", "internal-tool");

    // Then
    drifts(subject).then().body("items.size()", equalTo(0));
    Rest.as(Api.TOKEN).get("/v1/drifts/" + id).then().body("state", equalTo("ENDED"));
  }

  @Test
  void aRegisteredProgramThatTheDirectoryListsAmongPeopleIsNotNobodys() throws Throwable {
    UUID subject = UUID.randomUUID();
    register(subject);

    see(subject, "tools@example.org", "internal-tool");

    drifts(subject).then().body("items.size()", equalTo(0));
  }

  /** Says who answers for a program. */
  private static void register(UUID subject) {
    Rest.as(Api.TOKEN)
        .body(
            Map.of(
                "subject",
                subject,
                "name",
                "nightly-export",
                "purpose",
                "brings the figures",
                "responsible",
                Api.join(null)))
        .post("/v1/service-accounts")
        .then()
        .statusCode(201);
  }

  @Test
  void aRoleThatNobodyApprovedOfAProgramIsRaisedAndNobodyHasItTakenHere() throws Throwable {
    UUID subject = UUID.randomUUID();
    seeProgram(subject, "vigie-tool", "internal-tool");
    drifts(subject).then().body("items.size()", equalTo(0));

    seeProgram(subject, "vigie-tool", "internal-tool", "ciso");

    String id =
        drifts(subject)
            .then()
            .body("items.kind", contains("UNAPPROVED_ROLE"))
            .body("items.what", contains("ciso"))
            .body("items.state", contains("OPEN"))
            .extract()
            .path("items[0].id");
    act(Api.TOKEN, id, "repair", Map.of())
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:account-of-program"));
    seeProgram(subject, "vigie-tool", "internal-tool");
    Rest.as(Api.TOKEN).get("/v1/drifts/" + id).then().body("state", equalTo("ENDED"));
  }

  @Test
  void anAccountThatWaitsInTheQueueIsNotJudged() throws Throwable {
    UUID subject = UUID.randomUUID();
    String person = Api.join(subject);

    see(subject, emailOf(person), "responder");

    drifts(subject).then().body("items.size()", equalTo(0));
  }

  @Test
  void anAccountWhoseChangeIsRefusedForTooLongIsJudgedUntilItIsMarkedAgain() throws Throwable {
    // Given a change that is refused, and a role that somebody gave by hand
    UUID subject = UUID.randomUUID();
    String person = failed(subject, false);
    String email = emailOf(person);
    see(subject, email, "staff", "responder");
    drifts(subject).then().body("items.size()", equalTo(0));

    // When it has waited for too long
    clock.move(Duration.ofMinutes(6));
    see(subject, email, "staff", "responder");

    // Then
    drifts(subject)
        .then()
        .body("items.kind", contains("UNAPPROVED_ROLE"))
        .body("items.what", contains("responder"));

    // When something else is approved meanwhile
    await(() -> changes.mark(List.of(UUID.fromString(person)), false));
    see(subject, email, "staff", "responder", "auditor");

    // Then
    drifts(subject).then().body("items.what", contains("responder"));
  }

  @Test
  void anAccountThatWaitsSinceTheDirectoryWasAwayIsNotJudgedHoweverLongThatWas() throws Throwable {
    UUID subject = UUID.randomUUID();
    String email = emailOf(failed(subject, true));
    clock.move(Duration.ofHours(6));

    see(subject, email, "staff", "responder");

    drifts(subject).then().body("items.size()", equalTo(0));
  }
}
