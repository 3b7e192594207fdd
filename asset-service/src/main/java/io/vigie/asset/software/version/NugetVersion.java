package io.vigie.asset.software.version;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code major[.minor[.patch[.revision]]][-labels][+metadata]}, ordered as Semantic Versioning
 * 2.0.0 does with a fourth number. Missing numbers are 0, labels are compared whatever their case,
 * and metadata count for nothing.
 */
final class NugetVersion implements Comparable<NugetVersion> {

  private static final Pattern FORM =
      Pattern.compile(
          "([0-9]+(?:\\.[0-9]+){0,3})(?:-([0-9a-z-]+(?:\\.[0-9a-z-]+)*))?(?:\\+[0-9a-z.-]+)?");

  private final String[] numbers;
  private final String[] labels;

  NugetVersion(String text) {
    Matcher parts = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw new IllegalArgumentException(text);
    }
    numbers = parts.group(1).split("\\.");
    labels = parts.group(2) == null ? new String[0] : parts.group(2).split("\\.");
  }

  @Override
  public int compareTo(NugetVersion other) {
    for (int i = 0; i < 4; i++) {
      int order = Digits.compare(number(i), other.number(i));
      if (order != 0) {
        return order;
      }
    }
    if (labels.length == 0 || other.labels.length == 0) {
      return Boolean.compare(labels.length == 0, other.labels.length == 0);
    }
    for (int i = 0; i < Math.min(labels.length, other.labels.length); i++) {
      int order = compare(labels[i], other.labels[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(labels.length, other.labels.length);
  }

  private String number(int i) {
    return i < numbers.length ? numbers[i] : "";
  }

  /** Numbers come before letters. */
  private static int compare(String a, String b) {
    boolean isNumber = isNumber(a);
    if (isNumber != isNumber(b)) {
      return isNumber ? -1 : 1;
    }
    return isNumber ? Digits.compare(a, b) : a.compareTo(b);
  }

  private static boolean isNumber(String label) {
    return Digits.end(label, 0) == label.length();
  }
}
