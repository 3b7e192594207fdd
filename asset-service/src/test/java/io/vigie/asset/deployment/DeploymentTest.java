package io.vigie.asset.deployment;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DeploymentTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final UUID AUTHOR = UUID.randomUUID();
  private static final UUID REVIEWER = UUID.randomUUID();

  private static DeploymentReport report(UUID reviewer, String emergency) {
    return new DeploymentReport(
        UUID.randomUUID(),
        "2.4.1",
        "production",
        "a".repeat(40),
        "https://git.example.org/agency/shop",
        AUTHOR,
        reviewer,
        emergency,
        "deploy",
        "https://ci.example.org/runs/1",
        NOW);
  }

  private static Deployment deployment(UUID reviewer, String emergency) {
    return new Deployment(report(reviewer, emergency), Outcome.SUCCEEDED, NOW);
  }

  @Test
  void whatASecondPersonReviewedNeedsNoOtherReview() {
    Deployment deployment = deployment(REVIEWER, null);

    assertNull(deployment.state().reviewDue());
    assertRefused("deployment-reviewed", () -> deployment.review("fine", "other", NOW));
  }

  @Test
  void aDeploymentWithoutASecondPersonIsRefusedAndTheRuleNamed() {
    Problem refusal = assertThrows(Problem.class, () -> deployment(null, null));

    assertEquals("review-missing", refusal.code());
    assertTrue(refusal.getMessage().startsWith("R11.16"), refusal.getMessage());
    assertRefused("self-review", () -> deployment(AUTHOR, null));
    assertRefused("review-unclear", () -> deployment(REVIEWER, "down"));
  }

  @Test
  void anEmergencyIsReviewedInTimeBySomebodyElseThanItsAuthor() {
    Deployment emergency = deployment(null, "The shop was down");
    Instant due = NOW.plus(Duration.ofDays(2));
    assertEquals(due, emergency.state().reviewDue());
    assertRefused("self-review", () -> emergency.review("fine", AUTHOR.toString(), NOW));

    assertEquals(
        new DeploymentEvent.Reviewed(emergency.id(), emergency.report().asset(), AUTHOR, due, NOW),
        emergency.review("fine", "other", NOW));
    assertNull(emergency.state().reviewDue());
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCEEDED, SUCCEEDED, false",
    "SUCCEEDED, FAILED, true",
    "SUCCEEDED, ROLLED_BACK, true",
    "FAILED, SUCCEEDED, false",
    "FAILED, FAILED, false",
    "FAILED, ROLLED_BACK, true",
    "ROLLED_BACK, SUCCEEDED, false",
    "ROLLED_BACK, FAILED, false",
    "ROLLED_BACK, ROLLED_BACK, false"
  })
  void anOutcomeOnlyGetsWorse(Outcome reported, Outcome later, boolean isAllowed) {
    Deployment deployment = new Deployment(report(REVIEWER, null), reported, NOW);
    if (isAllowed) {
      deployment.turnOut(later, NOW);
      assertEquals(later, deployment.state().outcome());
    } else {
      assertRefused("outcome-not-later", () -> deployment.turnOut(later, NOW));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user:secret@git.example.org/shop",
        "https://git.example.org/shop?token=secret",
        "https://git.example.org/shop#secret",
        "https://git.example.org/a@b",
        "git@git.example.org:shop",
        "javascript:alert(1)"
      })
  void anAddressCarriesNoCredentials(String address) {
    assertFalse(address.matches(DeploymentReport.URL));
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
