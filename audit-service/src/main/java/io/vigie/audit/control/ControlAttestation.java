package io.vigie.audit.control;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Sha256;
import io.vigie.kernel.web.ETag;

/**
 * That somebody says of a rule, which no machine can decide, that it holds. It counts for the
 * rule's interval, until another one replaces it or somebody withdraws it; a rule has one at most
 * that is not ended.
 */
@Entity
@Table(name = "control_attestation")
public class ControlAttestation extends PanacheEntityBase implements Aggregate {

  /** ?1 a rule: two who attest it at once do so one after the other. */
  private static final String ALONE =
      "select 1 from pg_advisory_xact_lock(hashtextextended('control-attestation/' || cast(?1 as text), 0))";

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private String rule;
  private String basis;
  private String statement;

  @Column(name = "given_by")
  private String givenBy;

  @Column(name = "given_at")
  private Instant givenAt;

  @Column(name = "valid_until")
  private Instant validUntil;

  @Column(name = "ended_at")
  private Instant endedAt;

  @Column(name = "end_reason")
  private String endReason;

  protected ControlAttestation() {}

  /** One of a rule that is decided so. */
  ControlAttestation(Rule rule, String basis, String statement, String by, Instant at) {
    this.id = Ids.next();
    this.rule = rule.id();
    this.basis = basis;
    this.statement = statement;
    this.givenBy = by;
    this.givenAt = at;
    this.validUntil =
        at.atOffset(ZoneOffset.UTC).plus(Period.parse(rule.attestation().interval())).toInstant();
  }

  /** The attestation of a rule, or 404. */
  static Uni<ControlAttestation> require(String rule, UUID id) {
    return ControlAttestation.<ControlAttestation>find("rule = ?1 and id = ?2", rule, id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No attestation of this rule has this id."));
  }

  /**
   * The one of a rule that is not ended, and stays the only one until the transaction ends; null
   * where there is none.
   */
  static Uni<ControlAttestation> standing(String rule) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(ALONE, Integer.class)
                    .setParameter(1, rule)
                    .getSingleResult())
        .chain(
            () ->
                ControlAttestation.<ControlAttestation>find("rule = ?1 and endedAt is null", rule)
                    .firstResult());
  }

  ControlAttestationEvent given() {
    return new ControlAttestationEvent.Given(
        id, rule, Sha256.hex(basis + '\n' + statement), validUntil, givenAt);
  }

  /** Another one takes its place. */
  ControlAttestationEvent replace(Instant at) {
    endedAt = at;
    return new ControlAttestationEvent.Ended(id, rule, true, at);
  }

  /**
   * @throws Problem 409 when it counts no more
   */
  ControlAttestationEvent withdraw(String why, Instant at) {
    if (endedAt != null || !validUntil.isAfter(at)) {
      throw Problem.conflict(
          "attestation-over", "It counts no more: there is nothing to withdraw.");
    }
    endedAt = at;
    endReason = why;
    return new ControlAttestationEvent.Ended(id, rule, false, at);
  }

  void requireVersion(String ifMatch) {
    ETag.require(ifMatch, version);
  }

  @Override
  public String kind() {
    return "control-attestation";
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
    return new State(rule, validUntil, givenBy, givenAt, endedAt);
  }

  String basis() {
    return basis;
  }

  String statement() {
    return statement;
  }

  String endReason() {
    return endReason;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of it; the texts stay in the service.
   *
   * @param endedAt when another one replaced it or somebody withdrew it; null while neither did
   */
  public record State(
      String rule, Instant validUntil, String givenBy, Instant givenAt, Instant endedAt) {}
}
