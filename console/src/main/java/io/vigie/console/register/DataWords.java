package io.vigie.console.register;

import java.util.Locale;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;

/** People's words for what data names: {@code words/registers*.properties}. */
final class DataWords {

  /** Not in the language of this machine where the one that is asked for has no file. */
  private static final Control EXACT = Control.getNoFallbackControl(Control.FORMAT_PROPERTIES);

  private DataWords() {}

  /** In this language, or in English; null where nobody wrote words for it. */
  static String of(String key, Locale language) {
    ResourceBundle words = ResourceBundle.getBundle("words.registers", language, EXACT);
    return words.containsKey(key) ? words.getString(key) : null;
  }

  /** Of a field: what nobody wrote words for, as {@code someName}, is "Some name". */
  static String ofField(String name, Locale language) {
    String words = of("field." + name, language);
    if (words != null || name.isEmpty()) {
      return words == null ? name : words;
    }
    String apart = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    return Character.toUpperCase(apart.charAt(0)) + apart.substring(1);
  }
}
