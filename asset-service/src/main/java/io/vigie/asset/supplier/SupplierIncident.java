package io.vigie.asset.supplier;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Size;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.policy.TextList;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;

/** Something that went wrong at a supplier, and which of our assets it concerns. */
@Entity
@Table(name = "supplier_incident")
public class SupplierIncident extends PanacheEntityBase {

  /**
   * @param reportedAt when the supplier, or somebody else, told us
   * @param assets of ours that it concerns
   */
  @Schema(name = "SupplierIncidentReport")
  record Report(
      @NotNull @PastOrPresent Instant reportedAt,
      @NotBlank @Size(max = 10_000) String description,
      @NotNull @Size(max = 100) List<@NotNull UUID> assets) {}

  /**
   * @param reportedAt when the supplier, or somebody else, told us
   * @param assets of ours that it concerns
   * @param outcome how it ended, or null while it is open
   * @param version the supplier's, for If-Match
   */
  @Schema(name = "SupplierIncident")
  record View(
      UUID id,
      UUID supplier,
      Instant reportedAt,
      String description,
      List<UUID> assets,
      String recordedBy,
      Instant recordedAt,
      String outcome,
      Instant closedAt,
      long version) {}

  @Id private UUID id;
  private UUID supplier;

  @Column(name = "reported_at")
  private Instant reportedAt;

  private String description;

  @Convert(converter = TextList.class)
  private List<String> assets;

  @Column(name = "recorded_by")
  private String recordedBy;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  private String outcome;

  @Column(name = "closed_at")
  private Instant closedAt;

  protected SupplierIncident() {}

  SupplierIncident(UUID supplier, Report body, String by, Instant at) {
    this.id = Ids.next();
    this.supplier = supplier;
    this.reportedAt = body.reportedAt();
    this.description = body.description();
    this.assets = body.assets().stream().distinct().map(UUID::toString).toList();
    this.recordedBy = by;
    this.recordedAt = at;
  }

  /** The supplier's incident, or 404. */
  static Uni<SupplierIncident> require(UUID supplier, UUID id) {
    return SupplierIncident.<SupplierIncident>find("supplier = ?1 and id = ?2", supplier, id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The supplier has no incident with this id."));
  }

  SupplierEvent reported() {
    return new SupplierEvent.IncidentReported(supplier, id, reportedAt, assetIds(), recordedAt);
  }

  SupplierEvent close(String how, Instant at) {
    if (closedAt != null) {
      throw conflict("incident-closed", "This incident was closed already.");
    }
    outcome = how;
    closedAt = at;
    return new SupplierEvent.IncidentClosed(supplier, id, how, at);
  }

  private List<UUID> assetIds() {
    return assets.stream().map(UUID::fromString).toList();
  }

  UUID id() {
    return id;
  }

  View view(long version) {
    return new View(
        id,
        supplier,
        reportedAt,
        description,
        assetIds(),
        recordedBy,
        recordedAt,
        outcome,
        closedAt,
        version);
  }
}
