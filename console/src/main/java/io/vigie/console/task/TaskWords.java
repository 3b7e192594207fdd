package io.vigie.console.task;

import java.util.Locale;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;

/** People's words for kinds of tasks: {@code words/tasks*.properties}. */
final class TaskWords {

  /** Not in the language of this machine where the one that is asked for has no file. */
  private static final Control EXACT = Control.getNoFallbackControl(Control.FORMAT_PROPERTIES);

  private TaskWords() {}

  /** In this language, or in English; the kind itself where nobody wrote words for it. */
  static String of(String kind, Locale language) {
    ResourceBundle words = ResourceBundle.getBundle("words.tasks", language, EXACT);
    return words.containsKey(kind) ? words.getString(kind) : kind;
  }
}
