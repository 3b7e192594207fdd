package io.vigie.backup.run;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.backup.plan.BackupPlan;
import io.vigie.backup.plan.BackupPlan.CopyState;
import io.vigie.backup.plan.Coverage;
import io.vigie.backup.run.BackupRun.Start;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;

/** Takes reports of runs, late or early, each once: a plan has one run with a start. */
@ApplicationScoped
class RunIntake {

  /**
   * @param original what the tool wrote in its own form, or null
   */
  record Told(UUID plan, RunReport report, String original) {

    Start start() {
      return new Start(plan, report.startedAt());
    }
  }

  /**
   * @param isNew whether it was not reported before
   */
  record Taken(BackupRun run, boolean isNew) {}

  /** The size of a copy that a plan's run made; {@code at} in microseconds since 1970. */
  record Size(long at, long bytes) {}

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
    return take(List.of(new Told(plan, report, original)), refused -> refused.get(0))
        .map(taken -> taken.get(0));
  }

  /**
   * All of them, or none: fails with 422, which says of each that is refused why. In the order in
   * which they were told, whatever order they happened in.
   */
  Uni<List<Taken>> takeAll(List<RunReports.Told> told) {
    return take(
        told.stream().map(one -> new Told(one.plan(), one.run(), null)).toList(),
        RunIntake::refusal);
  }

  private static Problem refusal(SortedMap<Integer, Problem> refused) {
    return Problem.unprocessable(
        "runs-refused",
        "No run was taken. Correct the listed ones or leave them out, and send the others again.",
        refused.entrySet().stream()
            .flatMap(each -> errors("runs[%d]".formatted(each.getKey()), each.getValue()))
            .toList());
  }

  private static Stream<FieldError> errors(String place, Problem problem) {
    return problem.errors().isEmpty()
        ? Stream.of(new FieldError(place, problem.getMessage()))
        : problem.errors().stream()
            .map(error -> new FieldError(place + ".run." + error.field(), error.message()));
  }

  private Uni<List<Taken>> take(
      List<Told> told, Function<SortedMap<Integer, Problem>, Problem> refusal) {
    List<Start> starts = told.stream().map(Told::start).distinct().toList();
    return BackupPlan.lockAll(starts.stream().map(Start::plan).distinct().toList())
        .chain(
            plans ->
                BackupRun.startedAt(starts)
                    .chain(
                        known ->
                            sizesBefore(told, known)
                                .chain(
                                    before ->
                                        new Batch(told, plans, known, before).take(refusal))));
  }

  /** The sizes before each of those that are new and succeeded, which are listed by their start. */
  private Uni<Map<Start, List<Size>>> sizesBefore(List<Told> told, Map<Start, BackupRun> known) {
    List<Start> fresh =
        told.stream()
            .filter(one -> one.report().succeeded())
            .map(Told::start)
            .filter(start -> !known.containsKey(start))
            .distinct()
            .toList();
    return fresh.isEmpty()
        ? Uni.createFrom().item(Map.of())
        : BackupRun.sizesBefore(fresh, sizes.runs());
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /** What is told at once, with what is known about it. */
  private final class Batch {

    private final List<Told> told;
    private final Map<UUID, BackupPlan> plans;
    private final Map<Start, BackupRun> known;
    private final Map<Start, List<Size>> before;
    private final Map<UUID, CopyState> copies;
    private final Map<UUID, List<Size>> sizesOf = new HashMap<>();
    private final Instant now = clock.instant();
    private final List<Decided> decided = new ArrayList<>();
    private final List<BackupRun> fresh = new ArrayList<>();

    Batch(
        List<Told> told,
        Map<UUID, BackupPlan> plans,
        Map<Start, BackupRun> known,
        Map<Start, List<Size>> before) {
      this.told = told;
      this.plans = plans;
      this.known = new HashMap<>(known);
      this.before = before;
      this.copies =
          plans.values().stream().collect(Collectors.toMap(BackupPlan::id, BackupPlan::copyState));
    }

    /** In the order in which they happened, so that a plan's run counts after those before it. */
    Uni<List<Taken>> take(Function<SortedMap<Integer, Problem>, Problem> refusal) {
      Taken[] taken = new Taken[told.size()];
      SortedMap<Integer, Problem> refused = new TreeMap<>();
      IntStream.range(0, told.size())
          .boxed()
          .sorted(Comparator.comparing(i -> told.get(i).report().startedAt()))
          .forEach(
              i -> {
                try {
                  taken[i] = take(told.get(i));
                } catch (Problem e) {
                  refused.put(i, e);
                }
              });
      if (!refused.isEmpty()) {
        throw refusal.apply(refused);
      }
      return (decided.isEmpty()
              ? Uni.createFrom().voidItem()
              : outbox.append(decided).chain(this::judge))
          .replaceWith(List.of(taken));
    }

    private Taken take(Told one) {
      BackupRun run = known.get(one.start());
      if (run != null) {
        return again(run, one.report());
      }
      BackupPlan plan = plans.get(one.plan());
      if (plan == null) {
        throw Problem.notFound("No plan has this id.");
      }
      RunReport report = one.report();
      run =
          new BackupRun(
              plan.id(),
              plan.state().asset(),
              report,
              one.original(),
              anomaly(one),
              actor.id(),
              now);
      decided.add(new Decided(run, List.of(run.reported())));
      plan.count(run.id(), report.startedAt(), report.succeeded(), report.tape(), now)
          .ifPresent(event -> decided.add(new Decided(plan, List.of(event))));
      known.put(one.start(), run);
      fresh.add(run);
      return new Taken(run, true);
    }

    private SizeAnomaly anomaly(Told one) {
      RunReport report = one.report();
      if (!report.succeeded()) {
        return null;
      }
      List<Size> told = sizesOf.computeIfAbsent(one.plan(), key -> new ArrayList<>());
      List<Long> newest =
          Stream.concat(before.getOrDefault(one.start(), List.of()).stream(), told.stream())
              .sorted(Comparator.comparingLong(Size::at).reversed())
              .limit(sizes.runs())
              .map(Size::bytes)
              .toList();
      if (report.bytes() != null) {
        told.add(new Size(micros(report.startedAt()), report.bytes()));
      }
      return sizes.judge(report.bytes(), newest);
    }

    /** A run usually changes nothing about the coverage, which then is not judged. */
    private Uni<Void> judge() {
      List<UUID> moved = new ArrayList<>();
      List<UUID> changed = new ArrayList<>();
      List<Coverage.GoodRun> others = new ArrayList<>();
      for (BackupRun run : fresh) {
        BackupRun.State state = run.state();
        CopyState first = copies.get(state.plan());
        CopyState last = plans.get(state.plan()).copyState();
        if (!Objects.equals(last.tape(), first.tape())) {
          moved.add(state.asset());
        } else if (!last.equals(first)) {
          changed.add(state.asset());
        } else if (run.report().succeeded()) {
          others.add(new Coverage.GoodRun(state.asset(), state.plan(), state.startedAt()));
        }
      }
      return coverage.judgeAfterRuns(moved, changed, others);
    }
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
