package io.vigie.backup.restore;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;

import static java.util.Collections.max;
import static java.util.Collections.min;

/**
 * How deep, and by when, a restore of an asset is to be tested (R12.5). Its id is that of the
 * asset. It holds while the asset has an active plan.
 */
@Entity
@Table(name = "restore_duty")
public class RestoreDuty extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Enumerated(EnumType.STRING)
  private Depth depth;

  private int days;

  @Column(name = "rto_objective_seconds")
  private Long rtoObjectiveSeconds;

  @Column(name = "rpo_objective_seconds")
  private Long rpoObjectiveSeconds;

  /** When the asset first had an active plan, as far as is known. */
  private Instant since;

  /** Null while it does not hold. */
  @Column(name = "due_at")
  private Instant dueAt;

  @Column(name = "overdue_since")
  private Instant overdueSince;

  @Column(name = "tested_at")
  private Instant testedAt;

  /** How deep the test at {@link #testedAt} was. */
  @Enumerated(EnumType.STRING)
  @Column(name = "tested_depth")
  private Depth testedDepth;

  protected RestoreDuty() {}

  /** Of an asset of which nothing was tested yet; it does not hold before it is set. */
  RestoreDuty(UUID asset, Instant at) {
    this.id = asset;
    this.since = at;
  }

  /** That of the asset, or 404. */
  static Uni<RestoreDuty> require(UUID asset) {
    return RestoreDuty.<RestoreDuty>findById(asset)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No restore of an asset of this id is to be tested."));
  }

  /** That of the asset, locked until the transaction ends, or null. */
  static Uni<RestoreDuty> lock(UUID asset) {
    return RestoreDuty.findById(asset, LockModeType.PESSIMISTIC_WRITE);
  }

  /**
   * Takes what the policy asks for. Where that is new and wants a test in the past, it is due after
   * the grace, and no later than it was due before; what is overdue stays so until a test ends it.
   *
   * @return empty where it holds like that already
   */
  Optional<RestoreEvent> set(RestorePolicy.Demand to, Duration grace, Instant at) {
    boolean known = depth != null && to.equals(demand());
    if (dueAt != null && known) {
      return Optional.empty();
    }
    depth = to.depth();
    days = to.days();
    rtoObjectiveSeconds = to.rtoSeconds();
    rpoObjectiveSeconds = to.rpoSeconds();
    if (overdueSince == null) {
      boolean tested = testedAt != null && testedDepth.isAtLeast(depth);
      Instant wanted = (tested ? testedAt : since).plus(interval());
      dueAt = wanted.isAfter(at) ? wanted : late(known ? at : at.plus(grace), at);
    }
    return Optional.of(new RestoreEvent.DutySet(id, depth, dueAt, at));
  }

  private Instant late(Instant latest, Instant at) {
    return dueAt == null ? latest : min(List.of(latest, max(List.of(dueAt, at))));
  }

  private RestorePolicy.Demand demand() {
    return new RestorePolicy.Demand(depth, days, rtoObjectiveSeconds, rpoObjectiveSeconds);
  }

  private Duration interval() {
    return Duration.ofDays(days);
  }

  /** Nothing backs the asset up any more; empty where that was so already. */
  Optional<RestoreEvent> lift(Instant at) {
    if (dueAt == null) {
      return Optional.empty();
    }
    dueAt = null;
    overdueSince = null;
    return Optional.of(new RestoreEvent.DutyLifted(id, at));
  }

  /** Its time has passed: told once. */
  RestoreEvent miss(Instant at) {
    overdueSince = dueAt;
    return new RestoreEvent.DutyOverdue(id, depth, dueAt, testedAt, at);
  }

  /**
   * Counts a test that passed; empty where it was less deep than asked for, older than another, or
   * so old that the next one is late already.
   */
  Optional<RestoreEvent> meet(UUID test, Depth tested, Instant endedAt, Instant at) {
    boolean counts =
        dueAt != null
            && tested.isAtLeast(depth)
            && (testedAt == null || endedAt.isAfter(testedAt))
            && endedAt.plus(interval()).isAfter(at);
    if (!counts) {
      return Optional.empty();
    }
    testedAt = endedAt;
    testedDepth = tested;
    overdueSince = null;
    dueAt = endedAt.plus(interval());
    return Optional.of(new RestoreEvent.DutyMet(id, test, tested, dueAt, at));
  }

  @Override
  public String kind() {
    return "restore-duty";
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
    return new State(
        depth, days, rtoObjectiveSeconds, rpoObjectiveSeconds, dueAt, overdueSince, testedAt);
  }

  /**
   * What others may know of it.
   *
   * @param dueAt null while nothing backs the asset up
   * @param testedAt when the last test that was enough ended
   */
  public record State(
      Depth depth,
      int days,
      Long rtoObjectiveSeconds,
      Long rpoObjectiveSeconds,
      Instant dueAt,
      Instant overdueSince,
      Instant testedAt) {}
}
