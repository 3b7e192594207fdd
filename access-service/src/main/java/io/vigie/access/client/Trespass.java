package io.vigie.access.client;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Entitlement;
import io.vigie.access.entitlement.EntrustedData;

/** Finds whose data a right would open to somebody who has no access to it. */
@ApplicationScoped
class Trespass implements EntrustedData {

  private final Clock clock;

  Trespass(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Uni<Set<UUID>> barred(UUID person, Entitlement entitlement) {
    return DataCategories.isReachedBy(entitlement.type())
        ? Client.keptOn(entitlement.asset()).chain(clients -> barred(person, clients))
        : Uni.createFrom().item(Set.of());
  }

  private Uni<Set<UUID>> barred(UUID person, List<Client> clients) {
    Instant now = clock.instant();
    return clients.isEmpty()
        ? Uni.createFrom().item(Set.of())
        : ClientAccess.<ClientAccess>list(
                "person = ?1 and client in ?2 and state = APPROVED",
                person,
                clients.stream().map(Client::id).toList())
            .map(
                accesses ->
                    clients.stream()
                        .filter(
                            client ->
                                accesses.stream()
                                    .noneMatch(access -> access.isEffective(client, now)))
                        .map(Client::id)
                        .collect(Collectors.toSet()));
  }
}
