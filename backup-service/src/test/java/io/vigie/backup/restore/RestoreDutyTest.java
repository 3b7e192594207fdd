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
        duty.set(demand(Depth.L1, 100), START));
    assertEquals(Optional.empty(), duty.set(demand(Depth.L1, 100), day(1)));
  }

  @Test
  void whatAStricterRuleWantsInThePastIsDueNow() {
    duty.set(demand(Depth.L1, 100), START);
    assertEquals(
        Optional.of(new RestoreEvent.DutySet(ASSET, Depth.L2, day(50), day(50))),
        duty.set(demand(Depth.L2, 30), day(50)));
  }

  @Test
  void aTestThatIsDeepEnoughMovesTheNextOneAndEndsThatItIsOverdue() {
    duty.set(demand(Depth.L2, 100), START);
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
    duty.set(demand(Depth.L1, 10), START);
    assertEquals(Optional.empty(), duty.meet(TEST, Depth.L1, day(1), day(20)));
    duty.meet(TEST, Depth.L1, day(19), day(20));
    assertEquals(Optional.empty(), duty.meet(TEST, Depth.L1, day(18), day(20)));
  }

  @Test
  void aRuleThatAsksForMoreThanWasTestedCountsFromTheBeginning() {
    duty.set(demand(Depth.L1, 100), START);
    duty.meet(TEST, Depth.L1, day(90), day(90));
    duty.set(demand(Depth.L3, 100), day(91));
    assertEquals(day(100), duty.state().dueAt());
  }

  @Test
  void whatNothingBacksUpIsNotTestedAndOwesTheSameWhenItIsBackedUpAgain() {
    duty.set(demand(Depth.L1, 100), START);
    duty.miss(day(101));
    assertInstanceOf(RestoreEvent.DutyLifted.class, duty.lift(day(102)).orElseThrow());
    assertEquals(Optional.empty(), duty.lift(day(103)));
    assertNull(duty.state().overdueSince());
    assertEquals(Optional.empty(), duty.meet(TEST, Depth.L1, day(103), day(103)));
    duty.set(demand(Depth.L1, 100), day(104));
    assertEquals(day(104), duty.state().dueAt());
  }
}
