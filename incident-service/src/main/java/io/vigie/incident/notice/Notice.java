package io.vigie.incident.notice;

import java.time.Duration;
import java.time.Instant;
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
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.vigie.incident.IdList;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Journal;

/**
 * Something that somebody is to be told, once. Its id is that of the request, and so is the kind of
 * its events: {@code notice} is what asset-service calls the items of its feeds.
 */
@Entity
public class Notice extends PanacheEntityBase implements Aggregate {

  /** The parameter of every template about an incident. */
  private static final String INCIDENT = "incident";

  static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  /** The parameter of templates about a group of alerts. */
  private static final String GROUP = "group";

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private UUID person;
  private String role;

  @Enumerated(EnumType.STRING)
  private Channel channel;

  private String template;

  @Convert(converter = ParametersText.class)
  private Map<String, String> parameters;

  /** Of which it tells one by one. */
  @Convert(converter = IdList.class)
  private List<UUID> alerts;

  /** The one that it is about: who may not know of that one is not shown it. Null for others. */
  private UUID incident;

  @Column(name = "dedupe_key")
  private String dedupeKey;

  @Column(name = "requested_at")
  private Instant requestedAt;

  @Column(name = "not_before")
  private Instant notBefore;

  @Column(name = "send_until")
  private Instant until;

  @Enumerated(EnumType.STRING)
  private NoticeState state;

  private int attempts;

  @Column(name = "first_attempt_at")
  private Instant firstAttemptAt;

  /** Null once it has ended. */
  @Column(name = "next_attempt_at")
  private Instant nextAttemptAt;

  /** What the last attempt failed of, without an address; null while none did. */
  @Column(name = "last_error")
  private String lastError;

  @Column(name = "ended_at")
  private Instant endedAt;

  @Enumerated(EnumType.STRING)
  private AbandonReason reason;

  protected Notice() {}

  Notice(Channel channel, NoticeRequest request, List<UUID> alerts) {
    this.channel = channel;
    this.alerts = List.copyOf(alerts);
    this.id = request.aggregateId();
    this.person = request.person();
    this.role = request.role();
    this.template = request.template();
    this.parameters = request.parameters();
    String about = parameters.get(INCIDENT);
    this.incident = about == null ? null : UUID.fromString(about);
    this.dedupeKey = request.dedupeKey();
    this.requestedAt = request.at();
    this.notBefore = request.notBefore();
    this.until = request.until();
    this.state = NoticeState.WAITING;
    this.nextAttemptAt = notBefore == null ? requestedAt : notBefore;
  }

  /**
   * Begins an attempt: nobody begins another before the next one is due, also where this one never
   * comes to an end. Abandons it instead where its time is over.
   */
  List<NoticeEvent> attempt(Instant at) {
    if (state != NoticeState.WAITING || at.isBefore(nextAttemptAt)) {
      throw new IllegalStateException("notice " + id + " is not to be sent: " + state);
    }
    if (until != null && !at.isBefore(until)) {
      return abandon(AbandonReason.TIME_OVER, at);
    }
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts, 16));
    attempts++;
    firstAttemptAt = firstAttemptAt == null ? at : firstAttemptAt;
    nextAttemptAt = at.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
    return List.of();
  }

  /** The mail server took the mail. Nothing more where another attempt, a slow one, ended first. */
  List<NoticeEvent> sent(Instant at) {
    if (state != NoticeState.WAITING) {
      return List.of();
    }
    end(NoticeState.SENT, at);
    return List.of(new NoticeEvent.Sent(id, person, role, channel, template, at));
  }

  /**
   * An attempt failed; the last one when the first is {@code giveUpAfter} ago.
   *
   * @param error names no address
   */
  List<NoticeEvent> fail(String error, Duration giveUpAfter, Instant at) {
    if (state != NoticeState.WAITING) {
      return List.of();
    }
    lastError = error;
    return at.isBefore(firstAttemptAt.plus(giveUpAfter))
        ? List.of()
        : abandon(AbandonReason.UNDELIVERABLE, at);
  }

  /** There is nobody to tell any more. */
  List<NoticeEvent> recipientGone(Instant at) {
    return state == NoticeState.WAITING ? abandon(AbandonReason.RECIPIENT_GONE, at) : List.of();
  }

  /**
   * What it tells is not so any more. One that was tried may be on its way: what becomes of that is
   * noted, and it is not tried again.
   */
  List<NoticeEvent> withdraw(Instant at) {
    if (state == NoticeState.WAITING && attempts == 0) {
      return abandon(AbandonReason.TIME_OVER, at);
    }
    until = at;
    return List.of();
  }

  private List<NoticeEvent> abandon(AbandonReason why, Instant at) {
    end(NoticeState.ABANDONED, at);
    reason = why;
    return List.of(
        new NoticeEvent.Abandoned(id, person, role, channel, template, why, attempts, at));
  }

  private void end(NoticeState to, Instant at) {
    state = to;
    endedAt = at;
    nextAttemptAt = null;
  }

  @Override
  public String kind() {
    return "notification";
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
        person,
        role,
        channel,
        template,
        state,
        requestedAt,
        endedAt,
        until,
        alerts.isEmpty() ? null : alerts,
        parameters.get(GROUP));
  }

  boolean hasEnded() {
    return state != NoticeState.WAITING;
  }

  UUID person() {
    return person;
  }

  String role() {
    return role;
  }

  Channel channel() {
    return channel;
  }

  String template() {
    return template;
  }

  String dedupeKey() {
    return dedupeKey;
  }

  Map<String, String> parameters() {
    return parameters;
  }

  NoticeResource.View view() {
    return new NoticeResource.View(
        id,
        person,
        role,
        channel,
        template,
        parameters,
        dedupeKey,
        state,
        requestedAt,
        notBefore,
        until,
        attempts,
        nextAttemptAt,
        lastError,
        endedAt,
        reason,
        version);
  }

  /**
   * What others may know of a notice.
   *
   * @param until not sent later; for alerts that fire, that is when the next one is due
   * @param alerts of which it tells one by one; null where of none
   * @param alertGroup of whose alerts it tells together, or null
   */
  public record State(
      UUID person,
      String role,
      Channel channel,
      String template,
      NoticeState state,
      Instant requestedAt,
      Instant endedAt,
      Instant until,
      List<UUID> alerts,
      String alertGroup) {}
}
