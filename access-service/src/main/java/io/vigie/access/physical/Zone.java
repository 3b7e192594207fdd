package io.vigie.access.physical;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

/** An area of the premises that one enters through doors (R6.3). */
@Entity
@Table(name = "physical_zone")
public class Zone extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private String name;
  private UUID site;

  @Enumerated(EnumType.STRING)
  private ZoneSensitivity sensitivity;

  private String[] purposes;
  private String[] doors;
  private boolean closed;

  @Column(name = "defined_at")
  private Instant definedAt;

  protected Zone() {}

  Zone(
      String name,
      UUID site,
      ZoneSensitivity sensitivity,
      Collection<String> purposes,
      Collection<String> doors,
      Instant at) {
    this.id = Ids.next();
    this.name = name;
    this.site = site;
    this.sensitivity = sensitivity;
    this.purposes = sorted(purposes);
    this.doors = sorted(doors);
    this.definedAt = at;
  }

  private static String[] sorted(Collection<String> texts) {
    return new TreeSet<>(texts).toArray(String[]::new);
  }

  /** The zone, or 404. */
  static Uni<Zone> require(UUID id) {
    return orNotFound(findById(id));
  }

  /** The zone in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Zone> require(UUID id, String ifMatch) {
    return require(id).invoke(zone -> ETag.require(ifMatch, zone.version));
  }

  private static Uni<Zone> orNotFound(Uni<Zone> found) {
    return found.onItem().ifNull().failWith(() -> Problem.notFound("No zone has this id."));
  }

  /**
   * These zones, in use until the transaction ends, in the order of their ids; 422 when one is none
   * or closed.
   */
  static Uni<List<Zone>> requireInUse(Collection<UUID> ids) {
    return Zone.<Zone>find("id in ?1 and closed = false order by id", ids)
        .withLock(LockModeType.PESSIMISTIC_READ)
        .list()
        .invoke(
            zones -> {
              if (zones.size() < new TreeSet<>(ids).size()) {
                throw Problem.unprocessable(
                    "unknown-zone", "Name zones of the premises that are in use.");
              }
            });
  }

  ZoneEvent defined() {
    return new ZoneEvent.Defined(id, site, sensitivity, definedAt);
  }

  /** No event when nothing differs. */
  List<ZoneEvent> change(
      String toName,
      UUID toSite,
      ZoneSensitivity toSensitivity,
      Collection<String> toPurposes,
      Collection<String> toDoors,
      Instant at) {
    requireInUse();
    State before = state();
    name = toName;
    site = toSite;
    sensitivity = toSensitivity;
    purposes = sorted(toPurposes);
    doors = sorted(toDoors);
    return state().equals(before)
        ? List.of()
        : List.of(new ZoneEvent.Changed(id, site, sensitivity, at));
  }

  /** Its doors lead nowhere from then on. */
  ZoneEvent close(Instant at) {
    requireInUse();
    closed = true;
    doors = new String[0];
    return new ZoneEvent.Closed(id, site, at);
  }

  private void requireInUse() {
    if (closed) {
      throw Problem.conflict("zone-closed", "This zone is closed; nothing changes any more.");
    }
  }

  /** Whether people may be there for this; for anything where nothing is said. */
  boolean allows(String purpose) {
    return purposes.length == 0 || List.of(purposes).contains(purpose);
  }

  @Override
  public String kind() {
    return "physical-zone";
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
    return new State(name, site, sensitivity, List.of(purposes), List.of(doors), closed, definedAt);
  }

  long version() {
    return version;
  }

  /**
   * What others may know of a zone: all of it.
   *
   * @param site the id of an asset
   * @param purposes for what people may be there; empty for anything
   * @param doors as the access control system names those that lead into it
   */
  public record State(
      String name,
      UUID site,
      ZoneSensitivity sensitivity,
      List<String> purposes,
      List<String> doors,
      boolean closed,
      Instant definedAt) {}
}
