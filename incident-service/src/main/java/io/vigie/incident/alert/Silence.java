package io.vigie.incident.alert;

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
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/**
 * No mail of the alerts that it matches, for a time, since somebody knows of them: maintenance for
 * example. It holds for alerts that fire later, too, hides none, and ends by itself.
 */
@Entity
public class Silence extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Convert(converter = MatchersText.class)
  private List<Matcher> matchers;

  private String reason;

  @Column(name = "created_by")
  private String createdBy;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "ends_at")
  private Instant endsAt;

  @Enumerated(EnumType.STRING)
  private SilenceState state;

  @Column(name = "ended_at")
  private Instant endedAt;

  @Enumerated(EnumType.STRING)
  private SilenceEnding ending;

  @Column(name = "ended_by")
  private String endedBy;

  protected Silence() {}

  /**
   * @param matchers all of them hold for what it silences
   * @throws Problem 422 where it would end in the past or too late, or silence all but something
   */
  Silence(
      List<Matcher> matchers,
      String reason,
      Instant endsAt,
      String createdBy,
      AlertPolicy.Silences policy,
      Instant now) {
    if (!endsAt.isAfter(now)) {
      throw unprocessable("silence-over", "It would be over already: choose a later end.");
    }
    if (endsAt.isAfter(now.plus(policy.longest()))) {
      throw unprocessable(
          "silence-too-long",
          "It may last %d days at most: choose an earlier end, and make another one then."
              .formatted(policy.longest().toDays()));
    }
    if (matchers.stream().noneMatch(Matcher::namesSomething)) {
      throw unprocessable(
          "silence-too-wide", "One matcher at least says what a label is, not what it is not.");
    }
    this.id = Ids.next();
    this.matchers = List.copyOf(matchers);
    this.reason = reason;
    this.endsAt = endsAt;
    this.createdBy = createdBy;
    this.createdAt = now;
    this.state = SilenceState.ACTIVE;
  }

  /** The silence, or 404. */
  static Uni<Silence> require(UUID id) {
    return Silence.<Silence>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No silence has this id."));
  }

  /** The silence in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Silence> require(UUID id, String ifMatch) {
    return require(id).invoke(silence -> ETag.require(ifMatch, silence.version));
  }

  SilenceEvent created() {
    return new SilenceEvent.Created(id, endsAt, createdAt);
  }

  /** Whether it holds mail of an alert with these labels back. */
  boolean silences(Map<String, String> labels, Instant at) {
    return state == SilenceState.ACTIVE
        && at.isBefore(endsAt)
        && matchers.stream().allMatch(matcher -> matcher.matches(labels));
  }

  SilenceEvent lift(String by, Instant at) {
    endedBy = by;
    return end(SilenceEnding.LIFTED, at);
  }

  SilenceEvent expire(Instant at) {
    return end(SilenceEnding.EXPIRED, at);
  }

  private SilenceEvent end(SilenceEnding how, Instant at) {
    if (state == SilenceState.ENDED) {
      throw conflict("silence-ended", "It has ended already.");
    }
    state = SilenceState.ENDED;
    endedAt = at;
    ending = how;
    return new SilenceEvent.Ended(id, how, at);
  }

  @Override
  public String kind() {
    return "silence";
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
    return new State(state, createdAt, endsAt, endedAt, ending);
  }

  List<Matcher> matchers() {
    return matchers;
  }

  String reason() {
    return reason;
  }

  String createdBy() {
    return createdBy;
  }

  /** Null unless somebody lifted it. */
  String endedBy() {
    return endedBy;
  }

  long version() {
    return version;
  }

  /** What others may know of a silence. */
  public record State(
      SilenceState state,
      Instant createdAt,
      Instant endsAt,
      Instant endedAt,
      SilenceEnding ending) {}
}
