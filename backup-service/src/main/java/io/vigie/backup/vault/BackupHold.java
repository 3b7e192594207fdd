package io.vigie.backup.vault;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.backup.copy.AssetLock;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;

/**
 * That no copy of an asset is deleted, because malicious code is on it, and which copy is the last
 * one from before that is known to be restorable. Its id is that of the compromise, with which it
 * ends: the CISO lifts that one, with a reason.
 */
@Entity
@Table(name = "backup_hold")
public class BackupHold extends PanacheEntityBase implements Aggregate {

  /** What is said where one stands. */
  static final String REFUSAL =
      "Malicious code is on the asset: no copy of it is deleted until the CISO lifts the compromise.";

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private UUID asset;
  private UUID incident;

  @Column(name = "compromised_since")
  private Instant compromisedSince;

  private UUID run;

  @Column(name = "placed_at")
  private Instant placedAt;

  @Column(name = "lifted_at")
  private Instant liftedAt;

  protected BackupHold() {}

  BackupHold(UUID compromise, UUID asset, UUID incident, Instant compromisedSince, Instant at) {
    this.id = compromise;
    this.asset = asset;
    this.incident = incident;
    this.compromisedSince = compromisedSince;
    this.placedAt = at;
  }

  /** The hold, or 404. */
  static Uni<BackupHold> require(UUID id) {
    return BackupHold.<BackupHold>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No hold has this id."));
  }

  /** Those on the asset that stand, locked until the transaction ends. */
  static Uni<List<BackupHold>> lockOn(UUID asset) {
    return BackupHold.<BackupHold>find("asset = ?1 and liftedAt is null order by id", asset)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  /** Fails with 409 while one on the asset stands; none is placed before what follows is told. */
  static Uni<Void> requireNoneOn(UUID asset) {
    return AssetLock.ofHolds(asset)
        .chain(() -> standsOn(asset))
        .invoke(
            stands -> {
              if (stands) {
                throw Problem.conflict("backups-held", REFUSAL);
              }
            })
        .replaceWithVoid();
  }

  /** Whether one on the asset stands. */
  static Uni<Boolean> standsOn(UUID asset) {
    return BackupHold.count("asset = ?1 and liftedAt is null", asset).map(holds -> holds > 0);
  }

  /**
   * @param pinned the run that made the last verified copy from before, or null
   */
  HoldEvent place(UUID pinned) {
    run = pinned;
    return new HoldEvent.Placed(id, asset, incident, compromisedSince, run, placedAt);
  }

  /** Takes another copy for the last verified one; empty where it is the same. */
  Optional<HoldEvent> pin(UUID pinned, Instant at) {
    if (Objects.equals(run, pinned)) {
      return Optional.empty();
    }
    run = pinned;
    return Optional.of(new HoldEvent.Pinned(id, asset, incident, run, at));
  }

  /** Empty where it was lifted before. */
  Optional<HoldEvent> lift(Instant at) {
    if (liftedAt != null) {
      return Optional.empty();
    }
    liftedAt = at;
    return Optional.of(new HoldEvent.Lifted(id, asset, incident, at));
  }

  @Override
  public String kind() {
    return "backup-hold";
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
    return new State(asset, incident, compromisedSince, run, placedAt, liftedAt);
  }

  long version() {
    return version;
  }

  /** What others may know of a hold. */
  public record State(
      UUID asset,
      UUID incident,
      Instant compromisedSince,
      UUID run,
      Instant placedAt,
      Instant liftedAt) {}
}
