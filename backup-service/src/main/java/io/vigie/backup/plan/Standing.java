package io.vigie.backup.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.vigie.backup.copy.Copies;
import io.vigie.backup.copy.PlacedCopy;
import io.vigie.backup.plan.BackupException.Scope;

/**
 * How an asset stands now.
 *
 * @param requirement null where nothing is required
 * @param copies one for each active plan
 * @param shortfalls what there is too little of, excepted or not
 * @param goodUntil when the newest good run will be too old; null where it is, there is none, or
 *     none ever is
 */
record Standing(
    CoverageStatus status,
    Requirement requirement,
    List<PlacedCopy> copies,
    List<Aspect> shortfalls,
    List<BackupException> exceptions,
    Instant goodUntil) {

  static Standing notRequired(List<PlacedCopy> copies) {
    return new Standing(CoverageStatus.NOT_REQUIRED, null, copies, List.of(), List.of(), null);
  }

  /**
   * @param newestGood when the newest run of the plans was started whose copy is not known to be
   *     unusable, or null; where all that they made is unusable, it is too old
   */
  static Standing of(
      Requirement requirement,
      List<BackupPlan> plans,
      List<PlacedCopy> copies,
      List<BackupException> exceptions,
      Instant newestGood,
      Instant at) {
    List<Aspect> shortfalls = new ArrayList<>();
    plans.stream()
        .map(BackupPlan::state)
        .flatMap(plan -> requirement.laxer(plan.schedule(), plan.copy()).stream())
        .distinct()
        .sorted()
        .forEach(shortfalls::add);
    shortfalls.addAll(requirement.lacking(Copies.of(copies)));
    Instant goodUntil =
        requirement.age() == null || newestGood == null ? null : newestGood.plus(requirement.age());
    boolean isTooOld =
        goodUntil == null
            ? requirement.age() != null
                && plans.stream().anyMatch(plan -> plan.lastSuccessAt() != null)
            : !at.isBefore(goodUntil);
    if (isTooOld) {
      shortfalls.add(Aspect.AGE);
    }
    CoverageStatus status =
        shortfalls.isEmpty()
            ? CoverageStatus.COVERED
            : isExcepted(plans.isEmpty() ? Scope.WITHOUT_PLAN : Scope.FALLING_SHORT, exceptions)
                ? CoverageStatus.EXCEPTED
                : plans.isEmpty() ? CoverageStatus.UNCOVERED : CoverageStatus.FALLS_SHORT;
    return new Standing(
        status,
        requirement,
        copies,
        List.copyOf(shortfalls),
        exceptions,
        isTooOld ? null : goodUntil);
  }

  static boolean isExcepted(Scope scope, List<BackupException> exceptions) {
    return exceptions.stream().anyMatch(exception -> exception.state().scope() == scope);
  }
}
