package io.vigie.incident;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/**
 * A security event that a responder found to be real, worked step by step to its closure. Each
 * decision that is taken is one event; one that is refused changes nothing.
 */
@Entity
public class Incident extends PanacheEntityBase implements Aggregate {

  /** As many tasks are open at a time at most: more than that nobody keeps in view. */
  static final int MOST_OPEN_TASKS = 200;

  static final String UNKNOWN = "No incident has this id.";

  /** Stands before and behind each account in the list of those that may read it. */
  static final String NEXT_ACCOUNT = "\n";

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private String title;

  /** Null where every responder may read it; else the accounts that may, each between two marks. */
  @Column(name = "restricted_to")
  private String restrictedTo;

  /** The incident that has this one's work now; null for others. */
  @Column(name = "merged_into")
  private UUID mergedInto;

  @Column(name = "security_event")
  private UUID securityEvent;

  private UUID asset;

  @Enumerated(EnumType.STRING)
  private Category category;

  /** From 1 (low) to 4 (critical); what the table of the policy says once impact is known. */
  private int severity;

  @Enumerated(EnumType.STRING)
  private Impact impact;

  @Enumerated(EnumType.STRING)
  private Urgency urgency;

  @Enumerated(EnumType.STRING)
  private Tlp tlp;

  /** The subject of the responder who works it. */
  private String assignee;

  @Enumerated(EnumType.STRING)
  private IncidentState state;

  /** When the present state was reached. */
  @Column(name = "reached_at")
  private Instant reachedAt;

  @Convert(converter = IdList.class)
  @Column(name = "affected_assets")
  private List<UUID> affectedAssets = List.of();

  @Convert(converter = IdList.class)
  @Column(name = "affected_clients")
  private List<UUID> affectedClients = List.of();

  /** That something happened to a person is about them: others are told how many they are. */
  @Convert(converter = IdList.class)
  @Column(name = "affected_people")
  private List<UUID> affectedPeople = List.of();

  @Convert(converter = AffectedText.class)
  @Column(name = "affected_as_known")
  private List<AffectedAsKnown> affectedAsKnown = List.of();

  /** The regimes of notification that it falls under. */
  @Convert(converter = TextLines.class)
  private List<String> regimes = List.of();

  /** When it was declared a major one; null for others. */
  @Column(name = "major_since")
  private Instant majorSince;

  /** By the ids of persons, which stay here: who does what in a crisis is about them. */
  @Convert(converter = CrisisRoles.class)
  @Column(name = "crisis_roles")
  private Map<CrisisRole, UUID> crisisRoles = Map.of();

  @Column(name = "open_tasks")
  private int openTasks;

  @Column(name = "occurred_at")
  private Instant occurredAt;

  @Column(name = "detected_at")
  private Instant detectedAt;

  @Column(name = "aware_at")
  private Instant awareAt;

  @Column(name = "contained_at")
  private Instant containedAt;

  @Column(name = "recovered_at")
  private Instant recoveredAt;

  @Column(name = "closed_at")
  private Instant closedAt;

  protected Incident() {}

  /**
   * Detected when {@code origin} was reported; the agency is aware of it from {@code at} on, when a
   * responder found it to be real.
   */
  public Incident(SecurityEvent origin, Category category, int severity, Tlp tlp, Instant at) {
    this.id = Ids.next();
    this.title = origin.title();
    this.securityEvent = origin.id();
    this.asset = origin.state().asset();
    this.category = category;
    this.severity = severity;
    this.tlp = tlp;
    this.occurredAt = origin.state().occurredAt();
    this.detectedAt = origin.state().reportedAt();
    this.awareAt = at;
    this.state = IncidentState.DETECTED;
    this.reachedAt = detectedAt;
  }

  /** The same where its severity follows from how much harm it does and how soon. */
  public Incident(
      SecurityEvent origin,
      Category category,
      Impact impact,
      Urgency urgency,
      Tlp tlp,
      Instant at) {
    this(origin, category, SeverityRules.severity(impact, urgency), tlp, at);
    this.impact = impact;
    this.urgency = urgency;
  }

  /** The incident, or 404; {@link IncidentAccess} says whether the caller may know of it. */
  public static Uni<Incident> require(UUID id) {
    return Incident.<Incident>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound(UNKNOWN));
  }

  /**
   * Keeps everybody else from changing these, and from adding to them what holds them open, until
   * this transaction ends; in one order, so that no two wait for each other.
   */
  static Uni<List<Incident>> hold(List<UUID> ids) {
    return Incident.<Incident>find("id in ?1 order by id", ids)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  IncidentEvent opened() {
    return new IncidentEvent.Opened(
        id, securityEvent, asset, category, severity, tlp, occurredAt, detectedAt, awareAt);
  }

  /** {@code to} was reached at {@code happenedAt}; a step may be recorded after the fact. */
  IncidentEvent advance(IncidentState to, Instant happenedAt, Instant at) {
    if (!state.successors().contains(to)) {
      throw conflict("incident-step-not-next", "The incident is " + state + "; " + next());
    }
    if (happenedAt.isBefore(reachedAt)) {
      throw unprocessable(
          "incident-step-too-early",
          "It became " + state + " at " + reachedAt + "; a later step cannot be older.");
    }
    if (to == IncidentState.CLOSED) {
      requireNothingOpen();
    }
    IncidentState from = state;
    state = to;
    reachedAt = happenedAt;
    keep(to, happenedAt);
    return new IncidentEvent.Advanced(id, from, to, happenedAt, at);
  }

  /**
   * A step was done at another time than was said; on a closed incident, too.
   *
   * @param corrected the state that it leads to
   * @param reached the states so far, as they stand before this, in their order
   */
  IncidentEvent correct(
      IncidentState corrected, Instant happenedAt, List<TimeInState.Reached> reached, Instant at) {
    List<IncidentState> states = reached.stream().map(TimeInState.Reached::state).toList();
    int number = states.indexOf(corrected);
    Instant earliest = reached.get(number - 1).at();
    Instant latest = number + 1 < reached.size() ? reached.get(number + 1).at() : at;
    if (happenedAt.isBefore(earliest) || happenedAt.isAfter(latest)) {
      throw unprocessable(
          "incident-step-out-of-order",
          "It became "
              + corrected
              + " between "
              + earliest
              + " and "
              + latest
              + ". Correct the steps beside it first.");
    }
    if (corrected == state) {
      reachedAt = happenedAt;
    }
    keep(corrected, happenedAt);
    return new IncidentEvent.StepCorrected(id, corrected, happenedAt, reached.get(number).at(), at);
  }

  private void keep(IncidentState reached, Instant happenedAt) {
    switch (reached) {
      case CONTAINED -> containedAt = happenedAt;
      case RECOVERED -> recoveredAt = happenedAt;
      case CLOSED -> closedAt = happenedAt;
      default -> {}
    }
  }

  private String next() {
    Set<IncidentState> successors = state.successors();
    return successors.isEmpty()
        ? "nothing comes after that."
        : "next comes " + successors.iterator().next().step() + ".";
  }

  IncidentEvent assignTo(String responder, Instant at) {
    requireOpen();
    String previous = assignee;
    assignee = responder;
    return new IncidentEvent.Assigned(id, responder, previous, at);
  }

  /** What it is, how far it may be told, and how severe that makes it. */
  IncidentEvent assess(Category category, Tlp tlp, Impact impact, Urgency urgency, Instant at) {
    requireOpen();
    int previous = severity;
    this.category = category;
    this.tlp = tlp;
    this.impact = impact;
    this.urgency = urgency;
    this.severity = SeverityRules.severity(impact, urgency);
    return new IncidentEvent.Assessed(id, category, tlp, impact, urgency, severity, previous, at);
  }

  /**
   * Whom and what it affects, all that is known of it.
   *
   * @param known what of it is known; as what was named before was known then, it stays
   */
  IncidentEvent affects(
      List<UUID> assets,
      List<UUID> clients,
      List<UUID> people,
      List<AffectedAsKnown> known,
      Instant at) {
    requireOpen();
    affectedAssets = sorted(assets);
    affectedClients = sorted(clients);
    affectedPeople = sorted(people);
    Map<UUID, AffectedAsKnown> before =
        affectedAsKnown.stream().collect(Collectors.toMap(AffectedAsKnown::id, one -> one));
    affectedAsKnown =
        known.stream()
            .map(one -> before.getOrDefault(one.id(), one))
            .sorted(Comparator.comparing(AffectedAsKnown::id))
            .toList();
    return new IncidentEvent.AffectedNamed(
        id, affectedAssets, affectedClients, affectedPeople.size(), at);
  }

  private static List<UUID> sorted(List<UUID> ids) {
    return ids.stream().distinct().sorted().toList();
  }

  IncidentEvent taskAdded(IncidentTask task, Instant at) {
    requireOpen();
    if (openTasks >= MOST_OPEN_TASKS) {
      throw conflict(
          "incident-too-many-tasks",
          "It has " + MOST_OPEN_TASKS + " open tasks. Complete or cancel some first.");
    }
    openTasks++;
    return new IncidentEvent.TaskAdded(
        id, task.id(), task.kind(), task.assignee(), task.dueAt(), at);
  }

  IncidentEvent taskDone(IncidentTask task, Instant at) {
    openTasks--;
    return new IncidentEvent.TaskDone(id, task.id(), task.kind(), task.assignee(), at);
  }

  IncidentEvent taskCancelled(IncidentTask task, Instant at) {
    openTasks--;
    return new IncidentEvent.TaskCancelled(id, task.id(), task.kind(), task.assignee(), at);
  }

  /** An entry of its timeline; also on a closed incident where it corrects another one. */
  public IncidentEvent noted(IncidentEntry entry, Instant at) {
    if (entry.supersedes() == null) {
      requireOpen();
    }
    return new IncidentEvent.Noted(id, entry.id(), entry.kind(), entry.supersedes(), at);
  }

  /**
   * It falls under these regimes too, and the agency became aware of it at {@code since}; their
   * clocks are started beside this.
   */
  public IncidentEvent classify(List<String> under, Instant since, Instant at) {
    requireOpen();
    requireAware(since);
    regimes = Stream.concat(regimes.stream(), under.stream()).distinct().sorted().toList();
    return new IncidentEvent.Classified(id, under, since, at);
  }

  /**
   * @throws Problem 422 where nobody can have been aware of it at that time
   */
  public void requireAware(Instant since) {
    if (since.isBefore(occurredAt)) {
      throw unprocessable(
          "incident-aware-too-early",
          "It occurred at " + occurredAt + "; nobody was aware of it before.");
    }
  }

  /**
   * From now on it is a major one.
   *
   * @param decision of whoever declares it, the first of its log
   */
  IncidentEvent declareMajor(IncidentEntry decision, Instant at) {
    requireOpen();
    if (majorSince != null) {
      throw conflict("incident-major", "It is a major incident since " + majorSince + ".");
    }
    majorSince = at;
    return new IncidentEvent.DeclaredMajor(id, decision.id(), at);
  }

  IncidentEvent giveRole(CrisisRole role, UUID person, Instant at) {
    requireOpen();
    if (majorSince == null) {
      throw conflict("incident-not-major", "Declare it a major incident first.");
    }
    Map<CrisisRole, UUID> roles = new EnumMap<>(CrisisRole.class);
    roles.putAll(crisisRoles);
    UUID previous = roles.put(role, person);
    crisisRoles = roles;
    return new IncidentEvent.CrisisRoleGiven(id, role, person, previous, at);
  }

  /** Another one has its work now: it is closed, and points there. */
  IncidentEvent mergeInto(Incident other, Instant at) {
    requireOpen();
    if (other.id.equals(id)) {
      throw unprocessable("incident-merged-into-itself", "Name another incident.");
    }
    if (other.state == IncidentState.CLOSED) {
      throw conflict("incident-merged-into-closed", "The other incident is closed.");
    }
    requireNoTaskOpen();
    IncidentState from = state;
    state = IncidentState.CLOSED;
    reachedAt = at;
    closedAt = at;
    mergedInto = other.id;
    return new IncidentEvent.Merged(id, other.id, from, state, at);
  }

  /** From now on only these accounts, and the CISO, may know of it. */
  IncidentEvent restrictTo(List<String> accounts, Instant at) {
    restrictedTo = accounts.stream().distinct().sorted().collect(Collectors.joining(NEXT_ACCOUNT));
    restrictedTo = account(restrictedTo);
    return new IncidentEvent.Restricted(id, readers().size(), at);
  }

  IncidentEvent liftRestriction(Instant at) {
    if (restrictedTo == null) {
      throw conflict("incident-not-restricted", "Every responder may read it already.");
    }
    restrictedTo = null;
    return new IncidentEvent.RestrictionLifted(id, at);
  }

  /** How an account stands in the list of those that may read a restricted incident. */
  static String account(String account) {
    return NEXT_ACCOUNT + account + NEXT_ACCOUNT;
  }

  /**
   * @param mark an {@link #account}, or {@link #NEXT_ACCOUNT} for who may read all
   */
  boolean isOpenTo(String mark) {
    return restrictedTo == null || restrictedTo.contains(mark);
  }

  /** The accounts that may read it; null where it is not restricted. */
  List<String> readers() {
    return restrictedTo == null
        ? null
        : restrictedTo.lines().filter(account -> !account.isEmpty()).toList();
  }

  /** Whether it is about this asset, or affects it. */
  public boolean concerns(UUID other) {
    return other.equals(asset) || affectedAssets.contains(other);
  }

  void requireOpen() {
    if (state == IncidentState.CLOSED) {
      throw conflict("incident-closed", "A closed incident changes no more.");
    }
  }

  private void requireNothingOpen() {
    requireNoTaskOpen();
    if (impact == null || urgency == null) {
      throw conflict(
          "incident-not-assessed",
          "Its severity is a guess so far. Judge impact and urgency: PUT /v1/incidents/"
              + id
              + "/assessment.");
    }
    if (majorSince != null && !crisisRoles.containsKey(CrisisRole.LEAD)) {
      throw conflict("incident-without-lead", "It is a major incident. Say who led the crisis.");
    }
    if (majorSince != null && regimes.isEmpty()) {
      throw conflict(
          "incident-not-classified",
          "It is a major incident. Classify it: at least the agency's own targets count.");
    }
  }

  private void requireNoTaskOpen() {
    if (openTasks > 0) {
      throw conflict(
          "incident-tasks-open",
          openTasks + " of its tasks are open. Complete them, or cancel them with a reason.");
    }
  }

  @Override
  public String kind() {
    return "incident";
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
        state,
        reachedAt,
        severity,
        impact,
        urgency,
        category,
        tlp,
        assignee,
        asset,
        affectedAssets,
        affectedClients,
        affectedPeople.size(),
        openTasks,
        regimes,
        majorSince,
        crisisRoles.keySet().stream().sorted().toList(),
        restrictedTo != null,
        mergedInto,
        securityEvent,
        occurredAt,
        detectedAt,
        awareAt,
        containedAt,
        recoveredAt,
        closedAt);
  }

  String title() {
    return title;
  }

  Map<CrisisRole, UUID> crisisRoles() {
    return crisisRoles;
  }

  List<UUID> affectedAssets() {
    return affectedAssets;
  }

  List<UUID> affectedClients() {
    return affectedClients;
  }

  List<UUID> affectedPeople() {
    return affectedPeople;
  }

  List<AffectedAsKnown> affectedAsKnown() {
    return affectedAsKnown;
  }

  public long version() {
    return version;
  }

  /**
   * What others may know of an incident; the times of steps not yet done are null, and so are
   * impact and urgency until somebody judged them. Of people in a crisis it says which roles they
   * have.
   */
  public record State(
      IncidentState state,
      Instant reachedAt,
      int severity,
      Impact impact,
      Urgency urgency,
      Category category,
      Tlp tlp,
      String assignee,
      UUID asset,
      List<UUID> affectedAssets,
      List<UUID> affectedClients,
      int affectedPeopleCount,
      int openTasks,
      List<String> regimes,
      Instant majorSince,
      List<CrisisRole> crisisRoles,
      boolean restricted,
      UUID mergedInto,
      UUID securityEvent,
      Instant occurredAt,
      Instant detectedAt,
      Instant awareAt,
      Instant containedAt,
      Instant recoveredAt,
      Instant closedAt) {}
}
