package io.vigie.backup.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import io.vigie.backup.run.BackupRun.RecoveryPoint;
import io.vigie.backup.run.RunReport.Outcome;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BackupRunTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final UUID plan = UUID.randomUUID();
  private final UUID asset = UUID.randomUUID();

  @Test
  void aSuccessfulRunMakesARecoveryPointThatNobodyHasVerified() {
    BackupRun run = run(Outcome.SUCCEEDED, NOW.minusSeconds(60), NOW);

    assertEquals(RecoveryPoint.UNVERIFIED, run.state().recoveryPoint());
  }

  @Test
  void aFailedRunMakesNone() {
    assertNull(run(Outcome.FAILED, NOW.minusSeconds(60), NOW).state().recoveryPoint());
  }

  @Test
  void aRunDoesNotEndBeforeItStarts() {
    assertInvalid("endedAt", NOW.minusSeconds(60), NOW.minusSeconds(61));
  }

  @Test
  void aRunEndsInThePastByAClockThatMayBeAMinuteAhead() {
    run(Outcome.SUCCEEDED, NOW, NOW.plus(BackupRun.CLOCK_SKEW));

    assertInvalid("endedAt", NOW, NOW.plus(BackupRun.CLOCK_SKEW).plusMillis(1));
  }

  @Test
  void aReportComesWithinAYear() {
    run(Outcome.SUCCEEDED, NOW.minus(Duration.ofDays(366)), NOW);

    assertInvalid("startedAt", NOW.minus(Duration.ofDays(366)).minusMillis(1), NOW);
    assertInvalid("startedAt", Instant.MIN, NOW);
  }

  @Test
  void ofItsTestsTheOneThatEndedLastCountsInWhateverOrderTheyAreTold() {
    BackupRun run = run(Outcome.SUCCEEDED, NOW.minusSeconds(60), NOW);
    assertTrue(run.test(UUID.randomUUID(), true, NOW.plusSeconds(20), NOW).isPresent());

    assertEquals(Optional.empty(), run.test(UUID.randomUUID(), false, NOW.plusSeconds(19), NOW));
    assertEquals(RecoveryPoint.VERIFIED, run.state().recoveryPoint());

    run.test(UUID.randomUUID(), true, NOW.plusSeconds(40), NOW);
    run.test(UUID.randomUUID(), false, NOW.plusSeconds(30), NOW);
    assertEquals(RecoveryPoint.VERIFIED, run.state().recoveryPoint());
    run.test(UUID.randomUUID(), false, NOW.plusSeconds(41), NOW);
    assertEquals(RecoveryPoint.UNUSABLE, run.state().recoveryPoint());
  }

  @Test
  void aCopyIsPrunedOnceAndTooEarlyUnlessTheTimeForWhichItIsKeptIsOver() {
    Instant start = NOW.minus(Duration.ofDays(90));

    assertEquals(PruneReason.RETENTION, reason(start, 90, NOW));
    assertEquals(PruneReason.BEFORE_RETENTION, reason(start, 90, NOW.minusMillis(1)));
    assertEquals(PruneReason.RETENTION, reason(start, null, start));
    BackupRun run = run(Outcome.SUCCEEDED, start, start);
    assertTrue(run.prune("tool", 90, NOW, NOW).isPresent());
    assertEquals(Optional.empty(), run.prune("tool", 90, NOW.plusSeconds(1), NOW));
    assertEquals(NOW, run.state().prunedAt());
    Instant future = NOW.plus(BackupRun.CLOCK_SKEW).plusMillis(1);
    assertThrows(Problem.class, () -> run.prune("tool", 90, future, NOW));
    Instant earliest = start.minus(BackupRun.CLOCK_SKEW);
    assertEquals(PruneReason.BEFORE_RETENTION, reason(start, 90, earliest));
    assertThrows(Problem.class, () -> reason(start, 90, earliest.minusMillis(1)));
  }

  private PruneReason reason(Instant startedAt, Integer retentionDays, Instant prunedAt) {
    BackupRun run = run(Outcome.SUCCEEDED, startedAt, startedAt);
    return ((RunEvent.Pruned) run.prune("tool", retentionDays, prunedAt, NOW).orElseThrow())
        .reason();
  }

  private BackupRun run(Outcome outcome, Instant startedAt, Instant endedAt) {
    return new BackupRun(plan, asset, report(outcome, startedAt, endedAt), null, null, "tool", NOW);
  }

  private static RunReport report(Outcome outcome, Instant startedAt, Instant endedAt) {
    return new RunReport(startedAt, endedAt, outcome, 1L, null, "tape-7", null, null, null, null);
  }

  private void assertInvalid(String field, Instant startedAt, Instant endedAt) {
    Problem refusal = assertThrows(Problem.class, () -> run(Outcome.SUCCEEDED, startedAt, endedAt));
    assertEquals(field, refusal.errors().get(0).field());
  }
}
