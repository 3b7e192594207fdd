package io.vigie.console.register;

import java.util.List;
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

  /** Of what a name names, as {@code register.assets}; the name itself where nobody wrote words. */
  static String named(String key, Locale language) {
    String words = of(key, language);
    return words == null ? key.substring(key.indexOf('.') + 1) : words;
  }

  /** Of what columns have, each a field by its path. */
  static List<String> ofFields(List<String> columns, Locale language) {
    return columns.stream().map(column -> ofField(Values.lastName(column), language)).toList();
  }

  /**
   * Of a field, or what it is inside of others: what nobody wrote words for, as {@code someName},
   * is "Some name".
   */
  static String ofField(String name, Locale language) {
    String words = of("field." + name, language);
    if (words != null || name.isEmpty()) {
      return words == null ? name : words;
    }
    if (name.contains(".")) {
      return ofField(Values.lastName(name), language);
    }
    String apart = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    return Character.toUpperCase(apart.charAt(0)) + apart.substring(1);
  }
}
