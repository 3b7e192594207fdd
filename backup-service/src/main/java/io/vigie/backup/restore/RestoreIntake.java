package io.vigie.backup.restore;

import java.time.Clock;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.backup.plan.BackupPlan;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;

/** Takes what tools report of restores that they tested, each report once. */
@ApplicationScoped
class RestoreIntake {

  /**
   * @param isNew whether it was not reported before
   */
  record Taken(RestoreTest test, boolean isNew) {}

  private final RestoreVerdict verdict;
  private final Actor actor;
  private final Clock clock;

  RestoreIntake(RestoreVerdict verdict, Actor actor, Clock clock) {
    this.verdict = verdict;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Fails with 404 where there is no such plan, with 400 where the report cannot be true, with 422
   * where the copy is unknown, and with 409 where the test was reported of another copy, with
   * another result or by another account.
   */
  Uni<Taken> take(UUID plan, RestoreReport report) {
    return BackupPlan.lock(plan)
        .chain(locked -> RestoreTest.reported(plan, report.startedAt()))
        .chain(
            known ->
                known == null
                    ? takeNew(plan, report)
                    : report.isOf(known.state().run()).map(same -> again(known, report, same)));
  }

  private Uni<Taken> takeNew(UUID plan, RestoreReport report) {
    return report
        .copy(plan)
        .map(copy -> RestoreTest.automated(copy, report, actor.id(), clock.instant()))
        .chain(
            test ->
                verdict.complete(test, duty -> test.settle(report.result(), duty, clock.instant())))
        .map(test -> new Taken(test, true));
  }

  private Taken again(RestoreTest known, RestoreReport report, boolean sameCopy) {
    if (!known.state().operator().equals(actor.id())) {
      throw Problem.conflict(
          "restore-test-claimed",
          "Another account reported a test of this plan with this start. Give each tool a plan.");
    }
    if (!sameCopy || !known.says(report)) {
      throw Problem.conflict(
          "restore-test-already-reported",
          "A test with this start was reported with another result or of another copy.");
    }
    return new Taken(known, false);
  }
}
