package io.vigie.backup.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

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

  static Standing of(
      Requirement requirement,
      AssetFacts asset,
      List<BackupPlan> plans,
      List<PlacedCopy> copies,
      List<BackupException> exceptions,
      Instant at) {
    List<Aspect> shortfalls = new ArrayList<>();
    plans.stream()
        .map(BackupPlan::state)
        .flatMap(plan -> requirement.laxer(plan.schedule(), plan.copy()).stream())
        .distinct()
        .sorted()
        .forEach(shortfalls::add);
    shortfalls.addAll(requirement.lacking(Copies.of(asset.site(), copies)));
    Instant tooOldAt = tooOldAt(requirement, plans);
    boolean isTooOld = tooOldAt != null && !at.isBefore(tooOldAt);
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
        isTooOld ? null : tooOldAt);
  }

  /** Null where there is no good run, and copies are lacking, or where none is ever too old. */
  private static Instant tooOldAt(Requirement requirement, List<BackupPlan> plans) {
    return requirement.age() == null
        ? null
        : plans.stream()
            .map(BackupPlan::lastSuccessAt)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .map(newest -> newest.plus(requirement.age()))
            .orElse(null);
  }

  static boolean isExcepted(Scope scope, List<BackupException> exceptions) {
    return exceptions.stream().anyMatch(exception -> exception.state().scope() == scope);
  }
}
