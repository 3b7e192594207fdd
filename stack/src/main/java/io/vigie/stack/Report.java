package io.vigie.stack;

import java.util.Locale;

/** What the demo tells its user, at most 100 columns wide: titles, and under each who did what. */
final class Report {
  private static final long KIBI = 1L << 10;
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Report() {}

  static void title(String title) {
    System.out.printf("%n%s%n", title);
  }

  /** A line on what somebody did. */
  static void did(Caller who, String what, Object... details) {
    line(who.name(), what, details);
  }

  /** A line that goes on, or that is nobody's doing. */
  static void note(String what, Object... details) {
    line("", what, details);
  }

  private static void line(String who, String what, Object... details) {
    System.out.printf("  %-14s  %s%n", who, String.format(Locale.ROOT, what, details));
  }

  /** A number of bytes in the largest unit of which it is at least one. */
  static String size(long bytes) {
    int unit = 0;
    double shown = bytes;
    while (shown >= KIBI && unit < UNITS.length - 1) {
      shown /= KIBI;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", shown, UNITS[unit]);
  }
}
