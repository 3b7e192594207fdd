package io.vigie.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Which fault strikes when and how long: the same for the same seed, length and faults. Every fault
 * strikes once before any strikes again; some begin while the one before them lasts.
 *
 * @param length how long clients work
 */
public record Schedule(Duration length, List<Strike> strikes) {

  /**
   * @param at since the load began
   */
  public record Strike(Duration at, Duration lasts, Fault fault) {}

  private static final int FIRST_MILLIS = 4_000;
  private static final int PAUSE_MILLIS = 2_000;
  private static final int LAST_MILLIS = 8_000;

  /**
   * A schedule that fits into this time: the last fault is over {@code 8 s} before its end.
   *
   * @param faults in any order, none twice
   */
  public static Schedule of(long seed, Duration length, List<Fault> faults) {
    Random random = new Random(seed);
    List<Strike> strikes = new ArrayList<>();
    List<Fault> bag = new ArrayList<>();
    long quietFrom = FIRST_MILLIS;
    Strike last = null;
    boolean overlapped = true;
    while (true) {
      if (bag.isEmpty()) {
        bag.addAll(faults);
        Collections.shuffle(bag, random);
      }
      Fault fault = bag.remove(bag.size() - 1);
      long lasts = 1_000 + random.nextInt(fault.longest() - 1_000);
      overlapped = !overlapped && random.nextInt(3) == 0 && !last.fault().touches(fault);
      long at =
          overlapped
              ? last.at().toMillis() + last.lasts().toMillis() / 2
              : quietFrom + random.nextInt(3_000);
      if (at + lasts > length.toMillis() - LAST_MILLIS) {
        return new Schedule(length, List.copyOf(strikes));
      }
      last = new Strike(Duration.ofMillis(at), Duration.ofMillis(lasts), fault);
      strikes.add(last);
      quietFrom = Math.max(quietFrom, at + lasts + PAUSE_MILLIS);
    }
  }
}
