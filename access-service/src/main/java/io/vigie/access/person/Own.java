package io.vigie.access.person;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Filter;

/** What is the caller's own person's; whoever has no person owns nothing. */
@ApplicationScoped
public class Own {

  private final Actor actor;

  Own(Actor actor) {
    this.actor = actor;
  }

  /** The filter, restricted to the caller's own unless they have one of {@code roles}. */
  public Uni<Filter> unless(List<String> roles, Filter filter, String person) {
    return hasOneOf(roles)
        ? Uni.createFrom().item(filter)
        : ids().map(ids -> filter.in(person, ids));
  }

  /** Fails with 403 unless {@code person} is the caller's, or they have one of {@code roles}. */
  public Uni<Void> requireUnless(List<String> roles, UUID person) {
    return hasOneOf(roles)
        ? Uni.createFrom().voidItem()
        : ids()
            .invoke(
                ids -> {
                  if (!ids.contains(person)) {
                    throw Problem.forbidden("This is somebody else's.");
                  }
                })
            .replaceWithVoid();
  }

  /** The caller's person, or 404. */
  public Uni<Person> require() {
    return Person.withSubject(actor.id())
        .map(
            people ->
                people.stream()
                    .findFirst()
                    .orElseThrow(
                        () ->
                            Problem.notFound(
                                "Nobody has your account. Ask an access manager to link it.")));
  }

  /** The id of the caller's person; nothing when their account belongs to nobody. */
  public Uni<List<UUID>> ids() {
    return Person.withSubject(actor.id()).map(people -> people.stream().map(Person::id).toList());
  }

  private boolean hasOneOf(List<String> roles) {
    return roles.stream().anyMatch(actor::hasRole);
  }
}
