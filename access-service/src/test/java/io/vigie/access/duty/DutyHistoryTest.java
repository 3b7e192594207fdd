package io.vigie.access.duty;

import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.Test;

import static io.vigie.access.duty.Rules.CISO_TOKEN;
import static io.vigie.access.duty.Rules.conflicts;
import static io.vigie.access.duty.Rules.decide;
import static io.vigie.kernel.security.Roles.CISO;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

/** What one account did on both sides, as other services tell. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DutyHistoryTest {

  private static void tell(String type, UUID disposal, String more, UUID actor) {
    tell("vigie.asset.events", type, "disposal/" + disposal, disposal, more, actor);
  }

  private static void tell(
      String source, String type, String subject, UUID id, String more, UUID actor) {
    try (Topic topic = Topic.named(source)) {
      topic.publish(
          UUID.randomUUID(),
          type,
          subject,
          id.toString(),
          "{\"aggregateId\":\"%s\"%s}".formatted(id, more),
          actor.toString());
    }
  }

  private static void tellTest(UUID test, String people) {
    tell(
        "vigie.backup.events",
        "restore-test.completed.v1",
        "restore-test/" + test,
        test,
        people,
        UUID.randomUUID());
  }

  @Test
  void whoApprovedADisposalAndCarriedItOutIsFoundOnceAndTheCisoSaysWhatCameOfIt() {
    // Given somebody who approved two disposals, of which another carries out one
    UUID account = UUID.randomUUID();
    String person = Api.join(account);
    UUID own = UUID.randomUUID();
    UUID others = UUID.randomUUID();
    tell("disposal.approved.v1", own, "", account);
    tell("disposal.approved.v1", others, "", account);
    tell("disposal.medium-sanitised.v1", others, ",\"number\":1", UUID.randomUUID());

    // When
    tell("disposal.medium-sanitised.v1", own, ",\"number\":1", account);
    tell("disposal.medium-sanitised.v1", own, ",\"number\":2", account);
    tell("disposal.completed.v1", own, "", account);

    // Then
    await()
        .untilAsserted(
            () ->
                conflicts("account=" + account)
                    .then()
                    .body("items.rule", contains("disposal-approved-and-done"))
                    .body("items.matter", contains("disposal/" + own))
                    .body("items.person", contains(person))
                    .body("items.kind", contains("HISTORY")));
    String conflict = conflicts("account=" + account).path("items[0].id");

    // When, then
    decide(
            CISO_TOKEN,
            conflict,
            "exception",
            Map.of("reason", "x", "compensatingControl", "x", "until", "2099-01-01T00:00:00Z"))
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:conflict-of-history"));
    decide(Tokens.of(account, CISO), conflict, "settlement", Map.of("reason", "x"))
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:vigie:problem:own-duties"));
    decide(CISO_TOKEN, conflict, "settlement", Map.of("reason", "Checked by somebody else"))
        .then()
        .statusCode(200)
        .body("state", equalTo("RESOLVED"))
        .body("resolution", equalTo("Checked by somebody else"));
  }

  @Test
  void aMatterIsTheMediumWhereTheRuleSaysSoAndAnEventCanNameBothSides() {
    // Given
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    UUID disposal = UUID.randomUUID();
    tell("disposal.medium-sanitised.v1", disposal, ",\"number\":1", first);
    tell("disposal.medium-sanitised.v1", disposal, ",\"number\":2", second);
    tell("disposal.medium-verified.v1", disposal, ",\"number\":1,\"passed\":true", second);
    tell("disposal.medium-verified.v1", disposal, ",\"number\":2,\"passed\":true", first);

    // When an account that is nobody's wrote and reviewed the same deployment
    UUID author = UUID.randomUUID();
    UUID deployment = UUID.randomUUID();
    tell(
        "deployment.reported.v1",
        deployment,
        ",\"author\":\"%s\",\"reviewer\":\"%s\"".formatted(author, author),
        UUID.randomUUID());

    // Then
    await()
        .untilAsserted(
            () ->
                conflicts("account=" + author)
                    .then()
                    .body("items.rule", contains("deployment-written-and-reviewed")));
    Rest.as(CISO_TOKEN)
        .get("/v1/duty-conflicts?matter=disposal-medium/" + disposal + "/1")
        .then()
        .statusCode(200)
        .body("items", empty());
    conflicts("account=" + first).then().body("items", empty());
    conflicts("account=" + second).then().body("items", empty());
  }

  @Test
  void whoApprovedTheDeletionOfACopyThatTheyAskedForIsFoundAndAnotherIsNot() {
    // Given
    UUID asker = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    UUID own = UUID.randomUUID();
    UUID others = UUID.randomUUID();
    tellDeletion("requested", others, other);
    tellDeletion("approved", others, asker);

    // When
    tellDeletion("requested", own, asker);
    tellDeletion("approved", own, asker);

    // Then
    await()
        .untilAsserted(
            () ->
                conflicts("account=" + asker)
                    .then()
                    .body("items.rule", contains("backup-deletion-asked-and-approved"))
                    .body("items.matter", contains("backup-deletion/" + own)));
    conflicts("account=" + other).then().body("items", empty());
  }

  @Test
  void whatServicesTellOfFindingsAndExceptionsIsHeldAgainstTheSameRules() {
    // Given somebody who has to do with what others asked for
    UUID account = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    UUID scanFinding = UUID.randomUUID();
    UUID exception = UUID.randomUUID();
    UUID audit = UUID.randomUUID();
    UUID finding = UUID.randomUUID();
    UUID owned = UUID.randomUUID();
    String until = ",\"until\":\"2026-02-01T03:04:05Z\"";
    tellOf("incident", "scan-finding.acceptance-requested.v1", scanFinding, until, other);
    tellOf("incident", "scan-finding.acceptance-approved.v1", scanFinding, until, account);
    tellOf("audit", "control-audit.finding-acted-on.v1", audit, about(owned), account);
    tellOf("audit", "control-audit.finding-verified.v1", audit, about(finding), account);

    // When they ask for the same, or did it
    String later = ",\"until\":\"2026-03-01T03:04:05Z\"";
    tellOf("incident", "scan-finding.acceptance-requested.v1", scanFinding, later, account);
    tellOf("incident", "scan-finding.acceptance-approved.v1", scanFinding, later, account);
    tellOf("audit", "control-exception.requested.v1", exception, "", account);
    tellOf("audit", "control-exception.approved.v1", exception, "", account);
    tellOf("audit", "control-audit.finding-acted-on.v1", audit, about(finding), account);
    tellOf(
        "audit",
        "control-audit.finding-raised.v1",
        audit,
        about(owned) + ",\"owner\":\"%s\"".formatted(account),
        other);
    tellOf("audit", "control-audit.finding-accepted.v1", audit, about(owned), account);

    // Then
    await()
        .untilAsserted(
            () ->
                conflicts("account=" + account)
                    .then()
                    .body(
                        "items.collect { it.rule + ' ' + it.matter }",
                        containsInAnyOrder(
                            "scan-finding-acceptance-asked-and-approved scan-finding-acceptance/"
                                + scanFinding
                                + "/2026-03-01T03:04:05Z",
                            "control-exception-asked-and-approved control-exception/" + exception,
                            "audit-finding-acted-on-and-verified audit-finding/" + finding,
                            "audit-finding-owned-and-accepted audit-finding/" + owned)));
    conflicts("account=" + other).then().body("items", empty());
  }

  private static void tellOf(String service, String type, UUID id, String more, UUID actor) {
    String kind = type.substring(0, type.indexOf('.'));
    tell("vigie." + service + ".events", type, kind + "/" + id, id, more, actor);
  }

  private static String about(UUID finding) {
    return ",\"finding\":\"%s\"".formatted(finding);
  }

  private static void tellDeletion(String what, UUID deletion, UUID actor) {
    tell(
        "vigie.backup.events",
        "backup-deletion." + what + ".v1",
        "backup-deletion/" + deletion,
        deletion,
        "",
        actor);
  }

  @Test
  void whoVerifiedTheirOwnRestoreTestIsFoundAndWhoTestedAloneIsNot() {
    // Given tests that somebody else verified, and that a tool did
    UUID operator = UUID.randomUUID();
    UUID tool = UUID.randomUUID();
    UUID test = UUID.randomUUID();
    tellTest(
        UUID.randomUUID(),
        ",\"operator\":\"%s\",\"verifier\":\"%s\"".formatted(operator, UUID.randomUUID()));
    tellTest(UUID.randomUUID(), ",\"operator\":\"%s\"".formatted(tool));

    // When
    tellTest(test, ",\"operator\":\"%1$s\",\"verifier\":\"%1$s\"".formatted(operator));

    // Then
    await()
        .untilAsserted(
            () ->
                conflicts("account=" + operator)
                    .then()
                    .body("items.rule", contains("restore-test-done-and-verified"))
                    .body("items.matter", contains("restore-test/" + test)));
    conflicts("account=" + tool).then().body("items", empty());
  }
}
