package io.vigie.access.client;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Holdings;

/** Accesses to clients' data, for those who must not know what one is. */
@ApplicationScoped
class ClientHoldings implements Holdings {

  @Override
  public Uni<Boolean> hasRights(UUID person) {
    return ClientAccess.count("person = ?1 and state in ?2", person, ClientAccessState.LIVE)
        .map(live -> live > 0);
  }
}
