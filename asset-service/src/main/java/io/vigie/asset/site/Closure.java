package io.vigie.asset.site;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetState;
import io.vigie.asset.network.Zone;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A site on its way to being closed. */
@Entity
@Table(name = "site_closure")
public class Closure extends PanacheEntityBase implements Aggregate {

  /** How far it is. */
  @Schema(name = "SiteClosureStage")
  public enum Stage {
    ANNOUNCED,
    COMPLETED,
    CANCELLED
  }

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private UUID site;

  @Column(name = "closes_on")
  private LocalDate closesOn;

  private String reason;

  @Enumerated(EnumType.STRING)
  private Stage stage;

  @Column(name = "announced_at")
  private Instant announcedAt;

  protected Closure() {}

  Closure(UUID site, LocalDate closesOn, String reason, Instant at) {
    this.id = Ids.next();
    this.site = site;
    this.closesOn = closesOn;
    this.reason = reason;
    this.stage = Stage.ANNOUNCED;
    this.announcedAt = at;
  }

  /** The closure in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Closure> require(UUID id, String ifMatch) {
    return require(id).invoke(closure -> ETag.require(ifMatch, closure.version));
  }

  /** The closure, or 404. */
  static Uni<Closure> require(UUID id) {
    return Closure.<Closure>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No closure has this id."));
  }

  /** How much is still at a site, its rooms with what is in them included. */
  record Left(long assets, long zones) {

    /** Fails with 409 where something is. */
    void requireNone(UUID site) {
      if (assets > 0 || zones > 0) {
        throw Problem.conflict(
            "site-not-empty",
            ("Still there, or in premises there, are %d assets and %d zones. Move what is in use, adopt or"
                    + " reject what was discovered, dispose of the other assets, retire the other zones;"
                    + " GET /v1/assets?site=%s and GET /v1/zones?retired=false&site=%s list them, and what"
                    + " is in premises there with the id of these.")
                .formatted(assets, zones, site, site));
      }
    }
  }

  /**
   * Assets that are in use, discovered and not yet judged, or retired with what they hold or may
   * hold, and zones that are in use. What is lost is nowhere until it is found.
   */
  static Uni<Left> left(UUID site) {
    return within(site)
        .chain(
            premises ->
                Asset.count(
                        "details.site in ?1 and id <> ?2 and state in ?3",
                        premises,
                        site,
                        Stream.of(AssetState.values())
                            .filter(
                                state ->
                                    state.isHeld()
                                        || state == AssetState.DISCOVERED
                                        || state == AssetState.RETIRED
                                        || state == AssetState.SANITISED)
                            .toList())
                    .chain(
                        assets ->
                            Zone.count("site in ?1 and not retired", premises)
                                .map(zones -> new Left(assets, zones))));
  }

  /** A site and all premises in it, whatever became of these: a room is in a datacenter. */
  private static Uni<List<UUID>> within(UUID site) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        with recursive inside (id) as (
                          select cast(?1 as uuid)
                          union
                          select room.id
                          from inside join asset room
                            on room.site = inside.id and room.kind = 'PREMISES')
                        select id from inside""",
                        UUID.class)
                    .setParameter(1, site)
                    .getResultList());
  }

  ClosureEvent announced(long assets) {
    return new ClosureEvent.Announced(id, site, closesOn, reason, assets, announcedAt);
  }

  ClosureEvent complete(Left left, Instant at) {
    requireAnnounced();
    left.requireNone(site);
    stage = Stage.COMPLETED;
    return new ClosureEvent.Completed(id, site, at);
  }

  ClosureEvent cancel(String why, Instant at) {
    requireAnnounced();
    stage = Stage.CANCELLED;
    return new ClosureEvent.Cancelled(id, site, why, at);
  }

  private void requireAnnounced() {
    if (stage != Stage.ANNOUNCED) {
      throw Problem.conflict("closure-over", "It is " + stage + " already.");
    }
  }

  @Override
  public String kind() {
    return "site-closure";
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
    return new State(site, closesOn, reason, stage, announcedAt);
  }

  long version() {
    return version;
  }

  /** What others may know of it. */
  public record State(
      UUID site, LocalDate closesOn, String reason, Stage stage, Instant announcedAt) {}
}
