package io.vigie.incident.playbook;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.incident.Category;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

class PlaybookTest {

  private static final PlaybookPolicy POLICY = new PlaybookPolicy();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Playbook playbook = new Playbook(Category.AVAILABILITY, "The shop is down");

  private PlaybookVersion submit(String author) {
    PlaybookVersion written =
        new PlaybookVersion(
            playbook.id(), playbook.next(), List.of("call", "tell"), null, null, author, NOW);
    playbook.submit(written, NOW);
    return written;
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }

  private static Instant day(int day) {
    return NOW.plus(Duration.ofDays(day));
  }

  @Test
  void nobodyDecidesOnWhatTheyWroteAndTheOneBeforeStaysInForce() {
    assertRefused("playbook-not-approved", playbook::requireInForce);
    PlaybookVersion first = submit("ann");
    assertRefused("playbook-pending", playbook::next);
    assertRefused("self-approval", () -> playbook.approve(first, POLICY, "ann", NOW));
    assertRefused("self-approval", () -> playbook.sendBack(first, "ann", "no", NOW));
    assertRefused("playbook-not-approved", playbook::requireInForce);
    playbook.approve(first, POLICY, "bob", NOW);
    assertRefused("playbook-not-pending", () -> playbook.approve(first, POLICY, "bob", NOW));

    PlaybookVersion second = submit("bob");
    assertEquals(1, playbook.requireInForce());
    playbook.sendBack(second, "ann", "too short", NOW);
    assertEquals(1, playbook.requireInForce());
    playbook.approve(submit("bob"), POLICY, "ann", NOW);
    assertEquals(3, playbook.requireInForce());
  }

  @ParameterizedTest
  @CsvSource({"AVAILABILITY, 183", "INTRUSIONS, 183", "FRAUD, 365"})
  void anExerciseIsDueByCategory(Category category, int days) {
    assertEquals(Duration.ofDays(days), POLICY.interval(category));
  }

  @Test
  void anExerciseBeginsTheTimeUntilTheNext() {
    assertNull(playbook.state().exerciseDueAt());
    playbook.approve(submit("ann"), POLICY, "bob", NOW);
    playbook.approve(submit("ann"), POLICY, "bob", day(10));
    assertEquals(day(183), playbook.state().exerciseDueAt());

    UUID run = UUID.randomUUID();
    assertEquals(
        new PlaybookEvent.Exercised(
            playbook.id(), Category.AVAILABILITY, run, day(200 + 183), day(200)),
        playbook.exercised(run, POLICY, day(200)));
  }

  @Test
  void aStepIsSettledOnceAndTheLastOneCompletesTheChecklist() {
    PlaybookVersion written = submit("ann");
    PlaybookRun run = new PlaybookRun(written, playbook.id(), null, "ann", NOW);
    List<RunStep> steps = run.steps(written);

    assertEquals(
        List.of(new PlaybookEvent.Settled(run.id(), 2, StepState.SKIPPED, day(1))),
        run.settle(steps.get(1), StepState.SKIPPED, "ann", "nobody there", day(1)));
    assertRefused(
        "step-settled", () -> run.settle(steps.get(1), StepState.DONE, "ann", null, day(1)));
    assertEquals(
        List.of(
            new PlaybookEvent.Settled(run.id(), 1, StepState.DONE, day(2)),
            new PlaybookEvent.Completed(run.id(), playbook.id(), null, true, 1, day(2))),
        run.settle(steps.get(0), StepState.DONE, "bob", null, day(2)));
  }

  @Test
  void itsDocumentIsThatOfTheVersionInForce() {
    UUID document = UUID.randomUUID();
    playbook.approve(submit("ann"), POLICY, "bob", NOW);
    assertNull(playbook.state().document());

    PlaybookVersion second =
        new PlaybookVersion(playbook.id(), playbook.next(), List.of("a"), document, 3, "ann", NOW);
    playbook.submit(second, NOW);
    assertNull(playbook.state().document(), "not in force yet");
    playbook.approve(second, POLICY, "bob", NOW);
    assertEquals(document, playbook.state().document());
    assertEquals(3, playbook.state().documentNumber());
  }

  @Test
  void aLessonIsFollowedUpOnceAndTheFirstOfThoseThatAreOpenSaysByWhen() {
    PlaybookRun run = new PlaybookRun(submit("ann"), playbook.id(), null, "ann", NOW);
    Lesson lesson = new Lesson(run.id(), "old number", "bob", day(10), NOW);
    run.learn(lesson, NOW);
    run.learn(new Lesson(run.id(), "old key", "bob", day(20), NOW), NOW);
    assertEquals(2, run.state().lessons());
    assertEquals(day(10), run.state().lessonDueAt());

    assertEquals(
        new PlaybookEvent.FollowedUp(run.id(), lesson.id(), true, day(11)),
        run.followUp(lesson, day(20), "bob", "checked", day(11)));
    assertEquals(1, run.state().lessons());
    assertEquals(day(20), run.state().lessonDueAt());
    assertRefused("lesson-followed-up", () -> run.followUp(lesson, null, "bob", "x", day(12)));

    run.learn(new Lesson(run.id(), "old lock", "bob", day(15), day(12)), day(12));
    assertEquals(day(15), run.state().lessonDueAt());
  }

  @Test
  void whereEveryStepWasSkippedNothingWasExercised() {
    PlaybookVersion written = submit("ann");
    for (StepState last : List.of(StepState.SKIPPED, StepState.DONE)) {
      PlaybookRun run = new PlaybookRun(written, playbook.id(), null, "ann", NOW);
      List<RunStep> steps = run.steps(written);

      run.settle(steps.get(0), StepState.SKIPPED, "ann", "no time", NOW);
      assertEquals(false, run.isExercised(), "not over yet");
      run.settle(steps.get(1), last, "ann", null, NOW);

      assertEquals(last == StepState.DONE, run.isExercised());
    }
  }

  @Test
  void onlyAnExerciseIsOne() {
    PlaybookVersion written = submit("ann");
    PlaybookRun run = new PlaybookRun(written, playbook.id(), UUID.randomUUID(), "ann", NOW);
    run.steps(written).forEach(step -> run.settle(step, StepState.DONE, "ann", null, NOW));

    assertEquals(NOW, run.state().completedAt());
    assertEquals(false, run.isExercised());
  }

  @Test
  void gapsAreWhatShiftsLeaveOpen() {
    List<Shift> shifts =
        List.of(
            new Shift("ann", day(-1), day(2)),
            new Shift("bob", day(2), day(4)),
            new Shift("ann", day(5), day(7)));

    assertEquals(
        List.of(new Shift.Gap(day(4), day(5)), new Shift.Gap(day(7), day(9))),
        Shift.gaps(shifts, day(0), day(9)));
    assertEquals(List.of(), Shift.gaps(shifts.subList(0, 2), day(0), day(4)));
    assertEquals(List.of(new Shift.Gap(day(0), day(9))), Shift.gaps(List.of(), day(0), day(9)));
  }
}
