package io.vigie.backup.restore;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RestoreTestTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String OPERATOR = "operator";
  private static final String VERIFIER = "verifier";
  private static final TestedCopy COPY =
      new TestedCopy(
          UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), NOW.minusSeconds(7_200));

  private static RestoreTest begun() {
    return RestoreTest.manual(COPY, Depth.L2, OPERATOR, NOW);
  }

  private static RestoreTest withEvidence() {
    RestoreTest test = begun();
    test.add(new RestoreEvidence(test.id(), "a query answered", null, NOW), OPERATOR, NOW);
    return test;
  }

  private static RestoreTest.Result passed(Integer sampled, Integer differences) {
    return new RestoreTest.Result(TestOutcome.PASSED, NOW.plusSeconds(900), sampled, differences);
  }

  private static RestoreTest.Result failed() {
    return new RestoreTest.Result(TestOutcome.FAILED, NOW.plusSeconds(900), 10, 3);
  }

  private static RestoreReport report(Instant startedAt) {
    return new RestoreReport(
        null, "7b7ae5cf", Depth.L1, TestOutcome.PASSED, startedAt, NOW, 10, 0, null);
  }

  @Test
  void aSuccessHasEvidenceAndWaitsForSomebodyElse() {
    Instant later = NOW.plusSeconds(1_000);
    assertThrows(Problem.class, () -> begun().submit(passed(null, null), OPERATOR, later));
    RestoreTest test = withEvidence();
    assertThrows(Problem.class, () -> test.submit(passed(null, null), VERIFIER, later));

    assertTrue(test.submit(passed(10, 0), OPERATOR, later) instanceof RestoreEvent.Submitted);
    assertFalse(test.isPassed());
    assertThrows(Problem.class, () -> test.verify(true, null, OPERATOR, later));
    RestoreEvent.Completed done = (RestoreEvent.Completed) test.verify(true, null, VERIFIER, later);

    assertEquals(TestOutcome.PASSED, done.outcome());
    assertEquals(VERIFIER, done.verifier());
    assertEquals(900, done.rtoSeconds());
    assertEquals(7_200, done.rpoSeconds());
    assertNull(done.rtoObjectiveSeconds());
    assertThrows(Problem.class, () -> test.abandon("too late", later));
  }

  @Test
  void aVerifierWhoDisagreesMakesItAFailure() {
    RestoreTest test = withEvidence();
    test.submit(passed(null, null), OPERATOR, NOW.plusSeconds(1_000));

    RestoreEvent.Completed done =
        (RestoreEvent.Completed) test.verify(false, null, VERIFIER, NOW.plusSeconds(2_000));

    assertEquals(TestOutcome.FAILED, done.outcome());
    assertNull(done.rtoSeconds());
    assertFalse(test.isPassed());
  }

  @Test
  void aFailureIsTheResultAtOnceAgainstTheObjectivesOfThen() {
    RestoreDuty duty = new RestoreDuty(COPY.asset(), NOW);
    duty.set(new RestorePolicy.Demand(Depth.L2, 92, 14_400L, 21_600L), Duration.ZERO, NOW);

    RestoreEvent.Completed done =
        (RestoreEvent.Completed) begun().fail(failed(), duty, OPERATOR, NOW.plusSeconds(1_000));

    assertEquals(TestOutcome.FAILED, done.outcome());
    assertEquals(3, done.differences());
    assertNull(done.verifier());
    assertEquals(14_400, done.rtoObjectiveSeconds());
    assertEquals(21_600, done.rpoObjectiveSeconds());
  }

  @Test
  void aResultThatCannotBeTrueIsNone() {
    Instant later = NOW.plusSeconds(1_000);
    assertThrows(Problem.class, () -> withEvidence().submit(passed(10, 1), OPERATOR, later));
    assertThrows(Problem.class, () -> withEvidence().submit(passed(null, 0), OPERATOR, later));
    assertThrows(Problem.class, () -> withEvidence().submit(passed(1, 0), OPERATOR, NOW));
    assertThrows(
        Problem.class,
        () ->
            begun()
                .fail(
                    new RestoreTest.Result(TestOutcome.FAILED, NOW.minusSeconds(1), null, null),
                    null,
                    OPERATOR,
                    later));
  }

  @Test
  void aToolsReportIsTheResultUnlessItCannotBeTrue() {
    RestoreReport report = report(NOW.minusSeconds(60));
    RestoreTest test = RestoreTest.automated(COPY, report, "tool", NOW);
    RestoreEvent.Completed done = (RestoreEvent.Completed) test.settle(report.result(), null, NOW);

    assertTrue(done.automated());
    assertTrue(test.isPassed());
    assertTrue(test.says(report));
    assertFalse(
        test.says(
            new RestoreReport(
                null,
                "7b7ae5cf",
                Depth.L2,
                TestOutcome.PASSED,
                NOW.minusSeconds(60),
                NOW,
                10,
                0,
                null)));
    assertThrows(
        Problem.class,
        () -> RestoreTest.automated(COPY, report(NOW.minusSeconds(7_201)), "tool", NOW));
    assertThrows(
        Problem.class,
        () ->
            RestoreTest.automated(
                new TestedCopy(COPY.run(), COPY.plan(), COPY.asset(), Instant.EPOCH),
                report(NOW.minus(Duration.ofDays(32))),
                "tool",
                NOW));
  }

  @Test
  void aToolsSuccessFromL1OnIsOneOfFilesThatWereCompared() {
    settled(Depth.L0, TestOutcome.PASSED, null);
    settled(Depth.L1, TestOutcome.FAILED, 0);
    assertThrows(Problem.class, () -> settled(Depth.L1, TestOutcome.PASSED, null));
    assertThrows(Problem.class, () -> settled(Depth.L3, TestOutcome.PASSED, 0));
  }

  private static void settled(Depth depth, TestOutcome outcome, Integer sampled) {
    RestoreReport report =
        new RestoreReport(
            null, "7b7ae5cf", depth, outcome, NOW.minusSeconds(60), NOW, sampled, null, null);
    RestoreTest.automated(COPY, report, "tool", NOW).settle(report.result(), null, NOW);
  }
}
