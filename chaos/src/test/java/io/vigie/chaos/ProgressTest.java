package io.vigie.chaos;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Each way in which clients can get nowhere, so that a run shows nothing. */
class ProgressTest {

  private static final Duration NO_TIME = Duration.ZERO;

  private final Progress progress = new Progress();
  private final Client client = new Client(null, new Ledger(), new Timeline(), 1);

  private void walk(Journey journey, int times) {
    for (int i = 0; i < times; i++) {
      try {
        journey.walk(client);
      } catch (Client.GaveUp e) {
        // as it is to be
      }
    }
  }

  private static void giveUp(Client client) throws Client.GaveUp {
    throw new Client.GaveUp("chaos");
  }

  private static Difference only(List<Difference> differences) {
    assertEquals(1, differences.size(), differences.toString());
    return differences.get(0);
  }

  @Test
  void aClientThatEndsByAnExceptionIsFoundWithWhereItHappened() {
    Load.walk(
        "client 07",
        any -> {
          throw new IllegalStateException("no JSON");
        },
        client,
        progress);

    Difference death = only(progress.differences(0, NO_TIME));
    assertEquals("client 07", death.object());
    assertTrue(death.found().startsWith("java.lang.IllegalStateException: no JSON"), death.found());
    assertTrue(death.found().contains("at "), death.found());
    assertTrue(death.found().contains("ProgressTest"), death.found());
  }

  @Test
  void aClientThatIsStoppedEndsWithoutADifference() {
    Load.walk("client 07", progress.counted("a", Client::stop), client, progress);

    assertEquals(List.of(), progress.differences(0, NO_TIME));
    assertEquals("Walks to their end, of those begun: a 1/1.", progress.line());
  }

  @Test
  void aJourneyThatNeverComesToItsEndIsFoundOnceItWasBegunOftenEnough() {
    Journey vain = progress.counted("vain", ProgressTest::giveUp);

    walk(vain, Progress.ENOUGH - 1);
    assertEquals(List.of(), progress.differences(0, NO_TIME));

    walk(vain, 1);
    Difference found = only(progress.differences(0, NO_TIME));
    assertEquals("vain", found.object());
    assertEquals("none of 8 begun, the last up to chaos", found.found());
  }

  @Test
  void aJourneyThatCameToItsEndOnceMayGiveUpAsOftenAsFaultsHaveIt() {
    walk(progress.counted("lucky", any -> {}), 1);
    walk(progress.counted("lucky", ProgressTest::giveUp), 10 * Progress.ENOUGH);

    assertEquals(List.of(), progress.differences(0, NO_TIME));
  }

  @Test
  void aRunInWhichLessThanAWriteASecondWasDoneIsFound() {
    Duration worked = Duration.ofMinutes(2);

    assertEquals(List.of(), progress.differences(120, worked));
    assertEquals("119", only(progress.differences(119, worked)).found());
  }
}
