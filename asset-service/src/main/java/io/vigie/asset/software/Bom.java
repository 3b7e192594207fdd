package io.vigie.asset.software;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;

/** The present bill of materials of an asset, under the asset's id (R11.15). */
@Entity
public class Bom extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private String digest;

  @Column(name = "spec_version")
  private String specVersion;

  @Column(name = "serial_number")
  private String serialNumber;

  private int components;

  @Column(name = "without_purl")
  private int withoutPurl;

  @Column(name = "taken_at")
  private Instant takenAt;

  protected Bom() {}

  /** Of an asset that has none yet; {@link #take} fills it. */
  Bom(UUID asset) {
    this.id = asset;
  }

  /** The asset's, or 404. */
  static Uni<Bom> require(UUID asset) {
    return Bom.<Bom>findById(asset)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("This asset has no bill of materials yet."));
  }

  /** Whether it was taken from this very document. */
  boolean isOf(BillOfMaterials bill) {
    return bill.digest().equals(digest);
  }

  BomEvent take(BillOfMaterials bill, BomChange change, Instant at) {
    digest = bill.digest();
    specVersion = bill.specVersion();
    serialNumber = bill.serialNumber();
    components = bill.byPurl().size();
    withoutPurl = bill.withoutPurl();
    takenAt = at;
    return new BomEvent.Taken(
        id,
        id,
        digest,
        components,
        withoutPurl,
        change.added(),
        change.removed(),
        change.changed(),
        change.sample(),
        at);
  }

  @Override
  public String kind() {
    return "bom";
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
    return new State(id, digest, specVersion, serialNumber, components, withoutPurl, takenAt);
  }

  long version() {
    return version;
  }

  /** What others may know of a bill of materials. */
  public record State(
      UUID asset,
      String digest,
      String specVersion,
      String serialNumber,
      int components,
      int withoutPurl,
      Instant takenAt) {}
}
