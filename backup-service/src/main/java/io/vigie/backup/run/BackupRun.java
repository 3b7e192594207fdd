package io.vigie.backup.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.copy.KeptCopies;
import io.vigie.backup.run.RunIntake.Size;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.OptimisticLock;

/**
 * One run of a plan, as a tool reported it; what tests of restores show of its copy, and that it is
 * pruned, is all that changes. An aggregate of its own: a plan's runs are many, come from several
 * tools, and are none of the plan's versions.
 */
@Entity
@DynamicUpdate // The database lets nothing else of a run be changed.
@Table(name = "backup_run")
public class BackupRun extends PanacheEntityBase implements Aggregate {

  /** A tool's clock may be a little ahead of ours, or of another tool's. */
  static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  static final Duration LATEST_REPORT = Duration.ofDays(366);

  /** Starts of runs, as two lists of texts. */
  private static final String TOLD =
      """
      unnest(cast(cast(?1 as text[]) as uuid[]), cast(cast(?2 as text[]) as timestamptz[]))
        with ordinality as told(plan, at, number)""";

  /** What is known of the copy that a successful run made. */
  public enum RecoveryPoint {
    /** A tool said "success", which is not to say that it can be restored. */
    UNVERIFIED,
    /** The last test of a restore of it passed. */
    VERIFIED,
    /** The last test of a restore of it failed. */
    UNUSABLE
  }

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private UUID plan;
  private UUID asset;
  @Embedded private RunReport report;

  @Enumerated(EnumType.STRING)
  @Column(name = "recovery_point")
  private RecoveryPoint recoveryPoint;

  /** When the newest test that counts for its copy ended; null where there was none. */
  @OptimisticLock(excluded = true)
  @Column(name = "tested_at")
  private Instant testedAt;

  /** Null for a failed run, and where nothing is odd. */
  @Enumerated(EnumType.STRING)
  private SizeAnomaly anomaly;

  /** The tool's own report as it wrote it, unknown fields and all; null for one in our own form. */
  @Column(name = "native_report")
  private String nativeReport;

  /** The account that reported it; null for runs from before it was kept. */
  @Column(name = "reported_by")
  private String reportedBy;

  @Column(name = "reported_at")
  private Instant reportedAt;

  /** When a tool deleted its copy; null where none has told. */
  @Column(name = "pruned_at")
  private Instant prunedAt;

  protected BackupRun() {}

  /**
   * @param nativeReport the tool's own, or null
   * @throws Problem 400 when the run ends before it starts, in the future, or started more than 366
   *     days ago
   */
  BackupRun(
      UUID plan,
      UUID asset,
      RunReport report,
      String nativeReport,
      SizeAnomaly anomaly,
      String reportedBy,
      Instant at) {
    require(
        !report.startedAt().isBefore(at.minus(LATEST_REPORT)),
        "startedAt",
        "must be within the last 366 days");
    require(
        !report.endedAt().isBefore(report.startedAt()), "endedAt", "must not be before startedAt");
    require(!report.endedAt().isAfter(at.plus(CLOCK_SKEW)), "endedAt", "must not be in the future");
    this.id = Ids.next();
    this.plan = plan;
    this.asset = asset;
    this.report = report;
    this.recoveryPoint = report.succeeded() ? RecoveryPoint.UNVERIFIED : null;
    this.nativeReport = nativeReport;
    this.anomaly = anomaly;
    this.reportedBy = reportedBy;
    this.reportedAt = at;
  }

  private static void require(boolean holds, String field, String rule) {
    if (!holds) {
      throw Problem.invalid(List.of(new FieldError(field, rule)));
    }
  }

  /** The plan's run, or 404. */
  static Uni<BackupRun> require(UUID plan, UUID id) {
    return BackupRun.<BackupRun>find("plan = ?1 and id = ?2", plan, id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The plan has no run with this id."));
  }

  /** The run to change, locked until the transaction ends, or 404. */
  public static Uni<BackupRun> lock(UUID id) {
    return BackupRun.<BackupRun>findById(id, LockModeType.PESSIMISTIC_WRITE)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No run has this id."));
  }

  /**
   * Those of the plan whose copies a tool calls so, in the order of their reports, each locked
   * until the transaction ends. Of hashes it may have told the beginning alone when it made them.
   */
  public static Uni<List<BackupRun>> lockCalled(UUID plan, List<String> snapshots) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        with called as (select unnest(cast(?2 as text[])) as name)
                        select r.* from backup_run r
                        where r.plan = ?1 and r.outcome = 'SUCCEEDED' and r.snapshot in (
                          select name from called
                          union all
                          select left(name, digits) from called, generate_series(8, 63) as digits
                          where name ~ ?3)
                        order by r.id for update of r""",
                        BackupRun.class)
                    .setParameter(1, plan)
                    .setParameter(2, snapshots.toArray(String[]::new))
                    .setParameter(3, "^[0-9a-f]{9,64}$")
                    .getResultList());
  }

  /** That of the asset whose copy is the newest one there is that can be restored, or null. */
  public static Uni<BackupRun> newestVerified(UUID asset) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select r.* from backup_run r
                        where r.asset = ?1 and r.recovery_point = 'VERIFIED' and %s
                        order by r.started_at desc limit 1"""
                            .formatted(KeptCopies.NOT_PRUNED),
                        BackupRun.class)
                    .setParameter(1, asset)
                    .getSingleResultOrNull());
  }

  /** What a plan has one run with. */
  record Start(UUID plan, Instant at) {}

  /** The runs that started so. */
  static Uni<Map<Start, BackupRun>> startedAt(List<Start> starts) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select r.* from %s join backup_run r on r.plan = told.plan and r.started_at = told.at"
                            .formatted(TOLD),
                        BackupRun.class)
                    .setParameter(1, plans(starts))
                    .setParameter(2, times(starts))
                    .getResultList())
        .map(
            runs ->
                runs.stream()
                    .collect(
                        Collectors.toMap(
                            run -> new Start(run.plan, run.report.startedAt()),
                            Function.identity())));
  }

  /** The sizes of the newest successful copies of the plan before each of these starts. */
  static Uni<Map<Start, List<Size>>> sizesBefore(List<Start> starts, int most) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select told.number, cast(extract(epoch from r.started_at) * 1000000 as bigint), r.bytes
                        from %s cross join lateral (
                          select started_at, bytes from backup_run
                          where plan = told.plan and started_at < told.at and outcome = 'SUCCEEDED'
                            and bytes is not null
                          order by started_at desc limit ?3) r"""
                            .formatted(TOLD),
                        Object[].class)
                    .setParameter(1, plans(starts))
                    .setParameter(2, times(starts))
                    .setParameter(3, most)
                    .getResultList())
        .map(
            rows ->
                rows.stream()
                    .collect(
                        Collectors.groupingBy(
                            row -> starts.get(((Number) row[0]).intValue() - 1),
                            Collectors.mapping(
                                row ->
                                    new Size(
                                        ((Number) row[1]).longValue(),
                                        ((Number) row[2]).longValue()),
                                Collectors.toList()))));
  }

  private static String[] plans(List<Start> starts) {
    return starts.stream().map(start -> start.plan().toString()).toArray(String[]::new);
  }

  private static String[] times(List<Start> starts) {
    return starts.stream().map(start -> start.at().toString()).toArray(String[]::new);
  }

  /** Whether this account reported it, as far as anybody knows. */
  boolean isReportedBy(String account) {
    return reportedBy == null || reportedBy.equals(account);
  }

  RunEvent reported() {
    return new RunEvent.Reported(
        id,
        plan,
        asset,
        report.outcome(),
        report.startedAt(),
        report.endedAt(),
        report.bytes(),
        anomaly,
        report.sha256(),
        reportedAt);
  }

  /**
   * Takes what a test of a restore of its copy showed; one that ended before another that was told
   * shows nothing more.
   *
   * @return what has to be told; empty where that was known
   */
  public Optional<RunEvent> test(UUID test, boolean passed, Instant endedAt, Instant at) {
    if (recoveryPoint == null || testedAt != null && endedAt.isBefore(testedAt)) {
      return Optional.empty();
    }
    testedAt = endedAt;
    RecoveryPoint shown = passed ? RecoveryPoint.VERIFIED : RecoveryPoint.UNUSABLE;
    if (recoveryPoint == shown) {
      return Optional.empty();
    }
    recoveryPoint = shown;
    return Optional.of(
        passed
            ? new RunEvent.Verified(id, plan, asset, test, at)
            : new RunEvent.FoundUnusable(id, plan, asset, test, at));
  }

  /**
   * Takes that a tool has deleted its copy.
   *
   * @param retentionDays how long the plan has it kept; null where nobody decided that
   * @return what has to be told; empty where that was known
   * @throws Problem 400 when it did so in the future, or before the run started
   */
  public Optional<RunEvent> prune(
      String tool, Integer retentionDays, Instant deletedAt, Instant at) {
    require(!deletedAt.isAfter(at.plus(CLOCK_SKEW)), "prunedAt", "must not be in the future");
    require(
        !deletedAt.isBefore(report.startedAt().minus(CLOCK_SKEW)),
        "prunedAt",
        "must not be before the run started");
    if (prunedAt != null) {
      return Optional.empty();
    }
    prunedAt = deletedAt;
    boolean isEarly =
        retentionDays != null
            && deletedAt.isBefore(report.startedAt().plus(Duration.ofDays(retentionDays)));
    PruneReason reason = isEarly ? PruneReason.BEFORE_RETENTION : PruneReason.RETENTION;
    return Optional.of(new RunEvent.Pruned(id, plan, asset, tool, reason, deletedAt, at));
  }

  @Override
  public String kind() {
    return "backup-run";
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
        report.outcome(),
        report.startedAt(),
        report.endedAt(),
        report.bytes(),
        anomaly,
        report.sha256(),
        recoveryPoint,
        report.tool(),
        report.tape(),
        prunedAt,
        reportedAt);
  }

  long version() {
    return version;
  }

  RunReport report() {
    return report;
  }

  String nativeReport() {
    return nativeReport;
  }

  String reportedBy() {
    return reportedBy;
  }

  /** What others may know of a run: not where its copy is, not what the tool wrote (R12.4). */
  public record State(
      UUID plan,
      UUID asset,
      RunReport.Outcome outcome,
      Instant startedAt,
      Instant endedAt,
      Long bytes,
      SizeAnomaly anomaly,
      String sha256,
      RecoveryPoint recoveryPoint,
      String tool,
      UUID tape,
      Instant prunedAt,
      Instant reportedAt) {}
}
