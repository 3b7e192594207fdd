package io.vigie.verifier;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

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
  private final LongSupplier nanos;
  private long total;
  private long began;
  private long shown;
  private boolean drawn;

  /**
   * Progress that is shown to a person.
   *
   * @param terminal whether a line may be redrawn
   * @param nanos the time, as {@link System#nanoTime()} gives it
   */
  Progress(PrintStream err, boolean terminal, LongSupplier nanos) {
    this.err = err;
    this.terminal = terminal;
    this.nanos = nanos;
  }

  /** Progress on standard error as far as a person watches it there. */
  static Progress shown(PrintStream err) {
    // Some runtimes have a console without a terminal, but no scheduler has a TERM.
    boolean terminal = System.console() != null && System.getenv("TERM") != null;
    return new Progress(err, terminal, System::nanoTime);
  }

  /** Progress that nobody watches. */
  static Progress hidden() {
    return new Progress(new PrintStream(OutputStream.nullOutputStream()), false, System::nanoTime);
  }

  void begin(long entries) {
    total = entries;
    began = nanos.getAsLong();
    shown = began;
  }

  void reached(long entries) {
    long now = nanos.getAsLong();
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
