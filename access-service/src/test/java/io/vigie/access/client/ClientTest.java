package io.vigie.access.client;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;

import io.vigie.access.client.Purpose.Ground;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ClientTest {

  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  static final LocalDate TODAY = LocalDate.of(2026, 1, 2);
  static final String FILE = "a".repeat(64);
  static final String OTHER_FILE = "b".repeat(64);
  private static final UUID SERVER = UUID.randomUUID();
  private static final UUID DISK = UUID.randomUUID();

  static final Purpose CLAUSE = new Purpose(Ground.CLAUSE, "article 5", FILE);
  static final Purpose INSTRUCTION = new Purpose(Ground.INSTRUCTION, "mail", OTHER_FILE);

  /** Active, with a contract up to this day, or without end. */
  static Client client(LocalDate endsOn) {
    return new Client(profile(endsOn, 48));
  }

  private static ClientProfile profile(LocalDate endsOn, int hours) {
    return new ClientProfile(
        "Example",
        new ClientContract("2026-1", TODAY.minusDays(10), endsOn, FILE),
        List.of(new DataEntrusted("identity", List.of(SERVER, DISK, SERVER))),
        hours,
        new SecurityContact("C. D.", "c@d.example", null));
  }

  static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }

  @Test
  void whatIsToldOfAClientIsHowSoonItMustKnowOfABreachAndWhereItsDataIs() {
    Client client = client(null);

    ClientEvent.Registered registered = (ClientEvent.Registered) client.registered(NOW);

    assertEquals(48, registered.notificationDelayHours());
    assertEquals(2, registered.assets().size());
    assertTrue(registered.assets().containsAll(List.of(SERVER, DISK)));
    String told = client.state().toString() + registered;
    assertTrue(!told.contains("Example") && !told.contains("C. D.") && !told.contains("@"), told);
  }

  @Test
  void aChangeNamesWhatDiffersAndAnEqualProfileChangesNothing() {
    Client client = client(null);

    assertEquals(List.of(), client.change(profile(null, 48), NOW));
    ClientEvent.Changed changed =
        (ClientEvent.Changed) client.change(profile(TODAY.plusDays(9), 24), NOW).get(0);
    assertEquals(List.of("contract", "notificationDelayHours"), changed.fields());
    assertEquals(24, changed.notificationDelayHours());
  }

  @Test
  void anEndSaysWhatBecomesOfTheDataAndTheContactIsForgottenOnceItHas() {
    Client client = client(null);
    assertRefused("client-active", () -> client.settle(OTHER_FILE, NOW));

    assertEquals(
        new ClientEvent.Ended(client.id(), DataFate.RETURNED, TODAY.plusDays(30), NOW),
        client.end(DataFate.RETURNED, TODAY.plusDays(30), NOW));
    assertRefused("client-ended", () -> client.end(DataFate.DESTROYED, TODAY, NOW));
    assertEquals("C. D.", client.profile().contact().name());

    assertEquals(
        new ClientEvent.DataSettled(client.id(), DataFate.RETURNED, OTHER_FILE, NOW),
        client.settle(OTHER_FILE, NOW));
    assertNull(client.profile().contact());
    assertRefused("client-settled", () -> client.settle(OTHER_FILE, NOW));
    assertRefused("client-settled", () -> client.change(profile(null, 1), NOW));
  }

  @ParameterizedTest
  @CsvSource({"-1", "366"})
  void theDataHasItsFateWithinAYear(int days) {
    assertRefused(
        "validation", () -> client(null).end(DataFate.DESTROYED, TODAY.plusDays(days), NOW));
  }

  @Test
  void aClauseAllowsNothingBeyondItsContractAndAnInstructionDoes() {
    Client client = client(TODAY.plusDays(2));
    Instant lastMoment = Instant.parse("2026-01-05T00:00:00Z");

    client.requireAllows(CLAUSE, lastMoment);
    assertRefused("beyond-contract", () -> client.requireAllows(CLAUSE, lastMoment.plusSeconds(1)));
    client.requireAllows(INSTRUCTION, lastMoment.plusSeconds(1));
  }

  @Test
  void afterItsEndAClientsDataIsTouchedOnItsInstructionUntilTheDataIsSettled() {
    Client client = client(null);
    client.end(DataFate.DESTROYED, TODAY, NOW);
    Instant midnight = Instant.parse("2026-01-03T00:00:00Z");

    assertRefused("client-ended", () -> client.requireAllows(CLAUSE, midnight));
    client.requireAllows(INSTRUCTION, midnight);
    assertRefused(
        "beyond-client", () -> client.requireAllows(INSTRUCTION, midnight.plusSeconds(1)));
    client.settle(FILE, NOW);
    assertRefused("client-settled", () -> client.requireAllows(INSTRUCTION, midnight));
  }

  @Test
  void aProfileThatContradictsItselfIsRefused() {
    SecurityContact contact = new SecurityContact("C", "c@d.example", null);
    ClientContract contract = new ClientContract("1", TODAY, null, FILE);
    List<List<DataEntrusted>> wrong =
        List.of(
            List.of(new DataEntrusted("secrets", List.of())),
            List.of(
                new DataEntrusted("identity", List.of()),
                new DataEntrusted("identity", List.of(SERVER))));
    for (List<DataEntrusted> data : wrong) {
      assertRefused(
          "validation", () -> new Client(new ClientProfile("E", contract, data, 1, contact)));
    }
    for (ClientContract days :
        List.of(
            new ClientContract("1", TODAY, TODAY.minusDays(1), FILE),
            new ClientContract("1", TODAY, TODAY.plusYears(51), FILE),
            new ClientContract("1", LocalDate.of(1066, 1, 1), null, FILE))) {
      assertRefused(
          "validation", () -> new Client(new ClientProfile("E", days, List.of(), 1, contact)));
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  private enum Phase {
    ACTIVE,
    ENDED,
    SETTLED
  }

  /** Whatever people try, in whatever order, a client goes one way. */
  @ParameterizedTest
  @MethodSource("seeds")
  void aClientIsActiveThenEndedThenSettledAndItsStateIsWhatItsEventsSay(long seed) {
    Random random = new Random(seed * 104_729 + 7);
    Client client = client(null);
    Phase phase = Phase.ACTIVE;
    int hours = 48;
    for (int step = 0; step < 30; step++) {
      List<ClientEvent> events = new ArrayList<>();
      Client.State before = client.state();
      int wanted = 1 + random.nextInt(3);
      int what = random.nextInt(6);
      try {
        switch (what) {
          case 0 -> events.add(client.end(DataFate.RETURNED, TODAY.plusDays(3), NOW));
          case 1 -> events.add(client.settle(FILE, NOW));
          default -> events.addAll(client.change(profile(null, wanted), NOW));
        }
      } catch (Problem refused) {
        assertEquals(409, refused.status());
        assertEquals(before, client.state());
        assertTrue(
            what == 0 && phase != Phase.ACTIVE
                || what == 1 && phase != Phase.ENDED
                || what > 1 && phase == Phase.SETTLED,
            what + " refused while " + phase);
        continue;
      }
      switch (what) {
        case 0 -> phase = Phase.ENDED;
        case 1 -> phase = Phase.SETTLED;
        default -> {
          assertEquals(wanted == hours ? 0 : 1, events.size());
          hours = wanted;
        }
      }
      assertEquals(hours, client.state().notificationDelayHours());
      assertEquals(phase == Phase.ACTIVE, client.state().state() == ClientState.ACTIVE);
      assertEquals(phase == Phase.SETTLED, client.state().settledAt() != null);
      assertEquals(phase == Phase.SETTLED, client.profile().contact() == null);
    }
  }
}
