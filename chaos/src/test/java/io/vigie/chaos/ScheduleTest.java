package io.vigie.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ScheduleTest {

  private static final Duration LENGTH = Duration.ofMinutes(10);
  private static final List<Fault> FAULTS = faults();

  private static List<Fault> faults() {
    List<Fault> faults = new ArrayList<>();
    for (String component : List.of("a", "b", "c", "d")) {
      faults.add(new Fault(Fault.What.KILL, component, 6_000));
      faults.add(new Fault(Fault.What.FREEZE, component, 14_000));
    }
    faults.add(new Fault(Fault.What.FILL, "disk", 5_000));
    return faults;
  }

  private static long end(Schedule.Strike strike) {
    return strike.at().plus(strike.lasts()).toMillis();
  }

  @Test
  void theSameSeedGivesTheSameScheduleAndAnotherSeedAnother() {
    Schedule schedule = Schedule.of(7, LENGTH, FAULTS);

    assertEquals(schedule, Schedule.of(7, LENGTH, FAULTS));
    assertNotEquals(schedule, Schedule.of(8, LENGTH, FAULTS));
  }

  @Test
  void everyFaultStrikesBeforeAnyStrikesAgainAndAllAreOverInTime() {
    for (long seed = 0; seed < 200; seed++) {
      List<Schedule.Strike> strikes = Schedule.of(seed, LENGTH, FAULTS).strikes();

      Set<Fault> first =
          strikes.stream()
              .limit(FAULTS.size())
              .map(Schedule.Strike::fault)
              .collect(Collectors.toSet());
      assertEquals(FAULTS.size(), first.size());
      assertTrue(strikes.stream().allMatch(strike -> end(strike) <= LENGTH.toMillis()));
    }
  }

  @Test
  void whatStrikesInTheTestOfTwoMinutesIsOfEachSortAndHitsWhatAllRestsOn() {
    List<Fault> all = Platform.faults(true, true); // as root, with libfaketime

    Set<Fault> struck =
        Schedule.of(ChaosTest.SEED, ChaosTest.LENGTH, all).strikes().stream()
            .map(Schedule.Strike::fault)
            .collect(Collectors.toSet());

    assertEquals(
        Set.of(Fault.What.values()),
        struck.stream().map(Fault::what).collect(Collectors.toSet()),
        struck.toString());
    Set<String> named = struck.stream().map(Fault::toString).collect(Collectors.toSet());
    assertTrue(
        named.containsAll(
            List.of(
                "kill postgresql",
                "freeze postgresql",
                "cut postgresql",
                "slow postgresql",
                "kill kafka",
                "freeze kafka",
                "kill audit",
                "fill disk")),
        named.toString());
  }

  @Test
  void faultsThatWouldUndoEachOtherNeverOverlapThoughOthersDo() {
    boolean someOverlap = false;
    for (long seed = 0; seed < 200; seed++) {
      List<Schedule.Strike> strikes = Schedule.of(seed, LENGTH, FAULTS).strikes();
      for (int i = 0; i < strikes.size(); i++) {
        for (Schedule.Strike later : strikes.subList(i + 1, strikes.size())) {
          if (later.at().toMillis() < end(strikes.get(i))) {
            someOverlap = true;
            assertFalse(later.fault().touches(strikes.get(i).fault()), strikes.toString());
          }
        }
      }
    }
    assertTrue(someOverlap);
  }
}
