package io.vigie.asset.supplier;

import java.time.Clock;
import java.time.Instant;
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
 * What waits for asset managers and the CISO: assessments and reservations that are overdue,
 * suppliers that are more critical than their profile says, and what others did or asked for and
 * they have to decide on (R4.6).
 */
@ApplicationScoped
class SupplierTasks implements Task.Source {

  /** Nobody decides about what stands under a supplier that has ended. */
  private static final String NOT_ENDED =
      " and supplier in (select s.id from Supplier s where s.state <> ENDED) and ";

  private final Actor actor;
  private final Clock clock;

  SupplierTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (Stream.of(Roles.ASSET_MANAGER, Roles.CISO).noneMatch(actor::hasRole)) {
      return Uni.createFrom().item(List.of());
    }
    return Multi.createFrom()
        .items(
            first(limit, toAssess(after)).map(all -> all.map(SupplierTasks::assess).toList()),
            first(limit, toRaise(after)).map(all -> all.map(SupplierTasks::raise).toList()),
            first(limit, toMend(after)).map(all -> all.map(SupplierTasks::mend).toList()),
            first(limit, toAccept(after)).map(all -> all.map(SupplierTasks::accept).toList()),
            first(limit, exceptions(after)).map(all -> all.map(SupplierTasks::decide).toList()),
            first(limit, subProcessors(after)).map(all -> all.map(SupplierTasks::decide).toList()))
        .onItem()
        .transformToUniAndConcatenate(tasks -> tasks)
        .onItem()
        .<Task>disjoint()
        .collect()
        .asList();
  }

  private PanacheQuery<Supplier> toAssess(Task.Place after) {
    return Supplier.find(
        "(state = APPROVED or state = SUSPENDED) and assessmentDue < ?3 and "
            + behind("assessmentDue"),
        after.since(),
        after.id(),
        clock.instant());
  }

  private static PanacheQuery<Supplier> toRaise(Task.Place after) {
    return Supplier.find(
        "state <> ENDED and " + Reliance.TOO_LOW + " = true and " + behind("registeredAt"),
        after.since(),
        after.id());
  }

  private PanacheQuery<Reservation> toMend(Task.Place after) {
    return Reservation.find(
        "liftedAt is null and due < ?3 and " + behind("due"),
        after.since(),
        after.id(),
        clock.instant());
  }

  private PanacheQuery<Assessment> toAccept(Task.Place after) {
    return Assessment.find(
        "stage = DONE and assessedBy <> ?3" + NOT_ENDED + behind("recordedAt"),
        after.since(),
        after.id(),
        actor.id());
  }

  private PanacheQuery<SupplierException> exceptions(Task.Place after) {
    return SupplierException.find(
        "decision = REQUESTED and requestedBy <> ?3" + NOT_ENDED + behind("requestedAt"),
        after.since(),
        after.id(),
        actor.id());
  }

  private PanacheQuery<SubProcessor> subProcessors(Task.Place after) {
    return SubProcessor.find(
        "decision = DECLARED and declaredBy <> ?3" + NOT_ENDED + behind("declaredAt"),
        after.since(),
        after.id(),
        actor.id());
  }

  private static String behind(String since) {
    return "(%1$s > ?1 or %1$s = ?1 and id > ?2) order by %1$s, id".formatted(since);
  }

  private static <T> Uni<Stream<T>> first(int limit, PanacheQuery<T> query) {
    return query.range(0, limit - 1).list().map(List::stream);
  }

  private static Task assess(Supplier supplier) {
    Instant due = supplier.state().assessmentDue();
    return task("assess", supplier.id(), supplier.id(), "assessments", due, due);
  }

  private static Task raise(Supplier supplier) {
    return new Task(
        supplier.id(),
        "supplier.raise-criticality",
        "supplier/" + supplier.id(),
        "/v1/suppliers/" + supplier.id(),
        supplier.state().registeredAt(),
        null);
  }

  private static Task mend(Reservation one) {
    String where = "reservations/" + one.id() + "/lifting";
    return task("mend", one.id(), one.supplier(), where, one.due(), one.due());
  }

  private static Task accept(Assessment one) {
    String where = "assessments/" + one.id() + "/acceptance";
    return task("accept-assessment", one.id(), one.supplier(), where, one.recordedAt(), null);
  }

  private static Task decide(SupplierException one) {
    String where = "exceptions/" + one.id();
    return task("decide-exception", one.id(), one.supplier(), where, one.requestedAt(), null);
  }

  private static Task decide(SubProcessor one) {
    String where = "sub-processors/" + one.id();
    return task("decide-sub-processor", one.id(), one.supplier(), where, one.declaredAt(), null);
  }

  private static Task task(
      String what, UUID id, UUID supplier, String where, Instant since, Instant due) {
    return new Task(
        id,
        "supplier." + what,
        "supplier/" + supplier,
        "/v1/suppliers/" + supplier + "/" + where,
        since,
        due);
  }
}
