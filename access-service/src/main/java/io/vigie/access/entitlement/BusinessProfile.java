package io.vigie.access.entitlement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
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

  /** What it is to give when somebody else has approved that. */
  private UUID[] proposed = {};

  /** Null where nothing waits for approval. */
  @Embedded
  @EmbeddedColumnNaming("proposed_%s")
  private Act proposal;

  @Enumerated(EnumType.STRING)
  private CatalogueState state;

  @Embedded
  @EmbeddedColumnNaming("retired_%s")
  private Act retired;

  protected BusinessProfile() {}

  /**
   * One that gives nothing yet; {@link #create} fills it.
   *
   * @param description may be null
   */
  BusinessProfile(String name, String description) {
    this.id = Ids.next();
    this.name = name.strip();
    this.description = description;
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

  /**
   * What it gives from the beginning.
   *
   * @param sensitive what of it, or of anything, somebody else has to approve first (R4.6)
   */
  List<BusinessProfileEvent> create(Set<UUID> wanted, Set<UUID> sensitive, Act creation) {
    entitlements = sorted(minus(wanted, sensitive));
    List<BusinessProfileEvent> events = new ArrayList<>();
    events.add(new BusinessProfileEvent.Created(id, name, entitlements(), creation.at()));
    events.addAll(propose(minus(wanted, entitlements()), creation));
    return events;
  }

  /**
   * Makes it this, but for what it does not give yet and somebody else has to approve first. What
   * was proposed and is not wanted any more is no longer proposed. No event when nothing differs.
   *
   * @param sensitive as in {@link #create}
   */
  List<BusinessProfileEvent> change(
      String name, String description, Set<UUID> wanted, Set<UUID> sensitive, Act changing) {
    requireActive();
    Set<UUID> waiting = minus(wanted, entitlements());
    waiting.retainAll(sensitive);
    Set<UUID> given = minus(wanted, waiting);
    Set<UUID> gained = minus(given, entitlements());
    Set<UUID> lost = minus(entitlements(), given);
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
    if (proposed.length > 0 && waiting.isEmpty()) {
      fields.add("proposed");
    }
    List<BusinessProfileEvent> events = new ArrayList<>();
    if (!fields.isEmpty()) {
      this.name = name.strip();
      this.description = description;
      this.entitlements = sorted(given);
      events.add(
          new BusinessProfileEvent.Changed(
              id, fields, List.copyOf(gained), List.copyOf(lost), changing.at()));
    }
    events.addAll(propose(waiting, changing));
    return events;
  }

  /** Whoever proposed the same before remains who did. */
  private List<BusinessProfileEvent> propose(Set<UUID> waiting, Act proposing) {
    if (List.of(proposed).equals(List.copyOf(waiting))) {
      return List.of();
    }
    proposed = sorted(waiting);
    proposal = waiting.isEmpty() ? null : new Act(proposing.by(), proposing.at(), null);
    return waiting.isEmpty()
        ? List.of()
        : List.of(new BusinessProfileEvent.Proposed(id, proposed(), proposing.at()));
  }

  /** R4.6: not by who proposed it. It gives all of it from then on. */
  BusinessProfileEvent approve(String by, Instant at) {
    requireActive();
    if (proposed.length == 0) {
      throw Problem.conflict("nothing-proposed", "Nothing waits here for approval.");
    }
    if (by.equals(proposal.by())) {
      throw Problem.unprocessable(
          "self-approval", "You proposed this. Somebody else must approve it.");
    }
    List<UUID> gained = proposed();
    Set<UUID> given = new TreeSet<>(entitlements());
    given.addAll(gained);
    entitlements = sorted(given);
    propose(Set.of(), null);
    return new BusinessProfileEvent.Changed(id, List.of("entitlements"), gained, List.of(), at);
  }

  private static Set<UUID> minus(Collection<UUID> ids, Collection<UUID> others) {
    Set<UUID> left = new TreeSet<>(ids);
    left.removeAll(others);
    return left;
  }

  private static UUID[] sorted(Set<UUID> ids) {
    return new TreeSet<>(ids).toArray(UUID[]::new);
  }

  BusinessProfileEvent retire(Act retirement) {
    requireActive();
    state = CatalogueState.RETIRED;
    retired = retirement;
    propose(Set.of(), null);
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
    return new State(name, entitlements(), proposed.length == 0 ? null : proposed(), state);
  }

  String description() {
    return description;
  }

  List<UUID> entitlements() {
    return Arrays.asList(entitlements);
  }

  List<UUID> proposed() {
    return Arrays.asList(proposed);
  }

  Act proposal() {
    return proposal;
  }

  Act retirement() {
    return retired;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of it.
   *
   * @param proposed what it is to give once somebody approved that; null for nothing
   */
  public record State(
      String name, List<UUID> entitlements, List<UUID> proposed, CatalogueState state) {}
}
