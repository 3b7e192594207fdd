package io.vigie.access.entitlement;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Holdings;

/** Rights, for those who must not know what a right is. */
@ApplicationScoped
class LiveRights implements Holdings {

  @Override
  public Uni<Boolean> hasRights(UUID person) {
    return Right.count(
            "person = ?1 and state in ?2 and ground <> ?3", person, RightState.LIVE, Ground.PROFILE)
        .map(live -> live > 0);
  }
}
