package io.vigie.backup.continuity;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;

/** What the agency must go on doing, and the assets without which it cannot (R14.2). */
@Entity
@Table(name = "critical_function")
public class CriticalFunction extends PanacheEntityBase implements Aggregate {

  static final int MOST_DEPENDENCIES = 100;
  private static final Duration LATEST_RECORD = Duration.ofDays(366);

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private String name;
  private String owner;
  private String description;

  @Convert(converter = DependenciesText.class)
  private Map<UUID, Dependency> dependencies = Map.of();

  /** Every asset that is in {@link #dependencies}, peers too, for lists to search. */
  private String assets = "";

  /** The earliest {@link Dependency#proofDueAt}; null without dependencies. */
  @Column(name = "proof_due_at")
  private Instant proofDueAt;

  @Column(name = "declared_at")
  private Instant declaredAt;

  @Column(name = "retired_at")
  private Instant retiredAt;

  protected CriticalFunction() {}

  /**
   * @param owner the subject who answers for it
   */
  CriticalFunction(String name, String owner, String description, Instant at) {
    this.id = Ids.next();
    this.name = name;
    this.owner = owner;
    this.description = description;
    this.declaredAt = at;
  }

  /** The function, or 404. */
  static Uni<CriticalFunction> require(UUID id) {
    return CriticalFunction.<CriticalFunction>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No critical function has this id."));
  }

  /** The function in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<CriticalFunction> require(UUID id, String ifMatch) {
    return require(id).invoke(found -> ETag.require(ifMatch, found.version));
  }

  ContinuityEvent declared() {
    return new ContinuityEvent.Declared(id, name, owner, declaredAt);
  }

  /** What was known of this dependency before is forgotten: another peer has proven nothing. */
  ContinuityEvent dependOn(UUID asset, DependencyKind kind, UUID peer, Instant at) {
    requireNotRetired();
    if (asset.equals(peer)) {
      throw Problem.invalid(List.of(new FieldError("peer", "must be another asset")));
    }
    Dependency known = dependencies.get(asset);
    if (known != null && known.kind() == kind && Objects.equals(known.peer(), peer)) {
      throw conflict("dependency-known", "The function depends on this asset so already.");
    }
    if (known == null && dependencies.size() == MOST_DEPENDENCIES) {
      throw conflict("too-many-dependencies", "A function has 100 dependencies at most.");
    }
    set(asset, Dependency.on(kind, peer, at));
    return new ContinuityEvent.DependencySet(id, asset, kind, peer, at);
  }

  /** What this peer was to take over has none any more. */
  List<ContinuityEvent> losePeer(UUID peer, Instant at) {
    List<ContinuityEvent> lost = new ArrayList<>();
    dependencies.forEach(
        (asset, known) -> {
          if (peer.equals(known.peer())) {
            set(asset, Dependency.on(known.kind(), null, at));
            lost.add(new ContinuityEvent.DependencySet(id, asset, known.kind(), null, at));
          }
        });
    return lost;
  }

  ContinuityEvent dependNoMoreOn(UUID asset, Instant at) {
    requireNotRetired();
    requireDependency(asset);
    set(asset, null);
    return new ContinuityEvent.DependencyRemoved(id, asset, at);
  }

  /**
   * @throws Problem 409 when the asset has no peer, or a later test is known
   */
  ContinuityEvent testFailover(
      UUID asset, FailoverTest.Result result, ContinuityPolicy policy, Instant at) {
    requireNotRetired();
    Dependency known = requireDependency(asset);
    if (known.peer() == null) {
      throw conflict("no-peer", "Nothing takes over from this asset. Name its peer first.");
    }
    if (result.testedAt().isAfter(at) || result.testedAt().isBefore(at.minus(LATEST_RECORD))) {
      throw Problem.invalid(
          List.of(new FieldError("testedAt", "must be in the past, within 366 days")));
    }
    if (result.passed() != (result.takeoverSeconds() != null)) {
      throw Problem.invalid(
          List.of(
              new FieldError("takeoverSeconds", "is of a test that passed, and of that alone")));
    }
    if (known.testedAt() != null && !result.testedAt().isAfter(known.testedAt())) {
      throw conflict("later-test-known", "A test of this moment or a later one is known.");
    }
    Dependency tested =
        known.tested(result, result.testedAt().plus(policy.failoverInterval(known.kind())));
    set(asset, tested);
    return new ContinuityEvent.FailoverTested(
        id,
        asset,
        known.peer(),
        result.passed(),
        result.takeoverSeconds(),
        result.testedAt(),
        tested.testDueAt(),
        at);
  }

  ContinuityEvent retire(String reason, Instant at) {
    requireNotRetired();
    retiredAt = at;
    return new ContinuityEvent.Retired(id, reason, at);
  }

  void requireNotRetired() {
    if (retiredAt != null) {
      throw conflict("function-retired", "A retired function changes no more.");
    }
  }

  private Dependency requireDependency(UUID asset) {
    Dependency known = dependencies.get(asset);
    if (known == null) {
      throw Problem.notFound("The function does not depend on this asset.");
    }
    return known;
  }

  private void set(UUID asset, Dependency dependency) {
    Map<UUID, Dependency> all = new TreeMap<>(dependencies);
    all.remove(asset);
    if (dependency != null) {
      all.put(asset, dependency);
    }
    dependencies = all;
    assets =
        all.entrySet().stream()
            .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue().peer()))
            .filter(Objects::nonNull)
            .map(UUID::toString)
            .collect(Collectors.joining(" "));
    proofDueAt =
        all.values().stream().map(Dependency::proofDueAt).min(Instant::compareTo).orElse(null);
  }

  @Override
  public String kind() {
    return "critical-function";
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
    return new State(name, owner, dependencies, proofDueAt, declaredAt, retiredAt);
  }

  String description() {
    return description;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of a function.
   *
   * @param dependencies by asset
   * @param proofDueAt when the first of them has or had no peer that is proven to take over
   */
  public record State(
      String name,
      String owner,
      Map<UUID, Dependency> dependencies,
      Instant proofDueAt,
      Instant declaredAt,
      Instant retiredAt) {}
}
