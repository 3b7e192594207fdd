package io.vigie.access.physical;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static io.vigie.access.physical.VisitState.APPROVED;
import static io.vigie.access.physical.VisitState.CANCELLED;
import static io.vigie.access.physical.VisitState.EXPIRED;
import static io.vigie.access.physical.VisitState.LEFT;
import static io.vigie.access.physical.VisitState.PLANNED;
import static io.vigie.access.physical.VisitState.PRESENT;
import static io.vigie.access.physical.VisitState.REFUSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VisitTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant FROM = NOW.plus(Duration.ofHours(3));
  private static final Instant UNTIL = NOW.plus(Duration.ofHours(6));
  private static final UUID HOST = UUID.randomUUID();
  private static final String PLANNER = "planner";

  private enum Step {
    APPROVE,
    REFUSE,
    CANCEL,
    ARRIVE,
    LEAVE,
    TIME_OVER
  }

  private static VisitPlan plan(Instant from, Instant until) {
    return new VisitPlan(
        VisitorKind.VISITOR,
        "Grace Hopper",
        null,
        HOST,
        List.of(UUID.randomUUID()),
        "meeting",
        from,
        until);
  }

  private static Visit planned() {
    return new Visit(plan(FROM, UNTIL), PLANNER, NOW);
  }

  private static VisitEvent take(Step step, Visit visit, Instant at) {
    return switch (step) {
      case APPROVE -> visit.approve("other", at);
      case REFUSE -> visit.refuse("no", "other", at);
      case CANCEL -> visit.cancel("no", "other", at);
      case ARRIVE -> visit.arrive("V-1", at);
      case LEAVE -> visit.leave(at);
      case TIME_OVER -> visit.timeOver(at);
    };
  }

  /** Where a step leads, or null where it is refused. */
  private static VisitState after(Step step, VisitState state, Instant at, boolean wasTold) {
    boolean isOver = !at.isBefore(UNTIL);
    boolean isAhead = state == PLANNED || state == APPROVED;
    return switch (step) {
      case APPROVE -> state == PLANNED && !isOver ? APPROVED : null;
      case REFUSE -> state == PLANNED ? REFUSED : null;
      case CANCEL -> isAhead ? CANCELLED : null;
      case ARRIVE ->
          state == APPROVED && !isOver && !at.isBefore(FROM.minus(Visit.EARLY)) ? PRESENT : null;
      case LEAVE -> state == PRESENT ? LEFT : null;
      case TIME_OVER ->
          !isOver ? null : isAhead ? EXPIRED : state == PRESENT && !wasTold ? PRESENT : null;
    };
  }

  @Test
  void whateverHappensInWhateverOrderAVisitIsWhereTheRuleSaysAndItsOverstayIsToldOnce() {
    int overstays = 0;
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed * 7_919L);
      Visit visit = planned();
      VisitState state = PLANNED;
      Instant at = NOW;
      boolean wasTold = false;
      List<String> life = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        at = at.plus(Duration.ofMinutes(random.nextInt(80)));
        Step step = Step.values()[random.nextInt(6)];
        life.add(step + " at " + at);
        Instant time = at;
        VisitState next = after(step, state, at, wasTold);
        if (next == null) {
          Visit.State before = visit.state();
          Problem refusal =
              assertThrows(Problem.class, () -> take(step, visit, time), life::toString);
          assertEquals(409, refusal.status());
          assertEquals(before, visit.state(), life::toString);
        } else {
          VisitEvent event = take(step, visit, time);
          if (event instanceof VisitEvent.Overstayed) {
            wasTold = true;
            overstays++;
          }
          state = next;
        }
        assertEquals(state, visit.state().state(), life::toString);
        assertEquals(wasTold, visit.state().overstayedAt() != null, life::toString);
      }
    }
    assertTrue(overstays > 20, "lives that overstay: " + overstays);
  }

  @Test
  void whoPlannedAVisitDoesNotApproveIt() {
    assertRefused("self-approval", () -> planned().approve(PLANNER, NOW));
  }

  @Test
  void aPlanEndsInTheFutureAMonthAfterItsBeginningAtMost() {
    new Visit(plan(NOW.minusSeconds(60), NOW.plusSeconds(1)), PLANNER, NOW);
    assertRefused("validation", () -> new Visit(plan(FROM, FROM), PLANNER, NOW));
    assertRefused("validation", () -> new Visit(plan(NOW.minusSeconds(60), NOW), PLANNER, NOW));
    assertRefused(
        "validation",
        () -> new Visit(plan(FROM, FROM.plus(Duration.ofDays(31)).plusSeconds(1)), PLANNER, NOW));
    Instant far = NOW.plus(Duration.ofDays(367));
    assertRefused("validation", () -> new Visit(plan(far, far.plusSeconds(60)), PLANNER, NOW));
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }

  @Test
  void whoCameIsForgottenOfWhatIsOverAlone() {
    Visit visit = planned();

    assertThrows(Problem.class, () -> visit.forgetVisitor(UNTIL));
    assertEquals("Grace Hopper", visit.visitor());
    visit.refuse("no", "other", NOW);
    assertEquals(
        new VisitEvent.VisitorForgotten(visit.id(), HOST, UNTIL), visit.forgetVisitor(UNTIL));
    assertNull(visit.visitor());
  }
}
