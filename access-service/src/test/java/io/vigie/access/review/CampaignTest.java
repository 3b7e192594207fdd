package io.vigie.access.review;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.vigie.access.entitlement.Act;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CampaignTest {

  private static final Instant NOW = Instant.parse("2026-01-31T03:04:05Z");
  private static final Count DONE = new Count(7, 1, 2, 0, 0, 3, 0, "");
  private static final Count NONE = new Count(0, 0, 0, 0, 0, 0, 0, "");

  private static Campaign campaign(Instant opensAt, int everyMonths) {
    return new Campaign(
        new CampaignPlan("All", Scope.ALL, ReviewerRule.BOTH, opensAt, 21, 7, everyMonths),
        "planner",
        NOW);
  }

  private static Campaign open() {
    Campaign campaign = campaign(NOW, 0);
    campaign.open(10, 3, NOW);
    return campaign;
  }

  private static String refusal(Runnable step) {
    return assertThrows(Problem.class, step::run).code();
  }

  @Test
  void aCampaignOpensFromNowOnWithinAYear() {
    assertEquals("validation", refusal(() -> campaign(NOW.minus(Duration.ofHours(1)), 0)));
    assertEquals("validation", refusal(() -> campaign(NOW.plus(Duration.ofDays(400)), 0)));
    assertEquals(CampaignState.PLANNED, campaign(NOW, 0).state().state());
  }

  @Test
  void reviewersHaveTheTimeOfThePlanFromItsOpeningOn() {
    Campaign campaign = campaign(NOW, 0);
    Instant opened = NOW.plusSeconds(5);

    assertEquals(
        List.of(
            new CampaignEvent.Opened(
                campaign.id(),
                "All",
                10,
                3,
                opened.plus(Duration.ofDays(21)),
                opened.plus(Duration.ofDays(28)),
                opened)),
        campaign.open(10, 3, opened).events());
  }

  @Test
  void theNextOneComesAfterAsManyMonthsAndIsAheadWhateverWasMissed() {
    Campaign campaign = campaign(NOW, 6);

    assertEquals(Instant.parse("2026-07-31T03:04:05Z"), campaign.successor(NOW).state().opensAt());
    assertEquals(
        Instant.parse("2027-07-31T03:04:05Z"),
        campaign.successor(Instant.parse("2027-02-01T00:00:00Z")).state().opensAt());
    assertNull(campaign(NOW, 0).successor(NOW));
  }

  @Test
  void itClosesWhenAllIsAnsweredAndCarriedOut() {
    Campaign campaign = open();

    assertEquals(
        List.of(new CampaignEvent.Closed(campaign.id(), "All", 7, 1, 2, 0, 3, NOW)),
        campaign.close(DONE, "closer", NOW).events());
    assertEquals("campaign-not-open", refusal(() -> campaign.close(DONE, "closer", NOW)));
  }

  @Test
  void itDoesNotCloseWhileARevocationIsNotConfirmed() {
    Count unconfirmed = new Count(7, 1, 2, 0, 0, 3, 2, "a, b");

    Problem refusal =
        assertThrows(
            Problem.class,
            () -> open().close(unconfirmed, "closer", NOW.plus(Duration.ofDays(40))));

    assertEquals("revocations-not-confirmed", refusal.code());
    assertTrue(refusal.getMessage().contains("2 revocations"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("a, b"), refusal.getMessage());
  }

  @Test
  void itClosesWithoutAnAnswerOnlyAfterTheGraceAndWithWhatIsSuspended() {
    Instant over = NOW.plus(Duration.ofDays(28));
    Count suspended = new Count(0, 0, 0, 4, 0, 0, 0, "a");
    Count inEffect = new Count(0, 0, 0, 4, 1, 0, 0, "a");

    assertEquals("items-undecided", refusal(() -> open().close(suspended, "closer", NOW)));
    assertEquals("items-undecided", refusal(() -> open().close(inEffect, "closer", over)));
    assertEquals(1, open().close(suspended, "closer", over).events().size());
  }

  @Test
  void itIsCancelledBeforeItsEndAlone() {
    Campaign planned = campaign(NOW, 6);
    planned.cancel(NONE, new Act("closer", NOW, "twice"));

    assertEquals(CampaignState.CANCELLED, planned.state().state());
    assertEquals(
        "campaign-not-planned",
        refusal(() -> planned.cancel(NONE, new Act("closer", NOW, "twice"))));
    assertEquals("campaign-not-planned", refusal(() -> planned.open(1, 1, NOW)));
    Count unconfirmed = new Count(7, 1, 2, 0, 0, 3, 2, "a, b");
    assertEquals(
        "revocations-not-confirmed",
        refusal(() -> open().cancel(unconfirmed, new Act("closer", NOW, "twice"))));
  }
}
