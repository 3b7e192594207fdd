package io.vigie.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.vigie.incident.IncidentState.CLOSED;
import static io.vigie.incident.IncidentState.CONTAINED;
import static io.vigie.incident.IncidentState.DETECTED;
import static io.vigie.incident.IncidentState.ERADICATED;
import static io.vigie.incident.IncidentState.INVESTIGATING;
import static io.vigie.incident.IncidentState.IN_REVIEW;
import static io.vigie.incident.IncidentState.RECOVERED;
import static io.vigie.incident.IncidentState.TRIAGED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

class IncidentTest {

  private static final Instant OCCURRED = Instant.parse("2026-01-02T02:50:00Z");
  private static final Instant DETECTED_AT = Instant.parse("2026-01-02T03:00:00Z");
  private static final Instant AWARE = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant NOW = Instant.parse("2026-01-03T00:00:00Z");

  /** The whole life of an incident; what is not a line here is refused. */
  private static final Map<IncidentState, IncidentState> ALLOWED =
      new EnumMap<>(
          Map.of(
              DETECTED, TRIAGED,
              TRIAGED, INVESTIGATING,
              INVESTIGATING, CONTAINED,
              CONTAINED, ERADICATED,
              ERADICATED, RECOVERED,
              RECOVERED, IN_REVIEW,
              IN_REVIEW, CLOSED));

  private final SecurityEvent origin =
      new SecurityEvent(
          "Odd mail",
          "From a Mr Doe",
          UUID.randomUUID(),
          Category.OTHER,
          OCCURRED,
          "reporter-1",
          DETECTED_AT);
  private final Incident incident =
      new Incident(origin, Category.FRAUD, Impact.HIGH, Urgency.MEDIUM, Tlp.AMBER_STRICT, AWARE);

  static Stream<Arguments> everyStateAndStep() {
    return Arrays.stream(IncidentState.values())
        .flatMap(from -> Arrays.stream(IncidentState.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest(name = "from {0} to {1}")
  @MethodSource("everyStateAndStep")
  void anIncidentTakesTheNextStepAndNoOther(IncidentState from, IncidentState to) {
    // Given
    walkTo(from);
    Incident.State before = incident.state();

    if (to == ALLOWED.get(from)) {
      // When
      IncidentEvent advanced = incident.advance(to, NOW, NOW);
      // Then
      assertEquals(new IncidentEvent.Advanced(incident.id(), from, to, NOW, NOW), advanced);
      assertEquals(to, incident.state().state());
    } else {
      assertRefused("incident-step-not-next", () -> incident.advance(to, NOW, NOW));
      assertEquals(before, incident.state());
    }
  }

  @Test
  void everyStepHasItsNameAndTheBeginningHasNone() {
    assertEquals(
        List.of(
            "triage",
            "investigation",
            "containment",
            "eradication",
            "recovery",
            "review",
            "closure"),
        ALLOWED.values().stream().map(IncidentState::step).toList());
    ALLOWED.values().forEach(to -> assertEquals(to, IncidentState.reachedBy(to.step())));
    assertNull(DETECTED.step());
    assertRefused("not-found", () -> IncidentState.reachedBy("detection"));
  }

  @Test
  void anIncidentBeginsWithWhatItsSecurityEventTold() {
    assertEquals("Odd mail", incident.title());
    assertEquals(
        new IncidentEvent.Opened(
            incident.id(),
            origin.id(),
            origin.state().asset(),
            Category.FRAUD,
            3,
            Tlp.AMBER_STRICT,
            OCCURRED,
            DETECTED_AT,
            AWARE),
        incident.opened());
  }

  @Test
  void eachTimeIsKeptApart() {
    Instant start = DETECTED_AT;
    IncidentState state = DETECTED;
    int hour = 0;
    while (ALLOWED.containsKey(state)) {
      state = ALLOWED.get(state);
      incident.advance(state, start.plus(Duration.ofHours(++hour)), NOW);
    }

    assertEquals(
        new Incident.State(
            CLOSED,
            start.plus(Duration.ofHours(7)),
            3,
            Impact.HIGH,
            Urgency.MEDIUM,
            Category.FRAUD,
            Tlp.AMBER_STRICT,
            null,
            origin.state().asset(),
            List.of(),
            List.of(),
            0,
            0,
            List.of(),
            null,
            List.of(),
            false,
            null,
            origin.id(),
            OCCURRED,
            DETECTED_AT,
            AWARE,
            start.plus(Duration.ofHours(3)),
            start.plus(Duration.ofHours(5)),
            start.plus(Duration.ofHours(7))),
        incident.state());
  }

  @Test
  void aStepIsNeverOlderThanTheOneItFollows() {
    assertRefused(
        "incident-step-too-early",
        () -> incident.advance(TRIAGED, DETECTED_AT.minusMillis(1), NOW));

    incident.advance(TRIAGED, DETECTED_AT, NOW);
    assertEquals(TRIAGED, incident.state().state());
  }

  @Test
  void aStepThatWasDoneAtAnotherTimeIsCorrectedAndWhatWasSaidIsTold() {
    walkTo(CLOSED);
    Instant earlier = DETECTED_AT.minusSeconds(60);
    List<TimeInState.Reached> reached =
        List.of(
            new TimeInState.Reached(DETECTED, earlier),
            new TimeInState.Reached(CONTAINED, DETECTED_AT),
            new TimeInState.Reached(CLOSED, DETECTED_AT));

    assertEquals(
        new IncidentEvent.StepCorrected(incident.id(), CONTAINED, earlier, DETECTED_AT, NOW),
        incident.correct(CONTAINED, earlier, reached, NOW));
    assertEquals(earlier, incident.state().containedAt());
    assertEquals(DETECTED_AT, incident.state().reachedAt());

    incident.correct(CLOSED, NOW, reached, NOW);
    assertEquals(NOW, incident.state().closedAt());
    assertEquals(NOW, incident.state().reachedAt());
  }

  @Test
  void aStepIsCorrectedToNoTimeBeforeTheOneItFollowsNorAfterTheNext() {
    walkTo(INVESTIGATING);
    List<TimeInState.Reached> reached =
        List.of(
            new TimeInState.Reached(DETECTED, DETECTED_AT),
            new TimeInState.Reached(TRIAGED, DETECTED_AT),
            new TimeInState.Reached(INVESTIGATING, DETECTED_AT));
    Incident.State before = incident.state();

    assertRefused(
        "incident-step-out-of-order",
        () -> incident.correct(TRIAGED, DETECTED_AT.minusMillis(1), reached, NOW));
    assertRefused(
        "incident-step-out-of-order",
        () -> incident.correct(TRIAGED, DETECTED_AT.plusMillis(1), reached, NOW));
    assertRefused(
        "incident-step-out-of-order",
        () -> incident.correct(INVESTIGATING, NOW.plusMillis(1), reached, NOW));
    assertEquals(before, incident.state());
  }

  @Test
  void anIncidentPassesFromHandToHandUntilItIsClosed() {
    String first = UUID.randomUUID().toString();
    String second = "f:ldap:doe";

    assertEquals(
        new IncidentEvent.Assigned(incident.id(), first, null, NOW), incident.assignTo(first, NOW));
    assertEquals(
        new IncidentEvent.Assigned(incident.id(), second, first, NOW),
        incident.assignTo(second, NOW));

    walkTo(CLOSED);
    assertRefused("incident-closed", () -> incident.assignTo(first, NOW));
    assertEquals(second, incident.state().assignee());
  }

  @ParameterizedTest
  @CsvSource({
    "HIGH,   HIGH,   4",
    "HIGH,   MEDIUM, 3",
    "HIGH,   LOW,    2",
    "MEDIUM, HIGH,   3",
    "MEDIUM, MEDIUM, 2",
    "MEDIUM, LOW,    1",
    "LOW,    HIGH,   2",
    "LOW,    MEDIUM, 1",
    "LOW,    LOW,    1"
  })
  void severityFollowsFromImpactAndUrgency(Impact impact, Urgency urgency, int severity) {
    IncidentEvent assessed = incident.assess(Category.FRAUD, Tlp.GREEN, impact, urgency, NOW);

    assertEquals(
        new IncidentEvent.Assessed(
            incident.id(), Category.FRAUD, Tlp.GREEN, impact, urgency, severity, 3, NOW),
        assessed);
    assertEquals(severity, incident.state().severity());
  }

  @Test
  void peopleWhomItAffectsAreCountedForOthersAndNamedHere() {
    UUID person = UUID.randomUUID();
    UUID client = UUID.randomUUID();

    assertEquals(
        new IncidentEvent.AffectedNamed(incident.id(), List.of(), List.of(client), 1, NOW),
        incident.affects(List.of(), List.of(client, client), List.of(person), List.of(), NOW));
    assertEquals(1, incident.state().affectedPeopleCount());
    assertEquals(List.of(person), incident.affectedPeople());
  }

  @Test
  void itIsNotClosedWhileATaskIsOpen() {
    IncidentTask task =
        new IncidentTask(incident.id(), TaskKind.TASK, "Call the host", "ada", NOW, NOW);
    incident.taskAdded(task, NOW);
    walkTo(IN_REVIEW);

    assertRefused("incident-tasks-open", () -> incident.advance(CLOSED, NOW, NOW));

    task.done(NOW);
    incident.taskDone(task, NOW);
    assertRefused("incident-task-ended", () -> task.cancel("not needed", NOW));
    incident.advance(CLOSED, NOW, NOW);
    assertRefused("incident-closed", () -> incident.taskAdded(task, NOW));
  }

  @Test
  void oneWhoseSeverityIsAGuessIsClosedOnceItsImpactAndUrgencyWereJudged() {
    Incident guessed = new Incident(origin, Category.FRAUD, 3, Tlp.AMBER_STRICT, AWARE);
    for (IncidentState state : ALLOWED.values().stream().filter(to -> to != CLOSED).toList()) {
      guessed.advance(state, NOW, NOW);
    }
    assertRefused("incident-not-assessed", () -> guessed.advance(CLOSED, NOW, NOW));

    guessed.assess(Category.FRAUD, Tlp.AMBER_STRICT, Impact.LOW, Urgency.LOW, NOW);
    guessed.advance(CLOSED, NOW, NOW);

    assertEquals(1, guessed.state().severity());
  }

  @Test
  void aMajorOneIsClosedOnceItHasALeadAndWasClassified() {
    UUID ada = UUID.randomUUID();
    UUID ben = UUID.randomUUID();
    IncidentEntry why =
        new IncidentEntry(incident.id(), EntryKind.DECISION, "All down", NOW, NOW, "ada", null);
    assertRefused("incident-not-major", () -> incident.giveRole(CrisisRole.LEAD, ada, NOW));

    assertEquals(
        new IncidentEvent.DeclaredMajor(incident.id(), why.id(), NOW),
        incident.declareMajor(why, NOW));
    assertRefused("incident-major", () -> incident.declareMajor(why, NOW));
    walkTo(IN_REVIEW);
    assertRefused("incident-without-lead", () -> incident.advance(CLOSED, NOW, NOW));
    incident.giveRole(CrisisRole.LEAD, ada, NOW);
    assertEquals(
        new IncidentEvent.CrisisRoleGiven(incident.id(), CrisisRole.LEAD, ben, ada, NOW),
        incident.giveRole(CrisisRole.LEAD, ben, NOW));
    assertRefused("incident-not-classified", () -> incident.advance(CLOSED, NOW, NOW));
    assertRefused(
        "incident-aware-too-early",
        () -> incident.classify(List.of("agency"), OCCURRED.minusMillis(1), NOW));
    incident.classify(List.of("agency"), OCCURRED, NOW);
    incident.advance(CLOSED, NOW, NOW);

    assertEquals(List.of(CrisisRole.LEAD), incident.state().crisisRoles());
  }

  @Test
  void aMergedOneIsClosedAndPointsToTheOther() {
    Incident other = new Incident(origin, Category.FRAUD, 3, Tlp.AMBER, AWARE);
    IncidentTask task =
        new IncidentTask(incident.id(), TaskKind.TASK, "Call the host", "ada", NOW, NOW);
    assertRefused("incident-merged-into-itself", () -> incident.mergeInto(incident, NOW));
    incident.taskAdded(task, NOW);
    assertRefused("incident-tasks-open", () -> incident.mergeInto(other, NOW));
    incident.taskDone(task, NOW);

    assertEquals(
        new IncidentEvent.Merged(incident.id(), other.id(), DETECTED, CLOSED, NOW),
        incident.mergeInto(other, NOW));
    assertEquals(CLOSED, incident.state().state());
    assertEquals(other.id(), incident.state().mergedInto());
    assertRefused("incident-closed", () -> incident.mergeInto(other, NOW));
    assertRefused("incident-merged-into-closed", () -> other.mergeInto(incident, NOW));
  }

  @Test
  void aRestrictedOneIsOpenToItsAccountsAloneAndNotToPartsOfTheirNames() {
    incident.restrictTo(List.of("f:ldap:ada", "ben"), NOW);

    assertEquals(List.of("ben", "f:ldap:ada"), incident.readers());
    for (String reader : List.of("ben", "f:ldap:ada")) {
      assertEquals(true, incident.isOpenTo(Incident.account(reader)));
    }
    for (String other : List.of("be", "ada", "en", "")) {
      assertEquals(false, incident.isOpenTo(Incident.account(other)), other);
    }
    assertEquals(true, incident.isOpenTo(Incident.NEXT_ACCOUNT), "the CISO");
    incident.restrictTo(List.of(), NOW);
    assertEquals(List.of(), incident.readers());
    assertEquals(true, incident.isOpenTo(Incident.NEXT_ACCOUNT), "the CISO");
    incident.liftRestriction(NOW);
    assertRefused("incident-not-restricted", () -> incident.liftRestriction(NOW));
  }

  @Test
  void aClosedIncidentTakesCorrectionsAlone() {
    walkTo(CLOSED);
    IncidentEntry comment =
        new IncidentEntry(incident.id(), EntryKind.COMMENT, "Odd", NOW, NOW, "ada", null);
    IncidentEntry correction =
        new IncidentEntry(
            incident.id(), EntryKind.COMMENT, "Not odd", NOW, NOW, "ada", comment.id());

    assertRefused("incident-closed", () -> incident.noted(comment, NOW));
    assertEquals(
        new IncidentEvent.Noted(
            incident.id(), correction.id(), EntryKind.COMMENT, comment.id(), NOW),
        incident.noted(correction, NOW));
  }

  private void walkTo(IncidentState target) {
    while (incident.state().state() != target) {
      incident.advance(ALLOWED.get(incident.state().state()), DETECTED_AT, NOW);
    }
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
