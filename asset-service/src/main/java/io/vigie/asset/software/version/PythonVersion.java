package io.vigie.asset.software.version;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code [epoch!]release[pre][post][dev][+local]} with the spellings that PEP 440 normalises,
 * ordered as it says.
 */
final class PythonVersion implements Comparable<PythonVersion> {

  private static final Pattern FORM =
      Pattern.compile(
          """
          \\s*v?(?:(\\d+)!)?(\\d+(?:\\.\\d+)*)\
          (?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\\d*))?\
          ((?:-(\\d+))|(?:[-_.]?(?:post|rev|r)[-_.]?(\\d*)))?\
          (?:[-_.]?(dev)[-_.]?(\\d*))?\
          (?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\\s*""");

  /** Behind every stage of a pre-release. */
  private static final int FINAL = 4;

  private final String epoch;
  private final String[] release;
  private final int stage;
  private final String stageNumber;
  private final String post;
  private final String dev;
  private final String[] local;

  PythonVersion(String text) {
    Matcher parts = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw new IllegalArgumentException(text);
    }
    epoch = parts.group(1) == null ? "" : parts.group(1);
    release = parts.group(2).split("\\.");
    post = parts.group(5) == null ? null : parts.group(6) == null ? parts.group(7) : parts.group(6);
    dev = parts.group(8) == null ? null : parts.group(9);
    stage = stage(parts.group(3), post == null && dev != null);
    stageNumber = parts.group(4) == null ? "" : parts.group(4);
    local = parts.group(10) == null ? null : parts.group(10).split("[-_.]");
  }

  /** A development release of no other stage comes before all of them. */
  private static int stage(String name, boolean isDevelopment) {
    if (name == null) {
      return isDevelopment ? 0 : FINAL;
    }
    return name.startsWith("a") ? 1 : name.startsWith("b") ? 2 : 3;
  }

  @Override
  public int compareTo(PythonVersion other) {
    int order = Digits.compare(epoch, other.epoch);
    for (int i = 0; order == 0 && i < Math.max(release.length, other.release.length); i++) {
      order = Digits.compare(at(release, i), at(other.release, i));
    }
    order = order == 0 ? Integer.compare(stage, other.stage) : order;
    order = order == 0 ? Digits.compare(stageNumber, other.stageNumber) : order;
    order = order == 0 ? compare(post, other.post, -1) : order;
    order = order == 0 ? compare(dev, other.dev, 1) : order;
    return order == 0 ? compareLocal(other) : order;
  }

  private static String at(String[] numbers, int i) {
    return i < numbers.length ? numbers[i] : "";
  }

  /**
   * Of two numbers.
   *
   * @param none what a missing one is, beside one that is there
   */
  private static int compare(String a, String b, int none) {
    if (a == null || b == null) {
      return a == b ? 0 : a == null ? none : -none;
    }
    return Digits.compare(a, b);
  }

  /** Numbers are newer than letters, and more parts than fewer. */
  private int compareLocal(PythonVersion other) {
    if (local == null || other.local == null) {
      return Boolean.compare(local != null, other.local != null);
    }
    for (int i = 0; i < Math.min(local.length, other.local.length); i++) {
      boolean number = local[i].matches("\\d+");
      boolean otherNumber = other.local[i].matches("\\d+");
      int order =
          number != otherNumber
              ? Boolean.compare(number, otherNumber)
              : number
                  ? Digits.compare(local[i], other.local[i])
                  : local[i].compareTo(other.local[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(local.length, other.local.length);
  }
}
