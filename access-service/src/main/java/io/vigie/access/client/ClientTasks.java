package io.vigie.access.client;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.PanacheQuery;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for access managers: accesses that others asked for and that they may decide on,
 * clients whose contract is over, and ended clients whose data still has no fate.
 */
@ApplicationScoped
class ClientTasks implements Task.Source {

  private final Actor actor;
  private final Clock clock;

  ClientTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ACCESS_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return Multi.createFrom()
        .items(
            first(limit, toDecide(after)).map(all -> all.map(ClientTasks::decide).toList()),
            first(limit, toEnd(after)).map(all -> all.map(ClientTasks::end).toList()),
            first(limit, toSettle(after)).map(all -> all.map(ClientTasks::settle).toList()))
        .onItem()
        .transformToUniAndConcatenate(tasks -> tasks)
        .onItem()
        .<Task>disjoint()
        .collect()
        .asList();
  }

  private PanacheQuery<ClientAccess> toDecide(Task.Place after) {
    return ClientAccess.find(
        """
        from ClientAccess a where a.state = REQUESTED and a.requestedBy <> ?3 and not exists
          (select 1 from Person p where p.id = a.person and p.details.subject = ?3)
          and (a.requestedAt > ?1 or a.requestedAt = ?1 and a.id > ?2)
        order by a.requestedAt, a.id""",
        after.since(),
        after.id(),
        actor.id());
  }

  private PanacheQuery<Client> toEnd(Task.Place after) {
    return Client.find(
        "state = ACTIVE and contractOver <= ?3 and " + behind("contractOver"),
        after.since(),
        after.id(),
        clock.instant());
  }

  private PanacheQuery<Client> toSettle(Task.Place after) {
    return Client.find(
        "state = ENDED and settledAt is null and " + behind("endedAt"), after.since(), after.id());
  }

  private static String behind(String since) {
    return "(%1$s > ?1 or %1$s = ?1 and id > ?2) order by %1$s, id".formatted(since);
  }

  private static <T> Uni<Stream<T>> first(int limit, PanacheQuery<T> query) {
    return query.range(0, limit - 1).list().map(List::stream);
  }

  private static Task decide(ClientAccess access) {
    UUID id = access.id();
    return new Task(
        id,
        "client-access.decide",
        "client-access/" + id,
        "/v1/client-accesses/" + id,
        access.requestedAt(),
        access.state().validUntil());
  }

  private static Task end(Client client) {
    return new Task(
        client.id(),
        "client.renew-or-end",
        "client/" + client.id(),
        "/v1/clients/" + client.id(),
        client.contractOver(),
        null);
  }

  private static Task settle(Client client) {
    return new Task(
        client.id(),
        "client.settle-data",
        "client/" + client.id(),
        "/v1/clients/" + client.id() + "/data-settlement",
        client.endedAt(),
        client.state().dueOn().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }
}
