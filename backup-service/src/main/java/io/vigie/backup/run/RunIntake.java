package io.vigie.backup.run;

import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.backup.plan.BackupPlan;
import io.vigie.backup.plan.Coverage;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;

/** Takes reports of runs, late or early, each once: a plan has one run with a start. */
@ApplicationScoped
class RunIntake {

  /**
   * @param isNew whether it was not reported before
   */
  record Taken(BackupRun run, boolean isNew) {}

  private final SizeBand sizes = SizeBand.ofPolicy();
  private final Outbox outbox;
  private final Coverage coverage;
  private final Actor actor;
  private final Clock clock;

  RunIntake(Outbox outbox, Coverage coverage, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.coverage = coverage;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Fails with 404 where there is no such plan, with 400 where the report cannot be true, and with
   * 409 where the run was reported with other results or by another account.
   *
   * @param original what the tool wrote in its own form, or null
   */
  Uni<Taken> take(UUID plan, RunReport report, String original) {
    return BackupPlan.lock(plan)
        .chain(
            locked ->
                BackupRun.startedAt(plan, report.startedAt())
                    .chain(
                        known ->
                            known == null
                                ? takeNew(locked, report, original)
                                : Uni.createFrom().item(() -> again(known, report))));
  }

  private Uni<Taken> takeNew(BackupPlan plan, RunReport report, String original) {
    Instant now = clock.instant();
    return anomaly(plan.id(), report)
        .map(
            anomaly ->
                new BackupRun(
                    plan.id(), plan.state().asset(), report, original, anomaly, actor.id(), now))
        .call(run -> outbox.append(run, run.reported()))
        .call(run -> count(plan, run, now))
        .map(run -> new Taken(run, true));
  }

  private Uni<SizeAnomaly> anomaly(UUID plan, RunReport report) {
    return report.succeeded()
        ? BackupRun.sizesBefore(plan, report.startedAt(), sizes.runs())
            .map(before -> sizes.judge(report.bytes(), before))
        : Uni.createFrom().nullItem();
  }

  /** A run usually changes nothing about the coverage, which then is not judged. */
  private Uni<Void> count(BackupPlan plan, BackupRun run, Instant now) {
    RunReport report = run.report();
    BackupPlan.CopyState before = plan.copyState();
    Uni<Void> told =
        plan.count(run.id(), report.startedAt(), report.succeeded(), report.tape(), now)
            .map(event -> outbox.append(plan, event))
            .orElseGet(() -> Uni.createFrom().voidItem());
    UUID asset = plan.state().asset();
    if (!Objects.equals(plan.copyState().tape(), before.tape())) {
      return told.chain(() -> coverage.judgeTwice(asset));
    }
    if (!plan.copyState().equals(before)) {
      return told.chain(() -> coverage.judge(asset));
    }
    return report.succeeded()
        ? told.chain(() -> coverage.judgeAfterRun(asset, plan.id(), report.startedAt()))
        : told;
  }

  private Taken again(BackupRun known, RunReport report) {
    if (!known.isReportedBy(actor.id())) {
      throw Problem.conflict(
          "run-claimed",
          "Another account reported a run of this plan with this start. Give each tool a plan.");
    }
    if (!known.report().equals(report)) {
      throw Problem.conflict(
          "run-already-reported", "A run with this start was reported with other results.");
    }
    return new Taken(known, false);
  }
}
