package io.vigie.incident.finding;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ScanFindingTest {

  private static final ScanPolicy POLICY = new ScanPolicy();
  private static final Instant FOUND = Instant.parse("2026-01-01T00:00:00Z");
  private static final UUID ASSET = UUID.randomUUID();

  private final ScanFinding finding = finding(Severity.HIGH);

  private static Sighting sighting(Severity severity) {
    return new Sighting("sql-injection", "a.java:1", "a.java:1", severity, "careful");
  }

  private static ScanFinding finding(Severity severity) {
    return new ScanFinding(ASSET, "semgrep", sighting(severity), POLICY, FOUND);
  }

  private static Instant day(int day) {
    return FOUND.plus(Duration.ofDays(day));
  }

  private void assertRefused(String code, Runnable decision) {
    ScanFinding.State before = finding.state();
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
    assertEquals(before, finding.state());
  }

  @ParameterizedTest
  @CsvSource({"CRITICAL, 7", "HIGH, 30", "MEDIUM, 90", "LOW, 180", "NONE, 180"})
  void aFindingIsDueByHowBadItIs(Severity severity, int days) {
    assertEquals(day(days), finding(severity).state().dueAt());
  }

  @Test
  void theSameAgainIsNoNews() {
    assertEquals(List.of(), finding.seen(sighting(Severity.HIGH), POLICY, day(1)));
  }

  @ParameterizedTest
  @CsvSource({
    // what it is now, when that is said, when it is due: the first is due on day 30
    "CRITICAL, 1, 8",
    "CRITICAL, 29, 30",
    "MEDIUM, 10, 90",
    "LOW, 40, 180"
  })
  void whatIsWorseIsNeverOverdueAtOnceAndWhatIsBetterHasItsTimeFromTheBeginning(
      Severity severity, int said, int due) {
    assertEquals(
        List.of(new FindingEvent.Reappraised(finding.id(), ASSET, severity, day(due), day(said))),
        finding.seen(sighting(severity), POLICY, day(said)));
  }

  @Test
  void whatWasGoneAndComesBackIsReopenedAndCounted() {
    for (int time = 1; time <= 2; time++) {
      int gone = 20 * time;
      boolean late = false;
      assertEquals(
          List.of(new FindingEvent.Gone(finding.id(), ASSET, late, day(gone))),
          finding.missed(day(gone)));
      assertEquals(List.of(), finding.missed(day(gone)));
      assertEquals(
          List.of(
              new FindingEvent.Reopened(
                  finding.id(),
                  ASSET,
                  "semgrep",
                  "sql-injection",
                  Severity.HIGH,
                  time,
                  day(gone + 31),
                  day(gone + 1))),
          finding.seen(sighting(Severity.HIGH), POLICY, day(gone + 1)));
    }
    assertEquals(
        List.of(new FindingEvent.Gone(finding.id(), ASSET, true, day(100))),
        finding.missed(day(100)));
  }

  @Test
  void nobodyAcceptsWhatTheyAskedFor() {
    finding.requestAcceptance(day(60), "sam", "replaced soon", day(1));

    assertRefused("self-approval", () -> finding.approveAcceptance("sam", day(2)));
    assertRefused("acceptance-pending", () -> finding.requestAcceptance(day(9), "x", "y", day(2)));
    assertRefused("time-over", () -> finding.approveAcceptance("cleo", day(60)));
    assertEquals(
        new FindingEvent.AcceptanceApproved(finding.id(), ASSET, day(60), day(2)),
        finding.approveAcceptance("cleo", day(2)));
    assertEquals(FindingState.ACCEPTED, finding.state().state());
  }

  @Test
  void anAcceptanceEndsAndTheFindingIsDueAsItWas() {
    finding.requestAcceptance(day(60), "sam", "replaced soon", day(1));
    assertRefused("finding-not-accepted", () -> finding.expireAcceptance(day(70)));
    finding.approveAcceptance("cleo", day(2));
    assertRefused("finding-not-accepted", () -> finding.expireAcceptance(day(59)));

    assertEquals(
        new FindingEvent.AcceptanceExpired(finding.id(), ASSET, day(30), day(60)),
        finding.expireAcceptance(day(60)));
    assertEquals(FindingState.OPEN, finding.state().state());
    assertEquals(Acceptance.Stage.ENDED, finding.state().acceptance());
  }

  @Test
  void aRefusedRequestLeavesItOpen() {
    assertRefused("acceptance-not-requested", () -> finding.approveAcceptance("cleo", day(1)));
    finding.requestAcceptance(day(60), "sam", "replaced soon", day(1));
    finding.refuseAcceptance("cleo", "no", day(2));

    assertEquals(FindingState.OPEN, finding.state().state());
    assertRefused("acceptance-not-requested", () -> finding.approveAcceptance("cleo", day(3)));
  }

  @Test
  void aFalsePositiveStaysOneUntilSomebodyTakesThatBack() {
    assertRefused("finding-not-set-aside", () -> finding.restore("cleo", "why", day(1)));
    finding.dismiss("rae", "constants alone", day(1));

    assertEquals(List.of(), finding.missed(day(2)));
    assertEquals(List.of(), finding.seen(sighting(Severity.HIGH), POLICY, day(3)));
    assertEquals(FindingState.FALSE_POSITIVE, finding.state().state());
    assertRefused("finding-not-open", () -> finding.dismiss("rae", "again", day(3)));
    assertRefused("finding-not-open", () -> finding.requestAcceptance(day(60), "sam", "x", day(3)));

    assertEquals(
        new FindingEvent.Restored(finding.id(), ASSET, day(30), day(4)),
        finding.restore("cleo", "not constant at all", day(4)));
    assertEquals(FindingState.OPEN, finding.state().state());
  }

  @Test
  void twoFindingsDoNotRunIntoEachOther() {
    assertEquals(
        3,
        java.util.stream.Stream.of(
                new Sighting("ab", "c", "c", Severity.LOW, null).fingerprint("t"),
                new Sighting("a", "bc", "bc", Severity.LOW, null).fingerprint("t"),
                new Sighting("b", "c", "c", Severity.LOW, null).fingerprint("ta"))
            .distinct()
            .count());
  }
}
