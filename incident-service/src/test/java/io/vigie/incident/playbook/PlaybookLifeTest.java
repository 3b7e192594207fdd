package io.vigie.incident.playbook;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import io.vigie.incident.Category;
import io.vigie.kernel.Problem;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever is asked of a playbook and its checklists, in whatever order. */
class PlaybookLifeTest {

  private static final PlaybookPolicy POLICY = new PlaybookPolicy();
  private static final Instant BEGIN = Instant.parse("2026-01-02T03:00:00Z");

  enum Ask {
    SUBMIT,
    APPROVE,
    RETURN
  }

  enum Step {
    DO,
    SKIP,
    LEARN,
    FOLLOW_UP,
    FOLLOW_UP_AGAIN
  }

  @Property(tries = 500)
  void aVersionIsInForceOnceSomebodyElseThanItsAuthorApprovedIt(
      @ForAll @Size(max = 40) List<Ask> asks, @ForAll @Size(min = 1) List<Boolean> by) {
    Playbook playbook = new Playbook(Category.AVAILABILITY, "The shop is down");
    PlaybookVersion last = null;
    Integer inForce = null;
    Instant now = BEGIN;
    for (int i = 0; i < asks.size(); i++) {
      now = now.plusSeconds(60);
      Instant at = now;
      String who = by.get(i % by.size()) ? "ann" : "bob";
      Playbook.State before = playbook.state();
      PlaybookVersion written = last;

      PlaybookEvent event =
          switch (asks.get(i)) {
            case SUBMIT -> unlessRefused(() -> playbook.submit(version(playbook, who, at), at));
            case APPROVE ->
                written == null
                    ? null
                    : unlessRefused(() -> playbook.approve(written, POLICY, who, at));
            case RETURN ->
                written == null
                    ? null
                    : unlessRefused(() -> playbook.sendBack(written, who, "no", at));
          };

      assertEquals(event == null, before.equals(playbook.state()), "an event for each change");
      if (event != null) {
        assertEquals(playbook.id(), event.aggregateId());
        assertEquals(at, event.at());
      }
      if (event instanceof PlaybookEvent.Submitted) {
        last = version(playbook, who, playbook.state().submitted(), at);
      } else if (event != null) {
        assertNotEquals(who, written.author(), "decided on by its author");
        inForce = event instanceof PlaybookEvent.Approved ? (Integer) written.number() : inForce;
      }
      assertEquals(inForce, playbook.state().inForce());
      assertEquals(inForce == null, playbook.state().exerciseDueAt() == null);
    }
  }

  private static PlaybookVersion version(Playbook playbook, String author, Instant at) {
    return version(playbook, author, playbook.next(), at);
  }

  private static PlaybookVersion version(Playbook playbook, String author, int number, Instant at) {
    return new PlaybookVersion(playbook.id(), number, List.of("a", "b"), null, null, author, at);
  }

  @Property(tries = 500)
  void aChecklistIsCompleteWithItsLastStepAndEachStepIsSettledOnce(
      @ForAll @Size(max = 40) List<Step> asks,
      @ForAll @IntRange(min = 1, max = 5) int size,
      @ForAll boolean exercise) {
    PlaybookVersion written =
        new PlaybookVersion(
            UUID.randomUUID(), 1, Collections.nCopies(size, "x"), null, null, "ann", BEGIN);
    PlaybookRun run =
        new PlaybookRun(
            written, UUID.randomUUID(), exercise ? null : UUID.randomUUID(), "ann", BEGIN);
    List<RunStep> steps = run.steps(written);
    List<Lesson> open = new ArrayList<>();
    List<Lesson> followedUp = new ArrayList<>();
    Instant now = BEGIN;
    int completed = 0;
    for (int i = 0; i < asks.size(); i++) {
      now = now.plusSeconds(60);
      Instant at = now;
      PlaybookRun.State before = run.state();
      RunStep step = steps.get((i * 3 + 1) % size);
      RunStep.View stepBefore = step.view();

      List<PlaybookEvent> events =
          switch (asks.get(i)) {
            case DO -> allUnlessRefused(() -> run.settle(step, StepState.DONE, "ann", null, at));
            case SKIP ->
                allUnlessRefused(() -> run.settle(step, StepState.SKIPPED, "ann", "why", at));
            case LEARN -> {
              Lesson lesson = new Lesson(run.id(), "x", "bob", at.plusSeconds(60), at);
              open.add(lesson);
              yield List.of(run.learn(lesson, at));
            }
            case FOLLOW_UP -> {
              if (open.isEmpty()) {
                yield List.of();
              }
              Lesson lesson = open.remove(0);
              followedUp.add(lesson);
              yield List.of(run.followUp(lesson, firstDue(open), "bob", "done", at));
            }
            case FOLLOW_UP_AGAIN ->
                followedUp.isEmpty()
                    ? List.of()
                    : allUnlessRefused(
                        () -> List.of(run.followUp(followedUp.get(0), null, "bob", "twice", at)));
          };

      PlaybookRun.State after = run.state();
      boolean completes = before.completedAt() == null && after.completedAt() != null;
      assertEquals(before.equals(after) ? 0 : completes ? 2 : 1, events.size());
      completed += completes ? 1 : 0;
      if (stepBefore.state() != StepState.OPEN) {
        assertEquals(stepBefore, step.view(), "settled, and yet it changed");
      }
      long settled = steps.stream().filter(one -> one.view().state() != StepState.OPEN).count();
      assertEquals(settled, after.done() + after.skipped());
      assertEquals(settled == size, after.completedAt() != null, "complete with its last step");
      assertEquals(open.size(), after.lessons());
      assertEquals(firstDue(open), after.lessonDueAt());
      assertEquals(exercise && settled == size && after.done() > 0, run.isExercised());
    }
    assertTrue(completed <= 1, "completed twice");
  }

  /** They are due in the order in which they were learnt. */
  private static Instant firstDue(List<Lesson> open) {
    return open.isEmpty() ? null : open.get(0).dueAt();
  }

  private static PlaybookEvent unlessRefused(Supplier<PlaybookEvent> decision) {
    List<PlaybookEvent> events = allUnlessRefused(() -> List.of(decision.get()));
    return events.isEmpty() ? null : events.get(0);
  }

  private static List<PlaybookEvent> allUnlessRefused(Supplier<List<PlaybookEvent>> decision) {
    try {
      return decision.get();
    } catch (Problem refused) {
      return List.of();
    }
  }
}
