package io.vigie.asset.posture;

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
import io.vigie.kernel.web.ETag;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;

/**
 * A breach of one rule by one asset that does not count for a time. Nobody approves what they asked
 * for (R4.6), and none lasts for ever.
 */
@Entity
@Table(name = "posture_exemption")
public class Exemption extends PanacheEntityBase implements Aggregate {

  static final Duration LONGEST = Duration.ofDays(180);

  /** How far it is. */
  @Schema(name = "PostureExemptionStage")
  public enum Stage {
    REQUESTED,
    APPROVED,
    REFUSED,
    WITHDRAWN,
    EXPIRED
  }

  /**
   * What is exempt.
   *
   * @param found what broke the rule; empty where nothing was known, null for whatever breaks it
   */
  record Scope(Instant until, String found) {}

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private UUID asset;
  private String rule;
  private String reason;
  private String found;

  @Column(name = "ends_at")
  private Instant endsAt;

  @Enumerated(EnumType.STRING)
  private Stage stage;

  @Column(name = "requested_by")
  private String requestedBy;

  @Column(name = "requested_at")
  private Instant requestedAt;

  @Column(name = "decided_by")
  private String decidedBy;

  protected Exemption() {}

  /**
   * @param found what breaks the rule now; empty where nothing is known, null where it is kept
   * @param endsAt after {@code at}, by {@link #LONGEST} at most; 422 otherwise
   */
  Exemption(
      UUID asset,
      String rule,
      String reason,
      String found,
      Instant endsAt,
      String requestedBy,
      Instant at) {
    if (!endsAt.isAfter(at) || endsAt.isAfter(at.plus(LONGEST))) {
      throw Problem.unprocessable(
          "exemption-too-long",
          "An exemption ends after now, and within %d days.".formatted(LONGEST.toDays()));
    }
    this.id = Ids.next();
    this.asset = asset;
    this.rule = rule;
    this.reason = reason;
    this.found = found;
    this.endsAt = endsAt;
    this.stage = Stage.REQUESTED;
    this.requestedBy = requestedBy;
    this.requestedAt = at;
  }

  /** The exemption, or 404. */
  static Uni<Exemption> require(UUID id) {
    return Exemption.<Exemption>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No exemption has this id."));
  }

  /** The exemption in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Exemption> require(UUID id, String ifMatch) {
    return require(id).invoke(exemption -> ETag.require(ifMatch, exemption.version));
  }

  /** Those of an asset that somebody approved and nothing ended yet; one of a rule at most. */
  static Uni<List<Exemption>> approvedFor(UUID asset) {
    return Exemption.list("asset = ?1 and stage = ?2", asset, Stage.APPROVED);
  }

  ExemptionEvent requested() {
    return new ExemptionEvent.Requested(id, asset, rule, reason, endsAt, requestedAt);
  }

  ExemptionEvent approve(String actor, Instant at) {
    decide(actor, at);
    stage = Stage.APPROVED;
    return new ExemptionEvent.Approved(id, asset, rule, endsAt, at);
  }

  ExemptionEvent refuse(String actor, String why, Instant at) {
    decide(actor, at);
    stage = Stage.REFUSED;
    return new ExemptionEvent.Refused(id, asset, rule, why, at);
  }

  private void decide(String actor, Instant at) {
    if (stage != Stage.REQUESTED || !endsAt.isAfter(at)) {
      throw conflict(
          "exemption-decided", "It waits for no decision any more. It is " + stage + ".");
    }
    if (actor.equals(requestedBy)) {
      throw conflict(
          "own-request", "Nobody decides about their own request. Ask somebody else to.");
    }
    decidedBy = actor;
  }

  ExemptionEvent withdraw(String why, Instant at) {
    if (!isOpen()) {
      throw conflict("exemption-over", "It is over already. It is " + stage + ".");
    }
    stage = Stage.WITHDRAWN;
    return new ExemptionEvent.Withdrawn(id, asset, rule, why, at);
  }

  /** The clock found that its time is over. */
  ExemptionEvent expire(Instant at) {
    if (!isOpen() || endsAt.isAfter(at)) {
      throw new IllegalStateException("exemption " + id + " is not over: " + stage);
    }
    boolean approved = stage == Stage.APPROVED;
    stage = Stage.EXPIRED;
    return new ExemptionEvent.Expired(id, asset, rule, approved, at);
  }

  private boolean isOpen() {
    return stage == Stage.REQUESTED || stage == Stage.APPROVED;
  }

  @Override
  public String kind() {
    return "posture-exemption";
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  long version() {
    return version;
  }

  @Override
  public State state() {
    return new State(
        asset, rule, reason, found, endsAt, stage, requestedBy, requestedAt, decidedBy);
  }

  Scope scope() {
    return new Scope(endsAt, found);
  }

  /**
   * What others may know of it; accounts stand for people.
   *
   * @param found what broke the rule when it was asked for, and alone is exempt; empty where
   *     nothing was known, absent where the rule was kept: then whatever breaks it is exempt
   */
  public record State(
      UUID asset,
      String rule,
      String reason,
      String found,
      Instant endsAt,
      Stage stage,
      String requestedBy,
      Instant requestedAt,
      String decidedBy) {}
}
