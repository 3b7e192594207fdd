package io.vigie.asset.software.version;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code [epoch:]upstream[-revision]}, ordered as Debian Policy 5.6.12 says: by alternating parts
 * of non-digits, in which a tilde comes before the end of the part, the end before letters and
 * letters before the rest, and of digits, which are numbers.
 */
final class DebianVersion implements Comparable<DebianVersion> {

  private static final Pattern FORM =
      Pattern.compile("(?:([0-9]{1,9}):)?([A-Za-z0-9.+:~-]+?)(?:-([A-Za-z0-9.+~]+))?");

  private final int epoch;
  private final String upstream;
  private final String revision;

  DebianVersion(String text) {
    Matcher version = FORM.matcher(text);
    if (!version.matches()) {
      throw new IllegalArgumentException(text);
    }
    epoch = version.group(1) == null ? 0 : Integer.parseInt(version.group(1));
    upstream = version.group(2);
    revision = version.group(3) == null ? "" : version.group(3);
  }

  @Override
  public int compareTo(DebianVersion other) {
    int order = Integer.compare(epoch, other.epoch);
    order = order == 0 ? compare(upstream, other.upstream) : order;
    return order == 0 ? compare(revision, other.revision) : order;
  }

  private static int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() || j < b.length()) {
      while (isText(a, i) || isText(b, j)) {
        int order = Integer.compare(weight(a, i), weight(b, j));
        if (order != 0) {
          return order;
        }
        i++;
        j++;
      }
      int endOfA = Digits.end(a, i);
      int endOfB = Digits.end(b, j);
      int order = Digits.compare(a.substring(i, endOfA), b.substring(j, endOfB));
      if (order != 0) {
        return order;
      }
      i = endOfA;
      j = endOfB;
    }
    return 0;
  }

  private static boolean isText(String text, int at) {
    return at < text.length() && !Digits.isDigit(text.charAt(at));
  }

  /** The end of a part, which a digit is too, is 0. */
  private static int weight(String text, int at) {
    if (!isText(text, at)) {
      return 0;
    }
    char c = text.charAt(at);
    if (c == '~') {
      return -1;
    }
    return Character.isLetter(c) ? c : c + 256;
  }
}
