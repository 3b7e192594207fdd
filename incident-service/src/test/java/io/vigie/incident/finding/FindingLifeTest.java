package io.vigie.incident.finding;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import io.vigie.kernel.Problem;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever scans say and people ask of a finding, in whatever order. */
class FindingLifeTest {

  private static final ScanPolicy POLICY = new ScanPolicy();
  private static final Instant FOUND = Instant.parse("2026-01-01T00:00:00Z");

  enum Ask {
    SEEN,
    SEEN_WORST,
    SEEN_BETTER,
    MISSED,
    ASSET_GONE,
    REQUEST,
    APPROVE,
    APPROVE_ONES_OWN,
    REFUSE,
    EXPIRE,
    DISMISS,
    RESTORE
  }

  /** Only a scan tells that what is gone is there after all. */
  private static final Set<Ask> OPEN_WHAT_IS_GONE =
      Set.of(Ask.SEEN, Ask.SEEN_WORST, Ask.SEEN_BETTER);

  @Property(tries = 1_000)
  void nothingForbiddenIsReachedAndEachChangeIsOneEvent(
      @ForAll @Size(max = 60) List<Ask> asks, @ForAll @IntRange(min = 1, max = 20) int days) {
    ScanFinding finding =
        new ScanFinding(UUID.randomUUID(), "semgrep", sighting(Severity.MEDIUM), POLICY, FOUND);
    Instant now = FOUND;
    int reopened = 0;
    for (Ask ask : asks) {
      now = now.plus(Duration.ofDays(days));
      ScanFinding.State before = finding.state();
      Acceptance acceptance = finding.acceptance();

      List<FindingEvent> events = decide(finding, ask, now);

      ScanFinding.State after = finding.state();
      assertEquals(before.equals(after) ? 0 : 1, events.size(), ask + " on " + before);
      if (events.isEmpty()) {
        assertEquals(acceptance, finding.acceptance(), "no event, and yet it changed");
        continue;
      }
      FindingEvent event = events.get(0);
      assertEquals(finding.id(), event.aggregateId());
      assertEquals(now, event.at());
      assertEquals(
          before.state() == after.state() ? before.stateSince() : now, after.stateSince(), "since");
      if (event instanceof FindingEvent.Reopened) {
        reopened++;
      }
      assertEquals(reopened, after.reopened());
      isAsItMustBe(finding, before, ask, now);
    }
  }

  private static void isAsItMustBe(
      ScanFinding finding, ScanFinding.State before, Ask ask, Instant now) {
    ScanFinding.State after = finding.state();
    if (before.state() == FindingState.GONE) {
      assertTrue(OPEN_WHAT_IS_GONE.contains(ask), "only a scan opens what is gone: " + ask);
      assertEquals(FindingState.OPEN, after.state());
    }
    if (before.state() == FindingState.FALSE_POSITIVE && after.state() != before.state()) {
      assertEquals(Ask.RESTORE, ask, "whoever set it aside is asked");
    }
    switch (after.state()) {
      case ACCEPTED -> {
        assertEquals(Acceptance.Stage.APPROVED, finding.acceptance().state());
        assertNotEquals(finding.acceptance().requestedBy(), finding.acceptance().decidedBy());
      }
      case GONE, FALSE_POSITIVE -> assertNull(finding.acceptance());
      case OPEN ->
          assertFalse(after.acceptance() == Acceptance.Stage.APPROVED, "accepted, and yet open");
    }
    boolean wasOverdue = before.dueAt().isBefore(now);
    if (OPEN_WHAT_IS_GONE.contains(ask) && !wasOverdue) {
      assertFalse(after.dueAt().isBefore(now), "overdue at once");
    }
    if (!OPEN_WHAT_IS_GONE.contains(ask)) {
      assertEquals(before.dueAt(), after.dueAt(), "nobody but a scan moves when it is due");
      assertEquals(before.severity(), after.severity());
    }
  }

  private static List<FindingEvent> decide(ScanFinding finding, Ask ask, Instant now) {
    return switch (ask) {
      case SEEN -> finding.seen(sighting(finding.state().severity()), POLICY, now);
      case SEEN_WORST -> finding.seen(sighting(Severity.CRITICAL), POLICY, now);
      case SEEN_BETTER -> finding.seen(sighting(Severity.LOW), POLICY, now);
      case MISSED -> finding.missed(now);
      case ASSET_GONE -> finding.assetGone(now);
      case REQUEST ->
          unlessRefused(
              () -> finding.requestAcceptance(now.plus(Duration.ofDays(30)), "sam", "x", now));
      case APPROVE -> unlessRefused(() -> finding.approveAcceptance("cleo", now));
      case APPROVE_ONES_OWN -> unlessRefused(() -> finding.approveAcceptance("sam", now));
      case REFUSE -> unlessRefused(() -> finding.refuseAcceptance("cleo", "no", now));
      case EXPIRE -> unlessRefused(() -> finding.expireAcceptance(now));
      case DISMISS -> unlessRefused(() -> finding.dismiss("rae", "none", now));
      case RESTORE -> unlessRefused(() -> finding.restore("cleo", "one", now));
    };
  }

  private static Sighting sighting(Severity severity) {
    return new Sighting("sql-injection", "a.java:1", "a.java:1", severity, "careful");
  }

  private static List<FindingEvent> unlessRefused(Supplier<FindingEvent> decision) {
    try {
      return List.of(decision.get());
    } catch (Problem refused) {
      return List.of();
    }
  }
}
