package io.vigie.asset.supplier;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import jakarta.persistence.Column;
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
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/**
 * Whom a supplier relies on in turn. Somebody else than who declared it decides; an objection can
 * follow an approval too (GDPR article 28(2)).
 */
@Entity
@Table(name = "supplier_sub_processor")
public class SubProcessor extends PanacheEntityBase {

  /** How far it is decided. */
  @Schema(name = "SubProcessorDecision")
  public enum Decision {
    DECLARED,
    APPROVED,
    OBJECTED
  }

  @Schema(name = "SubProcessorDeclaration")
  record Declaration(
      @NotBlank @Size(max = 200) String name,
      @NotBlank @Size(max = 2_000) String service,
      @NotNull String country) {}

  /**
   * @param service what it does for the supplier
   * @param country where, ISO 3166-1 alpha-2
   * @param objection why not, or null
   * @param version the supplier's, for If-Match
   */
  @Schema(name = "SubProcessor")
  record View(
      UUID id,
      UUID supplier,
      Decision decision,
      String name,
      String service,
      String country,
      String declaredBy,
      Instant declaredAt,
      String decidedBy,
      Instant decidedAt,
      String objection,
      long version) {}

  @Id private UUID id;
  private UUID supplier;

  @Enumerated(EnumType.STRING)
  private Decision decision;

  private String name;
  private String service;
  private String country;

  @Column(name = "declared_by")
  private String declaredBy;

  @Column(name = "declared_at")
  private Instant declaredAt;

  @Column(name = "decided_by")
  private String decidedBy;

  @Column(name = "decided_at")
  private Instant decidedAt;

  private String objection;

  protected SubProcessor() {}

  /**
   * @throws Problem 400 when the country is none
   */
  SubProcessor(UUID supplier, Declaration body, String by, Instant at) {
    if (!List.of(Locale.getISOCountries()).contains(body.country())) {
      throw Problem.invalid(
          List.of(new FieldError("country", "must be a country of ISO 3166-1, FR for example")));
    }
    this.id = Ids.next();
    this.supplier = supplier;
    this.decision = Decision.DECLARED;
    this.name = body.name();
    this.service = body.service();
    this.country = body.country();
    this.declaredBy = by;
    this.declaredAt = at;
  }

  /** The supplier's sub-processor, or 404. */
  static Uni<SubProcessor> require(UUID supplier, UUID id) {
    return SubProcessor.<SubProcessor>find("supplier = ?1 and id = ?2", supplier, id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The supplier has no sub-processor with this id."));
  }

  SupplierEvent declared() {
    return new SupplierEvent.SubProcessorDeclared(supplier, id, name, service, country, declaredAt);
  }

  /** R4.6: by somebody else than who declared it. */
  SupplierEvent approve(String by, Instant at) {
    if (decision != Decision.DECLARED) {
      throw conflict("sub-processor-decided", "This sub-processor is " + decision + " already.");
    }
    if (by.equals(declaredBy)) {
      throw unprocessable(
          "self-approval",
          "You declared this sub-processor. Somebody else must approve it (R4.6).");
    }
    decide(Decision.APPROVED, by, at);
    return new SupplierEvent.SubProcessorApproved(supplier, id, country, at);
  }

  /** Whoever sees a reason may object: that protects, and approves nothing. */
  SupplierEvent object(String reason, String by, Instant at) {
    if (decision == Decision.OBJECTED) {
      throw conflict("sub-processor-decided", "Somebody objected to this sub-processor already.");
    }
    decide(Decision.OBJECTED, by, at);
    objection = reason;
    return new SupplierEvent.SubProcessorObjected(supplier, id, reason, at);
  }

  private void decide(Decision to, String by, Instant at) {
    decision = to;
    decidedBy = by;
    decidedAt = at;
  }

  UUID id() {
    return id;
  }

  UUID supplier() {
    return supplier;
  }

  Instant declaredAt() {
    return declaredAt;
  }

  View view(long version) {
    return new View(
        id,
        supplier,
        decision,
        name,
        service,
        country,
        declaredBy,
        declaredAt,
        decidedBy,
        decidedAt,
        objection,
        version);
  }
}
