package io.vigie.asset.inventory;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Version;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

import static io.vigie.asset.inventory.AssetState.DISCOVERED;
import static io.vigie.asset.inventory.AssetState.DISPOSED;
import static io.vigie.asset.inventory.AssetState.IN_REPAIR;
import static io.vigie.asset.inventory.AssetState.IN_SERVICE;
import static io.vigie.asset.inventory.AssetState.IN_STOCK;
import static io.vigie.asset.inventory.AssetState.LOST;
import static io.vigie.asset.inventory.AssetState.ORDERED;
import static io.vigie.asset.inventory.AssetState.REJECTED;
import static io.vigie.asset.inventory.AssetState.RETIRED;
import static io.vigie.asset.inventory.AssetState.SANITISED;
import static io.vigie.kernel.Problem.conflict;

/** Something the agency owns or relies on. Decisions change it and return what became true. */
@Entity
public class Asset extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  @Embedded private Details details;

  @Enumerated(EnumType.STRING)
  private AssetState state;

  private UUID owner;

  /** Null where nobody asks for another owner. */
  @Embedded private Reassignment reassignment;

  /** Null is nobody's. */
  @Embedded private Custody custody;

  /** Where it is in the network; null for what has no address, or none yet. */
  private UUID zone;

  @Embedded private Classification classification;
  private String rationale;

  @Embedded
  @AttributeOverride(name = "availability", column = @Column(name = "inherited_availability"))
  @AttributeOverride(name = "integrity", column = @Column(name = "inherited_integrity"))
  @AttributeOverride(name = "confidentiality", column = @Column(name = "inherited_confidentiality"))
  @AttributeOverride(name = "proof", column = @Column(name = "inherited_proof"))
  private Classification inherited;

  @Column(name = "highest_confidentiality")
  private Integer highestConfidentiality;

  @Column(name = "depends_on")
  private UUID[] dependsOn = {};

  @Column(name = "depends_on_suppliers")
  private UUID[] dependsOnSuppliers = {};

  @Column(name = "inventory_digest")
  private String inventoryDigest;

  @Column(name = "inventoried_at")
  private Instant inventoriedAt;

  /** When it was tested the last time (R6.1). */
  @Column(name = "tested_at")
  private Instant testedAt;

  @Column(name = "test_outcome")
  @Enumerated(EnumType.STRING)
  private AlarmTest.Outcome testOutcome;

  /** When its next test is due; null where none counts yet. */
  @Column(name = "test_due_at")
  private Instant testDueAt;

  @Column(name = "registered_at")
  private Instant registeredAt;

  /** When it went out of use the last time; which retirement it is that others report about. */
  @Column(name = "retired_at")
  private Instant retiredAt;

  protected Asset() {}

  private Asset(Details details, AssetState state, Instant at) {
    this.id = Ids.next();
    this.details = details;
    this.state = state;
    this.registeredAt = at;
  }

  /** An asset that is here already, or one that is {@code ordered}. */
  public static Asset register(Details details, boolean ordered, Instant at) {
    return new Asset(details, ordered ? ORDERED : IN_STOCK, at);
  }

  /** An asset that nobody registered and a tool found (R3.1). */
  public static Asset discover(Details details, Instant at) {
    return new Asset(details, DISCOVERED, at);
  }

  /** The asset, or 404. */
  public static Uni<Asset> require(UUID id) {
    return Asset.<Asset>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No asset has this id."));
  }

  /** The asset, or 404; nobody changes it before the transaction ends. */
  public static Uni<Asset> hold(UUID id) {
    return Asset.<Asset>findById(id, LockModeType.PESSIMISTIC_WRITE)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No asset has this id."));
  }

  /** The asset in the version that the caller has read; 404, 412 or 428 otherwise. */
  public static Uni<Asset> require(UUID id, String ifMatch) {
    return require(id).invoke(asset -> ETag.require(ifMatch, asset.version));
  }

  /** The first event of an asset's life. */
  public AssetEvent entered() {
    return state == DISCOVERED
        ? new AssetEvent.Discovered(id, details.kind(), registeredAt)
        : new AssetEvent.Registered(id, details.kind(), details.production(), registeredAt);
  }

  /**
   * No event when nothing differs. What an asset is does not change to another kind, unless a tool
   * guessed it.
   */
  public List<AssetEvent> describe(Details to, Instant at) {
    requireHeldOr(DISCOVERED);
    if (state != DISCOVERED && !to.kind().equals(details.kind())) {
      throw Problem.unprocessable(
          "asset-of-another-kind", "An asset keeps its kind. Register another asset instead.");
    }
    if (to.equals(details)) {
      return List.of();
    }
    details = to;
    testDueAt = nextTest();
    return List.of(new AssetEvent.Described(id, at));
  }

  AssetEvent classify(Classification levels, String why, Instant at) {
    requireHeldOr(DISCOVERED);
    highestConfidentiality = confidentialityEver(); // of what a replica set that did not know of it
    classification = levels;
    rationale = why;
    highestConfidentiality = confidentialityEver();
    return new AssetEvent.Classified(id, levels, why, at);
  }

  /** No event when nothing differs. */
  List<AssetEvent> inherit(Classification levels, Instant at) {
    if (Objects.equals(levels, inherited)) {
      return List.of();
    }
    highestConfidentiality = confidentialityEver();
    inherited = levels;
    highestConfidentiality = confidentialityEver();
    return List.of(new AssetEvent.LevelsInherited(id, levels, at));
  }

  /** No event when nothing differs. */
  List<AssetEvent> dependOn(Set<UUID> others, Set<UUID> suppliers, Instant at) {
    requireHeldOr(null);
    List<UUID> added = without(dependsOn(), others);
    List<UUID> removed = without(others, dependsOn());
    List<UUID> suppliersAdded = without(dependsOnSuppliers(), suppliers);
    List<UUID> suppliersRemoved = without(suppliers, dependsOnSuppliers());
    if (Stream.of(added, removed, suppliersAdded, suppliersRemoved).allMatch(List::isEmpty)) {
      return List.of();
    }
    dependsOn = new TreeSet<>(others).toArray(UUID[]::new);
    dependsOnSuppliers = new TreeSet<>(suppliers).toArray(UUID[]::new);
    return List.of(
        new AssetEvent.DependenciesChanged(
            id, added, removed, suppliersAdded, suppliersRemoved, at));
  }

  private static List<UUID> without(Collection<UUID> some, Collection<UUID> all) {
    Set<UUID> rest = new TreeSet<>(all);
    rest.removeAll(some);
    return List.copyOf(rest);
  }

  /** What is lost gets another owner, too, who follows it up. */
  AssetEvent assignTo(UUID newOwner, Instant at) {
    if (!state.isAnsweredFor()) {
      throw conflict("asset-not-held", "Nobody answers for a retired or rejected asset any more.");
    }
    UUID previous = owner;
    owner = newOwner;
    reassignment = null;
    return new AssetEvent.OwnerAssigned(id, newOwner, previous, at);
  }

  /** R3.3: a leaver's assets are reassigned. */
  AssetEvent requestReassignment(Reassignment request) {
    reassignment = request;
    return new AssetEvent.ReassignmentRequested(id, owner, request.until(), request.since());
  }

  /** R9.1: a networked asset sits in one zone. */
  public AssetEvent placeIn(UUID newZone, Instant at) {
    requireHeldOr(DISCOVERED);
    UUID previous = zone;
    zone = newZone;
    return new AssetEvent.Placed(id, newZone, previous, at);
  }

  /** Hands it to somebody, who has it once they have signed. */
  AssetEvent handOver(UUID person, Instant at) {
    requireIn(Set.of(IN_STOCK, IN_SERVICE), "asset-not-here", "It is not here to be handed over.");
    custody = custody().handedTo(person, at);
    return new AssetEvent.HandedOver(id, person, at);
  }

  /** The signature of whoever it was handed to, and of nobody else. */
  AssetEvent sign(UUID person, Instant at) {
    UUID previous = custody().custodian();
    custody = custody().signedBy(person);
    return new AssetEvent.HandoverSigned(id, person, previous, at);
  }

  /** It came back, or its hand-over is called off. */
  AssetEvent takeBack(Instant at) {
    UUID previous = custody().holder();
    custody = null;
    return new AssetEvent.TakenBack(id, previous, at);
  }

  AssetEvent receive(Instant at) {
    return move(Set.of(ORDERED), IN_STOCK, new AssetEvent.Received(id, at));
  }

  /** What was discovered is ours after all, and where it was found it is in use. */
  AssetEvent adopt(Instant at) {
    return move(Set.of(DISCOVERED), IN_STOCK, new AssetEvent.Adopted(id, at));
  }

  AssetEvent reject(String reason, Instant at) {
    requireIn(
        Set.of(DISCOVERED), "asset-in-another-state", "Only what was discovered is rejected.");
    leave(REJECTED);
    return new AssetEvent.Rejected(id, reason, at);
  }

  /** R3.2 and R3.3: nothing goes into service without its four levels and an owner. */
  AssetEvent commission(Instant at) {
    requireIn(
        Set.of(IN_STOCK, IN_REPAIR),
        "asset-not-in-stock",
        "Only an asset in stock or in repair can be put in service.");
    if (classification == null) {
      throw conflict("asset-not-classified", "Classify the asset before it goes into service.");
    }
    if (owner == null) {
      throw conflict("asset-without-owner", "Assign an owner before it goes into service.");
    }
    state = IN_SERVICE;
    return new AssetEvent.Commissioned(id, at);
  }

  AssetEvent shelve(Instant at) {
    return move(Set.of(IN_SERVICE, IN_REPAIR), IN_STOCK, new AssetEvent.Shelved(id, at));
  }

  AssetEvent sendToRepair(String fault, Instant at) {
    return move(
        Set.of(IN_SERVICE, IN_STOCK), IN_REPAIR, new AssetEvent.SentToRepair(id, fault, at));
  }

  AssetEvent lose(boolean stolen, String circumstances, Instant occurredAt, Instant at) {
    requireHeldOr(RETIRED);
    state = LOST;
    custody = custody().withoutHandover();
    return new AssetEvent.Lost(id, stolen, circumstances, occurredAt, at);
  }

  /** It is in stock again; what others did to it meanwhile, nobody knows. */
  AssetEvent recover(String circumstances, Instant at) {
    return move(Set.of(LOST), IN_STOCK, new AssetEvent.Recovered(id, circumstances, at));
  }

  AssetEvent retire(String reason, Instant at) {
    requireIn(
        Set.of(ORDERED, IN_STOCK, IN_SERVICE, IN_REPAIR),
        "asset-not-held",
        "Only what is held can be retired.");
    leave(RETIRED);
    retiredAt = at;
    return new AssetEvent.Retired(id, reason, at);
  }

  /** R3.4: by the disposal procedure, which has the evidence. */
  public AssetEvent sanitised(UUID disposal, Instant at) {
    return move(Set.of(RETIRED), SANITISED, new AssetEvent.Sanitised(id, disposal, at));
  }

  /** R3.4: by the disposal procedure, when nothing is left to be done. */
  public AssetEvent disposed(UUID disposal, Instant at) {
    return move(Set.of(SANITISED), DISPOSED, new AssetEvent.Disposed(id, disposal, at));
  }

  /** What a tool found it to be; known by the digest of its report. */
  public AssetEvent inventoried(
      Instant collectedAt, String digest, int packages, int ports, Instant at) {
    if (!state.isHeld() && state != DISCOVERED && state != LOST) {
      throw conflict("asset-not-held", "What is out of use is inventoried no more.");
    }
    inventoryDigest = digest;
    inventoriedAt = collectedAt;
    return new AssetEvent.Inventoried(id, collectedAt, digest, packages, ports, at);
  }

  /**
   * R6.1: an alarm is tested at its interval. A test of before the latest one is told, and changes
   * nothing.
   *
   * @throws Problem 422 when no interval is known, as of what is no alarm
   */
  AssetEvent test(AlarmTest.Report report, Instant at) {
    requireIn(
        Set.of(IN_STOCK, IN_SERVICE, IN_REPAIR), "asset-not-here", "It is not here to be tested.");
    if (testInterval() == null) {
      throw Problem.unprocessable(
          "no-test-interval",
          "Only an alarm is tested, and only at an interval. Describe it with testEveryDays.");
    }
    if (testedAt == null || !report.testedAt().isBefore(testedAt)) {
      testedAt = report.testedAt();
      testOutcome = report.outcome();
      testDueAt = nextTest();
    }
    return new AssetEvent.AlarmTested(id, report.testedAt(), report.outcome(), report.note(), at);
  }

  /** A failed test counts as none: the next one is due at once. */
  private Instant nextTest() {
    Duration interval = testInterval();
    if (testedAt == null || interval == null) {
      return null;
    }
    return testOutcome == AlarmTest.Outcome.PASSED ? testedAt.plus(interval) : testedAt;
  }

  private Duration testInterval() {
    return details.attributes().get("testEveryDays") instanceof Number days
        ? Duration.ofDays(days.longValue())
        : null;
  }

  /** Nobody needs to take over what is not ours to use any more. */
  private void leave(AssetState end) {
    state = end;
    reassignment = null;
    custody = custody().withoutHandover();
  }

  private Custody custody() {
    return custody == null ? Custody.NOBODY : custody;
  }

  private AssetEvent move(Set<AssetState> from, AssetState to, AssetEvent event) {
    requireIn(
        from,
        "asset-in-another-state",
        "It is %s; this is for what is %s.".formatted(state, new TreeSet<>(from)));
    state = to;
    return event;
  }

  private void requireIn(Set<AssetState> states, String code, String detail) {
    if (!states.contains(state)) {
      throw conflict(code, detail);
    }
  }

  private void requireHeldOr(AssetState other) {
    if (!state.isHeld() && state != other) {
      throw conflict("asset-not-held", "A retired, lost or rejected asset changes no more.");
    }
  }

  @Override
  public String kind() {
    return "asset";
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  public Details details() {
    return details;
  }

  /** Its own levels and those it inherits: on each axis the higher. Null where it has neither. */
  public Classification effective() {
    return Classification.max(classification, inherited);
  }

  /**
   * The highest confidentiality that it ever had, of its own or inherited, as far as the register
   * knows: what was on it stays there when its levels fall. Null where it has no levels now, as
   * nobody knows what is on it.
   */
  public Integer highestConfidentiality() {
    return effective() == null ? null : confidentialityEver();
  }

  private Integer confidentialityEver() {
    Classification now = effective();
    if (now == null) {
      return highestConfidentiality;
    }
    return highestConfidentiality == null
        ? now.confidentiality()
        : Math.max(now.confidentiality(), highestConfidentiality);
  }

  List<UUID> dependsOn() {
    return Arrays.asList(dependsOn);
  }

  List<UUID> dependsOnSuppliers() {
    return Arrays.asList(dependsOnSuppliers);
  }

  Reassignment reassignment() {
    return reassignment;
  }

  public long version() {
    return version;
  }

  @Override
  public State state() {
    return new State(
        details,
        state,
        owner,
        reassignment == null ? null : reassignment.until(),
        custody().custodian(),
        zone,
        custody().handoverTo(),
        custody().handoverSince(),
        classification,
        rationale,
        inherited,
        dependsOn(),
        dependsOnSuppliers(),
        inventoryDigest,
        inventoriedAt,
        testedAt,
        testOutcome,
        testDueAt,
        registeredAt,
        retiredAt);
  }

  /** What others may know of an asset. */
  public record State(
      @JsonUnwrapped Details details,
      AssetState state,
      UUID owner,
      Instant reassignBy,
      UUID custodian,
      UUID zone,
      UUID handoverTo,
      Instant handoverSince,
      Classification classification,
      String rationale,
      Classification inherited,
      List<UUID> dependsOn,
      List<UUID> dependsOnSuppliers,
      String inventoryDigest,
      Instant inventoriedAt,
      Instant testedAt,
      AlarmTest.Outcome testOutcome,
      Instant testDueAt,
      Instant registeredAt,
      Instant retiredAt) {}
}
