package io.vigie.incident.compromise;

import java.time.Instant;
import java.util.UUID;

import io.vigie.incident.Category;
import io.vigie.incident.Incident;
import io.vigie.incident.SecurityEvent;
import io.vigie.incident.Tlp;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class CompromiseTest {

  private static final Instant SINCE = Instant.parse("2025-12-28T21:10:00Z");
  private static final Instant DECLARED = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant LIFTED = Instant.parse("2026-01-09T10:00:00Z");
  private static final UUID ASSET = UUID.randomUUID();
  private static final UUID WHY = UUID.randomUUID();
  private static final UUID WHY_NOT = UUID.randomUUID();

  private static Incident incident(Category category) {
    SecurityEvent origin =
        new SecurityEvent("Files are gone", "All of them", ASSET, null, SINCE, "ada", DECLARED);
    return new Incident(origin, category, 4, Tlp.RED, DECLARED);
  }

  @Test
  void itTellsWhatIsCompromisedSinceWhenUntilItIsLifted() {
    Incident incident = incident(Category.MALICIOUS_CODE);
    Compromise compromise = new Compromise(incident, ASSET, SINCE, WHY, DECLARED);

    assertEquals(
        new CompromiseEvent.Declared(compromise.id(), incident.id(), ASSET, SINCE, WHY, DECLARED),
        compromise.declared());
    assertEquals(
        new Compromise.State(CompromiseState.DECLARED, incident.id(), ASSET, SINCE, DECLARED, null),
        compromise.state());

    assertEquals(
        new CompromiseEvent.Lifted(compromise.id(), incident.id(), ASSET, WHY_NOT, LIFTED),
        compromise.lift(WHY_NOT, LIFTED));
    assertEquals(
        new Compromise.State(CompromiseState.LIFTED, incident.id(), ASSET, SINCE, DECLARED, LIFTED),
        compromise.state());
  }

  @Test
  void aLiftingIsFinal() {
    Compromise compromise =
        new Compromise(incident(Category.MALICIOUS_CODE), ASSET, SINCE, WHY, DECLARED);
    compromise.lift(WHY_NOT, LIFTED);

    Problem refusal = assertThrows(Problem.class, () -> compromise.lift(WHY_NOT, LIFTED));

    assertEquals(409, refusal.status());
  }

  @Test
  void onlyMaliciousCodeCompromisesAnAsset() {
    Incident fraud = incident(Category.FRAUD);

    Problem refusal =
        assertThrows(Problem.class, () -> new Compromise(fraud, ASSET, SINCE, WHY, DECLARED));

    assertEquals(409, refusal.status());
  }

  @Test
  void onlyAnAssetThatTheIncidentConcernsIsCompromisedByIt() {
    Incident incident = incident(Category.MALICIOUS_CODE);
    UUID other = UUID.randomUUID();

    Problem refusal =
        assertThrows(Problem.class, () -> new Compromise(incident, other, SINCE, WHY, DECLARED));

    assertEquals(422, refusal.status());
  }
}
