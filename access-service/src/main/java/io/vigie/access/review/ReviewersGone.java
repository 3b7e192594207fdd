package io.vigie.access.review;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.PersonObserver;

/** What waits for an answer of somebody who left falls to the access managers. */
@ApplicationScoped
class ReviewersGone implements PersonObserver {

  private static final String PASS_ON =
      """
      update review set version = version + 1,
        reviewer_id = case when reviewer_id = any(cast(cast(?1 as text[]) as uuid[])) then null
          else reviewer_id end,
        second_id = case when second_id = any(cast(cast(?1 as text[]) as uuid[])) then null
          else second_id end
      where state = 'PENDING' and (reviewer_id = any(cast(cast(?1 as text[]) as uuid[]))
        or second_id = any(cast(cast(?1 as text[]) as uuid[])))""";

  @Override
  public Uni<Void> changed(List<Change> changes) {
    List<UUID> left = changes.stream().filter(Change::isDeparture).map(Change::person).toList();
    return left.isEmpty()
        ? Uni.createFrom().voidItem()
        : Panache.getSession()
            .chain(
                session ->
                    session
                        .createNativeQuery(PASS_ON)
                        .setParameter(1, Scope.texts(left))
                        .executeUpdate())
            .replaceWithVoid();
  }
}
