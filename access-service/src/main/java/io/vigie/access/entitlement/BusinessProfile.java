package io.vigie.access.entitlement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

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
import org.hibernate.annotations.EmbeddedColumnNaming;

/** What people do here, as the bundle of entitlements that they need for it (R4.5). */
@Entity
@Table(name = "business_profile")
public class BusinessProfile extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private String name;
  private String description;
  private UUID[] entitlements = {};

  @Enumerated(EnumType.STRING)
  private CatalogueState state;

  @Embedded
  @EmbeddedColumnNaming("retired_%s")
  private Act retired;

  protected BusinessProfile() {}

  /**
   * @param description may be null
   */
  BusinessProfile(String name, String description, Set<UUID> entitlements) {
    this.id = Ids.next();
    this.name = name.strip();
    this.description = description;
    this.entitlements = new TreeSet<>(entitlements).toArray(UUID[]::new);
    this.state = CatalogueState.ACTIVE;
  }

  /** The profile, or 404. */
  static Uni<BusinessProfile> require(UUID id) {
    return BusinessProfile.<BusinessProfile>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No business profile has this id."));
  }

  /** The profile in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<BusinessProfile> require(UUID id, String ifMatch) {
    return require(id).invoke(profile -> ETag.require(ifMatch, profile.version));
  }

  /** The profile, which is not retired before the current transaction ends; 422 otherwise. */
  public static Uni<BusinessProfile> hold(UUID id) {
    return BusinessProfile.<BusinessProfile>findById(id, LockModeType.PESSIMISTIC_READ)
        .onItem()
        .ifNull()
        .failWith(
            () -> Problem.unprocessable("unknown-profile", "No business profile has this id."))
        .invoke(
            profile -> {
              if (profile.state == CatalogueState.RETIRED) {
                throw Problem.unprocessable(
                    "profile-retired", "This profile is retired. Nobody gets it any more.");
              }
            });
  }

  BusinessProfileEvent created(Instant at) {
    return new BusinessProfileEvent.Created(id, name, entitlements(), at);
  }

  /** No event when nothing differs. */
  List<BusinessProfileEvent> change(
      String name, String description, Set<UUID> entitlements, Instant at) {
    requireActive();
    Set<UUID> gained = new TreeSet<>(entitlements);
    entitlements().forEach(gained::remove);
    Set<UUID> lost = new TreeSet<>(entitlements());
    lost.removeAll(entitlements);
    List<String> fields = new ArrayList<>();
    if (!Objects.equals(this.description, description)) {
      fields.add("description");
    }
    if (!gained.isEmpty() || !lost.isEmpty()) {
      fields.add("entitlements");
    }
    if (!this.name.equals(name.strip())) {
      fields.add("name");
    }
    if (fields.isEmpty()) {
      return List.of();
    }
    this.name = name.strip();
    this.description = description;
    this.entitlements = new TreeSet<>(entitlements).toArray(UUID[]::new);
    return List.of(
        new BusinessProfileEvent.Changed(id, fields, List.copyOf(gained), List.copyOf(lost), at));
  }

  BusinessProfileEvent retire(Act retirement) {
    requireActive();
    state = CatalogueState.RETIRED;
    retired = retirement;
    return new BusinessProfileEvent.Retired(id, name, retirement.reason(), retirement.at());
  }

  private void requireActive() {
    if (state == CatalogueState.RETIRED) {
      throw Problem.conflict(
          "profile-retired", "This profile is retired and changes no more. Create another.");
    }
  }

  @Override
  public String kind() {
    return "business-profile";
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
    return new State(name, entitlements(), state);
  }

  String description() {
    return description;
  }

  List<UUID> entitlements() {
    return Arrays.asList(entitlements);
  }

  Act retirement() {
    return retired;
  }

  long version() {
    return version;
  }

  /** What others may know of it. */
  public record State(String name, List<UUID> entitlements, CatalogueState state) {}
}
