package io.vigie.access.directory;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.RightsObserver;

/** What rights in effect give in the directory, where their entitlement says what it is there. */
@ApplicationScoped
class EffectiveGrants implements DirectoryGrants, RightsObserver {

  private static final String GRANTS =
      """
      select distinct r.person_id, e.directory_kind, e.directory_name
      from access_right r join entitlement e on e.id = r.entitlement_id
      where r.person_id in (select cast(each as uuid) from unnest(cast(?1 as text[])) each)
        and r.state = 'APPROVED' and (r.valid_until is null or r.valid_until > ?2)
        and e.directory_kind is not null""";

  private final Changes changes;
  private final Clock clock;

  EffectiveGrants(Changes changes, Clock clock) {
    this.changes = changes;
    this.clock = clock;
  }

  @Override
  public Uni<Map<UUID, Grant>> of(Collection<UUID> people) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(GRANTS, Object[].class)
                    .setParameter(1, people.stream().map(UUID::toString).toArray(String[]::new))
                    .setParameter(2, clock.instant().atOffset(ZoneOffset.UTC))
                    .getResultList())
        .map(EffectiveGrants::grants);
  }

  private static Map<UUID, Grant> grants(List<Object[]> rows) {
    Map<UUID, Grant> grants = new HashMap<>();
    for (Object[] row : rows) {
      Grant grant =
          grants.computeIfAbsent(
              (UUID) row[0], person -> new Grant(new HashSet<>(), new HashSet<>()));
      (row[1].equals("ROLE") ? grant.roles() : grant.groups()).add((String) row[2]);
    }
    return grants;
  }

  /** Some of it may have to be taken away, which does not wait. */
  @Override
  public Uni<Void> changed(Set<UUID> people) {
    return changes.mark(people, true);
  }

  @Override
  public Uni<Void> gained(Set<UUID> people) {
    return changes.mark(people, false);
  }
}
