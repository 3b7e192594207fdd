package io.vigie.bench.plain;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import org.hibernate.annotations.Formula;

/**
 * The rows of {@link Asset} once more, read as asset-service reads an asset: in the same parts,
 * with attributes as a map, and with the number and text that its events have beside it.
 */
@Entity
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
      @Convert(converter = Attributes.class) Map<String, Object> attributes) {}

  @Embeddable
  public record Reassignment(Instant reassignSince, Instant reassignBy) {}

  @Embeddable
  public record Custody(UUID custodian, UUID handoverTo, Instant handoverSince) {}

  @Embeddable
  public record Classification(
      Integer availability, Integer integrity, Integer confidentiality, Integer proof) {}

  public enum State {
    ORDERED,
    IN_STOCK,
    IN_SERVICE
  }

  public enum TestOutcome {
    PASSED,
    FAILED
  }

  /** Made up, since a row of an entity without a trail has neither. */
  @Embeddable
  public static class Journal {

    @Formula("1")
    private long eventNumber;

    @Formula("repeat('x', 180)")
    private String publishedState;
  }

  public static class Attributes implements AttributeConverter<Map<String, Object>, String> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, Object>> OBJECT = new TypeReference<>() {};

    @Override
    public String convertToDatabaseColumn(Map<String, Object> attributes) {
      try {
        return JSON.writeValueAsString(attributes);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Map<String, Object> convertToEntityAttribute(String text) {
      try {
        return JSON.readValue(text, OBJECT);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Id public UUID id;
  @Version public long version;
  @Embedded private Journal journal;
  @Embedded @JsonUnwrapped public Details details;

  @Enumerated(EnumType.STRING)
  public State state;

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

  @Enumerated(EnumType.STRING)
  public TestOutcome testOutcome;

  public Instant testDueAt;
  public Instant registeredAt;
  public Instant retiredAt;
}
