package io.vigie.access.review;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.client.ClientAccess;
import io.vigie.access.entitlement.Entitlement;
import io.vigie.access.entitlement.Right;
import io.vigie.access.entitlement.RightState;
import io.vigie.access.person.Person;
import io.vigie.access.person.ServiceAccount;
import io.vigie.access.review.DecisionSheet.Line;

/**
 * What is known when answers are judged; all by id.
 *
 * @param isOverdue whether the campaign's due date has passed
 * @param kept who kept an item in its first stage, by the item
 * @param apart why a duty rule keeps a suspended right from going on, by the right
 * @param leaders who leads those who are delegated to, and the caller, directly or not
 * @param callers the caller's person, or nobody
 */
record Facts(
    boolean isOverdue,
    Map<UUID, Review> reviews,
    Map<UUID, Person> people,
    Map<UUID, Right> rights,
    Map<UUID, ServiceAccount> serviceAccounts,
    Map<UUID, ClientAccess> clientAccesses,
    Map<UUID, Entitlement> entitlements,
    Map<UUID, String> kept,
    Map<UUID, String> apart,
    Map<UUID, Set<UUID>> leaders,
    List<UUID> callers,
    Instant now) {

  /** The account of a program that an item is about; null of anything else. */
  ServiceAccount serviceAccount(Review review) {
    return serviceAccounts.get(review.serviceAccount());
  }

  /** The access to a client's data that an item is about; null of anything else. */
  ClientAccess clientAccess(Review review) {
    return clientAccesses.get(review.clientAccess());
  }

  /** Whether what an item is about was given and did not end. */
  boolean isLive(Review review) {
    if (review.serviceAccount() != null) {
      return serviceAccount(review).isLive(now);
    }
    if (review.clientAccess() != null) {
      return clientAccess(review).isLive(now);
    }
    Right.State right = rights.get(review.rightId()).state();
    return (right.state() == RightState.APPROVED || right.state() == RightState.SUSPENDED)
        && (right.validUntil() == null || right.validUntil().isAfter(now));
  }

  /** Whether it is {@code person} whose right it is, or who answers, or did, for the account. */
  boolean isOf(Review review, UUID person) {
    ServiceAccount account = serviceAccount(review);
    return person.equals(review.person())
        || account != null && person.equals(account.state().responsible());
  }

  /** Whether {@code person} is led, directly or not, by one {@link #isOf whose it is}. */
  boolean isOfLeader(Review review, UUID person) {
    return leaders.getOrDefault(person, Set.of()).stream().anyMatch(up -> isOf(review, up));
  }

  private static final String LEADERS =
      """
      with recursive up(person, leader) as (
        select id, manager_id from person where id = any(cast(cast(?1 as text[]) as uuid[]))
        union
        select up.person, p.manager_id from up join person p on p.id = up.leader)
      select person, leader from up where leader is not null""";

  /** Who leads those whom these lines delegate to, and these. */
  static Uni<Map<UUID, Set<UUID>>> leaders(List<Line> lines, List<UUID> callers) {
    Set<UUID> led = new HashSet<>(callers);
    lines.stream().map(Line::delegate).filter(id -> id != null).forEach(led::add);
    if (led.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(LEADERS, Object[].class)
                    .setParameter(1, Scope.texts(led))
                    .getResultList())
        .map(
            rows -> {
              Map<UUID, Set<UUID>> leaders = new HashMap<>();
              rows.forEach(
                  row ->
                      leaders
                          .computeIfAbsent((UUID) row[0], id -> new HashSet<>())
                          .add((UUID) row[1]));
              return leaders;
            });
  }
}
