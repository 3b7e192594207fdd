package io.vigie.asset.network;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

/** A part of the network with one purpose (R9.1). */
@Entity
public class Zone extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private String name;
  private String purpose;
  private UUID site;
  private String[] ranges;
  private boolean retired;

  @Column(name = "declared_at")
  private Instant declaredAt;

  protected Zone() {}

  Zone(String name, String purpose, UUID site, List<String> ranges, Instant at) {
    this.id = Ids.next();
    this.name = name;
    this.purpose = purpose;
    this.site = site;
    this.ranges = new TreeSet<>(ranges).toArray(String[]::new);
    this.declaredAt = at;
  }

  /** The zone, or 404. */
  static Uni<Zone> require(UUID id) {
    return Zone.<Zone>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No zone has this id."));
  }

  /** The zone in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Zone> require(UUID id, String ifMatch) {
    return require(id).invoke(zone -> ETag.require(ifMatch, zone.version));
  }

  /** The same, with nobody placing anything in it before the transaction ends. */
  static Uni<Zone> requireAlone(UUID id, String ifMatch) {
    return Zone.<Zone>findById(id, LockModeType.PESSIMISTIC_WRITE)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No zone has this id."))
        .invoke(zone -> ETag.require(ifMatch, zone.version));
  }

  /**
   * The zone that is in use, for whoever refers to it, and stays so until the transaction ends; 422
   * otherwise.
   */
  static Uni<Zone> requireInUse(UUID id) {
    return Zone.<Zone>findById(id, LockModeType.PESSIMISTIC_READ)
        .invoke(
            zone -> {
              if (zone == null || zone.retired) {
                throw Problem.unprocessable(
                    "unknown-zone", "No zone in use has the id " + id + ".");
              }
            });
  }

  /** The ports at which databases in the zone are said to listen. */
  static Uni<List<Integer>> databasePorts(UUID zone) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select distinct cast(cast(attributes as jsonb) ->> 'port' as int) from asset
                        where zone = ?1 and kind = 'DATABASE'
                          and state not in ('RETIRED', 'SANITISED', 'DISPOSED', 'REJECTED')
                          and cast(attributes as jsonb) ->> 'port' is not null""",
                        Integer.class)
                    .setParameter(1, zone)
                    .getResultList());
  }

  ZoneEvent declared() {
    return new ZoneEvent.Declared(id, purpose, List.of(ranges), declaredAt);
  }

  /** No event when nothing differs. What a zone is for does not change. */
  List<ZoneEvent> change(String newName, UUID newSite, List<String> newRanges, Instant at) {
    requireInUse();
    String[] sorted = new TreeSet<>(newRanges).toArray(String[]::new);
    if (newName.equals(name) && Objects.equals(newSite, site) && Arrays.equals(sorted, ranges)) {
      return List.of();
    }
    name = newName;
    site = newSite;
    ranges = sorted;
    return List.of(new ZoneEvent.Changed(id, List.of(sorted), at));
  }

  ZoneEvent retire(Instant at) {
    requireInUse();
    retired = true;
    ranges = new String[0];
    return new ZoneEvent.Retired(id, at);
  }

  private void requireInUse() {
    if (retired) {
      throw Problem.conflict("zone-retired", "A retired zone changes no more.");
    }
  }

  String purpose() {
    return purpose;
  }

  @Override
  public String kind() {
    return "zone";
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
    return new State(name, purpose, site, List.of(ranges), retired, declaredAt);
  }

  long version() {
    return version;
  }

  /** What others may know of a zone; {@code ranges} are CIDR blocks. */
  public record State(
      String name,
      String purpose,
      UUID site,
      List<String> ranges,
      boolean retired,
      Instant declaredAt) {}
}
