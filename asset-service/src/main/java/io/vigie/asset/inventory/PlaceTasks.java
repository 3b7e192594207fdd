package io.vigie.asset.inventory;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What waits for asset managers: networked assets in service without a zone (R9.1), and media that
 * are here and that nobody has, or that are nowhere or at premises that are gone (R10.2). They wait
 * from their registration on.
 */
@ApplicationScoped
class PlaceTasks implements Task.Source {

  /** Of a networked asset, in HQL. */
  static final String UNZONED = "state = IN_SERVICE and zone is null";

  /** What is retired is guarded by its disposal. */
  private static final String HERE =
      "(state = IN_STOCK or state = IN_SERVICE or state = IN_REPAIR)";

  /** As in the index of these. */
  private static final String WITHOUT =
      HERE + " and (custody.custodian is null or details.site is null)";

  /** The others that are unguarded: somebody has them, at a place that guards nothing. */
  private static final String AT_WHAT_IS_GONE =
      HERE
          + """
           and custody.custodian is not null and details.site in (
            select place.id from Asset place
            where place.details.kind = 'PREMISES'
              and place.state in (LOST, RETIRED, SANITISED, DISPOSED, REJECTED))\
          """;

  /** Of a medium, in HQL. */
  static final String UNGUARDED = "(" + WITHOUT + " or " + AT_WHAT_IS_GONE + ")";

  private final Actor actor;
  private final Kinds kinds;

  PlaceTasks(Actor actor, Kinds kinds) {
    this.actor = actor;
    this.kinds = kinds;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (!actor.hasRole(Roles.ASSET_MANAGER)) {
      return Uni.createFrom().item(List.of());
    }
    return first(UNZONED, kinds.named(Kinds.Kind::networked), after, limit)
        .chain(
            unzoned ->
                unguarded(after, limit)
                    .map(
                        unguarded ->
                            Stream.concat(
                                    unzoned.stream().map(PlaceTasks::zone),
                                    unguarded.map(PlaceTasks::guard))
                                .toList()));
  }

  /** In two queries, as the index of the one is of no use to both. */
  private Uni<Stream<Asset>> unguarded(Task.Place after, int limit) {
    Set<String> media = kinds.named(Kinds.Kind::medium);
    return first(WITHOUT, media, after, limit)
        .chain(
            without ->
                first(AT_WHAT_IS_GONE, media, after, limit)
                    .map(others -> Stream.concat(without.stream(), others.stream())));
  }

  private static Uni<List<Asset>> first(
      String condition, Set<String> kinds, Task.Place after, int limit) {
    return Asset.<Asset>find(
            "details.kind in ?3 and "
                + condition
                + " and (registeredAt > ?1 or registeredAt = ?1 and id > ?2)"
                + " order by registeredAt, id",
            after.since(),
            after.id(),
            kinds)
        .range(0, limit - 1)
        .list();
  }

  private static Task zone(Asset asset) {
    return task(asset, "asset.place-in-zone", "/zone");
  }

  private static Task guard(Asset asset) {
    return task(asset, "asset.guard-medium", "");
  }

  private static Task task(Asset asset, String kind, String where) {
    return new Task(
        asset.id(),
        kind,
        "asset/" + asset.id(),
        "/v1/assets/" + asset.id() + where,
        asset.state().registeredAt(),
        null);
  }
}
