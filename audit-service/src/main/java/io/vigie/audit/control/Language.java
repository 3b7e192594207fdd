package io.vigie.audit.control;

import java.util.List;
import java.util.Locale;

import io.vigie.audit.control.Control.Text;

/** One of the two languages in which people read about controls. */
enum Language {
  ENGLISH,
  FRENCH;

  /**
   * The first of the two that a reader asks for; English where they ask for neither.
   *
   * @param wanted in the order in which they are wanted
   */
  static Language of(List<Locale> wanted) {
    for (Locale locale : wanted) {
      if (locale.getLanguage().equals("fr")) {
        return FRENCH;
      }
      if (locale.getLanguage().equals("en")) {
        return ENGLISH;
      }
    }
    return ENGLISH;
  }

  public String of(Text text) {
    return of(text.en(), text.fr());
  }

  public String of(String english, String french) {
    return this == FRENCH ? french : english;
  }

  /** For the document. */
  public String tag() {
    return of("en", "fr");
  }
}
