package io.vigie.bench.plain;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import org.hibernate.annotations.Immutable;

/** The rows of {@link Asset} once more, read in the parts that asset-service has of an asset. */
@Entity
@Immutable
@Table(name = "Asset")
public class AssetInParts extends PanacheEntityBase {

  @Embeddable
  public record Details(
      String name,
      String kind,
      String assetTag,
      String serialNumber,
      String machineId,
      String make,
      String model,
      boolean production,
      UUID site,
      UUID supplier,
      UUID client,
      LocalDate purchasedOn,
      LocalDate warrantyUntil,
      String attributes) {}

  @Embeddable
  public record Reassignment(Instant reassignSince, Instant reassignBy) {}

  @Embeddable
  public record Custody(UUID custodian, UUID handoverTo, Instant handoverSince) {}

  @Embeddable
  public record Classification(
      Integer availability, Integer integrity, Integer confidentiality, Integer proof) {}

  @Id public UUID id;
  public long version;
  @Embedded @JsonUnwrapped public Details details;
  public String state;
  public UUID owner;
  @Embedded @JsonUnwrapped public Reassignment reassignment;
  @Embedded @JsonUnwrapped public Custody custody;
  public UUID zone;
  @Embedded public Classification classification;
  public String rationale;

  @Embedded
  @AttributeOverride(name = "availability", column = @Column(name = "inheritedAvailability"))
  @AttributeOverride(name = "integrity", column = @Column(name = "inheritedIntegrity"))
  @AttributeOverride(name = "confidentiality", column = @Column(name = "inheritedConfidentiality"))
  @AttributeOverride(name = "proof", column = @Column(name = "inheritedProof"))
  public Classification inherited;

  public Integer highestConfidentiality;
  public UUID[] dependsOn;
  public UUID[] dependsOnSuppliers;
  public String inventoryDigest;
  public Instant inventoriedAt;
  public Instant testedAt;
  public String testOutcome;
  public Instant testDueAt;
  public Instant registeredAt;
  public Instant retiredAt;
}
