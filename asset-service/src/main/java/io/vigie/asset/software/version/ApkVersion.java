package io.vigie.asset.software.version;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code digits(.digits)*[letter](_suffix[digits])*[~hash][-rdigits]}, ordered as apk-tools does:
 * part by part, where a part that comes earlier in this form is newer than one that comes later, or
 * than the end, save a suffix of what comes before the release.
 */
final class ApkVersion implements Comparable<ApkVersion> {

  private static final Pattern FORM =
      Pattern.compile(
          """
          ([0-9]+)((?:\\.[0-9]+)*)([a-z])?\
          ((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*)*)(~[0-9a-f]+)?(?:-r([0-9]+))?""");
  private static final Pattern SUFFIX = Pattern.compile("_([a-z]+)([0-9]*)");

  /** In the order of the form, which is that of how new they are, the newest first. */
  private enum Kind {
    FIRST,
    NUMBER,
    LETTER,
    SUFFIX,
    SUFFIX_NUMBER,
    HASH,
    REVISION,
    END
  }

  /** In their order; behind the release from {@link #CVS} on. */
  private static final List<String> SUFFIXES =
      List.of("alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p");

  private static final int CVS = 4;

  private record Part(Kind kind, String text) implements Comparable<Part> {

    private static final Part END = new Part(Kind.END, "");

    private boolean isBeforeRelease() {
      return kind == Kind.SUFFIX && SUFFIXES.indexOf(text) < CVS;
    }

    @Override
    public int compareTo(Part other) {
      if (kind != other.kind) {
        return isBeforeRelease() ? -1 : other.isBeforeRelease() ? 1 : other.kind.compareTo(kind);
      }
      return switch (kind) {
        case SUFFIX -> Integer.compare(SUFFIXES.indexOf(text), SUFFIXES.indexOf(other.text));
        case LETTER, HASH -> text.compareTo(other.text);
        case NUMBER ->
            // A fraction, where one begins with a zero.
            text.startsWith("0") || other.text.startsWith("0")
                ? text.compareTo(other.text)
                : Digits.compare(text, other.text);
        default -> Digits.compare(text, other.text);
      };
    }
  }

  private final List<Part> parts = new ArrayList<>();

  ApkVersion(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(text);
    }
    add(Kind.FIRST, form.group(1));
    if (!form.group(2).isEmpty()) {
      for (String number : form.group(2).substring(1).split("\\.")) {
        add(Kind.NUMBER, number);
      }
    }
    add(Kind.LETTER, form.group(3));
    Matcher suffix = SUFFIX.matcher(form.group(4));
    while (suffix.find()) {
      add(Kind.SUFFIX, suffix.group(1));
      add(Kind.SUFFIX_NUMBER, suffix.group(2).isEmpty() ? null : suffix.group(2));
    }
    add(Kind.HASH, form.group(5));
    add(Kind.REVISION, form.group(6));
  }

  private void add(Kind kind, String text) {
    if (text != null) {
      parts.add(new Part(kind, text));
    }
  }

  @Override
  public int compareTo(ApkVersion other) {
    for (int i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
      int order = part(i).compareTo(other.part(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private Part part(int i) {
    return i < parts.size() ? parts.get(i) : Part.END;
  }
}
