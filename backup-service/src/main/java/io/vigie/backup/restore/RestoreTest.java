package io.vigie.backup.restore;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;

/**
 * One test whether a copy can be restored (R12.5): by a tool, which reports what it measured, or by
 * a person, whose success somebody else verifies.
 */
@Entity
@Table(name = "restore_test")
public class RestoreTest extends PanacheEntityBase implements Aggregate {

  /** A tool's clock may be a little ahead of ours. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  private static final Duration LATEST_REPORT = Duration.ofDays(31);

  /**
   * How a test came out.
   *
   * @param endedAt when what was restored was validated, or when it failed
   * @param sampled how many files were compared; null where none were
   * @param differences how many of them were missing, unreadable or others than they were
   */
  record Result(TestOutcome outcome, Instant endedAt, Integer sampled, Integer differences) {

    private void check(Instant startedAt, Instant at) {
      require(!endedAt.isBefore(startedAt), "endedAt", "must not be before the start");
      require(!endedAt.isAfter(at.plus(CLOCK_SKEW)), "endedAt", "must not be in the future");
      require(
          differences == null || sampled != null && differences <= sampled,
          "differences",
          "must be among the files that were sampled");
      require(
          outcome == TestOutcome.FAILED || differences == null || differences == 0,
          "outcome",
          "must be FAILED where files differ");
    }
  }

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private UUID plan;
  private UUID asset;
  private UUID run;

  @Enumerated(EnumType.STRING)
  private Depth depth;

  private boolean automated;

  @Enumerated(EnumType.STRING)
  private TestStage stage;

  @Enumerated(EnumType.STRING)
  private TestOutcome outcome;

  private String operator;
  private String verifier;
  private int evidence;

  @Column(name = "recovery_point_at")
  private Instant recoveryPointAt;

  @Column(name = "started_at")
  private Instant startedAt;

  @Column(name = "ended_at")
  private Instant endedAt;

  @Column(name = "rto_seconds")
  private Long rtoSeconds;

  @Column(name = "rpo_seconds")
  private long rpoSeconds;

  @Column(name = "rto_objective_seconds")
  private Long rtoObjectiveSeconds;

  @Column(name = "rpo_objective_seconds")
  private Long rpoObjectiveSeconds;

  private Integer sampled;
  private Integer differences;

  /** Never published: nobody knows what a tool says. */
  private String message;

  @Column(name = "completed_at")
  private Instant completedAt;

  protected RestoreTest() {}

  private RestoreTest(
      TestedCopy copy, Depth depth, boolean automated, String operator, Instant startedAt) {
    this.id = Ids.next();
    this.plan = copy.plan();
    this.asset = copy.asset();
    this.run = copy.run();
    this.depth = depth;
    this.automated = automated;
    this.stage = TestStage.UNDER_WAY;
    this.operator = operator;
    this.recoveryPointAt = copy.recoveryPointAt();
    this.startedAt = startedAt;
    this.rpoSeconds = Math.max(0, Duration.between(recoveryPointAt, startedAt).toSeconds());
  }

  /** Somebody begins to restore now: the clock of the RTO runs. */
  static RestoreTest manual(TestedCopy copy, Depth depth, String operator, Instant at) {
    return new RestoreTest(copy, depth, false, operator, at);
  }

  /**
   * What a tool has done already.
   *
   * @throws Problem 400 when it began in the future, over 31 days ago, or before the copy was made,
   *     or passed from L1 on without a file compared
   */
  static RestoreTest automated(TestedCopy copy, RestoreReport report, String tool, Instant at) {
    require(
        !report.startedAt().isBefore(at.minus(LATEST_REPORT)),
        "startedAt",
        "must be within the last 31 days");
    require(
        !report.startedAt().isBefore(copy.recoveryPointAt()),
        "startedAt",
        "must not be before the copy was made");
    require(
        report.outcome() == TestOutcome.FAILED
            || report.depth() == Depth.L0
            || report.sampled() != null && report.sampled() >= 1,
        "sampled",
        "must be 1 or more");
    RestoreTest test = new RestoreTest(copy, report.depth(), true, tool, report.startedAt());
    test.message = report.message();
    return test;
  }

  private static void require(boolean holds, String field, String rule) {
    if (!holds) {
      throw Problem.invalid(List.of(new FieldError(field, rule)));
    }
  }

  /** The test, or 404. */
  static Uni<RestoreTest> require(UUID id) {
    return RestoreTest.<RestoreTest>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No restore test has this id."));
  }

  /** The test in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<RestoreTest> require(UUID id, String ifMatch) {
    return require(id).invoke(test -> ETag.require(ifMatch, test.version));
  }

  /** What a tool reported of the plan's test that began then, or null: there is one at most. */
  static Uni<RestoreTest> reported(UUID plan, Instant startedAt) {
    return RestoreTest.<RestoreTest>find(
            "plan = ?1 and startedAt = ?2 and automated", plan, startedAt)
        .firstResult();
  }

  /**
   * @param reason why anybody touches the copy (R12.4)
   */
  RestoreEvent begun(String reason) {
    return new RestoreEvent.Begun(id, plan, asset, run, depth, operator, reason, startedAt);
  }

  RestoreEvent add(RestoreEvidence added, String by, Instant at) {
    requireOperator(by);
    evidence++;
    return new RestoreEvent.EvidenceAdded(id, operator, added.id(), added.sha256(), at);
  }

  /**
   * It passed, says the operator, which somebody else is to verify.
   *
   * @throws Problem 409 without evidence
   */
  RestoreEvent submit(Result result, String by, Instant at) {
    requireOperator(by);
    if (evidence == 0) {
      throw conflict("restore-evidence-missing", "Add evidence of what was restored first.");
    }
    take(result, at);
    stage = TestStage.SUBMITTED;
    return new RestoreEvent.Submitted(id, plan, asset, run, depth, operator, outcome, at);
  }

  /** It failed, says the operator: nobody has to verify that. */
  RestoreEvent fail(Result result, RestoreDuty duty, String by, Instant at) {
    requireOperator(by);
    take(result, at);
    return complete(duty, at);
  }

  /** What a tool measured is the result. */
  RestoreEvent settle(Result result, RestoreDuty duty, Instant at) {
    take(result, at);
    return complete(duty, at);
  }

  /**
   * Somebody else than the operator has looked at the evidence.
   *
   * @param agrees whether it passed; otherwise it failed
   */
  RestoreEvent verify(boolean agrees, RestoreDuty duty, String by, Instant at) {
    if (stage != TestStage.SUBMITTED) {
      throw conflict("restore-test-not-submitted", "No success of this test waits for anybody.");
    }
    if (operator.equals(by)) {
      throw Problem.unprocessable(
          "self-verification", "You did this test. Somebody else must verify it.");
    }
    verifier = by;
    if (!agrees) {
      outcome = TestOutcome.FAILED;
      rtoSeconds = null;
    }
    return complete(duty, at);
  }

  RestoreEvent abandon(String reason, Instant at) {
    if (stage != TestStage.UNDER_WAY && stage != TestStage.SUBMITTED) {
      throw conflict("restore-test-over", "This test is over already.");
    }
    stage = TestStage.ABANDONED;
    return new RestoreEvent.Abandoned(id, plan, asset, operator, reason, at);
  }

  private void requireOperator(String by) {
    if (stage != TestStage.UNDER_WAY) {
      throw conflict("restore-test-not-under-way", "This test is not under way any more.");
    }
    if (!operator.equals(by)) {
      throw Problem.unprocessable(
          "not-the-operator", "Whoever began this test says how it came out.");
    }
  }

  private void take(Result result, Instant at) {
    result.check(startedAt, at);
    outcome = result.outcome();
    endedAt = result.endedAt();
    sampled = result.sampled();
    differences = result.differences();
    rtoSeconds =
        outcome == TestOutcome.PASSED ? Duration.between(startedAt, endedAt).toSeconds() : null;
  }

  private RestoreEvent complete(RestoreDuty duty, Instant at) {
    if (duty != null) {
      rtoObjectiveSeconds = duty.state().rtoObjectiveSeconds();
      rpoObjectiveSeconds = duty.state().rpoObjectiveSeconds();
    }
    stage = TestStage.COMPLETED;
    completedAt = at;
    return new RestoreEvent.Completed(
        id,
        plan,
        asset,
        run,
        depth,
        automated,
        outcome,
        operator,
        verifier,
        recoveryPointAt,
        startedAt,
        endedAt,
        rtoSeconds,
        rpoSeconds,
        rtoObjectiveSeconds,
        rpoObjectiveSeconds,
        sampled,
        differences,
        at);
  }

  boolean isPassed() {
    return stage == TestStage.COMPLETED && outcome == TestOutcome.PASSED;
  }

  /** Whether a tool reported exactly this, of whichever copy. */
  boolean says(RestoreReport report) {
    return depth == report.depth()
        && new Result(outcome, endedAt, sampled, differences).equals(report.result());
  }

  @Override
  public String kind() {
    return "restore-test";
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public State state() {
    return new State(
        plan,
        asset,
        run,
        depth,
        automated,
        stage,
        outcome,
        operator,
        verifier,
        evidence,
        recoveryPointAt,
        startedAt,
        endedAt,
        rtoSeconds,
        rpoSeconds,
        rtoObjectiveSeconds,
        rpoObjectiveSeconds,
        sampled,
        differences,
        completedAt);
  }

  String message() {
    return message;
  }

  long version() {
    return version;
  }

  /** What others may know of a test: not what a tool wrote. */
  public record State(
      UUID plan,
      UUID asset,
      UUID run,
      Depth depth,
      boolean automated,
      TestStage stage,
      TestOutcome outcome,
      String operator,
      String verifier,
      int evidence,
      Instant recoveryPointAt,
      Instant startedAt,
      Instant endedAt,
      Long rtoSeconds,
      long rpoSeconds,
      Long rtoObjectiveSeconds,
      Long rpoObjectiveSeconds,
      Integer sampled,
      Integer differences,
      Instant completedAt) {}
}
