package io.vigie.asset.software.version;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Segments of digits or of letters, ordered as {@code Gem::Version} of RubyGems does: a segment of
 * letters makes a pre-release, which comes before a number and before the end, and zeros at the end
 * of the release count for nothing. A hyphen is written for {@code .pre.}.
 */
final class GemVersion implements Comparable<GemVersion> {

  private static final Pattern FORM =
      Pattern.compile("[0-9]+(?:\\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?");
  private static final Pattern SEGMENT = Pattern.compile("[0-9]+|[A-Za-z]+");

  private final List<String> segments = new ArrayList<>();

  GemVersion(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    boolean isRelease = true;
    Matcher segment = SEGMENT.matcher(text.replace("-", ".pre."));
    while (segment.find()) {
      if (isRelease && !isNumber(segment.group())) {
        isRelease = false;
        dropZeros();
      }
      segments.add(segment.group());
    }
    dropZeros();
  }

  private void dropZeros() {
    while (!segments.isEmpty() && isZero(segments.get(segments.size() - 1))) {
      segments.remove(segments.size() - 1);
    }
  }

  private static boolean isNumber(String segment) {
    return Digits.isDigit(segment.charAt(0));
  }

  private static boolean isZero(String segment) {
    return isNumber(segment) && Digits.compare(segment, "") == 0;
  }

  @Override
  public int compareTo(GemVersion other) {
    for (int i = 0; i < Math.max(segments.size(), other.segments.size()); i++) {
      int order = compare(segment(i), other.segment(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private String segment(int i) {
    return i < segments.size() ? segments.get(i) : "0";
  }

  private static int compare(String a, String b) {
    if (isNumber(a) != isNumber(b)) {
      return isNumber(a) ? 1 : -1;
    }
    return isNumber(a) ? Digits.compare(a, b) : a.compareTo(b);
  }
}
