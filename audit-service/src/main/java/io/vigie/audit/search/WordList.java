package io.vigie.audit.search;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Entries that say a word, or are of one actor or source, and came together: a row of {@code
 * search_text}. All of them are in one aligned stretch of {@value #STRETCH} entries, and lists of
 * one word do not overlap.
 *
 * @param first the index of the first
 * @param more how far behind it each of the others is, in order
 */
public record WordList(long first, List<Short> more) {

  /** Entries; a partition of the log is made of whole stretches. */
  public static final int STRETCH = 4_096;

  /** Each search that looks into a row goes through all of it. */
  public static final int LONGEST = 64;

  /** What entries of this actor, or source, are found by. No word has a colon. */
  public static String by(String attribute, String value) {
    return attribute + ":" + value;
  }

  /** What an entry is found by beside its words; nothing where it is no event. */
  public static List<String> tellers(String actor, String source) {
    return actor == null || source == null
        ? List.of()
        : List.of(by("actor", actor), by("source", source));
  }

  /**
   * @param indexes in ascending order
   * @param alone which of them have a list of their own, that can be erased
   */
  public static List<WordList> of(List<Long> indexes, Predicate<Long> alone) {
    List<WordList> lists = new ArrayList<>();
    WordList last = null;
    for (Long index : indexes) {
      if (last == null
          || alone.test(index)
          || index / STRETCH != last.first / STRETCH
          || last.more.size() + 1 == LONGEST) {
        last = new WordList(index, new ArrayList<>());
        lists.add(last);
      } else {
        last.more.add((short) (index - last.first));
      }
      if (alone.test(index)) {
        last = null;
      }
    }
    return lists;
  }
}
