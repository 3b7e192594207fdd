package io.vigie.access.request;

import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.approval.Approver;
import io.vigie.access.approval.Capacity;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;

/**
 * What waits for the caller's approval, and as what they would give it: by what people's records,
 * entitlements and delegations say now, and by the roles of the caller's token. The database's own
 * {@code approvals_open_to} decides, so that a list, a task and an approval never differ.
 */
@ApplicationScoped
class Approvers {

  /** Whether the caller may approve a right of a query now; with {@link #parameters()}. */
  static final String AWAITED =
      """
      (state = REQUESTED or state = APPROVED and asked.renewalUntil is not null)
      and cast(sql('exists (select 1 from approvals_open_to(
          cast(? as text), cast(? as text), cast(cast(? as text) as timestamptz)) o
        where o.right_id = ?)', :caller, :roles, :now, id) as Boolean) = true""";

  /**
   * A role's part before a person's, which the order of their names has: the person's, if nobody is
   * left for it, falls to access managers, and a role's to nobody.
   */
  private static final String CAPACITY =
      """
      select part, acts_as, on_behalf_of
      from approvals_open_to(?1, ?2, cast(cast(?3 as text) as timestamptz)) where right_id = ?4
      order by on_behalf_of nulls first, part, acts_as limit 1""";

  private static final Map<String, Approver> ROLES =
      Map.of(Roles.CISO, Approver.CISO, Roles.ACCESS_MANAGER, Approver.ACCESS_MANAGER);

  private final Actor actor;
  private final Clock clock;

  Approvers(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  /** The caller, what their token makes them, and the time. */
  Map<String, Object> parameters() {
    return Map.of("caller", actor.id(), "roles", roles(), "now", clock.instant().toString());
  }

  private String roles() {
    return ROLES.entrySet().stream()
        .filter(role -> actor.hasRole(role.getKey()))
        .map(role -> role.getValue().name())
        .collect(Collectors.joining(","));
  }

  /** In what capacity the caller may approve a right now, rather their own; null for in none. */
  Uni<Capacity> capacity(UUID right) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(CAPACITY, Object[].class)
                    .setParameter(1, actor.id())
                    .setParameter(2, roles())
                    .setParameter(3, clock.instant().toString())
                    .setParameter(4, right)
                    .getResultList())
        .map(rows -> rows.stream().map(Approvers::capacity).findFirst().orElse(null));
  }

  private static Capacity capacity(Object[] row) {
    return new Capacity(
        Approver.valueOf((String) row[0]), Approver.valueOf((String) row[1]), (String) row[2]);
  }
}
