package io.vigie.asset.supplier;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.policy.TextList;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/**
 * That a supplier may be relied on for a time though its contracts lack something: asked for by
 * one, decided by another (R4.6), and over by itself.
 */
@Entity
@Table(name = "supplier_exception")
public class SupplierException extends PanacheEntityBase {

  private static final int LONGEST_DAYS = 366;

  /** How far an exception is decided. */
  @Schema(name = "SupplierExceptionDecision")
  public enum Decision {
    REQUESTED,
    GRANTED,
    REFUSED
  }

  /**
   * @param clauses by rule, those that may be missing meanwhile
   * @param withoutContract whether there may be no contract at all
   * @param compensation what is done meanwhile against the risk
   * @param until the last day on which it holds, 366 days ahead at most
   */
  @Schema(name = "SupplierExceptionRequest")
  record Request(
      @NotNull @Size(max = 200) List<@NotNull String> clauses,
      boolean withoutContract,
      @NotBlank @Size(max = 2_000) String reason,
      @NotBlank @Size(max = 2_000) String compensation,
      @NotNull LocalDate until) {}

  /**
   * @param withoutContract whether there may be no contract at all
   * @param compensation what is done meanwhile against the risk
   * @param until the last day on which it holds
   * @param version the supplier's, for If-Match
   */
  @Schema(name = "SupplierException")
  record View(
      UUID id,
      UUID supplier,
      Decision decision,
      List<String> clauses,
      boolean withoutContract,
      String reason,
      String compensation,
      LocalDate until,
      String requestedBy,
      Instant requestedAt,
      String decidedBy,
      Instant decidedAt,
      long version) {}

  @Id private UUID id;
  private UUID supplier;

  @Enumerated(EnumType.STRING)
  private Decision decision;

  @Convert(converter = TextList.class)
  private List<String> clauses;

  @Column(name = "without_contract")
  private boolean withoutContract;

  private String reason;
  private String compensation;

  @Column(name = "valid_until")
  private LocalDate until;

  @Column(name = "requested_by")
  private String requestedBy;

  @Column(name = "requested_at")
  private Instant requestedAt;

  @Column(name = "decided_by")
  private String decidedBy;

  @Column(name = "decided_at")
  private Instant decidedAt;

  protected SupplierException() {}

  /**
   * @throws Problem 400 when it allows nothing, a clause is none, or its end is not ahead, within
   *     366 days
   */
  SupplierException(UUID supplier, Request body, String by, Instant at) {
    LocalDate today = Days.of(at);
    if (body.clauses().isEmpty() && !body.withoutContract()) {
      throw Problem.invalid(
          List.of(new FieldError("clauses", "must name what may be missing meanwhile")));
    }
    if (body.until().isBefore(today) || body.until().isAfter(today.plusDays(LONGEST_DAYS))) {
      throw Problem.invalid(
          List.of(new FieldError("until", "must be ahead, " + LONGEST_DAYS + " days at most")));
    }
    this.id = Ids.next();
    this.supplier = supplier;
    this.decision = Decision.REQUESTED;
    this.clauses = Clause.require(body.clauses());
    this.withoutContract = body.withoutContract();
    this.reason = body.reason();
    this.compensation = body.compensation();
    this.until = body.until();
    this.requestedBy = by;
    this.requestedAt = at;
  }

  /** The supplier's exception, or 404. */
  static Uni<SupplierException> require(UUID supplier, UUID id) {
    return SupplierException.<SupplierException>find("supplier = ?1 and id = ?2", supplier, id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The supplier has no exception with this id."));
  }

  SupplierEvent requested() {
    return new SupplierEvent.ExceptionRequested(
        supplier, id, clauses, withoutContract, reason, until, requestedAt);
  }

  SupplierEvent grant(String by, Instant at) {
    decide(Decision.GRANTED, by, at);
    return new SupplierEvent.ExceptionGranted(supplier, id, clauses, withoutContract, until, at);
  }

  SupplierEvent refuse(String why, String by, Instant at) {
    decide(Decision.REFUSED, by, at);
    return new SupplierEvent.ExceptionRefused(supplier, id, why, at);
  }

  private void decide(Decision to, String by, Instant at) {
    if (decision != Decision.REQUESTED) {
      throw conflict("exception-decided", "This exception is " + decision + " already.");
    }
    if (by.equals(requestedBy)) {
      throw unprocessable(
          "self-approval", "You asked for this exception. Somebody else must decide (R4.6).");
    }
    decision = to;
    decidedBy = by;
    decidedAt = at;
  }

  boolean isInForceOn(LocalDate day) {
    return decision == Decision.GRANTED && !day.isAfter(until);
  }

  List<String> clauses() {
    return clauses;
  }

  boolean isWithoutContract() {
    return withoutContract;
  }

  UUID id() {
    return id;
  }

  UUID supplier() {
    return supplier;
  }

  Instant requestedAt() {
    return requestedAt;
  }

  View view(long version) {
    return new View(
        id,
        supplier,
        decision,
        clauses,
        withoutContract,
        reason,
        compensation,
        until,
        requestedBy,
        requestedAt,
        decidedBy,
        decidedAt,
        version);
  }
}
