package io.vigie.asset.software.version;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of up to four numbers and its stability, as Composer's documentation of versions orders
 * them: dev, alpha, beta, RC, stable, patch. A branch ({@code dev-main}, {@code 1.x-dev}) has no
 * place among releases.
 */
final class ComposerVersion implements Comparable<ComposerVersion> {

  private static final Pattern FORM =
      Pattern.compile(
          """
          v?(\\d+(?:\\.\\d+){0,3})\
          (?:[._-]?(stable|beta|b|rc|alpha|a|patch|pl|p)(?:[.-]?(\\d+))?)?\
          ([.-]?dev)?(?:\\+.*)?""");

  private static final List<String> STABILITIES = List.of("a", "b", "r", "s", "p");

  private final String[] numbers;
  private final int stability;
  private final String stabilityNumber;
  private final boolean development;

  ComposerVersion(String text) {
    Matcher parts = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw new IllegalArgumentException(text);
    }
    numbers = parts.group(1).split("\\.");
    stability = STABILITIES.indexOf(parts.group(2) == null ? "s" : parts.group(2).substring(0, 1));
    stabilityNumber = parts.group(3) == null ? "" : parts.group(3);
    development = parts.group(4) != null;
  }

  @Override
  public int compareTo(ComposerVersion other) {
    int order = 0;
    for (int i = 0; order == 0 && i < 4; i++) {
      order = Digits.compare(number(i), other.number(i));
    }
    order = order == 0 ? Boolean.compare(other.development, development) : order;
    order = order == 0 ? Integer.compare(stability, other.stability) : order;
    return order == 0 ? Digits.compare(stabilityNumber, other.stabilityNumber) : order;
  }

  private String number(int i) {
    return i < numbers.length ? numbers[i] : "";
  }
}
