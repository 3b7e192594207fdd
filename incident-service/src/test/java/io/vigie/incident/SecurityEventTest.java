package io.vigie.incident;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

class SecurityEventTest {

  private static final Instant OCCURRED = Instant.parse("2026-01-02T02:50:00Z");
  private static final Instant REPORTED = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant LATER = REPORTED.plusSeconds(60);
  private static final UUID ASSET = UUID.randomUUID();
  private static final UUID INCIDENT = UUID.randomUUID();
  private static final IncidentEntry WHY =
      new IncidentEntry(INCIDENT, EntryKind.DECISION, "the same", LATER, LATER, "ada", null);

  private final SecurityEvent event =
      new SecurityEvent(
          "Odd mail", "From a Mr Doe", ASSET, Category.FRAUD, OCCURRED, "reporter-1", REPORTED);

  @Test
  void aReportTellsWhoWhenAndOnWhatButNotItsText() {
    assertEquals(
        new IncidentEvent.Reported(
            event.id(), "reporter-1", ASSET, Category.FRAUD, null, null, OCCURRED, REPORTED),
        event.reported());
    assertEquals(
        new SecurityEvent.State(
            SecurityEventState.REPORTED,
            "reporter-1",
            ASSET,
            Category.FRAUD,
            null,
            null,
            OCCURRED,
            REPORTED,
            null,
            null),
        event.state());
  }

  @Test
  void aDismissalKeepsItsReasonHere() {
    assertEquals(
        new IncidentEvent.Dismissed(event.id(), "an exercise", LATER),
        event.dismiss("an exercise", LATER));
    assertEquals("an exercise", event.dismissalReason());
    assertEquals(LATER, event.state().decidedAt());
  }

  @Test
  void aPromotionNamesItsIncident() {
    assertEquals(
        new IncidentEvent.Promoted(event.id(), INCIDENT, LATER), event.promote(INCIDENT, LATER));
    assertEquals(INCIDENT, event.state().incident());
    assertNull(event.dismissalReason());
  }

  @Test
  void aMergeNamesTheIncidentAndWhereItSaysWhy() {
    assertEquals(
        new IncidentEvent.ReportMerged(event.id(), INCIDENT, WHY.id(), LATER),
        event.merge(WHY, LATER));
    assertEquals(INCIDENT, event.state().incident());
    assertEquals(LATER, event.state().decidedAt());
    assertNull(event.dismissalReason());
  }

  @ParameterizedTest(name = "{0}: {1} gives {2}")
  @CsvSource({
    "REPORTED,  dismiss, DISMISSED",
    "REPORTED,  promote, PROMOTED",
    "REPORTED,  merge,   MERGED",
    "DISMISSED, dismiss, refused",
    "DISMISSED, promote, refused",
    "DISMISSED, merge,   refused",
    "PROMOTED,  dismiss, refused",
    "PROMOTED,  promote, refused",
    "PROMOTED,  merge,   refused",
    "MERGED,    dismiss, refused",
    "MERGED,    promote, refused",
    "MERGED,    merge,   refused"
  })
  void aDecisionIsTakenOnce(SecurityEventState from, String decision, String outcome) {
    switch (from) {
      case REPORTED -> {}
      case DISMISSED -> decide("dismiss");
      case PROMOTED -> decide("promote");
      case MERGED -> decide("merge");
    }
    SecurityEvent.State before = event.state();

    if (outcome.equals("refused")) {
      assertEquals(
          "security-event-decided", assertThrows(Problem.class, () -> decide(decision)).code());
      assertEquals(before, event.state());
    } else {
      decide(decision);
      assertEquals(SecurityEventState.valueOf(outcome), event.state().state());
    }
  }

  private void decide(String decision) {
    switch (decision) {
      case "promote" -> event.promote(INCIDENT, LATER);
      case "merge" -> event.merge(WHY, LATER);
      default -> event.dismiss("no breach", LATER);
    }
  }
}
