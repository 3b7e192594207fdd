package io.vigie.access.review;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.review.Reviews.entitlement;
import static io.vigie.access.review.Reviews.person;
import static io.vigie.access.review.Reviews.right;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** R4.7: everything is certified again within six months without anybody opening a review. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class StandingCampaignTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  @Inject StandingCampaign standing;
  @Inject ReviewPolicy policy;
  @Inject Clock clock;

  @Test
  void itOpensEarlyEnoughThatTheFirstIsCertifiedAgainWithinSixMonthsOrAtOnceWhenItIsLate() {
    Instant inTime = Instant.parse("2026-08-04T00:00:00Z");

    assertEquals(inTime, policy.standing(NOW, NOW).opensAt());
    assertEquals(Instant.parse("2026-09-01T00:00:00Z"), inTime.plus(Duration.ofDays(21 + 7)));
    assertEquals(NOW, policy.standing(NOW.minus(Duration.ofDays(400)), NOW).opensAt());
    assertEquals(Scope.ALL, policy.standing(NOW, NOW).scope());
  }

  @Test
  void whatIsCertifiedAtOnceInOneRoundIsCertifiedInTimeByWhoeverAnswersLastInTheNext() {
    CampaignPlan plan = policy.standing(NOW, NOW);
    int toAnswer = plan.answerWithinDays() + plan.graceDays();
    LocalDate first = LocalDate.of(2026, 1, 1);

    for (LocalDate day = first; day.isBefore(first.plusYears(4)); day = day.plusDays(1)) {
      LocalDate last = day.plusMonths(plan.everyMonths()).plusDays(toAnswer);
      assertFalse(last.isAfter(day.plus(policy.certifiedWithin())), day + " to " + last);
    }
  }

  @Test
  void onceThereIsARightACampaignAboutEverythingIsPlannedAndNoSecondOneWhateverBecomesOfIt()
      throws Throwable {
    // Given
    right(person(null, null), entitlement(UUID.randomUUID(), Api.join(null), "NORMAL"));

    // When
    VertxContextSupport.subscribeAndAwait(standing::look);
    VertxContextSupport.subscribeAndAwait(standing::look);

    // Then
    List<Map<String, Object>> planned = planned();
    assertEquals(1, planned.size(), planned.toString());
    Map<String, Object> campaign = planned.get(0);
    Instant opensAt = Instant.parse((String) campaign.get("opensAt"));
    Instant latest =
        clock.instant().atOffset(ZoneOffset.UTC).plus(Period.ofMonths(6)).minusDays(28).toInstant();
    assertFalse(opensAt.isAfter(latest), campaign.toString());
    assertEquals(5, campaign.get("everyMonths"));
    assertEquals("BOTH", campaign.get("reviewers"));

    // And when somebody decides that it shall not be
    Api.change(
            TOKEN,
            "POST",
            "/v1/campaigns/" + campaign.get("id"),
            "/cancellation",
            Map.of("reason", "a test"))
        .then()
        .statusCode(200);
    VertxContextSupport.subscribeAndAwait(standing::look);

    // Then
    assertEquals(List.of(), planned());
  }

  /** What the service planned by itself and is still to open. */
  private static List<Map<String, Object>> planned() {
    return Rest.as(TOKEN)
        .get("/v1/campaigns?state=PLANNED&limit=200")
        .then()
        .statusCode(200)
        .extract()
        .path("items.findAll { it.plannedBy.startsWith('system:') }");
  }
}
