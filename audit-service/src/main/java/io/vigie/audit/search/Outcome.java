package io.vigie.audit.search;

import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.core.type.TypeReference;

/** How what an event reports came out: {@code contracts/search/outcomes.json} says it of a type. */
public enum Outcome {
  SUCCESS,
  REFUSED,
  /** Something to look at, or an entry that the log itself raised an alert on. */
  ALERT;

  /** The types of events that came out so; of success it is every type that is not listed. */
  public List<String> types() {
    return this == SUCCESS
        ? List.of()
        : Findable.rules("outcomes", text(), new TypeReference<>() {});
  }

  /** As callers write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads back what {@link #text()} wrote; null for anything else. */
  public static Outcome of(String text) {
    for (Outcome outcome : values()) {
      if (outcome.text().equals(text)) {
        return outcome;
      }
    }
    return null;
  }
}
