package io.vigie.incident.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import io.vigie.incident.Cause;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.hibernate.annotations.EmbeddedColumnNaming;
import org.hibernate.annotations.OptimisticLock;

import static io.vigie.kernel.Problem.conflict;

/**
 * Something that a source of alerts says is so, from when it said so first until it is over. What
 * is counted and when mail is due are no new version: whoever acknowledges it does not do so in
 * vain because it was told again meanwhile. {@link AlertIntake} inserts and counts by statements of
 * its own; whoever else changes an alert loads it locked.
 */
@Entity
public class Alert extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private String fingerprint;

  /** False once it is over and the same has fired again, as another alert. */
  @Column(updatable = false)
  private boolean latest;

  /** Blanks stand between its terms. */
  @Column(name = "group_key", updatable = false)
  private String groupKey;

  private String source;
  private String rule;

  @Enumerated(EnumType.STRING)
  private Severity severity;

  @Convert(converter = LabelsText.class)
  private Map<String, String> labels;

  private String summary;
  private String description;
  private UUID asset;

  /** Of the event that began it; null where monitoring told. */
  @Embedded
  @EmbeddedColumnNaming("cause_%s")
  private Cause cause;

  @Enumerated(EnumType.STRING)
  private AlertState state;

  @Column(name = "started_at")
  private Instant startedAt;

  @Column(name = "received_at")
  private Instant receivedAt;

  @Column(name = "fired_at")
  private Instant firedAt;

  @Column(name = "last_seen_at", updatable = false)
  private Instant lastSeenAt;

  @Column(updatable = false)
  private long occurrences;

  private int flaps;
  private boolean flapping;

  /** Flapping, and its source says since then that it is over. */
  @Column(name = "calm_since")
  @OptimisticLock(excluded = true)
  private Instant calmSince;

  @Column(name = "acknowledged_at")
  private Instant acknowledgedAt;

  @Column(name = "acknowledged_by")
  private String acknowledgedBy;

  @Column(name = "acknowledgement_note")
  private String acknowledgementNote;

  @Column(name = "resolved_at")
  private Instant resolvedAt;

  @Enumerated(EnumType.STRING)
  private Resolution resolution;

  @Column(name = "resolved_by")
  private String resolvedBy;

  @Column(name = "resolution_note")
  private String resolutionNote;

  /** How many were asked for, which names the last one. */
  @OptimisticLock(excluded = true)
  private int mails;

  /** Mail of its own said that it fires, and none yet that it is over. */
  @OptimisticLock(excluded = true)
  private boolean told;

  /** The key of the mail that said so of many at once, and none yet that they are over; or null. */
  @Column(name = "told_with")
  @OptimisticLock(excluded = true)
  private String toldWith;

  /** Null once it is resolved. */
  @Column(name = "next_mail_at")
  @OptimisticLock(excluded = true)
  private Instant nextMailAt;

  /** The silence that it waits for the end of, or null. */
  @Column(name = "held_by")
  @OptimisticLock(excluded = true)
  private UUID heldBy;

  /**
   * Until when its mail was held back, the last time that it was; for others to know, so it stays.
   */
  @Column(name = "mail_held_until")
  @OptimisticLock(excluded = true)
  private Instant mailHeldUntil;

  /** By which silence that was; null for quiet hours. */
  @Column(name = "mail_held_by")
  @OptimisticLock(excluded = true)
  private UUID mailHeldBy;

  /** How many steps of the chain were taken since it fired. */
  @OptimisticLock(excluded = true)
  private int escalations;

  /** Null where nobody else is to be told. */
  @Column(name = "escalate_at")
  @OptimisticLock(excluded = true)
  private Instant escalateAt;

  protected Alert() {}

  /**
   * @param now when it was told; a source whose clock is ahead began no later
   */
  Alert(Signal signal, AlertPolicy policy, Instant now) {
    this.id = Ids.next();
    this.fingerprint = signal.fingerprint();
    this.latest = true;
    this.groupKey = policy.group(signal);
    this.source = signal.source();
    this.rule = signal.rule();
    this.severity = signal.severity();
    this.labels = signal.keptLabels();
    this.summary = signal.summary();
    this.description = signal.description();
    this.asset = signal.asset();
    this.cause = signal.cause();
    this.state = AlertState.FIRING;
    this.startedAt =
        signal.startsAt() == null || signal.startsAt().isAfter(now) ? now : signal.startsAt();
    this.receivedAt = now;
    this.firedAt = now;
    this.lastSeenAt = now;
    this.occurrences = 1;
    mailFirst(policy, now);
    this.escalateAt = policy.firstEscalation(severity, now);
  }

  /** The alert, or 404. */
  static Uni<Alert> require(UUID id) {
    return Alert.<Alert>findById(id).onItem().ifNull().failWith(Alert::unknown);
  }

  /**
   * The alert in the version that the caller has read, locked, since intake and mail write it
   * without a new version; 404, 412 or 428 otherwise.
   */
  static Uni<Alert> require(UUID id, String ifMatch) {
    return Alert.<Alert>find("id", id)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(Alert::unknown)
        .invoke(alert -> ETag.require(ifMatch, alert.version));
  }

  /** The keys of mails that told of many at once, of which everything is over, in their order. */
  static Uni<List<String>> together(int most) {
    return Alert.find(
            """
            select distinct a.toldWith from Alert a where a.toldWith is not null and not exists
              (select 1 from Alert b where b.toldWith = a.toldWith and b.state <> RESOLVED)
            order by a.toldWith""")
        .project(String.class)
        .range(0, most - 1)
        .list();
  }

  private static Problem unknown() {
    return Problem.notFound("No alert has this id.");
  }

  AlertEvent fired() {
    return new AlertEvent.Fired(
        id,
        source,
        rule,
        severity,
        fingerprint,
        asset,
        event(cause),
        subject(cause),
        startedAt,
        receivedAt);
  }

  /**
   * It was resolved, and its source says again that it is so. An acknowledgement was of the time
   * before.
   */
  List<AlertEvent> fireAgain(AlertPolicy policy, Instant at) {
    if (state != AlertState.RESOLVED) {
      throw new IllegalStateException("alert " + id + " fires already: " + state);
    }
    state = AlertState.FIRING;
    firedAt = at;
    resolvedAt = null;
    resolution = null;
    resolvedBy = null;
    resolutionNote = null;
    acknowledgedAt = null;
    acknowledgedBy = null;
    acknowledgementNote = null;
    mailFirst(policy, at);
    escalations = 0;
    escalateAt = policy.firstEscalation(severity, at);
    flaps++;
    List<AlertEvent> events = new ArrayList<>();
    boolean begins = !flapping && flaps >= policy.flapsToTell();
    flapping |= begins;
    events.add(new AlertEvent.FiredAgain(id, rule, severity, flaps, at));
    if (begins) {
      events.add(new AlertEvent.Flapping(id, rule, severity, flaps, at));
    }
    return events;
  }

  private void mailFirst(AlertPolicy policy, Instant at) {
    nextMailAt = policy.firstMail(severity, at);
    if (nextMailAt.isAfter(at)) {
      mailHeldUntil = nextMailAt;
      mailHeldBy = null;
    }
  }

  /** Somebody looks after it: mail comes at the longer pace. */
  AlertEvent acknowledge(String by, String note, AlertPolicy policy, Instant at) {
    if (state != AlertState.FIRING) {
      throw conflict(
          "alert-not-firing", "It is " + state + "; what fires can be acknowledged, once.");
    }
    state = AlertState.ACKNOWLEDGED;
    acknowledgedAt = at;
    acknowledgedBy = by;
    acknowledgementNote = note;
    nextMailAt = policy.nextMail(severity, true, at);
    escalateAt = null;
    heldBy = null;
    return new AlertEvent.Acknowledged(id, rule, severity, at);
  }

  /**
   * Its source says that it is over. Nothing where it is so already; while it flaps, only the clock
   * resolves it, once it stayed calm.
   *
   * @param end the event of another service that says so, or null
   */
  List<AlertEvent> over(Cause end, Instant at) {
    if (state == AlertState.RESOLVED) {
      return List.of();
    }
    if (flapping) {
      calmSince = calmSince == null ? at : calmSince;
      return List.of();
    }
    return List.of(resolve(Resolution.SOURCE, end, at));
  }

  /** It flapped, and its source has said for long enough now that it is over. */
  AlertEvent calmDown(Instant at) {
    if (calmSince == null) {
      throw new IllegalStateException("alert " + id + " is not calm");
    }
    return resolve(Resolution.SOURCE, null, at);
  }

  /** Somebody says that it is over. Where its source says otherwise, it fires again. */
  AlertEvent resolve(String by, String note, Instant at) {
    if (state == AlertState.RESOLVED) {
      throw conflict("alert-resolved", "It is resolved already.");
    }
    resolvedBy = by;
    resolutionNote = note;
    return resolve(Resolution.OPERATOR, null, at);
  }

  private AlertEvent resolve(Resolution how, Cause end, Instant at) {
    state = AlertState.RESOLVED;
    resolvedAt = at;
    resolution = how;
    calmSince = null;
    nextMailAt = null;
    escalateAt = null;
    heldBy = null;
    return new AlertEvent.Resolved(
        id, rule, severity, how, occurrences, flaps, event(end), subject(end), firedAt, at);
  }

  private static UUID event(Cause cause) {
    return cause == null ? null : cause.event();
  }

  private static String subject(Cause cause) {
    return cause == null ? null : cause.subject();
  }

  /** A mail that says that it fires goes out now; sets when the next one does. */
  void mail(AlertPolicy policy, Instant at) {
    mails++;
    told = true;
    toldWith = null;
    mailWithGroup(policy, at);
  }

  /** What goes out tells of many at once, and so does what will say that they are over. */
  void tellWith(String mail) {
    told = false;
    toldWith = mail;
  }

  /** What goes out tells of its whole group, and so does what will say that it is over. */
  void mailWithGroup(AlertPolicy policy, Instant at) {
    heldBy = null;
    nextMailAt = policy.nextMail(severity, state == AlertState.ACKNOWLEDGED, at);
  }

  /**
   * No mail before the silence ends, or before the quiet hours do, which others are to be told.
   *
   * @param silence null for quiet hours
   */
  void hold(UUID silence, Instant until) {
    heldBy = silence;
    nextMailAt = until;
    mailHeldUntil = until;
    mailHeldBy = silence;
  }

  /**
   * The steps of the chain up to {@code step} are taken.
   *
   * @param role whose mailbox is told; null for whoever is on call
   * @param next when the one after it is, or null
   */
  AlertEvent escalate(int step, String role, Instant next, Instant at) {
    if (escalateAt == null || calmSince != null) {
      throw new IllegalStateException("alert " + id + " is not escalated: " + state);
    }
    escalations = step + 1;
    escalateAt = next;
    return new AlertEvent.Escalated(id, rule, severity, escalations, role, at);
  }

  /** Nobody is told before then, or no more where that is null. */
  void escalateLater(Instant then) {
    escalateAt = then;
  }

  /** The one mail that says that it is over, for those whom mail told that it fires. */
  void mailResolved() {
    mails++;
    told = false;
  }

  /** The key of the last mail that was asked for: the same alert asks for each once. */
  String mailKey() {
    return "alert/" + id + "/" + mails;
  }

  /** The key of what is told to whoever is at this step of the chain, each time that it fires. */
  String escalationKey(int step) {
    return "alert/" + id + "/escalation/" + flaps + "/" + step;
  }

  boolean isTold() {
    return told;
  }

  /** What told of it with others has been answered by the one mail that says that they are over. */
  void othersAreOver() {
    toldWith = null;
  }

  String toldWith() {
    return toldWith;
  }

  @Override
  public String kind() {
    return "monitoring-alert";
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
        state,
        source,
        rule,
        severity,
        fingerprint,
        asset,
        event(cause),
        subject(cause),
        startedAt,
        receivedAt,
        firedAt,
        flapping,
        acknowledgedAt,
        resolvedAt,
        resolution,
        mailHeldUntil,
        mailHeldBy);
  }

  Map<String, String> labels() {
    return labels;
  }

  String summary() {
    return summary;
  }

  String description() {
    return description;
  }

  Instant lastSeenAt() {
    return lastSeenAt;
  }

  long occurrences() {
    return occurrences;
  }

  int flaps() {
    return flaps;
  }

  Instant calmSince() {
    return calmSince;
  }

  String acknowledgedBy() {
    return acknowledgedBy;
  }

  String acknowledgementNote() {
    return acknowledgementNote;
  }

  String resolvedBy() {
    return resolvedBy;
  }

  String resolutionNote() {
    return resolutionNote;
  }

  int mails() {
    return mails;
  }

  Instant nextMailAt() {
    return nextMailAt;
  }

  String groupKey() {
    return groupKey;
  }

  int escalations() {
    return escalations;
  }

  Instant escalateAt() {
    return escalateAt;
  }

  UUID heldBy() {
    return heldBy;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of an alert.
   *
   * @param causeEvent the event of another service that it began with, about {@code causeSubject};
   *     both null where monitoring told
   * @param receivedAt when it was told first
   * @param firedAt since when it fires, or fired last
   * @param mailHeldUntil until when mail of it was held back, the last time that it was; earlier
   *     where the silence ended before
   * @param mailHeldBy by which silence that was; null for quiet hours
   */
  public record State(
      AlertState state,
      String source,
      String rule,
      Severity severity,
      String fingerprint,
      UUID asset,
      UUID causeEvent,
      String causeSubject,
      Instant startedAt,
      Instant receivedAt,
      Instant firedAt,
      boolean flapping,
      Instant acknowledgedAt,
      Instant resolvedAt,
      Resolution resolution,
      Instant mailHeldUntil,
      UUID mailHeldBy) {}
}
