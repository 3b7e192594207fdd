package io.vigie.backup.plan;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.copy.Copy;
import io.vigie.backup.copy.Medium;
import io.vigie.backup.copy.PlacedCopy;
import io.vigie.backup.copy.PlacedCopy.Flaw;
import io.vigie.backup.plan.BackupException.Scope;
import io.vigie.backup.plan.BackupPlan.CopyState;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.outbox.Outbox;

/**
 * Holds what is backed up against what has to be. It is judged in the transaction that changes what
 * the verdict depends on, and told where the verdict changed.
 */
@ApplicationScoped
public class Coverage {

  /**
   * What a copy is on or kept by.
   *
   * @param isNeeded whether an asset at hand depends on it
   */
  private record Carrier(UUID asset, String state, UUID site, String kind, boolean isNeeded) {
    boolean isGone() {
      return !AssetFacts.isAtHand(state);
    }

    boolean isTape() {
      return "TAPE".equals(kind);
    }
  }

  /**
   * More than two transactions overlap: the clock may find a run too old as another is taken in.
   */
  private static final Duration OVERLAP = Duration.ofHours(1);

  private final PlanRules rules;
  private final Instance<BackupWatcher> watchers;
  private final Outbox outbox;
  private final Clock clock;

  Coverage(PlanRules rules, Instance<BackupWatcher> watchers, Outbox outbox, Clock clock) {
    this.rules = rules;
    this.watchers = watchers;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Judges an asset anew, after its plans, copies or exceptions changed. */
  public Uni<Void> judge(UUID asset) {
    return AssetCoverage.lock(asset, clock.instant()).chain(this::judge);
  }

  /** The same for one that is locked. */
  Uni<Void> judge(AssetCoverage coverage) {
    return standing(coverage)
        .call(
            standing ->
                coverage
                    .settle(standing, rules.digest(), clock.instant())
                    .map(event -> outbox.append(coverage, event))
                    .orElseGet(() -> Uni.createFrom().voidItem()))
        .chain(standing -> tellWatchers(coverage, !standing.copies().isEmpty()));
  }

  /**
   * Judges an asset anew, and has the clock do so once more, after its copies went elsewhere or are
   * gone, or a test showed something of one: what is told at this moment of where they are, or of
   * other runs, is not seen here, nor do those who are told it see what changed.
   */
  public Uni<Void> judgeTwice(UUID asset) {
    return AssetCoverage.lock(asset, clock.instant())
        .chain(coverage -> judge(coverage).invoke(coverage::judgeAgain));
  }

  /** A run that succeeded, and moved nothing of what its plan knows of the copy. */
  public record GoodRun(UUID asset, UUID plan, Instant startedAt) {}

  /**
   * Judges assets anew after runs, one after the other in the order of their ids, since each stays
   * locked.
   *
   * @param moved as {@link #judgeTwice} does
   * @param changed as {@link #judge(UUID)} does
   * @param others judged where the newest run before may be too old or made a copy that counts for
   *     nothing: another one usually changes nothing
   */
  public Uni<Void> judgeAfterRuns(
      Collection<UUID> moved, Collection<UUID> changed, List<GoodRun> others) {
    Set<UUID> twice = Set.copyOf(moved);
    return (others.isEmpty()
            ? Uni.createFrom().item(List.<UUID>of())
            : AssetCoverage.awaitingRuns(clock.instant().plus(OVERLAP), others))
        .chain(
            awaiting ->
                Multi.createFrom()
                    .items(
                        Stream.of(twice, changed, awaiting)
                            .flatMap(Collection::stream)
                            .distinct()
                            .sorted())
                    .onItem()
                    .transformToUniAndConcatenate(
                        asset -> twice.contains(asset) ? judgeTwice(asset) : judge(asset))
                    .collect()
                    .last())
        .replaceWithVoid();
  }

  /**
   * Nobody judges the asset meanwhile. Whoever has it judged while they hold what else is locked
   * for that takes this first.
   */
  public Uni<Void> hold(UUID asset) {
    return AssetCoverage.lock(asset, clock.instant()).replaceWithVoid();
  }

  private Uni<Void> tellWatchers(AssetCoverage coverage, boolean isPlanned) {
    return Multi.createFrom()
        .iterable(watchers)
        .onItem()
        .transformToUniAndConcatenate(
            watcher -> watcher.judged(coverage.id(), coverage.facts(), isPlanned))
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** How an asset stands now, whatever was told last. */
  Uni<Standing> standing(AssetCoverage coverage) {
    AssetFacts asset = coverage.facts();
    Optional<Requirement> requirement = asset.isInService() ? rules.of(asset) : Optional.empty();
    return BackupPlan.activeOf(coverage.id())
        .chain(
            plans ->
                copies(coverage, plans)
                    .chain(
                        copies ->
                            requirement
                                .map(required -> standing(coverage, required, plans, copies))
                                .orElseGet(
                                    () -> Uni.createFrom().item(Standing.notRequired(copies)))));
  }

  private Uni<Standing> standing(
      AssetCoverage coverage,
      Requirement required,
      List<BackupPlan> plans,
      List<PlacedCopy> copies) {
    UUID asset = coverage.id();
    return BackupException.approvedFor(asset)
        .chain(
            exceptions ->
                BackupPlan.newestGoodOf(asset)
                    .map(
                        newestGood ->
                            Standing.of(
                                required, plans, copies, exceptions, newestGood, clock.instant())));
  }

  private Uni<List<PlacedCopy>> copies(AssetCoverage coverage, List<BackupPlan> plans) {
    if (plans.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    List<UUID> named =
        plans.stream()
            .flatMap(plan -> Stream.of(plan.copyState().tape(), server(plan)))
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    return carriers(named)
        .chain(
            known ->
                Premises.around(sites(coverage, plans, known))
                    .chain(
                        premises ->
                            BackupPlan.spoiltOf(coverage.id())
                                .map(
                                    spoilt ->
                                        plans.stream()
                                            .map(
                                                plan ->
                                                    placed(
                                                        coverage,
                                                        plan,
                                                        known,
                                                        premises,
                                                        spoilt.get(plan.id())))
                                            .toList())));
  }

  /** Where the asset and its copies may be. */
  private static Set<UUID> sites(
      AssetCoverage coverage, List<BackupPlan> plans, Map<UUID, Carrier> carriers) {
    return Stream.of(
            Stream.ofNullable(coverage.site()),
            carriers.values().stream().map(Carrier::site),
            plans.stream().map(Coverage::claimed))
        .flatMap(Function.identity())
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  /** Where the copies are, says who made the plan; null where they do not. */
  private static UUID claimed(BackupPlan plan) {
    return plan.state().copy() == null ? null : plan.state().copy().datacenter();
  }

  private static UUID server(BackupPlan plan) {
    return plan.state().copy() == null ? null : plan.state().copy().server();
  }

  /** Those of which something is known here. */
  private static Uni<Map<UUID, Carrier>> carriers(List<UUID> assets) {
    if (assets.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select c.id, c.asset_state, c.site, c.asset_kind, exists (
                          select from asset_coverage other
                          where cast(other.facts as jsonb) -> 'dependsOn'
                              @> jsonb_build_array(c.id)
                            and (other.asset_state like 'IN~_%' escape '~'
                              or other.asset_state = 'ORDERED'))
                        from asset_coverage c
                        where c.id = any(cast(cast(?1 as text[]) as uuid[]))
                          and c.asset_state is not null""",
                        Object[].class)
                    .setParameter(1, assets.stream().map(UUID::toString).toArray(String[]::new))
                    .getResultList())
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Carrier(
                                (UUID) row[0],
                                (String) row[1],
                                (UUID) row[2],
                                (String) row[3],
                                (Boolean) row[4]))
                    .collect(Collectors.toMap(Carrier::asset, Function.identity())));
  }

  private PlacedCopy placed(
      AssetCoverage coverage,
      BackupPlan plan,
      Map<UUID, Carrier> carriers,
      Premises premises,
      Flaw spoilt) {
    UUID asset = coverage.id();
    CopyState state = plan.copyState();
    UUID server = server(plan);
    UUID on = state.tape() == null ? server : state.tape();
    Carrier carrier = on == null ? null : carriers.get(on);
    Flaw flaw = state.flaw() == null ? spoilt : state.flaw();
    if (flaw == null && asset.equals(on)) {
      flaw = Flaw.ON_THE_ASSET;
    } else if (flaw == null && carrier != null && carrier.isGone()) {
      flaw = Flaw.CARRIER_GONE;
    }
    UUID site = site(plan, carrier);
    return new PlacedCopy(
        plan.id(),
        plan.state().copy(),
        site,
        premises.areApart(site, coverage.site()),
        server != null && isDedicated(coverage, carriers.get(server)),
        flaw);
  }

  /**
   * A tape is where it is, and not where its server stands; both are where asset-service says. On
   * which tape a copy is nobody knows before its run: the plan's word is none for it.
   */
  private static UUID site(BackupPlan plan, Carrier carrier) {
    Copy copy = plan.state().copy();
    boolean isOnTape =
        plan.copyState().tape() != null || copy != null && copy.medium() == Medium.TAPE;
    if (isOnTape) {
      return carrier != null && carrier.isTape() ? carrier.site() : null;
    }
    return carrier == null ? claimed(plan) : carrier.site();
  }

  /** One of which nobody has told anything is not known to serve nothing else. */
  private boolean isDedicated(AssetCoverage coverage, Carrier server) {
    return server != null
        && !server.asset().equals(coverage.id())
        && !server.isGone()
        && !server.isNeeded()
        && !coverage.facts().leansOn().contains(server.asset())
        && rules.canBeDedicated(server.kind());
  }

  /**
   * Takes what was told of an asset, and judges it and the copies that are on it or in it. One that
   * went elsewhere the clock judges once more: what is told at this moment of the premises there is
   * not seen here.
   *
   * @param whole whether it is all that there is to know, and not what changed
   */
  Uni<Void> learn(UUID asset, JsonNode told, boolean whole) {
    return AssetCoverage.lock(asset, clock.instant())
        .chain(
            coverage -> {
              AssetFacts before = coverage.facts();
              AssetFacts now = (whole ? AssetFacts.NOTHING : before).patched(told);
              if (now.equals(before)) {
                return Uni.createFrom().voidItem();
              }
              coverage.learn(now);
              return judge(coverage)
                  .invoke(
                      () -> {
                        if (!Objects.equals(before.site(), now.site())) {
                          coverage.judgeAgain();
                        }
                      })
                  .chain(() -> judgeSoon(changed(asset, before, now)));
            });
  }

  /** What copies may be on that is other than it was, now that this is known of the asset. */
  private static Set<UUID> changed(UUID asset, AssetFacts before, AssetFacts now) {
    Set<UUID> changed = new HashSet<>(before.leansOn());
    changed.addAll(now.leansOn());
    changed.removeIf(on -> before.leansOn().contains(on) && now.leansOn().contains(on));
    if (!Objects.equals(before.site(), now.site())
        || !Objects.equals(before.kind(), now.kind())
        || before.isAtHand() != now.isAtHand()) {
      changed.add(asset);
    }
    return changed;
  }

  /**
   * The clock judges what is in these assets, has copies on them, or in them; that may be
   * thousands.
   */
  private static Uni<Void> judgeSoon(Set<UUID> carriers) {
    if (carriers.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        with recursive carrier (id) as (
                          select id from unnest(cast(cast(?1 as text[]) as uuid[])) as given (id)
                          union
                          select held.id
                          from asset_coverage held join carrier on held.site = carrier.id
                        )
                        update asset_coverage set judged_by = ''
                        where id in
                          (select asset from backup_plan join carrier on tape = carrier.id
                             where state <> 'ENDED' and asset <> carrier.id
                           union select asset from backup_plan
                             join carrier on backup_server = carrier.id
                             where state <> 'ENDED' and asset <> carrier.id
                           union select asset from backup_plan
                             join carrier on datacenter = carrier.id
                             where state <> 'ENDED' and asset <> carrier.id
                           union select asset from backup_plan join carrier on asset = carrier.id
                             where state <> 'ENDED'
                               and asset <> all(cast(cast(?1 as text[]) as uuid[])))""")
                    .setParameter(1, carriers.stream().map(UUID::toString).toArray(String[]::new))
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** Fails with 422 where nothing was told of the asset yet. */
  public Uni<Void> requireKnown(UUID asset) {
    return AssetCoverage.<AssetCoverage>findById(asset)
        .invoke(coverage -> requireTold(asset, coverage))
        .replaceWithVoid();
  }

  private static void requireTold(UUID asset, AssetCoverage coverage) {
    if (coverage == null || coverage.assetState() == null) {
      throw Problem.unprocessable(
          "unknown-asset",
          "Nothing is known here of the asset %s. Register it, or try again in a moment; of what nobody touched for 30 days asset-service tells in a snapshot."
              .formatted(asset));
    }
  }

  /**
   * Fails with 422 where nothing was told of the asset yet, or where it is lost or out of use; it
   * is not told to be so before what follows is.
   */
  public Uni<Void> requireAtHand(UUID asset) {
    return AssetCoverage.lock(asset, clock.instant())
        .invoke(
            coverage -> {
              requireTold(asset, coverage);
              if (!coverage.facts().isAtHand()) {
                throw Problem.unprocessable(
                    "asset-gone",
                    "The asset %s is lost or out of use. Name another one.".formatted(asset));
              }
            })
        .replaceWithVoid();
  }

  /**
   * Fails with 422 where a plan is laxer than the rules allow for the asset and nobody approved
   * that. An asset of which nothing was told yet is judged when it is.
   */
  Uni<Void> requireStrict(UUID asset, Schedule schedule, Copy copy) {
    Instant now = clock.instant();
    return AssetCoverage.lock(asset, now)
        .chain(
            coverage -> {
              AssetFacts facts = coverage.facts();
              Requirement required = facts.kind() == null ? null : rules.of(facts).orElse(null);
              List<Aspect> laxer = required == null ? List.of() : required.laxer(schedule, copy);
              if (laxer.isEmpty()) {
                return Uni.createFrom().voidItem();
              }
              return BackupException.approvedFor(asset)
                  .invoke(
                      exceptions -> {
                        if (!Standing.isExcepted(Scope.FALLING_SHORT, exceptions)) {
                          throw tooLax(required, laxer);
                        }
                      })
                  .replaceWithVoid();
            });
  }

  private static Problem tooLax(Requirement required, List<Aspect> laxer) {
    return Problem.unprocessable(
        "plan-too-lax",
        "The rules ask for more. Make the plan stricter, or have an exception approved.",
        laxer.stream()
            .map(
                aspect ->
                    aspect == Aspect.INTERVAL
                        ? new FieldError(
                            "schedule.interval",
                            "must be at most %s: %s"
                                .formatted(required.interval(), required.why(aspect)))
                        : new FieldError(
                            "copy.retentionDays",
                            "must be at least %d: %s"
                                .formatted(required.retention().toDays(), required.why(aspect))))
            .toList());
  }
}
