package io.vigie.chaos;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that is not as it must be.
 *
 * @param object what it is about: an object, a write, a checkpoint
 */
public record Difference(String object, String expected, String found) {

  private static final int FRAMES = 6;

  /** Somebody who was to work until the end of a run, and ended by an exception before. */
  static Difference death(String who, Throwable cause) {
    return new Difference(
        who,
        "works until the end",
        Stream.concat(
                Stream.of(cause.toString()),
                Arrays.stream(cause.getStackTrace()).limit(FRAMES).map(frame -> "at " + frame))
            .collect(Collectors.joining("\n        ")));
  }

  @Override
  public String toString() {
    return "%s%n    expected: %s%n    found:    %s".formatted(object, expected, found);
  }
}
