package io.vigie.incident.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.hibernate.annotations.OptimisticLock;

import static io.vigie.kernel.Problem.conflict;

/**
 * Something that is tried at intervals. A result that changes nothing is no fact for the log, and
 * no new version; that it fails, and that it recovers, are. Whoever changes one has its row locked,
 * because results are written between two versions.
 */
@Entity
public class Monitor extends PanacheEntityBase implements Aggregate {

  /** For how long nobody is told when it was tried while nothing changes: the log keeps it all. */
  static final Duration TELL_EVERY = Duration.ofHours(12);

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private UUID asset;
  private String name;

  @Enumerated(EnumType.STRING)
  private MonitorType type;

  @Convert(converter = TargetText.class)
  private Target target;

  @Column(name = "every_seconds")
  private int everySeconds;

  @Enumerated(EnumType.STRING)
  private MonitorState state;

  @Column(name = "created_at")
  private Instant createdAt;

  /** Of the first failure of too many in a row; null while there are not. */
  @Column(name = "failing_since")
  private Instant failingSince;

  /** Of what is offered over TLS; null where nothing was graded yet. */
  @Enumerated(EnumType.STRING)
  private TlsGrade grade;

  @Convert(converter = FindingsText.class)
  private List<TlsFinding> findings;

  /** What {@link #grade} is made of, in words. */
  @Convert(converter = TlsReportText.class)
  @Column(name = "tls_report")
  @OptimisticLock(excluded = true)
  private TlsReport tlsReport;

  @Column(name = "graded_at")
  @OptimisticLock(excluded = true)
  private Instant gradedAt;

  /** In a row. */
  @OptimisticLock(excluded = true)
  private int failures;

  @Column(name = "first_failure_at")
  @OptimisticLock(excluded = true)
  private Instant firstFailureAt;

  /** What the last result was, where it was not good. */
  @OptimisticLock(excluded = true)
  private String failure;

  @Column(name = "probed_at")
  @OptimisticLock(excluded = true)
  private Instant probedAt;

  /** The last probe that others were told of. */
  @Column(name = "told_probed_at")
  @OptimisticLock(excluded = true)
  private Instant toldProbedAt;

  /** What {@link #gradedAt} was then. */
  @Column(name = "told_graded_at")
  @OptimisticLock(excluded = true)
  private Instant toldGradedAt;

  /** When the job called last. */
  @Column(name = "called_at")
  @OptimisticLock(excluded = true)
  private Instant calledAt;

  /** Null while it is not active; of a job when it has to have called. */
  @Column(name = "next_probe_at")
  @OptimisticLock(excluded = true)
  private Instant nextProbeAt;

  protected Monitor() {}

  Monitor(UUID asset, String name, MonitorType type, Target target, int everySeconds, Instant at) {
    this.id = Ids.next();
    this.asset = asset;
    this.name = name;
    this.type = type;
    this.target = target;
    this.everySeconds = everySeconds;
    this.state = MonitorState.ACTIVE;
    this.createdAt = at;
    this.nextProbeAt = firstDue(at);
  }

  /** A job is waited for; all others are tried at once. */
  private Instant firstDue(Instant at) {
    return type == MonitorType.HEARTBEAT ? JobSchedule.deadline(target, everySeconds, at) : at;
  }

  /** The monitor to read, or 404. */
  static Uni<Monitor> require(UUID id) {
    return found(Monitor.findById(id));
  }

  /** The monitor to change, or 404; nobody else changes it meanwhile. */
  static Uni<Monitor> lock(UUID id) {
    return found(
        Monitor.<Monitor>find("id", id).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult());
  }

  /** The same in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Monitor> lock(UUID id, String ifMatch) {
    return lock(id).invoke(monitor -> ETag.require(ifMatch, monitor.version));
  }

  private static Uni<Monitor> found(Uni<Monitor> monitor) {
    return monitor.onItem().ifNull().failWith(() -> Problem.notFound("No monitor has this id."));
  }

  MonitorEvent created() {
    return new MonitorEvent.Created(id, asset, type, name, createdAt);
  }

  /** Of the same asset and type; it is tried at once. Nothing where nothing changes. */
  List<MonitorEvent> change(String name, Target target, int everySeconds, Instant at) {
    requireNotRetired();
    if (name.equals(this.name) && target.equals(this.target) && everySeconds == this.everySeconds) {
      return List.of();
    }
    this.name = name;
    this.target = target;
    this.everySeconds = everySeconds;
    if (state == MonitorState.ACTIVE) {
      nextProbeAt = firstDue(at);
    }
    return List.of(new MonitorEvent.Changed(id, asset, at));
  }

  MonitorEvent pause(String reason, Instant at) {
    requireNotRetired();
    if (state == MonitorState.PAUSED) {
      throw conflict("monitor-paused", "This monitor is paused already.");
    }
    stop(MonitorState.PAUSED);
    return new MonitorEvent.Paused(id, asset, reason, at);
  }

  MonitorEvent resume(Instant at) {
    requireNotRetired();
    if (state == MonitorState.ACTIVE) {
      throw conflict("monitor-active", "This monitor is not paused.");
    }
    state = MonitorState.ACTIVE;
    nextProbeAt = firstDue(at);
    return new MonitorEvent.Resumed(id, asset, at);
  }

  MonitorEvent retire(String reason, Instant at) {
    requireNotRetired();
    stop(MonitorState.RETIRED);
    return new MonitorEvent.Retired(id, asset, reason, at);
  }

  private void requireNotRetired() {
    if (state == MonitorState.RETIRED) {
      throw conflict("monitor-retired", "A retired monitor changes no more; create another.");
    }
  }

  private void stop(MonitorState to) {
    state = to;
    nextProbeAt = null;
    failingSince = null;
    forgetFailures();
  }

  private void forgetFailures() {
    failures = 0;
    firstFailureAt = null;
    failure = null;
  }

  /** Has nobody else try it before {@code until}, whatever becomes of this probe. */
  void beginProbe(Instant until) {
    nextProbeAt = until;
  }

  /**
   * The job called. Nothing more where the monitor is paused.
   *
   * @throws Problem 409 where no job is waited for
   */
  List<MonitorEvent> called(Instant at) {
    requireNotRetired();
    if (type != MonitorType.HEARTBEAT) {
      throw conflict("monitor-no-heartbeat", "This monitor waits for no job: it is " + type + ".");
    }
    calledAt = at;
    return found(Outcome.good(null), 1, Duration.ZERO, at);
  }

  /** Whether the job called at {@code time} or later. */
  boolean wasCalledSince(Instant time) {
    return calledAt != null && !calledAt.isBefore(time);
  }

  /**
   * What a probe found. A failure that does not make too many yet is looked at again soon.
   *
   * @param limit so many failures in a row are too many
   * @param confirmAfter how soon
   */
  List<MonitorEvent> found(Outcome outcome, int limit, Duration confirmAfter, Instant at) {
    if (state != MonitorState.ACTIVE) {
      return List.of();
    }
    Duration every = Duration.ofSeconds(everySeconds);
    probedAt = at;
    nextProbeAt = type == MonitorType.HEARTBEAT ? firstDue(at) : at.plus(every);
    List<MonitorEvent> events = new ArrayList<>(graded(outcome, at));
    events.addAll(
        outcome.isGood()
            ? recovered(at)
            : failed(outcome, limit, every.compareTo(confirmAfter) < 0 ? every : confirmAfter, at));
    if (!events.isEmpty()) {
      tell();
    }
    return events;
  }

  private List<MonitorEvent> failed(Outcome outcome, int limit, Duration confirmAfter, Instant at) {
    failures++;
    failure = outcome.failure();
    firstFailureAt = firstFailureAt == null ? at : firstFailureAt;
    if (failingSince != null) {
      return List.of();
    }
    if (failures < limit) {
      nextProbeAt = at.plus(confirmAfter);
      return List.of();
    }
    failingSince = firstFailureAt;
    return List.of(new MonitorEvent.Failed(id, asset, type, failure, failures, failingSince, at));
  }

  private void tell() {
    toldProbedAt = probedAt;
    toldGradedAt = gradedAt;
  }

  /**
   * Whether it was time to tell of the last probe, though nothing changed: the state has it now.
   */
  boolean tellIfDue() {
    // A grade has a time of its own: a probe between that gave none was told with the one before.
    if (isTold(probedAt, toldProbedAt) && (gradedAt == null || isTold(gradedAt, toldGradedAt))) {
      return false;
    }
    tell();
    return true;
  }

  private static boolean isTold(Instant at, Instant told) {
    return told != null && at.isBefore(told.plus(TELL_EVERY));
  }

  private List<MonitorEvent> graded(Outcome outcome, Instant at) {
    if (outcome.tls() == null) {
      return List.of();
    }
    tlsReport = outcome.tls();
    gradedAt = at;
    TlsGrade previous = grade;
    List<TlsFinding> found = outcome.tls().findings().keySet().stream().sorted().toList();
    if (outcome.grade() == grade && found.equals(findings)) {
      return List.of();
    }
    grade = outcome.grade();
    findings = found;
    return List.of(new MonitorEvent.TlsGraded(id, asset, grade, previous, findings, at));
  }

  private List<MonitorEvent> recovered(Instant at) {
    Instant since = failingSince;
    failingSince = null;
    forgetFailures();
    if (since == null) {
      return List.of();
    }
    // A clock that was ahead then may be right by now.
    long seconds = Math.max(0, Duration.between(since, at).toSeconds());
    return List.of(new MonitorEvent.Recovered(id, asset, type, since, seconds, at));
  }

  @Override
  public String kind() {
    return "monitor";
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
        asset,
        name,
        type,
        target,
        everySeconds,
        state,
        createdAt,
        toldProbedAt,
        failingSince,
        grade,
        toldGradedAt,
        findings);
  }

  /** Null where nothing was graded yet. */
  TlsReport tlsReport() {
    return tlsReport;
  }

  Instant gradedAt() {
    return gradedAt;
  }

  Instant probedAt() {
    return probedAt;
  }

  Instant calledAt() {
    return calledAt;
  }

  Instant nextProbeAt() {
    return nextProbeAt;
  }

  /** Null where the last result was good, or there is none. */
  String failure() {
    return failure;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of a monitor.
   *
   * @param probedAt when it was tried last, as far as they were told: while it is active that is
   *     {@link #TELL_EVERY} and an interval ago at most
   * @param gradedAt when what is offered over TLS was graded last, as of then
   */
  public record State(
      UUID asset,
      String name,
      MonitorType type,
      Target target,
      int everySeconds,
      MonitorState state,
      Instant createdAt,
      Instant probedAt,
      Instant failingSince,
      TlsGrade grade,
      Instant gradedAt,
      List<TlsFinding> findings) {}
}
