package io.vigie.asset.supplier;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;

/** A contract that binds a supplier; it changes under the supplier's version. */
@Entity
@Table(name = "supplier_contract")
public class SupplierContract extends PanacheEntityBase {

  /**
   * @param endedOn from which day on it binds no more, though its terms go on; or null
   * @param version the supplier's, for If-Match
   */
  @Schema(name = "SupplierContract")
  record View(
      UUID id,
      UUID supplier,
      ContractTerms terms,
      LocalDate endedOn,
      String endReason,
      String recordedBy,
      Instant recordedAt,
      long version) {}

  @Id private UUID id;
  private UUID supplier;
  @Embedded private ContractTerms terms;

  @Column(name = "ended_on")
  private LocalDate endedOn;

  @Column(name = "end_reason")
  private String endReason;

  @Column(name = "recorded_by")
  private String recordedBy;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  protected SupplierContract() {}

  SupplierContract(UUID supplier, ContractTerms terms, String by, Instant at) {
    this.id = Ids.next();
    this.supplier = supplier;
    this.terms = terms.requireConsistent();
    this.recordedBy = by;
    this.recordedAt = at;
  }

  /** The supplier's contract, or 404. */
  static Uni<SupplierContract> require(UUID supplier, UUID id) {
    return SupplierContract.<SupplierContract>find("supplier = ?1 and id = ?2", supplier, id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The supplier has no contract with this id."));
  }

  SupplierEvent signed() {
    return new SupplierEvent.ContractSigned(
        supplier,
        id,
        terms.reference(),
        terms.signedOn(),
        terms.startsOn(),
        terms.endsOn(),
        terms.clauses(),
        recordedAt);
  }

  /** Before the end that its terms have; {@code on} is the first day on which it binds no more. */
  SupplierEvent end(LocalDate on, String reason, Instant at) {
    if (endedOn != null) {
      throw conflict("contract-ended", "The end of this contract is recorded already.");
    }
    if (on.isBefore(terms.startsOn())) {
      throw Problem.invalid(
          List.of(new FieldError("endedOn", "must not be before " + terms.startsOn())));
    }
    endedOn = on;
    endReason = reason;
    return new SupplierEvent.ContractEnded(supplier, id, on, reason, at);
  }

  boolean isLiveOn(LocalDate day) {
    return !day.isBefore(terms.startsOn())
        && (terms.endsOn() == null || !day.isAfter(terms.endsOn()))
        && (endedOn == null || day.isBefore(endedOn));
  }

  List<String> clauses() {
    return terms.clauses();
  }

  UUID id() {
    return id;
  }

  View view(long version) {
    return new View(id, supplier, terms, endedOn, endReason, recordedBy, recordedAt, version);
  }
}
