package io.vigie.access.rights;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.access.people.Holdings;

/** Rights, for those who must not know what a right is. */
@ApplicationScoped
class LiveRights implements Holdings {

  @Override
  public Uni<Boolean> hasRights(UUID person) {
    return Right.count("person = ?1 and state in ?2", person, RightState.LIVE)
        .map(live -> live > 0);
  }
}
