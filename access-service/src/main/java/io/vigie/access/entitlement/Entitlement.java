package io.vigie.access.entitlement;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.hibernate.annotations.EmbeddedColumnNaming;

/**
 * Something that people can get on an asset. What it is called and what it is on never change: a
 * right says both.
 */
@Entity
public class Entitlement extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "asset_id")
  private UUID asset;

  private String name;

  @Enumerated(EnumType.STRING)
  private EntitlementType type;

  @Embedded private Terms terms;

  @Enumerated(EnumType.STRING)
  private CatalogueState state;

  @Embedded
  @EmbeddedColumnNaming("retired_%s")
  private Act retired;

  protected Entitlement() {}

  Entitlement(UUID asset, String name, EntitlementType type, Terms terms) {
    this.id = Ids.next();
    this.asset = asset;
    this.name = name.strip();
    this.type = type;
    this.terms = terms;
    this.state = CatalogueState.ACTIVE;
  }

  /** The entitlement, or 404. */
  public static Uni<Entitlement> require(UUID id) {
    return Entitlement.<Entitlement>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No entitlement has this id."));
  }

  /** The entitlement in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Entitlement> require(UUID id, String ifMatch) {
    return require(id).invoke(entitlement -> ETag.require(ifMatch, entitlement.version));
  }

  /**
   * The entitlement, which is not retired before the current transaction ends. Many transactions
   * can hold one. Fails with 422 when there is none of this id, or when it is retired.
   */
  public static Uni<Entitlement> hold(UUID id) {
    return Entitlement.<Entitlement>findById(id, LockModeType.PESSIMISTIC_READ)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.unprocessable("unknown-entitlement", "No entitlement has this id."))
        .invoke(
            entitlement -> {
              if (entitlement.state == CatalogueState.RETIRED) {
                throw Problem.unprocessable(
                    "entitlement-retired", "This is retired. Nobody gets it any more.");
              }
            });
  }

  /** Fails with 422 where one of these is unknown or retired; all are held as by {@link #hold}. */
  public static Uni<Void> holdAll(Collection<UUID> ids) {
    return held(ids).replaceWithVoid();
  }

  /**
   * The same for what a profile gives, which asks nobody whether they were trained for it; those
   * held.
   */
  static Uni<List<Entitlement>> holdForProfile(Collection<UUID> ids) {
    return held(ids)
        .invoke(
            found -> {
              if (found.stream().anyMatch(each -> each.terms.courses().length > 0)) {
                throw needsCourses();
              }
            });
  }

  static Problem needsCourses() {
    return Problem.unprocessable(
        "entitlement-needs-courses",
        "What asks for courses is asked for by each person, and given by no profile.");
  }

  private static Uni<List<Entitlement>> held(Collection<UUID> ids) {
    return Entitlement.<Entitlement>find("id in ?1 order by id", ids)
        .withLock(LockModeType.PESSIMISTIC_READ)
        .list()
        .invoke(
            found -> {
              long active =
                  found.stream().filter(each -> each.state == CatalogueState.ACTIVE).count();
              if (active < new HashSet<>(ids).size()) {
                throw Problem.unprocessable(
                    "unknown-entitlement",
                    "One of these is no entitlement, or is retired. Read the catalogue again.");
              }
            });
  }

  EntitlementEvent created(Instant at) {
    return new EntitlementEvent.Created(
        id, asset, name, type, terms.owner(), terms.sensitivity(), at);
  }

  /** No event when nothing differs. */
  List<EntitlementEvent> change(Terms to, Instant at) {
    requireActive();
    List<String> fields = terms.differences(to);
    if (fields.isEmpty()) {
      return List.of();
    }
    terms = to;
    return List.of(new EntitlementEvent.Changed(id, asset, to.owner(), fields, at));
  }

  EntitlementEvent retire(Act retirement) {
    requireActive();
    state = CatalogueState.RETIRED;
    retired = retirement;
    return new EntitlementEvent.Retired(id, asset, name, retirement.reason(), retirement.at());
  }

  private void requireActive() {
    if (state == CatalogueState.RETIRED) {
      throw Problem.conflict(
          "entitlement-retired", "This is retired and changes no more. Create another.");
    }
  }

  @Override
  public String kind() {
    return "entitlement";
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
        asset,
        name,
        type,
        terms.owner(),
        terms.sensitivity(),
        terms.longest().toString(),
        terms.directory(),
        Arrays.asList(terms.courses()),
        state);
  }

  public UUID asset() {
    return asset;
  }

  public String name() {
    return name;
  }

  public EntitlementType type() {
    return type;
  }

  public Terms terms() {
    return terms;
  }

  /** For how long one request gives it at most. */
  public Duration longest() {
    return terms.longest();
  }

  Act retirement() {
    return retired;
  }

  long version() {
    return version;
  }

  /** What others may know of it; {@code longest} is as in ISO 8601. */
  public record State(
      UUID asset,
      String name,
      EntitlementType type,
      UUID owner,
      Sensitivity sensitivity,
      String longest,
      DirectoryObject directory,
      List<UUID> courses,
      CatalogueState state) {}
}
