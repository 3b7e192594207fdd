package io.vigie.access.physical;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

import io.vigie.access.person.Person;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static io.vigie.access.physical.KeyState.DESTROYED;
import static io.vigie.access.physical.KeyState.HANDED_OUT;
import static io.vigie.access.physical.KeyState.IN_SAFE;
import static io.vigie.access.physical.KeyState.LOST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class KeyTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final UUID ZONE = UUID.randomUUID();

  private enum Step {
    HAND_OUT,
    TAKE_BACK,
    LOSE,
    DESTROY
  }

  /** Which states each step may be taken in, and where it leads. */
  private static final Map<Step, Set<KeyState>> FROM =
      Map.of(
          Step.HAND_OUT, Set.of(IN_SAFE),
          Step.TAKE_BACK, Set.of(HANDED_OUT, LOST),
          Step.LOSE, Set.of(IN_SAFE, HANDED_OUT),
          Step.DESTROY, Set.of(IN_SAFE, LOST));

  private static final Map<Step, KeyState> TO =
      Map.of(
          Step.HAND_OUT, HANDED_OUT,
          Step.TAKE_BACK, IN_SAFE,
          Step.LOSE, LOST,
          Step.DESTROY, DESTROYED);

  private final Person holder = BadgeTest.holder();

  private KeyEvent take(Step step, Key key, Instant at) {
    return switch (step) {
      case HAND_OUT -> key.handOut(holder, true, "manager", at);
      case TAKE_BACK -> key.takeBack("manager", at);
      case LOSE -> key.lose("manager", at);
      case DESTROY -> key.destroy("why", "manager", at);
    };
  }

  private static Key inSafe() {
    return new Key("HQ-2-A", 1, List.of(ZONE), "manager", NOW);
  }

  @Test
  void whateverIsDoneWithAKeyItIsWhereTheTableSaysAndSomebodyHasItWhileItIsOutOrLostFromThem() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed * 7_919L);
      Key key = inSafe();
      KeyState state = IN_SAFE;
      UUID has = null;
      List<Step> life = new ArrayList<>();
      for (int i = 1; i <= 10; i++) {
        Step step = Step.values()[random.nextInt(4)];
        Instant at = NOW.plusSeconds(i);
        life.add(step);
        if (FROM.get(step).contains(state)) {
          take(step, key, at);
          state = TO.get(step);
          has =
              switch (step) {
                case HAND_OUT -> holder.id();
                case LOSE -> has;
                default -> null;
              };
        } else {
          Key.State before = key.state();
          Problem refusal = assertThrows(Problem.class, () -> take(step, key, at), life::toString);
          assertEquals(409, refusal.status());
          assertEquals(before, key.state(), life::toString);
        }
        assertEquals(state, key.state().state(), life::toString);
        assertEquals(has, key.state().holder(), life::toString);
      }
    }
  }

  @Test
  void aKeyGoesToWhoMayEnterAllThatItOpensAndIsNotWhoHandsItOut() {
    Key key = inSafe();

    assertRefused("no-right", () -> key.handOut(holder, false, "manager", NOW));
    assertRefused("own-key", () -> key.handOut(holder, true, holder.state().subject(), NOW));
    assertEquals(IN_SAFE, key.state().state());
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
