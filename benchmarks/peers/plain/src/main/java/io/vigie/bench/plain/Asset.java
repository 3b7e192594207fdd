package io.vigie.bench.plain;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import org.hibernate.annotations.UuidGenerator;

import static org.hibernate.annotations.UuidGenerator.Style.VERSION_7;

/**
 * The fields of an asset, as the framework's guide writes an entity; its indexes stand in {@code
 * import.sql}.
 */
@Entity
public class Asset extends PanacheEntityBase {

  @Id
  @GeneratedValue
  @UuidGenerator(style = VERSION_7)
  public UUID id;

  @Version public long version;
  public String name;
  public String kind;
  public String assetTag;
  public String serialNumber;
  public String machineId;
  public String make;
  public String model;
  public boolean production;
  public UUID site;
  public UUID supplier;
  public UUID client;
  public LocalDate purchasedOn;
  public LocalDate warrantyUntil;
  public String attributes = "{}";
  public String state;
  public UUID owner;
  public Instant reassignSince;
  public Instant reassignBy;
  public UUID custodian;
  public UUID handoverTo;
  public Instant handoverSince;
  public UUID zone;
  public Integer availability;
  public Integer integrity;
  public Integer confidentiality;
  public Integer proof;
  public String rationale;
  public Integer inheritedAvailability;
  public Integer inheritedIntegrity;
  public Integer inheritedConfidentiality;
  public Integer inheritedProof;
  public Integer highestConfidentiality;
  public UUID[] dependsOn = {};
  public UUID[] dependsOnSuppliers = {};
  public String inventoryDigest;
  public Instant inventoriedAt;
  public Instant testedAt;
  public String testOutcome;
  public Instant testDueAt;
  public Instant registeredAt;
  public Instant retiredAt;
}
