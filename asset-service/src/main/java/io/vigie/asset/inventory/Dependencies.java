package io.vigie.asset.inventory;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;

/**
 * What depends on what, and what follows from it: an asset is at least as sensitive, on each axis,
 * as the most sensitive of what depends on it, directly or not (R3.2). Whatever changes levels or
 * dependencies spreads the difference in its own transaction, an event for each asset whose levels
 * become others. Such transactions come one after the other.
 */
@ApplicationScoped
public class Dependencies {

  private static final long LOCK = 0x5647_4445_5053L; // "VGDEPS"

  /** What is gone for good asks nothing of what it depended on. */
  private static final List<AssetState> GONE = List.of(AssetState.DISPOSED, AssetState.REJECTED);

  private final Suppliers suppliers;
  private final Outbox outbox;
  private final Clock clock;

  Dependencies(Suppliers suppliers, Outbox outbox, Clock clock) {
    this.suppliers = suppliers;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Until the transaction ends nobody else changes levels or dependencies. */
  public Uni<Void> alone() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery("select 1 from pg_advisory_xact_lock(?1)", Integer.class)
                    .setParameter(1, LOCK)
                    .getSingleResult())
        .replaceWithVoid();
  }

  /**
   * Makes {@code asset} depend on these and on no others. Fails with 422 when one is unknown, and
   * with 409 when it depends, directly or not, on {@code asset} itself.
   *
   * @param relied the suppliers; null where they are to stay
   */
  Uni<Void> replace(Asset asset, Set<UUID> others, Set<UUID> relied) {
    Set<UUID> named = relied == null ? Set.copyOf(asset.dependsOnSuppliers()) : relied;
    Set<UUID> affected = new TreeSet<>(asset.dependsOn());
    affected.addAll(others);
    Instant now = clock.instant();
    return requireKnown(others)
        .chain(() -> requireNoCycle(asset.id(), others))
        .chain(() -> requireSuppliers(named))
        .chain(() -> outbox.append(asset, asset.dependOn(others, named, now)))
        .chain(() -> spread(affected, now));
  }

  /** Has what {@code asset} depends on inherit its present levels. */
  public Uni<Void> spread(Asset asset) {
    return spread(asset.dependsOn(), clock.instant());
  }

  private Uni<Void> spread(Collection<UUID> assets, Instant at) {
    return Multi.createFrom()
        .iterable(new TreeSet<>(assets))
        .onItem()
        .transformToUniAndConcatenate(id -> inherit(id, at))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Void> inherit(UUID id, Instant at) {
    return dependents(id)
        .chain(
            dependents ->
                Asset.require(id)
                    .chain(
                        asset -> {
                          Classification before = asset.effective();
                          Classification levels =
                              dependents.stream()
                                  .map(Asset::effective)
                                  .reduce(null, Classification::max);
                          return outbox
                              .append(asset, asset.inherit(levels, at))
                              .chain(
                                  () ->
                                      Objects.equals(before, asset.effective())
                                          ? Uni.createFrom().voidItem()
                                          : spread(asset.dependsOn(), at));
                        }));
  }

  private static Uni<List<Asset>> dependents(UUID id) {
    return Asset.list(
        "cast(sql('? @> cast(cast(? as text) as uuid[])', dependsOn, ?1) as Boolean) = true and state not in ?2",
        "{" + id + "}",
        GONE);
  }

  private static Uni<Void> requireKnown(Set<UUID> assets) {
    return Asset.count("id in ?1", assets)
        .invoke(
            known -> {
              if (known < assets.size()) {
                throw Problem.unprocessable(
                    "unknown-asset", "One of these is no asset. Read the list again.");
              }
            })
        .replaceWithVoid();
  }

  private Uni<Void> requireSuppliers(Set<UUID> named) {
    return named.isEmpty()
        ? Uni.createFrom().voidItem()
        : suppliers
            .unknown(named)
            .invoke(
                unknown -> {
                  if (!unknown.isEmpty()) {
                    throw Problem.unprocessable(
                        "unknown-supplier",
                        "One of these is no supplier of GET /v1/suppliers. Read the list again.");
                  }
                })
            .replaceWithVoid();
  }

  private static Uni<Void> requireNoCycle(UUID asset, Set<UUID> others) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        with recursive below(id) as (
                          select cast(unnest(cast(?1 as text[])) as uuid)
                          union select unnest(a.depends_on) from below join asset a using (id))
                        select count(*) from below where id = ?2""",
                        Long.class)
                    .setParameter(1, others.stream().map(UUID::toString).toArray(String[]::new))
                    .setParameter(2, asset)
                    .getSingleResult())
        .invoke(
            found -> {
              if (found > 0) {
                throw Problem.conflict(
                    "circular-dependency",
                    "One of these depends on this asset already, directly or not.");
              }
            })
        .replaceWithVoid();
  }
}
