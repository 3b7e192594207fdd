package io.vigie.backup.restore;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

class RestoreDutyTest {

  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration GRACE = Duration.ofDays(14);
  private static final UUID ASSET = UUID.randomUUID();
  private static final UUID TEST = UUID.randomUUID();

  private final RestoreDuty duty = new RestoreDuty(ASSET, START);

  private static RestorePolicy.Demand demand(Depth depth, int days) {
    return new RestorePolicy.Demand(depth, days, 3_600L, null);
  }

  private static Instant day(int days) {
    return START.plus(Duration.ofDays(days));
  }

  @Test
  void theFirstTestIsDueOneIntervalAfterTheAssetIsBackedUp() {
    assertEquals(
        Optional.of(new RestoreEvent.DutySet(ASSET, Depth.L1, day(100), START)),
        duty.set(demand(Depth.L1, 100), GRACE, START));
    assertEquals(Optional.empty(), duty.set(demand(Depth.L1, 100), GRACE, day(1)));
  }

  @Test
  void whatAStricterRuleWantsInThePastIsDueAfterAGrace() {
    duty.set(demand(Depth.L1, 100), GRACE, START);
    assertEquals(
        Optional.of(new RestoreEvent.DutySet(ASSET, Depth.L2, day(64), day(50))),
        duty.set(demand(Depth.L2, 30), GRACE, day(50)));
  }

  @Test
  void theGraceOfAStricterRuleDoesNotPutOffWhatWasDueBefore() {
    duty.set(demand(Depth.L1, 100), GRACE, START);
    duty.set(demand(Depth.L2, 30), GRACE, day(97));
    assertEquals(day(100), duty.state().dueAt());
    duty.set(demand(Depth.L3, 30), GRACE, day(101));
    assertEquals(day(101), duty.state().dueAt());
  }

  @Test
  void aTestThatIsDeepEnoughMovesTheNextOneAndEndsThatItIsOverdue() {
    duty.set(demand(Depth.L2, 100), GRACE, START);
    assertEquals(
        new RestoreEvent.DutyOverdue(ASSET, Depth.L2, day(100), null, day(101)),
        duty.miss(day(101)));

    assertEquals(Optional.empty(), duty.meet(TEST, Depth.L1, day(101), day(102)));
    assertEquals(day(100), duty.state().overdueSince());
    assertEquals(
        Optional.of(new RestoreEvent.DutyMet(ASSET, TEST, Depth.L3, day(201), day(102))),
        duty.meet(TEST, Depth.L3, day(101), day(102)));
    assertNull(duty.state().overdueSince());
  }

  @Test
  void aTestThatWasReportedLateOrIsOlderThanAnotherMovesNothing() {
    duty.set(demand(Depth.L1, 10), GRACE, START);
    assertEquals(Optional.empty(), duty.meet(TEST, Depth.L1, day(1), day(20)));
    duty.meet(TEST, Depth.L1, day(19), day(20));
    assertEquals(Optional.empty(), duty.meet(TEST, Depth.L1, day(18), day(20)));
  }

  @Test
  void aRuleThatAsksForMoreThanWasTestedCountsFromTheBeginning() {
    duty.set(demand(Depth.L1, 100), GRACE, START);
    duty.meet(TEST, Depth.L1, day(90), day(90));
    duty.set(demand(Depth.L3, 100), GRACE, day(91));
    assertEquals(day(100), duty.state().dueAt());
  }

  @Test
  void whatNothingBacksUpIsNotTestedAndOwesTheSameWhenItIsBackedUpAgain() {
    duty.set(demand(Depth.L1, 100), GRACE, START);
    duty.miss(day(101));
    assertInstanceOf(RestoreEvent.DutyLifted.class, duty.lift(day(102)).orElseThrow());
    assertEquals(Optional.empty(), duty.lift(day(103)));
    assertNull(duty.state().overdueSince());
    assertEquals(Optional.empty(), duty.meet(TEST, Depth.L1, day(103), day(103)));
    duty.set(demand(Depth.L1, 100), GRACE, day(104));
    assertEquals(day(104), duty.state().dueAt());
  }
}
