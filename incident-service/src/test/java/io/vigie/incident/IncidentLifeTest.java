package io.vigie.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import io.vigie.kernel.Problem;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever is asked of an incident, in whatever order. */
class IncidentLifeTest {

  private static final Instant BEGIN = Instant.parse("2026-01-02T03:00:00Z");

  enum Ask {
    STEP,
    ASSIGN,
    ASSESS,
    AFFECT,
    ADD_TASK,
    END_TASK,
    NOTE,
    CORRECT,
    CLASSIFY,
    DECLARE_MAJOR,
    LEAD,
    RESTRICT,
    LIFT_RESTRICTION,
    MERGE_INTO_OTHER,
    MERGE_INTO_CLOSED,
    MERGE_INTO_ITSELF
  }

  enum Decision {
    DISMISS,
    PROMOTE,
    MERGE
  }

  /** What nothing is decided on any more, and everything about who may know of it is. */
  private static final Set<Ask> ALSO_WHEN_CLOSED = Set.of(Ask.RESTRICT, Ask.LIFT_RESTRICTION);

  private Incident incident;
  private Incident other;
  private Incident closed;
  private List<IncidentTask> open;
  private Instant now;

  @BeforeTry
  void anIncidentBegins() {
    incident = opened();
    other = opened();
    closed = opened();
    closed.mergeInto(other, BEGIN);
    open = new ArrayList<>();
    now = BEGIN;
  }

  private static SecurityEvent reported() {
    return new SecurityEvent(
        "Odd mail", "x", UUID.randomUUID(), Category.OTHER, BEGIN, "reporter", BEGIN);
  }

  private static Incident opened() {
    return new Incident(reported(), Category.FRAUD, 2, Tlp.AMBER, BEGIN);
  }

  @Property(tries = 100)
  void aReportIsDecidedOnOnceWhateverIsAskedAfterwards(
      @ForAll @Size(min = 1, max = 10) List<Decision> decisions) {
    SecurityEvent event = reported();
    UUID becomes = UUID.randomUUID();
    IncidentEntry why = entry(null);
    List<IncidentEvent> decided = new ArrayList<>();
    for (Decision asked : decisions) {
      IncidentEvent decision =
          unlessRefused(
              () ->
                  switch (asked) {
                    case DISMISS -> event.dismiss("why", BEGIN);
                    case PROMOTE -> event.promote(becomes, BEGIN);
                    case MERGE -> event.merge(why, BEGIN);
                  });
      if (decision != null) {
        decided.add(decision);
      }
    }

    Decision first = decisions.get(0);
    assertEquals(
        List.of(
            switch (first) {
              case DISMISS -> new IncidentEvent.Dismissed(event.id(), "why", BEGIN);
              case PROMOTE -> new IncidentEvent.Promoted(event.id(), becomes, BEGIN);
              case MERGE ->
                  new IncidentEvent.ReportMerged(event.id(), incident.id(), why.id(), BEGIN);
            }),
        decided);
    assertEquals(
        switch (first) {
          case DISMISS -> SecurityEventState.DISMISSED;
          case PROMOTE -> SecurityEventState.PROMOTED;
          case MERGE -> SecurityEventState.MERGED;
        },
        event.state().state());
    assertEquals(
        switch (first) {
          case DISMISS -> null;
          case PROMOTE -> becomes;
          case MERGE -> incident.id();
        },
        event.state().incident());
    assertEquals(first == Decision.DISMISS ? "why" : null, event.dismissalReason());
  }

  /** True cancels, false says that it is done. */
  @Property(tries = 100)
  void aTaskEndsOnceWhateverIsAskedAfterwards(
      @ForAll @Size(min = 1, max = 10) List<Boolean> cancels) {
    IncidentTask task = new IncidentTask(incident.id(), TaskKind.TASK, "Call", "ada", now, now);
    incident.taskAdded(task, now);
    List<IncidentEvent> events = new ArrayList<>();
    for (boolean cancel : cancels) {
      now = now.plusSeconds(60);
      IncidentEvent event = unlessRefused(() -> end(task, cancel));
      if (event != null) {
        events.add(event);
      }
    }

    assertEquals(1, events.size());
    assertEquals(cancels.get(0) ? TaskState.CANCELLED : TaskState.DONE, task.state());
    assertEquals(0, incident.state().openTasks());
    IncidentTask.View view = task.view(0);
    assertEquals(BEGIN.plusSeconds(60), view.endedAt());
    assertEquals(cancels.get(0) ? "not needed" : null, view.reason());
  }

  @Property(tries = 500)
  void nothingForbiddenIsReachedAndWhatIsRefusedChangesNothing(
      @ForAll @Size(max = 60) List<Ask> asks,
      @ForAll @IntRange(max = 7) int step,
      @ForAll boolean cancels) {
    List<IncidentState> reached = new ArrayList<>(List.of(IncidentState.DETECTED));
    List<Incident.State> untouched = List.of(other.state(), closed.state());
    int number = step;
    for (Ask ask : asks) {
      now = now.plusSeconds(60);
      Incident.State before = incident.state();
      List<UUID> people = incident.affectedPeople();
      // Mostly the next step, so that sequences get far; now and then any other.
      number = (number * 5 + 3) % 8;
      IncidentState to =
          number < 2
              ? IncidentState.values()[number]
              : IncidentState.values()[Math.min(before.state().ordinal() + 1, 7)];
      IncidentEvent event = decide(ask, to, cancels);
      if (event == null) {
        assertEquals(before, incident.state(), "refused, and yet it changed");
        assertEquals(people, incident.affectedPeople());
      } else {
        assertEquals(incident.id(), event.aggregateId());
        assertEquals(now, event.at());
        if (incident.state().mergedInto() == null && before.state() != incident.state().state()) {
          reached.add(incident.state().state());
        }
        assertEquals(
            ask == Ask.RESTRICT || ask != Ask.LIFT_RESTRICTION && before.restricted(),
            incident.state().restricted());
      }
      if (incident.state().mergedInto() != null) {
        assertEquals(other.id(), incident.state().mergedInto());
        assertEquals(IncidentState.CLOSED, incident.state().state(), "merged, and not closed");
      }
      assertEquals(untouched, List.of(other.state(), closed.state()), "another one changed");
      assertEquals(open.size(), incident.state().openTasks());
      if (incident.state().state() == IncidentState.CLOSED) {
        assertTrue(open.isEmpty(), "closed over an open task");
        assertTrue(
            incident.state().majorSince() == null
                || incident.state().mergedInto() != null
                || incident.crisisRoles().containsKey(CrisisRole.LEAD)
                    && !incident.state().regimes().isEmpty(),
            "closed without a lead, or unclassified");
        assertTrue(
            incident.state().mergedInto() != null || incident.state().impact() != null,
            "closed, and nobody judged how severe it is");
        assertNotNull(incident.state().closedAt());
      }
      if (before.state() == IncidentState.CLOSED && !ALSO_WHEN_CLOSED.contains(ask)) {
        assertEquals(before, incident.state(), "closed, and yet it changed");
      }
    }
    assertEquals(
        List.of(IncidentState.values()).subList(0, reached.size()), reached, "a step was skipped");
  }

  /** Each correction is of a state, by its number, to a time in minutes from the beginning. */
  @Property(tries = 300)
  void stepsStayInOrderWhateverTheirTimesAreCorrectedTo(
      @ForAll @IntRange(min = 1, max = 7) int steps,
      @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 7) Integer> corrected,
      @ForAll @IntRange(max = 600) int minute) {
    incident.assess(Category.FRAUD, Tlp.RED, Impact.HIGH, Urgency.HIGH, now);
    List<TimeInState.Reached> reached =
        new ArrayList<>(List.of(new TimeInState.Reached(IncidentState.DETECTED, BEGIN)));
    for (int number = 1; number <= steps; number++) {
      now = now.plus(Duration.ofHours(1));
      incident.advance(IncidentState.values()[number], now, now);
      reached.add(new TimeInState.Reached(IncidentState.values()[number], now));
    }
    int next = minute;
    for (int number : corrected) {
      if (number > steps) {
        continue;
      }
      // Times all over the incident's life, and some before and after it.
      next = (next * 7 + 61) % 600;
      Instant to = BEGIN.plus(Duration.ofMinutes(next - 30));
      Incident.State before = incident.state();
      TimeInState.Reached wrong = reached.get(number);
      IncidentEvent event =
          unlessRefused(() -> incident.correct(wrong.state(), to, List.copyOf(reached), now));
      if (event == null) {
        assertEquals(before, incident.state(), "refused, and yet it changed");
      } else {
        assertEquals(
            new IncidentEvent.StepCorrected(incident.id(), wrong.state(), to, wrong.at(), now),
            event);
        reached.set(number, new TimeInState.Reached(wrong.state(), to));
      }
      List<Instant> times = reached.stream().map(TimeInState.Reached::at).toList();
      assertEquals(times.stream().sorted().toList(), times, "a step is before the one it follows");
      assertFalse(times.get(steps).isAfter(now), "a step is yet to come");
    }
    Incident.State state = incident.state();
    assertEquals(reached.get(steps).at(), state.reachedAt());
    assertEquals(steps < 3 ? null : reached.get(3).at(), state.containedAt());
    assertEquals(steps < 5 ? null : reached.get(5).at(), state.recoveredAt());
    assertEquals(steps < 7 ? null : reached.get(7).at(), state.closedAt());
  }

  private IncidentEvent decide(Ask ask, IncidentState to, boolean cancels) {
    return switch (ask) {
      case STEP -> unlessRefused(() -> incident.advance(to, now, now));
      case ASSIGN -> unlessRefused(() -> incident.assignTo("ada", now));
      case ASSESS ->
          unlessRefused(
              () -> incident.assess(Category.FRAUD, Tlp.RED, Impact.HIGH, Urgency.HIGH, now));
      case AFFECT ->
          unlessRefused(
              () ->
                  incident.affects(
                      List.of(), List.of(), List.of(UUID.randomUUID()), List.of(), now));
      case ADD_TASK -> {
        IncidentTask task = new IncidentTask(incident.id(), TaskKind.TASK, "Call", "ada", now, now);
        IncidentEvent added = unlessRefused(() -> incident.taskAdded(task, now));
        if (added != null) {
          open.add(task);
        }
        yield added;
      }
      case END_TASK -> open.isEmpty() ? null : end(open.remove(0), cancels);
      case CLASSIFY -> unlessRefused(() -> incident.classify(List.of("agency"), BEGIN, now));
      case DECLARE_MAJOR -> unlessRefused(() -> incident.declareMajor(entry(null), now));
      case LEAD -> unlessRefused(() -> incident.giveRole(CrisisRole.LEAD, UUID.randomUUID(), now));
      case NOTE -> unlessRefused(() -> incident.noted(entry(null), now));
      case RESTRICT -> unlessRefused(() -> incident.restrictTo(List.of("ada"), now));
      case LIFT_RESTRICTION -> unlessRefused(() -> incident.liftRestriction(now));
      case MERGE_INTO_OTHER -> unlessRefused(() -> incident.mergeInto(other, now));
      case MERGE_INTO_CLOSED -> refused(() -> incident.mergeInto(closed, now));
      case MERGE_INTO_ITSELF -> refused(() -> incident.mergeInto(incident, now));
      case CORRECT -> unlessRefused(() -> incident.noted(entry(UUID.randomUUID()), now));
    };
  }

  private IncidentEvent end(IncidentTask task, boolean cancels) {
    if (cancels) {
      task.cancel("not needed", now);
      return incident.taskCancelled(task, now);
    }
    task.done(now);
    return incident.taskDone(task, now);
  }

  private IncidentEntry entry(UUID supersedes) {
    return new IncidentEntry(incident.id(), EntryKind.FACT, "x", now, now, "ada", supersedes);
  }

  private static IncidentEvent refused(Supplier<IncidentEvent> decision) {
    assertThrows(Problem.class, decision::get);
    return null;
  }

  private static IncidentEvent unlessRefused(Supplier<IncidentEvent> decision) {
    try {
      return decision.get();
    } catch (Problem refused) {
      return null;
    }
  }
}
