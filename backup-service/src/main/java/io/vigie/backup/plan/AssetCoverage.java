package io.vigie.backup.plan;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.plan.Coverage.GoodRun;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;

/**
 * How an asset stands with what the policy asks of its backups, and what is known of the asset for
 * that. Its id is that of the asset, of which it may know nothing yet.
 */
@Entity
@Table(name = "asset_coverage")
public class AssetCoverage extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  /** {@link AssetFacts} as text. */
  private String facts;

  @Column(name = "asset_kind")
  private String assetKind;

  @Column(name = "asset_state")
  private String assetState;

  private UUID site;

  /** Whom the asset serves; null where that is the agency itself. */
  private UUID client;

  @Enumerated(EnumType.STRING)
  private CoverageStatus status;

  /** Each between commas, for {@link #lacking} to search. */
  private String shortfalls;

  private Instant since;

  /**
   * When the newest good run will be too old, for the clock; null where that is nothing to find.
   */
  @Column(name = "good_until")
  private Instant goodUntil;

  /** Which version of the rules judged it. */
  @Column(name = "judged_by")
  private String judgedBy;

  protected AssetCoverage() {}

  /** That of the asset, or 404. */
  static Uni<AssetCoverage> require(UUID asset) {
    return AssetCoverage.<AssetCoverage>findById(asset)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No asset is known here under this id."));
  }

  /**
   * That of the asset, made where there is none, and locked until the transaction ends: so whoever
   * changes something that it depends on, and whoever learns of the asset, see what the other did.
   */
  static Uni<AssetCoverage> lock(UUID asset, Instant at) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into asset_coverage
                          (id, version, event_number, published_state, facts, status, shortfalls, since, judged_by)
                        values (?1, 0, 0, '{}', '{}', 'NOT_REQUIRED', '', ?2, '')
                        on conflict do nothing""")
                    .setParameter(1, asset)
                    .setParameter(2, OffsetDateTime.ofInstant(at, ZoneOffset.UTC))
                    .executeUpdate())
        .chain(() -> AssetCoverage.findById(asset, LockModeType.PESSIMISTIC_WRITE));
  }

  /**
   * The assets to which a good run may make a difference: the newest one before was found too old,
   * or will be at this time, or the copy that the plan made before counts for nothing.
   */
  static Uni<List<UUID>> awaitingRuns(Instant at, List<GoodRun> runs) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        // What is excepted says neither until when it is good nor what it lacks.
                        """
                        select distinct told.asset
                        from unnest(cast(cast(?1 as text[]) as uuid[]), cast(cast(?2 as text[]) as uuid[]),
                          cast(cast(?3 as text[]) as timestamptz[])) as told(asset, plan, at)
                        where exists (select from asset_coverage where id = told.asset
                            and (good_until <= ?4 or shortfalls like ?5 or status = 'EXCEPTED'))
                          or (select (%s) is not null from backup_run r
                            where r.plan = told.plan and r.outcome = 'SUCCEEDED' and r.started_at < told.at
                            order by r.started_at desc limit 1)"""
                            .formatted(BackupPlan.SPOILT),
                        UUID.class)
                    .setParameter(1, texts(runs, GoodRun::asset))
                    .setParameter(2, texts(runs, GoodRun::plan))
                    .setParameter(3, texts(runs, GoodRun::startedAt))
                    .setParameter(4, OffsetDateTime.ofInstant(at, ZoneOffset.UTC))
                    .setParameter(5, lacking(Aspect.AGE))
                    .getResultList());
  }

  private static String[] texts(List<GoodRun> runs, Function<GoodRun, Object> part) {
    return runs.stream().map(run -> part.apply(run).toString()).toArray(String[]::new);
  }

  AssetFacts facts() {
    return AssetFacts.of(facts);
  }

  void learn(AssetFacts now) {
    facts = now.text();
    assetKind = now.kind();
    assetState = now.state();
    site = now.site();
    client = now.client();
  }

  /**
   * Takes a verdict by the rules of this version.
   *
   * @param standing whose shortfalls count with {@link CoverageStatus#FALLS_SHORT}
   * @return what has to be told; empty where nothing changed
   */
  Optional<CoverageEvent> settle(Standing standing, String rules, Instant at) {
    judgedBy = rules;
    goodUntil = standing.goodUntil();
    CoverageStatus verdict = standing.status();
    List<Aspect> told = verdict == CoverageStatus.FALLS_SHORT ? standing.shortfalls() : List.of();
    if (verdict == status && told.equals(shortfalls())) {
      return Optional.empty();
    }
    since = verdict == status ? since : at;
    status = verdict;
    shortfalls =
        told.isEmpty()
            ? ""
            : told.stream().map(Aspect::name).collect(Collectors.joining(",", ",", ","));
    return Optional.of(
        switch (verdict) {
          case NOT_REQUIRED -> new CoverageEvent.Lifted(id, at);
          case COVERED -> new CoverageEvent.Covered(id, false, at);
          case EXCEPTED -> new CoverageEvent.Covered(id, true, at);
          case FALLS_SHORT -> new CoverageEvent.FellShort(id, told, at);
          case UNCOVERED -> new CoverageEvent.Uncovered(id, at);
        });
  }

  /** The clock judges it once more. */
  void judgeAgain() {
    judgedBy = "";
  }

  @Override
  public String kind() {
    return "asset-coverage";
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public State state() {
    return new State(status, shortfalls(), since);
  }

  private List<Aspect> shortfalls() {
    return shortfalls.isEmpty()
        ? List.of()
        : Stream.of(shortfalls.substring(1).split(",")).map(Aspect::valueOf).toList();
  }

  /** What {@code shortfalls} are like where there is too little of this. */
  static String lacking(Aspect aspect) {
    return aspect == null ? null : "%," + aspect + ",%";
  }

  long version() {
    return version;
  }

  String assetKind() {
    return assetKind;
  }

  String assetState() {
    return assetState;
  }

  UUID site() {
    return site;
  }

  /** What others may know of it. */
  public record State(CoverageStatus status, List<Aspect> shortfalls, Instant since) {}
}
