package io.vigie.asset;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;

/** Something the agency owns or relies on. Decisions change it and return what became true. */
@Entity
public class Asset extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private String name;

  @Enumerated(EnumType.STRING)
  private AssetKind kind;

  @Column(name = "serial_number")
  private String serialNumber;

  private boolean production;

  @Enumerated(EnumType.STRING)
  private AssetState state;

  private UUID owner;

  @Column(name = "reassign_since")
  private Instant reassignSince;

  @Column(name = "reassign_by")
  private Instant reassignBy;

  @Embedded private Classification classification;

  @Column(name = "inventory_digest")
  private String inventoryDigest;

  @Column(name = "inventoried_at")
  private Instant inventoriedAt;

  @Column(name = "registered_at")
  private Instant registeredAt;

  protected Asset() {}

  public Asset(String name, AssetKind kind, String serialNumber, boolean production, Instant at) {
    this.id = Ids.next();
    this.name = name;
    this.kind = kind;
    this.serialNumber = serialNumber;
    this.production = production;
    this.state = AssetState.IN_STOCK;
    this.registeredAt = at;
  }

  /** The asset, or 404. */
  static Uni<Asset> require(UUID id) {
    return Asset.<Asset>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No asset has this id."));
  }

  /** The asset in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Asset> require(UUID id, String ifMatch) {
    return require(id).invoke(asset -> ETag.require(ifMatch, asset.version));
  }

  AssetEvent registered() {
    return new AssetEvent.Registered(id, kind, production, registeredAt);
  }

  AssetEvent classify(Classification levels, Instant at) {
    requireHeld();
    classification = levels;
    return new AssetEvent.Classified(id, levels, at);
  }

  AssetEvent assignTo(UUID newOwner, Instant at) {
    requireHeld();
    UUID previous = owner;
    owner = newOwner;
    reassignSince = null;
    reassignBy = null;
    return new AssetEvent.OwnerAssigned(id, newOwner, previous, at);
  }

  /** R3.3: a leaver's assets are reassigned. */
  AssetEvent requestReassignment(Instant until, Instant at) {
    reassignSince = at;
    reassignBy = until;
    return new AssetEvent.ReassignmentRequested(id, owner, until, at);
  }

  /** R3.2 and R3.3: nothing goes into service without its four levels and an owner. */
  AssetEvent commission(Instant at) {
    if (state != AssetState.IN_STOCK) {
      throw conflict("asset-not-in-stock", "Only an asset in stock can be put in service.");
    }
    if (classification == null) {
      throw conflict("asset-not-classified", "Classify the asset before it goes into service.");
    }
    if (owner == null) {
      throw conflict("asset-without-owner", "Assign an owner before it goes into service.");
    }
    state = AssetState.IN_SERVICE;
    return new AssetEvent.Commissioned(id, at);
  }

  AssetEvent inventoried(Inventory inventory, String digest, Instant at) {
    requireHeld();
    inventoryDigest = digest;
    inventoriedAt = inventory.collectedAt();
    return new AssetEvent.Inventoried(
        id,
        inventory.collectedAt(),
        digest,
        inventory.packages().size(),
        inventory.listeningPorts().size(),
        at);
  }

  AssetEvent lose(boolean stolen, String circumstances, Instant occurredAt, Instant at) {
    requireHeld();
    leave(AssetState.LOST);
    return new AssetEvent.Lost(id, stolen, circumstances, occurredAt, at);
  }

  AssetEvent retire(String reason, Instant at) {
    requireHeld();
    leave(AssetState.RETIRED);
    return new AssetEvent.Retired(id, reason, at);
  }

  /** Nobody needs to take over what is no longer held. */
  private void leave(AssetState end) {
    state = end;
    reassignSince = null;
    reassignBy = null;
  }

  private void requireHeld() {
    if (!state.isHeld()) {
      throw conflict("asset-not-held", "A retired or lost asset changes no more.");
    }
  }

  @Override
  public String kind() {
    return "asset";
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
        name,
        kind,
        serialNumber,
        production,
        state,
        owner,
        reassignBy,
        classification,
        inventoryDigest,
        inventoriedAt,
        registeredAt);
  }

  /** Since when a new owner is asked for; null when none is. */
  Instant reassignSince() {
    return reassignSince;
  }

  long version() {
    return version;
  }

  /** What others may know of an asset. */
  public record State(
      String name,
      AssetKind kind,
      String serialNumber,
      boolean production,
      AssetState state,
      UUID owner,
      Instant reassignBy,
      Classification classification,
      String inventoryDigest,
      Instant inventoriedAt,
      Instant registeredAt) {}
}
