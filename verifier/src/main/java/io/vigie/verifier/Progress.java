package io.vigie.verifier;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How far a long check has come: a bar that is redrawn on a terminal, else a plain line every ten
 * seconds.
 */
final class Progress {

  private static final int BAR = 30;
  private static final long REDRAW = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long LINE = TimeUnit.SECONDS.toNanos(10);

  private final PrintStream err;
  private final boolean terminal;
  private long total;
  private long began;
  private long shown;
  private boolean drawn;

  Progress(PrintStream err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  void begin(long entries) {
    total = entries;
    began = System.nanoTime();
    shown = began;
  }

  void reached(long entries) {
    long now = System.nanoTime();
    if (now - shown < (terminal ? REDRAW : LINE)) {
      return;
    }
    shown = now;
    drawn = terminal;
    double rate = entries / ((now - began) / 1e9);
    String state =
        String.format(
            Locale.ROOT,
            "%d %%  %,d of %,d entries, %,.0f a second, %,.0f s left",
            percent(entries),
            entries,
            total,
            rate,
            (total - entries) / rate);
    if (terminal) {
      int full = percent(entries) * BAR / 100;
      err.print("\r[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + state + "   ");
      err.flush();
    } else {
      err.println(state);
    }
  }

  private int percent(long entries) {
    return (int) (100.0 * entries / total);
  }

  /** Leaves the bar behind, if there is one. */
  void end() {
    if (drawn) {
      err.println();
    }
  }
}
