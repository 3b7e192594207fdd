package io.vigie.access.entitlement;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Person;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Filter;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/**
 * Who sees whose rights: access managers, asset managers, the CISO and auditors see all of them;
 * other staff see their own person's and those of people whom they lead. Whoever has no person sees
 * nothing.
 */
@ApplicationScoped
public class RightReaders {

  private final Actor actor;

  RightReaders(Actor actor) {
    this.actor = actor;
  }

  private boolean seeAll() {
    return Stream.of(ACCESS_MANAGER, ASSET_MANAGER, CISO, AUDITOR).anyMatch(actor::hasRole);
  }

  /** {@code filter}, a list of rights, with what the caller does not see left out. */
  public Uni<Filter> onlyVisible(Filter filter) {
    return Uni.createFrom()
        .item(
            seeAll()
                ? filter
                : filter.where(
                    """
                    person in (select p.id from Person p where p.details.subject = :value
                      or p.details.manager = (select m.id from Person m where m.details.subject = :value))""",
                    actor.id()));
  }

  /** Fails with 403 for a person whose rights the caller does not see. */
  public Uni<Void> requireOf(UUID person) {
    return sees(person).invoke(RightReaders::require).replaceWithVoid();
  }

  /** Whether the caller sees the rights of a person. */
  public Uni<Boolean> sees(UUID person) {
    return seeAll()
        ? Uni.createFrom().item(true)
        : Person.count(
                """
                id = ?1 and (details.subject = ?2
                  or details.manager = (select m.id from Person m where m.details.subject = ?2))""",
                person,
                actor.id())
            .map(found -> found > 0);
  }

  /** The same for whoever has an entitlement, which its owner sees, too. */
  Uni<Void> requireOfAllWith(Entitlement entitlement) {
    return seeAll()
        ? Uni.createFrom().voidItem()
        : Person.withSubject(actor.id())
            .invoke(people -> require(owns(people, entitlement)))
            .replaceWithVoid();
  }

  private static boolean owns(List<Person> people, Entitlement entitlement) {
    return people.stream().anyMatch(person -> person.id().equals(entitlement.terms().owner()));
  }

  private static void require(boolean seen) {
    if (!seen) {
      throw Problem.forbidden("This right is somebody else's.");
    }
  }
}
