package io.vigie.chaos;

/**
 * Something that is not as it must be.
 *
 * @param object what it is about: an object, a write, a checkpoint
 */
public record Difference(String object, String expected, String found) {

  @Override
  public String toString() {
    return "%s%n    expected: %s%n    found:    %s".formatted(object, expected, found);
  }
}
