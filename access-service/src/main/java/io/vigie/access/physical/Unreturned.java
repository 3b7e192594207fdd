package io.vigie.access.physical;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Unsettled;
import io.vigie.kernel.Problem;

/** Badges and keys that a leaver still has: nobody can ask them back from somebody unknown. */
@ApplicationScoped
class Unreturned implements Unsettled {

  private static final List<BadgeState> WITH_HOLDER =
      List.of(BadgeState.ACTIVE, BadgeState.REVOKED);

  @Override
  public Uni<Void> requireNone(UUID person) {
    return Badge.count("person = ?1 and state in ?2", person, WITH_HOLDER)
        .chain(
            badges ->
                Key.count("holder = ?1 and state = ?2", person, KeyState.HANDED_OUT)
                    .map(keys -> badges + keys))
        .invoke(
            held -> {
              if (held > 0) {
                throw Problem.conflict(
                    "not-given-back",
                    "This person still has badges or keys, which nobody asks back once their name is"
                        + " forgotten. Take them back, or say that they are lost.");
              }
            })
        .replaceWithVoid();
  }
}
