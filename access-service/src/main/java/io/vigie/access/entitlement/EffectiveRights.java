package io.vigie.access.entitlement;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.web.Paging;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What people may do now, with every reason for it. */
@ApplicationScoped
class EffectiveRights {

  private static final String EFFECTIVE =
      "r.state = APPROVED and (r.validUntil is null or r.validUntil > ?1)";

  /**
   * Why somebody has something: the profile that gives it, with the assignment that gave them the
   * profile, or the request with its approval.
   *
   * @param validUntil when this reason ends, or null
   * @param assigned who gave them the profile
   * @param requested null where nobody asked
   * @param approved who approved the request
   */
  @Schema(name = "RightReason")
  record Reason(
      UUID right,
      Ground ground,
      Instant validUntil,
      UUID profile,
      String profileName,
      UUID assignment,
      Act assigned,
      Act requested,
      Act approved) {}

  /** What somebody has, on these grounds. */
  record Held(UUID person, Entitlement entitlement, List<Reason> reasons) {

    /** When the last reason ends; null where one has no end. */
    Instant until() {
      return reasons.stream().anyMatch(reason -> reason.validUntil() == null)
          ? null
          : reasons.stream().map(Reason::validUntil).max(Comparator.naturalOrder()).orElseThrow();
    }
  }

  private final Clock clock;

  EffectiveRights(Clock clock) {
    this.clock = clock;
  }

  /** What a person has, by the entitlement's id. */
  Uni<List<Held>> of(UUID person, Paging paging) {
    Instant now = clock.instant();
    return page(
            "select distinct r.entitlementId from Right r where r.person = ?2 and ",
            "r.entitlementId",
            person,
            now,
            paging)
        .chain(ids -> rights("r.person = ?2 and r.entitlementId in ?3", person, ids, now))
        .chain(rights -> held(rights, Right::entitlementId));
  }

  /** Who has an entitlement, by the person's id. */
  Uni<List<Held>> with(UUID entitlement, Paging paging) {
    Instant now = clock.instant();
    return page(
            "select distinct r.person from Right r where r.entitlementId = ?2 and ",
            "r.person",
            entitlement,
            now,
            paging)
        .chain(ids -> rights("r.entitlementId = ?2 and r.person in ?3", entitlement, ids, now))
        .chain(rights -> held(rights, Right::person));
  }

  private static Uni<List<UUID>> page(
      String what, String key, UUID whose, Instant now, Paging paging) {
    UUID after = paging.after() == null ? new UUID(0, 0) : paging.after();
    return Right.find(what + EFFECTIVE + " and " + key + " > ?3 order by " + key, now, whose, after)
        .project(UUID.class)
        .range(0, paging.probe() - 1)
        .list();
  }

  private static Uni<List<Right>> rights(
      String which, UUID whose, Collection<UUID> ids, Instant now) {
    return Right.list(
        "from Right r where " + EFFECTIVE + " and " + which + " order by r.id", now, whose, ids);
  }

  private static Uni<List<Held>> held(List<Right> rights, Function<Right, UUID> key) {
    Set<UUID> profiles = distinct(rights, right -> right.state().profile());
    return Entitlement.<Entitlement>list("id in ?1", distinct(rights, Right::entitlementId))
        .chain(
            entitlements ->
                BusinessProfile.<BusinessProfile>list("id in ?1", profiles)
                    .chain(
                        names ->
                            ProfileAssignment.<ProfileAssignment>list(
                                    "person in ?1 and profile in ?2 order by id",
                                    distinct(rights, Right::person),
                                    profiles)
                                .map(
                                    assignments ->
                                        new Assembly(entitlements, names, assignments)
                                            .of(rights, key))));
  }

  private static Set<UUID> distinct(List<Right> rights, Function<Right, UUID> id) {
    return rights.stream().map(id).filter(each -> each != null).collect(Collectors.toSet());
  }

  /** Puts together what was read. */
  private static final class Assembly {
    private final Map<UUID, Entitlement> entitlements;
    private final Map<UUID, String> profiles;
    private final List<ProfileAssignment> assignments;

    private Assembly(
        List<Entitlement> entitlements,
        List<BusinessProfile> profiles,
        List<ProfileAssignment> assignments) {
      this.entitlements =
          entitlements.stream().collect(Collectors.toMap(Entitlement::id, each -> each));
      this.profiles =
          profiles.stream()
              .collect(Collectors.toMap(BusinessProfile::id, each -> each.state().name()));
      this.assignments = assignments;
    }

    private List<Held> of(List<Right> rights, Function<Right, UUID> key) {
      return rights.stream().collect(Collectors.groupingBy(key)).entrySet().stream()
          .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
          .map(
              entry ->
                  new Held(
                      entry.getValue().get(0).person(),
                      entitlements.get(entry.getValue().get(0).entitlementId()),
                      entry.getValue().stream().map(this::reason).toList()))
          .toList();
    }

    private Reason reason(Right right) {
      Right.State state = right.state();
      ProfileAssignment assignment = state.profile() == null ? null : assignment(state);
      return new Reason(
          right.id(),
          state.ground(),
          state.validUntil(),
          state.profile(),
          profiles.get(state.profile()),
          assignment == null ? null : assignment.id(),
          assignment == null ? null : assignment.assignment(),
          right.request(),
          right.request() == null ? null : right.decision());
    }

    /** The one that holds now or, where the right is in its grace, the last one that held. */
    private ProfileAssignment assignment(Right.State right) {
      return assignments.stream()
          .filter(each -> each.state().person().equals(right.person()))
          .filter(each -> each.state().profile().equals(right.profile()))
          .filter(each -> each.state().state() != AssignmentState.PLANNED)
          .max(
              Comparator.comparing(
                      (ProfileAssignment each) -> each.state().state() == AssignmentState.CURRENT)
                  .thenComparing(each -> each.state().validFrom()))
          .orElse(null);
    }
  }
}
