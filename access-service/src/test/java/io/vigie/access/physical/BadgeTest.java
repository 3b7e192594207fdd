package io.vigie.access.physical;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

import io.vigie.access.person.Details;
import io.vigie.access.person.Person;
import io.vigie.access.person.PersonKind;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static io.vigie.access.physical.BadgeState.ACTIVE;
import static io.vigie.access.physical.BadgeState.LOST;
import static io.vigie.access.physical.BadgeState.RETURNED;
import static io.vigie.access.physical.BadgeState.REVOKED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BadgeTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String MANAGER = "manager";
  private static final String HOLDER = UUID.randomUUID().toString();

  private enum Step {
    LOSE,
    REVOKE,
    GIVE_BACK
  }

  /** Which states each step may be taken in, and where it leads. */
  private static final Map<Step, Set<BadgeState>> FROM =
      Map.of(
          Step.LOSE, Set.of(ACTIVE, REVOKED),
          Step.REVOKE, Set.of(ACTIVE),
          Step.GIVE_BACK, Set.of(ACTIVE, REVOKED, LOST));

  private static final Map<Step, BadgeState> TO =
      Map.of(Step.LOSE, LOST, Step.REVOKE, REVOKED, Step.GIVE_BACK, RETURNED);

  static Person holder() {
    return new Person(
        new Details(
            "Ada",
            "Lovelace",
            "ada@example.org",
            null,
            HOLDER,
            PersonKind.EMPLOYEE,
            "developer",
            null,
            null,
            null,
            LocalDate.of(2025, 9, 1),
            null),
        MANAGER,
        NOW);
  }

  private static BadgeEvent take(Step step, Badge badge, Instant at) {
    return switch (step) {
      case LOSE -> badge.lose("x", at);
      case REVOKE -> badge.revoke("why", "x", at);
      case GIVE_BACK -> badge.giveBack("x", at);
    };
  }

  @Test
  void whateverIsDoneWithABadgeItIsWhereTheTableSaysAndOpensDoorsUntilItsFirstEndAlone() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed * 7_919L);
      Badge badge = new Badge("B-1", holder(), null, MANAGER, NOW);
      BadgeState state = ACTIVE;
      Instant firstEnd = null;
      List<Step> life = new ArrayList<>();
      for (int i = 1; i <= 6; i++) {
        Step step = Step.values()[random.nextInt(3)];
        Instant at = NOW.plusSeconds(i);
        life.add(step);
        if (FROM.get(step).contains(state)) {
          BadgeEvent event = take(step, badge, at);
          assertEquals(badge.id(), event.aggregateId());
          state = TO.get(step);
          firstEnd = firstEnd == null ? at : firstEnd;
        } else {
          Badge.State before = badge.state();
          Problem refusal =
              assertThrows(Problem.class, () -> take(step, badge, at), life::toString);
          assertEquals(409, refusal.status());
          assertEquals(before, badge.state(), life::toString);
        }
        assertEquals(state, badge.state().state(), life::toString);
        assertEquals(firstEnd, badge.state().endedAt(), life::toString);
        assertEquals(state == ACTIVE, badge.wasActive(at), life::toString);
      }
      assertTrue(badge.wasActive(NOW));
      assertFalse(badge.wasActive(NOW.minusSeconds(1)));
    }
  }

  @Test
  void nobodyGivesThemselfABadge() {
    Problem refusal =
        assertThrows(Problem.class, () -> new Badge("B-1", holder(), null, HOLDER, NOW));

    assertEquals("own-badge", refusal.code());
  }
}
