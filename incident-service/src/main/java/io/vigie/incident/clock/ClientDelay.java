package io.vigie.incident.clock;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;

/** Within how many hours a client's contract has it told of a breach. */
@Entity
@Table(name = "client_delay")
public class ClientDelay extends PanacheEntityBase {

  @Id private UUID client;
  private int hours;

  protected ClientDelay() {}

  private ClientDelay(UUID client, int hours) {
    this.client = client;
    this.hours = hours;
  }

  /** Those of these clients that access-service told of, in hours. */
  static Uni<Map<UUID, Integer>> of(Collection<UUID> clients) {
    return clients.isEmpty()
        ? Uni.createFrom().item(Map.of())
        : ClientDelay.<ClientDelay>list("client in ?1", clients)
            .map(
                known ->
                    known.stream().collect(Collectors.toMap(one -> one.client, one -> one.hours)));
  }

  static Uni<Void> keep(UUID client, int hours) {
    return ClientDelay.<ClientDelay>findById(client)
        .chain(
            known -> {
              if (known == null) {
                return new ClientDelay(client, hours).persist().replaceWithVoid();
              }
              known.hours = hours;
              return Uni.createFrom().voidItem();
            });
  }
}
