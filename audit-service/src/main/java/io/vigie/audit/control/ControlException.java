package io.vigie.audit.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
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
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;

/**
 * That a rule need not be kept for a time, by one object or by all of them. Nobody approves what
 * they asked for (R4.6), and none lasts longer than {@code
 * contracts/policy/control-exceptions.json} allows. Controls learn of it from the log, as of
 * everything else.
 */
@Entity
@Table(name = "control_exception")
public class ControlException extends PanacheEntityBase implements Aggregate {

  static final String KIND = "control-exception";

  /** What controls read of exceptions. */
  static final Map<String, Set<String>> READS =
      Map.of(KIND, Set.of("rule", "object", "endsAt", "stage"));

  private static final Duration LONGEST =
      PolicyTable.read("control-exceptions", Policy.class).longest;

  private record Policy(Duration longest) {}

  /** How far it is. */
  @Schema(name = "ControlExceptionStage")
  public enum Stage {
    REQUESTED,
    /** It counts until its end. */
    APPROVED,
    REFUSED,
    WITHDRAWN
  }

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private String rule;
  private String object;
  private String reason;

  @Column(name = "ends_at")
  private Instant endsAt;

  @Enumerated(EnumType.STRING)
  private Stage stage = Stage.REQUESTED;

  @Column(name = "requested_by")
  private String requestedBy;

  @Column(name = "requested_at")
  private Instant requestedAt;

  @Column(name = "decided_by")
  private String decidedBy;

  @Column(name = "decided_at")
  private Instant decidedAt;

  @Column(name = "end_reason")
  private String endReason;

  protected ControlException() {}

  /**
   * @param object as {@code <kind>/<id>}; null for all that are in the rule's scope
   * @throws Problem 422 unless it ends after {@code at}, within the longest time of the policy
   */
  ControlException(
      String rule, String object, String reason, Instant endsAt, String requestedBy, Instant at) {
    if (!endsAt.isAfter(at) || endsAt.isAfter(at.plus(LONGEST))) {
      throw Problem.unprocessable(
          "exception-too-long",
          "An exception ends after now, and within %d days.".formatted(LONGEST.toDays()));
    }
    this.id = Ids.next();
    this.rule = rule;
    this.object = object;
    this.reason = reason;
    this.endsAt = endsAt;
    this.requestedBy = requestedBy;
    this.requestedAt = at;
  }

  /** The exception, or 404. */
  static Uni<ControlException> require(UUID id) {
    return ControlException.<ControlException>findById(id)
        .onItem()
        .ifNull()
        .failWith(ControlException::unknown);
  }

  static Problem unknown() {
    return Problem.notFound("No exception has this id, or it is not yours to read.");
  }

  ControlExceptionEvent requested() {
    return new ControlExceptionEvent.Requested(id, rule, object, endsAt, requestedAt);
  }

  /**
   * @throws Problem 409 unless it waits for a decision, and to whoever asked for it
   */
  ControlExceptionEvent approve(String by, Instant at) {
    decide(Stage.APPROVED, by, at);
    return new ControlExceptionEvent.Approved(id, rule, object, endsAt, at);
  }

  /**
   * @throws Problem 409 unless it waits for a decision, and to whoever asked for it
   */
  ControlExceptionEvent refuse(String why, String by, Instant at) {
    decide(Stage.REFUSED, by, at);
    endReason = why;
    return new ControlExceptionEvent.Refused(id, rule, object, at);
  }

  private void decide(Stage to, String by, Instant at) {
    if (stage != Stage.REQUESTED || !endsAt.isAfter(at)) {
      throw conflict(
          "exception-decided",
          "It is decided about, or its end has passed. Ask for another one if need be.");
    }
    if (requestedBy.equals(by)) {
      throw conflict(
          "own-request", "Nobody decides about their own request (R4.6). Ask somebody else to.");
    }
    stage = to;
    decidedBy = by;
    decidedAt = at;
  }

  /**
   * @throws Problem 409 when it counts no more
   */
  ControlExceptionEvent withdraw(String why, Instant at) {
    if (stage != Stage.REQUESTED && stage != Stage.APPROVED || !endsAt.isAfter(at)) {
      throw conflict("exception-over", "It counts no more: there is nothing to withdraw.");
    }
    boolean approved = stage == Stage.APPROVED;
    stage = Stage.WITHDRAWN;
    endReason = why;
    return new ControlExceptionEvent.Withdrawn(id, rule, object, approved, at);
  }

  boolean isOf(String account) {
    return requestedBy.equals(account);
  }

  void requireVersion(String ifMatch) {
    ETag.require(ifMatch, version);
  }

  @Override
  public String kind() {
    return KIND;
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
    return new State(rule, object, endsAt, stage, requestedBy, requestedAt, decidedBy, decidedAt);
  }

  String reason() {
    return reason;
  }

  String endReason() {
    return endReason;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of it; accounts stand for people, and the reasons stay in the service.
   *
   * @param object as {@code <kind>/<id>}; null for all that are in the rule's scope
   * @param decidedBy who approved or refused it
   */
  public record State(
      String rule,
      String object,
      Instant endsAt,
      Stage stage,
      String requestedBy,
      Instant requestedAt,
      String decidedBy,
      Instant decidedAt) {}
}
