package io.vigie.asset.software.version;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code [epoch:]version[-release]}, ordered as RPM's rpmvercmp does: by parts of digits or of
 * letters, whatever separates them; a part of digits is newer than one of letters, a tilde is older
 * than the end, a caret newer than the end and older than anything else.
 */
final class RpmVersion implements Comparable<RpmVersion> {

  private static final Pattern FORM =
      Pattern.compile("(?:([0-9]{1,9}):)?([A-Za-z0-9._+~^]+)(?:-([A-Za-z0-9._+~^]+))?");

  private final int epoch;
  private final String version;
  private final String release;

  RpmVersion(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(text);
    }
    epoch = parts.group(1) == null ? 0 : Integer.parseInt(parts.group(1));
    version = parts.group(2);
    release = parts.group(3) == null ? "" : parts.group(3);
  }

  @Override
  public int compareTo(RpmVersion other) {
    int order = Integer.compare(epoch, other.epoch);
    order = order == 0 ? compare(version, other.version) : order;
    return order == 0 ? compare(release, other.release) : order;
  }

  private static int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (true) {
      i = skipSeparators(a, i);
      j = skipSeparators(b, j);
      boolean tildeInA = is(a, i, '~');
      if (tildeInA || is(b, j, '~')) {
        if (tildeInA != is(b, j, '~')) {
          return tildeInA ? -1 : 1;
        }
        i++;
        j++;
        continue;
      }
      boolean caretInA = is(a, i, '^');
      if (caretInA || is(b, j, '^')) {
        if (caretInA != is(b, j, '^')) {
          return caretInA ? (j == b.length() ? 1 : -1) : (i == a.length() ? -1 : 1);
        }
        i++;
        j++;
        continue;
      }
      if (i == a.length() || j == b.length()) {
        return Integer.compare(a.length() - i, b.length() - j);
      }
      boolean digits = Digits.isDigit(a.charAt(i));
      if (digits != Digits.isDigit(b.charAt(j))) {
        return digits ? 1 : -1;
      }
      int endOfA = digits ? Digits.end(a, i) : endOfLetters(a, i);
      int endOfB = digits ? Digits.end(b, j) : endOfLetters(b, j);
      String x = a.substring(i, endOfA);
      String y = b.substring(j, endOfB);
      int order = digits ? Digits.compare(x, y) : x.compareTo(y);
      if (order != 0) {
        return order;
      }
      i = endOfA;
      j = endOfB;
    }
  }

  private static boolean is(String text, int at, char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private static int skipSeparators(String text, int from) {
    int at = from;
    while (at < text.length() && "._+".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private static int endOfLetters(String text, int from) {
    int end = from;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    return end;
  }
}
