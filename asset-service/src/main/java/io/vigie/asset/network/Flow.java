package io.vigie.asset.network;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;

/** A way from one zone to another that somebody asked for, and somebody else approved (R9.2). */
@Entity
public class Flow extends PanacheEntityBase implements Aggregate {

  /** What may be sent. */
  public enum Protocol {
    TCP,
    UDP,
    ICMP
  }

  /** How far it is. */
  @Schema(name = "FlowStage")
  public enum Stage {
    REQUESTED,
    APPROVED,
    REFUSED,
    WITHDRAWN
  }

  /** What is asked for; {@code ports} as {@link Ports} reads them, 0 for ICMP. */
  record Way(UUID fromZone, UUID toZone, Protocol protocol, String ports) {}

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "from_zone")
  private UUID fromZone;

  @Column(name = "to_zone")
  private UUID toZone;

  @Enumerated(EnumType.STRING)
  private Protocol protocol;

  private String ports;
  private String purpose;
  private String rule;

  @Enumerated(EnumType.STRING)
  private Stage stage;

  @Column(name = "valid_until")
  private Instant validUntil;

  @Column(name = "requested_by")
  private String requestedBy;

  @Column(name = "decided_by")
  private String decidedBy;

  @Column(name = "requested_at")
  private Instant requestedAt;

  protected Flow() {}

  /**
   * @param rule what it would be an exception from, or null
   */
  Flow(Way way, String purpose, String rule, Instant validUntil, String requestedBy, Instant at) {
    this.id = Ids.next();
    this.fromZone = way.fromZone();
    this.toZone = way.toZone();
    this.protocol = way.protocol();
    this.ports = way.ports();
    this.purpose = purpose;
    this.rule = rule;
    this.stage = Stage.REQUESTED;
    this.validUntil = validUntil;
    this.requestedBy = requestedBy;
    this.requestedAt = at;
  }

  /** The flow, or 404. */
  static Uni<Flow> require(UUID id) {
    return Flow.<Flow>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No flow has this id."));
  }

  /** The flow in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Flow> require(UUID id, String ifMatch) {
    return require(id).invoke(flow -> ETag.require(ifMatch, flow.version));
  }

  /**
   * Fails with 422 when its ports are nearly all together with those of the flows of the same way
   * that were asked for or approved and are not over: any-to-any by pieces (R9.2). Until the
   * transaction ends nobody else asks for one of that way.
   */
  Uni<Void> requireNarrow(Instant now) {
    return lockWay()
        .chain(
            () ->
                Flow.<Flow>list(
                    """
                    fromZone = ?1 and toZone = ?2 and protocol = ?3 and stage in ?4
                    and (validUntil is null or validUntil > ?5)\
                    """,
                    fromZone,
                    toZone,
                    protocol,
                    List.of(Stage.REQUESTED, Stage.APPROVED),
                    now))
        .invoke(
            live -> {
              List<Ports> declared = new ArrayList<>(List.of(Ports.of(ports)));
              live.forEach(flow -> declared.add(Ports.of(flow.ports)));
              if (Ports.areAll(declared)) {
                throw Problem.unprocessable(
                    "any-to-any",
                    "R9.2: with the %d flows of the same way, nearly all ports are declared. Name those that are needed, and withdraw the flows that are not."
                        .formatted(live.size()));
              }
            })
        .replaceWithVoid();
  }

  private Uni<Void> lockWay() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))",
                        Integer.class)
                    .setParameter(1, "flow/" + fromZone + "/" + toZone + "/" + protocol)
                    .getSingleResult())
        .replaceWithVoid();
  }

  FlowEvent requested() {
    return new FlowEvent.Requested(
        id, fromZone, toZone, protocol.name(), ports, purpose, rule, validUntil, requestedAt);
  }

  FlowEvent approve(String actor, Instant at) {
    decide(actor, Stage.APPROVED, at);
    return new FlowEvent.Approved(id, fromZone, toZone, at);
  }

  FlowEvent refuse(String actor, String reason, Instant at) {
    decide(actor, Stage.REFUSED, at);
    return new FlowEvent.Refused(id, fromZone, toZone, reason, at);
  }

  private void decide(String actor, Stage decision, Instant at) {
    if (stage != Stage.REQUESTED) {
      throw conflict("flow-decided", "It was decided before: it is " + stage + ".");
    }
    if (!isBeforeEnd(at)) {
      throw conflict("flow-over", "It was asked for until " + validUntil + ". Ask for it anew.");
    }
    if (actor.equals(requestedBy)) {
      throw conflict(
          "own-request", "Nobody decides about their own request. Ask somebody else to.");
    }
    stage = decision;
    decidedBy = actor;
  }

  FlowEvent withdraw(String reason, Instant at) {
    if (stage != Stage.REQUESTED && stage != Stage.APPROVED) {
      throw conflict("flow-over", "It is " + stage + " already.");
    }
    stage = Stage.WITHDRAWN;
    return new FlowEvent.Withdrawn(id, fromZone, toZone, reason, at);
  }

  /** Whether it allows this now. */
  boolean allows(Protocol sent, int port, Instant now) {
    return stage == Stage.APPROVED
        && isBeforeEnd(now)
        && protocol == sent
        && Ports.of(ports).contains(port);
  }

  private boolean isBeforeEnd(Instant now) {
    return validUntil == null || now.isBefore(validUntil);
  }

  @Override
  public String kind() {
    return "flow";
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
        fromZone,
        toZone,
        protocol,
        ports,
        purpose,
        rule,
        stage,
        validUntil,
        requestedBy,
        decidedBy,
        requestedAt);
  }

  long version() {
    return version;
  }

  /** What others may know of it; accounts stand for people. */
  public record State(
      UUID fromZone,
      UUID toZone,
      Protocol protocol,
      String ports,
      String purpose,
      String rule,
      Stage stage,
      Instant validUntil,
      String requestedBy,
      String decidedBy,
      Instant requestedAt) {}
}
