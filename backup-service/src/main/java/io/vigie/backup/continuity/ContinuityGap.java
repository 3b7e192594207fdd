package io.vigie.backup.continuity;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.backup.continuity.FunctionResource.DependencyView;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How far a plan is from what it promises, on one page (R14.2, R14.4).
 *
 * @param number of the version in force, null where there is none
 * @param rtoGapSeconds objective less measured: below zero the objective was missed; null where one
 *     of them is unknown
 * @param exerciseOverdue whether no exercise restored the function within the interval
 * @param openLessons of all exercises of the plan
 * @param underlying what the dependencies depend on themselves
 */
@Schema(name = "ContinuityGap")
record ContinuityGap(
    UUID plan,
    String title,
    UUID criticalFunction,
    String functionName,
    Integer number,
    Long rtoSeconds,
    Long rtoMeasuredSeconds,
    Long rtoGapSeconds,
    Long rpoSeconds,
    Long rpoMeasuredSeconds,
    Long rpoGapSeconds,
    Instant exercisedAt,
    Instant exerciseDueAt,
    boolean exerciseOverdue,
    long openLessons,
    List<DependencyView> dependencies,
    UnderlyingAssets underlying,
    Instant at) {

  static ContinuityGap of(
      ContinuityPlan plan,
      CriticalFunction function,
      long openLessons,
      UnderlyingAssets underlying,
      Instant now) {
    ContinuityPlan.State state = plan.state();
    return new ContinuityGap(
        plan.id(),
        plan.title(),
        function.id(),
        function.state().name(),
        state.inForce(),
        state.rtoSeconds(),
        state.rtoMeasuredSeconds(),
        gap(state.rtoSeconds(), state.rtoMeasuredSeconds()),
        state.rpoSeconds(),
        state.rpoMeasuredSeconds(),
        gap(state.rpoSeconds(), state.rpoMeasuredSeconds()),
        state.exercisedAt(),
        state.exerciseDueAt(),
        state.exerciseDueAt() != null && !state.exerciseDueAt().isAfter(now),
        openLessons,
        DependencyView.of(function, now),
        underlying,
        now);
  }

  /** As many lines of a list as there is room for on a page. */
  static final int LISTED = 6;

  private static Long gap(Long objective, Long measured) {
    return objective == null || measured == null ? null : objective - measured;
  }

  /** The dependencies that no peer is proven to take over from. */
  public List<DependencyView> unproven() {
    return dependencies.stream().filter(dependency -> !dependency.redundant()).toList();
  }

  /** As many of these as there is room for on a page. */
  public List<DependencyView> firstUnproven() {
    return unproven().stream().limit(LISTED).toList();
  }

  /** How many are not among those. */
  public int moreUnproven() {
    return Math.max(0, unproven().size() - LISTED);
  }

  /** Seconds as people read them, to the minute from an hour on: {@code -1 h 30 min}. */
  public String span(Long seconds) {
    if (seconds == null) {
      return "–";
    }
    long size = Math.abs(seconds);
    String text =
        size < 60
            ? size + " s"
            : size < 3_600
                ? size / 60 + " min " + size % 60 + " s"
                : size / 3_600 + " h " + size % 3_600 / 60 + " min";
    return seconds < 0 ? "-" + text : text;
  }
}
