package io.vigie.stack;

import java.io.PrintStream;
import java.util.Locale;

/**
 * How far long work is, as a bar: one line that is drawn anew on a terminal, elsewhere a line for
 * each tenth.
 */
final class Progress {
  private static final int WIDTH = 40;
  private static final int TENTH = 10;

  private final PrintStream out;
  private final boolean terminal;
  private final long all;
  private long done;
  private long shown = -1;
  private String stage = "";

  /**
   * @param all how many steps there are, 1 or more
   */
  Progress(PrintStream out, boolean terminal, long all) {
    this.out = out;
    this.terminal = terminal;
    this.all = all;
  }

  /** What the next steps are. */
  synchronized void stage(String next) {
    stage = next;
    show();
  }

  /** One more is done. */
  synchronized void step() {
    done++;
    show();
  }

  private void show() {
    long percent = Math.min(100, done * 100 / all);
    long part = terminal ? percent * 1_000 + stage.hashCode() % 1_000 : percent / TENTH;
    if (part == shown) {
      return;
    }
    shown = part;
    int full = (int) (percent * WIDTH / 100);
    out.printf(
        Locale.ROOT,
        terminal ? "\r  [%s%s] %3d %%  %-32s" : "  [%s%s] %3d %%  %s%n",
        "#".repeat(full),
        ".".repeat(WIDTH - full),
        percent,
        stage);
    out.flush();
  }

  /** Leaves the line, for what is said next. */
  synchronized void end() {
    if (terminal) {
      out.println();
    }
  }
}
