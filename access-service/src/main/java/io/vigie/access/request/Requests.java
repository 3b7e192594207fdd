package io.vigie.access.request;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Act;
import io.vigie.access.entitlement.Duties;
import io.vigie.access.entitlement.Entitlement;
import io.vigie.access.entitlement.EntrustedData;
import io.vigie.access.entitlement.RetiredAssets;
import io.vigie.access.entitlement.Right;
import io.vigie.access.entitlement.RightState;
import io.vigie.access.entitlement.RightsObservers;
import io.vigie.access.person.Own;
import io.vigie.access.person.Person;
import io.vigie.access.person.Qualifications;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.security.Roles;

/** Where requests are made, and where they are decided. */
@ApplicationScoped
class Requests {

  private final ApprovalPaths paths;
  private final Approvers approvers;
  private final Duties duties;
  private final Qualifications qualifications;
  private final EntrustedData entrusted;
  private final Own own;
  private final Outbox outbox;
  private final RightsObservers observers;
  private final Actor actor;
  private final Clock clock;

  Requests(
      ApprovalPaths paths,
      Approvers approvers,
      Duties duties,
      Qualifications qualifications,
      EntrustedData entrusted,
      Own own,
      Outbox outbox,
      RightsObservers observers,
      Actor actor,
      Clock clock) {
    this.paths = paths;
    this.approvers = approvers;
    this.duties = duties;
    this.qualifications = qualifications;
    this.entrusted = entrusted;
    this.own = own;
    this.outbox = outbox;
    this.observers = observers;
    this.actor = actor;
    this.clock = clock;
  }

  /** Fails with 403 unless the caller is the person, leads or hosts them, or manages access. */
  Uni<Void> requireMayAskFor(Person person) {
    if (actor.hasRole(Roles.ACCESS_MANAGER) || person.isHolder(actor.id())) {
      return Uni.createFrom().voidItem();
    }
    Person.State state = person.state();
    return own.ids()
        .invoke(
            ids -> {
              if (!ids.contains(state.manager()) && !ids.contains(state.host())) {
                throw Problem.forbidden(
                    "Ask for yourself or whom you lead, or have an access manager ask.");
              }
            })
        .replaceWithVoid();
  }

  /** The one place where a request is made, for somebody who is held. */
  Uni<Right> made(
      UUID person, Entitlement entitlement, Instant validUntil, Duration duration, Act request) {
    Right right =
        new Right(person, entitlement, validUntil, duration, paths.of(entitlement), request);
    return requireMayHave(person, entitlement)
        .chain(() -> duties.check(right))
        .chain(() -> outbox.append(right, right.requested()))
        .replaceWith(right);
  }

  /**
   * Fails with 422 where the person holds no valid certificate of a course that it asks for, or may
   * not touch the data of a client that it reaches.
   */
  Uni<Void> requireMayHave(UUID person, Entitlement entitlement) {
    return requireQualified(person, entitlement)
        .chain(() -> entrusted.barred(person, entitlement))
        .invoke(
            clients -> {
              if (!clients.isEmpty()) {
                throw Problem.unprocessable(
                    "client-access-missing",
                    "This reaches data of %s, which this person may not touch now. Ask for an access to it first."
                        .formatted(named("client/", clients)));
              }
            })
        .replaceWithVoid();
  }

  private static String named(String prefix, Set<UUID> ids) {
    return new TreeSet<>(ids).stream().map(id -> prefix + id).collect(Collectors.joining(", "));
  }

  private Uni<Void> requireQualified(UUID person, Entitlement entitlement) {
    return qualifications
        .lacking(person, Set.of(entitlement.terms().courses()))
        .invoke(
            lacking -> {
              if (!lacking.isEmpty()) {
                throw Problem.unprocessable(
                    "course-missing",
                    "This asks for a valid certificate of %s, which this person does not have. Have them take it first."
                        .formatted(named("course/", lacking)));
              }
            })
        .replaceWithVoid();
  }

  /** The one place where a request, or a renewal, is approved by who calls. */
  Uni<Void> approve(Right right) {
    return Person.hold(right.person())
        .chain(
            recipient ->
                Entitlement.hold(right.entitlementId())
                    .call(entitlement -> RetiredAssets.requireInUse(entitlement.asset()))
                    .call(entitlement -> requireMayHave(right.person(), entitlement))
                    .call(() -> keep(right))
                    .call(() -> duties.check(right))
                    .chain(entitlement -> addApproval(right, recipient, entitlement)))
        .chain(
            () ->
                right.state().state() == RightState.APPROVED
                    ? observers.tellGained(Set.of(right.person()))
                    : Uni.createFrom().voidItem());
  }

  private Uni<Void> addApproval(Right right, Person recipient, Entitlement entitlement) {
    return approvers
        .capacity(right.id())
        .chain(
            capacity ->
                outbox.append(
                    right,
                    right.approve(
                        recipient,
                        entitlement.terms().sensitivity(),
                        capacity,
                        actor.id(),
                        clock.instant())));
  }

  /** By whoever may approve it, or an access manager: refusing gives nobody anything. */
  Uni<Void> refuse(Right right, Act refusal) {
    return keep(right)
        .chain(() -> approvers.capacity(right.id()))
        .invoke(
            capacity -> {
              if (capacity == null && !actor.hasRole(Roles.ACCESS_MANAGER)) {
                throw Problem.forbidden("Whoever may approve this now refuses it.");
              }
            })
        .chain(() -> outbox.append(right, right.refuse(refusal)));
  }

  /**
   * Fails with 412 where the right is not any more as it was read, and keeps it so otherwise: who
   * may approve it is read from what is stored now, and must be about the same.
   */
  private static Uni<Void> keep(Right right) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select version from access_right where id = ?1 for no key update",
                        Long.class)
                    .setParameter(1, right.id())
                    .getSingleResult())
        .invoke(
            stored -> {
              if (stored != right.version()) {
                throw Problem.stale();
              }
            })
        .replaceWithVoid();
  }
}
