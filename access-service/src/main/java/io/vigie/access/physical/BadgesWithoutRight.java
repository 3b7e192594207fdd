package io.vigie.access.physical;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.RightsObserver;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;

/**
 * A badge opens nothing any more once its holder, who had a right to one, has none: however it
 * ended, and also where it is suspended. Who has a badge and never had such a right keeps it: then
 * badges are given here without one. Getting a revoked badge back is a task for access managers
 * ({@link PremisesTasks}).
 */
@ApplicationScoped
class BadgesWithoutRight implements RightsObserver {

  private static final String REASON = "The right to a badge ended.";

  private static final String LOST =
      """
      select b.id from badge b
      where b.id = any(cast(cast(?1 as text[]) as uuid[]))
        and exists (select from %1$s r where r.person_id = b.person_id
          and r.until > b.issued_at and r.until <= ?2)
        and not exists (select from %1$s r where r.person_id = b.person_id
          and r.since <= ?2 and (r.until is null or r.until > ?2))"""
          .formatted(RightsOnZones.BADGES);

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  BadgesWithoutRight(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<Void> changed(Set<UUID> people) {
    return Badge.<Badge>find("person in ?1 and state = ?2 order by id", people, BadgeState.ACTIVE)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .chain(badges -> badges.isEmpty() ? Uni.createFrom().voidItem() : revoke(badges));
  }

  /** Nobody's badge depends on what they got. */
  @Override
  public Uni<Void> gained(Set<UUID> people) {
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> revoke(List<Badge> badges) {
    Instant now = clock.instant();
    return lost(badges.stream().map(Badge::id).toList(), now)
        .map(
            lost ->
                badges.stream()
                    .filter(badge -> lost.contains(badge.id()))
                    .map(
                        badge -> new Decided(badge, List.of(badge.revoke(REASON, actor.id(), now))))
                    .toList())
        .chain(revoked -> revoked.isEmpty() ? Uni.createFrom().voidItem() : outbox.append(revoked));
  }

  private static Uni<List<UUID>> lost(Collection<UUID> badges, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(LOST, UUID.class)
                    .setParameter(1, badges.stream().map(UUID::toString).toArray(String[]::new))
                    .setParameter(2, now.atOffset(ZoneOffset.UTC))
                    .getResultList());
  }
}
