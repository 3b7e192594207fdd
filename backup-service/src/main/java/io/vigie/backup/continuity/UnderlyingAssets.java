package io.vigie.backup.continuity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What the dependencies of a function depend on themselves, however far down, as asset-service
 * tells it. What the function declares as a dependency is judged there, and so is what is below.
 *
 * @param items by asset
 * @param complete false where there is more than is looked at, or what one of them depends on was
 *     never told; nothing is called redundant then
 */
@Schema(name = "UnderlyingAssets")
record UnderlyingAssets(List<Underlying> items, boolean complete) {

  /**
   * An asset that the function does not declare.
   *
   * @param neededBy the dependencies of the function that cannot be without it
   * @param redundant whether each of them has a peer that is proven to take over, and does not need
   *     the asset too
   */
  @Schema(name = "UnderlyingAsset")
  record Underlying(UUID asset, List<UUID> neededBy, boolean redundant) {

    /** As many of what needs it as there is room for on a line. */
    public List<UUID> firstNeededBy() {
      return neededBy.stream().limit(2).toList();
    }

    /** How many are not among those. */
    public int moreNeededBy() {
      return neededBy.size() - firstNeededBy().size();
    }
  }

  private static final int MOST = 10_000;

  /** That a dependency of the function, or a peer of one, cannot be without an asset. */
  private record Need(UUID who, boolean asPeer, UUID asset) {}

  static Uni<UnderlyingAssets> of(CriticalFunction function, Instant now) {
    Map<UUID, Dependency> declared = function.state().dependencies();
    return needs(declared)
        .chain(
            needs ->
                isComplete(declared, needs)
                    .map(complete -> judged(declared, needs, complete, now)));
  }

  private static UnderlyingAssets judged(
      Map<UUID, Dependency> declared, List<Need> needs, boolean complete, Instant now) {
    Map<UUID, Set<UUID>> neededBy = byAsset(needs, false);
    Map<UUID, Set<UUID>> neededByPeers = byAsset(needs, true);
    neededBy.keySet().removeAll(declared.keySet());
    List<Underlying> items = new ArrayList<>();
    neededBy.forEach(
        (asset, dependencies) -> {
          Set<UUID> peers = neededByPeers.getOrDefault(asset, Set.of());
          boolean redundant =
              dependencies.stream()
                  .map(declared::get)
                  .allMatch(
                      dependency ->
                          dependency.isRedundant(now)
                              && !dependency.peer().equals(asset)
                              && !peers.contains(dependency.peer()));
          items.add(new Underlying(asset, List.copyOf(dependencies), complete && redundant));
        });
    return new UnderlyingAssets(items, complete);
  }

  private static Map<UUID, Set<UUID>> byAsset(List<Need> needs, boolean asPeer) {
    return needs.stream()
        .filter(need -> need.asPeer() == asPeer)
        .collect(
            Collectors.groupingBy(
                Need::asset,
                TreeMap::new,
                Collectors.mapping(Need::who, Collectors.toCollection(TreeSet::new))));
  }

  /**
   * The nearest first. What a dependency needs through another one is that one's; of a peer all
   * counts, for it may need what it is to take over from.
   */
  private static Uni<List<Need>> needs(Map<UUID, Dependency> declared) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        with recursive need (who, as_peer, asset) as (
                          select given.id, given.as_peer, given.id
                          from (
                            select unnest(cast(cast(?1 as text[]) as uuid[])), false
                            union all
                            select unnest(cast(cast(?2 as text[]) as uuid[])), true
                          ) given (id, as_peer)
                          union
                          select need.who, need.as_peer, cast(other.id as uuid)
                          from need join asset_coverage c on c.id = need.asset,
                            jsonb_array_elements_text(
                              cast(c.facts as jsonb) -> 'dependsOn') other (id)
                          where need.as_peer or need.asset = need.who
                            or need.asset <> all(cast(cast(?1 as text[]) as uuid[])))
                        select who, as_peer, asset from need where asset <> who limit %d"""
                            .formatted(MOST + 1),
                        Object[].class)
                    .setParameter(1, texts(declared.keySet().stream()))
                    .setParameter(2, texts(peers(declared)))
                    .getResultList())
        .map(
            rows ->
                rows.stream()
                    .map(row -> new Need((UUID) row[0], (Boolean) row[1], (UUID) row[2]))
                    .toList());
  }

  /**
   * Whether that is all, and of each of them somebody told what it depends on, or that on nothing.
   */
  private static Uni<Boolean> isComplete(Map<UUID, Dependency> declared, List<Need> needs) {
    if (needs.size() > MOST) {
      return Uni.createFrom().item(false);
    }
    Stream<UUID> named = Stream.concat(declared.keySet().stream(), peers(declared));
    String[] all = texts(Stream.concat(named, needs.stream().map(Need::asset)));
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select count(*)
                        from unnest(cast(cast(?1 as text[]) as uuid[])) given (id)
                        where not exists (select from asset_coverage c
                          where c.id = given.id
                            and jsonb_exists(cast(c.facts as jsonb), 'dependsOn'))""",
                        Long.class)
                    .setParameter(1, all)
                    .getSingleResult())
        .map(untold -> untold == 0);
  }

  private static Stream<UUID> peers(Map<UUID, Dependency> declared) {
    return declared.values().stream().map(Dependency::peer).filter(Objects::nonNull);
  }

  private static String[] texts(Stream<UUID> assets) {
    return assets.map(UUID::toString).distinct().toArray(String[]::new);
  }

  /** Those that no peer is proven to make up for. */
  public List<Underlying> unproven() {
    return items.stream().filter(item -> !item.redundant()).toList();
  }

  /** As many of these as there is room for on a page. */
  public List<Underlying> firstUnproven() {
    return unproven().stream().limit(ContinuityGap.LISTED).toList();
  }

  /** How many are not among those. */
  public int moreUnproven() {
    return Math.max(0, unproven().size() - ContinuityGap.LISTED);
  }
}
