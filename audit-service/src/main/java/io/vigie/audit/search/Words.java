package io.vigie.audit.search;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Words of a text as they are stored and asked for: runs of letters and digits, in lower case and
 * without accents, 2 to 50 characters long, each once, the first 64 of them. Of no language: no
 * stems, no words left out.
 */
public final class Words {

  private static final int MOST = 64;
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern OTHERS = Pattern.compile("[^\\p{L}\\p{N}]+");

  private Words() {}

  /** The words of a text; none for one without letters and digits. */
  public static Set<String> of(CharSequence text) {
    boolean hasOnlyAscii = text.chars().allMatch(c -> c < 128); // as most texts, and without marks
    String unmarked =
        hasOnlyAscii
            ? text.toString()
            : MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
    Set<String> words = new LinkedHashSet<>();
    for (String word : OTHERS.split(unmarked.toLowerCase(Locale.ROOT))) {
      if (word.length() >= 2 && word.length() <= 50 && words.size() < MOST) {
        words.add(word);
      }
    }
    return words;
  }
}
