package io.vigie.chaos;

import java.util.Locale;

/**
 * Something that goes wrong for a while.
 *
 * @param longest how long it lasts at most, in milliseconds, over 1,000
 */
public record Fault(What what, String component, int longest) {

  /** What goes wrong. */
  public enum What {
    /** The process dies at once (KILL) and is started again. */
    KILL,
    /** The process and its children stand still (STOP) and go on. */
    FREEZE,
    /** Connections to the component are reset, and new ones closed at once. */
    CUT,
    /** What is sent to the component and back arrives late. */
    SLOW,
    /** The newest events come from the broker a second time. */
    REPEAT,
    /** No byte more fits on the disk of all components. */
    FILL,
    /** The process's clock is some minutes ahead. */
    CLOCK
  }

  /** One of a component that lasts as long as is said when it strikes. */
  public static Fault of(What what, String component) {
    return new Fault(what, component, Integer.MAX_VALUE);
  }

  /** Whether both are about the same component, so that the one would undo the other. */
  boolean touches(Fault other) {
    return component.equals(other.component()) || what == What.FILL || other.what() == What.FILL;
  }

  @Override
  public String toString() {
    return (what + " " + component).toLowerCase(Locale.ROOT);
  }
}
