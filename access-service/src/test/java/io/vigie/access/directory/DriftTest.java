package io.vigie.access.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DriftTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant LATER = NOW.plus(Duration.ofDays(30));
  private static final Duration LONGEST = Duration.ofDays(90);
  private static final String ACCOUNT = UUID.randomUUID().toString();
  private static final UUID PERSON = UUID.randomUUID();

  private static Drift drift(DriftKind kind, boolean repair) {
    return new Drift(new Difference(kind, "sysadmin"), ACCOUNT, PERSON, repair, NOW);
  }

  @Test
  void aFindingSaysWhatDiffersAndWhetherItIsPutRightAtOnce() {
    Drift drift = drift(DriftKind.UNAPPROVED_ROLE, true);

    assertEquals(
        new DriftEvent.Found(drift.id(), "UNAPPROVED_ROLE", ACCOUNT, PERSON, "sysadmin", true, NOW),
        drift.found());
    assertEquals(DriftState.REPAIRING, drift.state().state());
  }

  @Test
  void nobodyAcceptsWhatIsFoundAboutTheirOwnAccount() {
    Drift drift = drift(DriftKind.UNAPPROVED_ROLE, false);

    Problem refusal =
        assertThrows(Problem.class, () -> drift.accept("mine", LATER, LONGEST, ACCOUNT, NOW));

    assertEquals("own-account", refusal.code());
    assertEquals(DriftState.OPEN, drift.state().state());
  }

  @Test
  void anAcceptanceHasAnEndWithinItsLimit() {
    for (Instant until : List.of(NOW, NOW.plus(LONGEST).plusMillis(1))) {
      Problem refusal =
          assertThrows(
              Problem.class,
              () -> drift(DriftKind.MISSING_ROLE, false).accept("why", until, LONGEST, "x", NOW));
      assertEquals("until", refusal.errors().get(0).field());
    }
    Drift drift = drift(DriftKind.MISSING_ROLE, false);
    drift.accept("why", NOW.plus(LONGEST), LONGEST, "x", NOW);
    assertFalse(drift.hasLapsed(NOW.plus(LONGEST).minusMillis(1)));
    assertTrue(drift.hasLapsed(NOW.plus(LONGEST)));
  }

  @Test
  void anAccountThatIsGoneIsNotMadeAgainByAGuess() {
    Problem refusal =
        assertThrows(
            Problem.class, () -> drift(DriftKind.MISSING_ACCOUNT, false).orderRepair("x", NOW));

    assertEquals("account-gone", refusal.code());
  }

  @Test
  void whatIsFoundAboutTheDirectoryItselfIsAcceptedAndNeverPutRightByVigie() {
    Drift drift =
        new Drift(new Difference(DriftKind.GUESSERS_NOT_LOCKED_OUT), null, null, false, NOW);

    Problem refusal = assertThrows(Problem.class, () -> drift.orderRepair("x", NOW));

    assertEquals("directory-settings", refusal.code());
    assertEquals(DriftState.OPEN, drift.state().state());
    drift.accept("another lock stands before it", LATER, LONGEST, "x", NOW);
    assertEquals(DriftState.ACCEPTED, drift.state().state());
  }

  /** Every sequence of decisions: each comes from a state that allows it, or changes nothing. */
  @Test
  void whateverIsDecidedAFindingMovesOnlyAsItsStatesAllow() {
    Random random = new Random(26);
    List<Function<Drift, DriftEvent>> decisions =
        List.of(
            drift -> drift.orderRepair("somebody", NOW),
            drift -> drift.repaired(NOW),
            drift -> drift.accept("why", LATER, LONGEST, "somebody", NOW),
            drift -> drift.end(Drift.End.GONE, NOW));
    List<Set<DriftState>> from =
        List.of(
            Set.of(DriftState.OPEN),
            Set.of(DriftState.REPAIRING),
            Set.of(DriftState.OPEN),
            Set.copyOf(DriftState.LIVE));
    List<DriftState> to =
        List.of(DriftState.REPAIRING, DriftState.REPAIRED, DriftState.ACCEPTED, DriftState.ENDED);
    for (int life = 0; life < 500; life++) {
      Drift drift = drift(DriftKind.UNAPPROVED_ROLE, random.nextBoolean());
      for (int step = 0; step < 6; step++) {
        int which = random.nextInt(decisions.size());
        Drift.State before = drift.state();
        if (from.get(which).contains(before.state())) {
          decisions.get(which).apply(drift);
          assertEquals(to.get(which), drift.state().state());
        } else {
          assertThrows(Problem.class, () -> decisions.get(which).apply(drift));
          assertEquals(before, drift.state());
        }
        assertEquals(
            !DriftState.LIVE.contains(drift.state().state()), drift.state().endedAt() != null);
      }
    }
  }
}
