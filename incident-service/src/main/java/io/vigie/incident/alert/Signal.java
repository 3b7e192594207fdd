package io.vigie.incident.alert;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

import io.vigie.incident.Cause;
import io.vigie.kernel.Sha256;

/**
 * One thing that a source says, whatever form it said it in. Source and labels tell which alert it
 * is about.
 *
 * @param source a term, see {@link #term}
 * @param rule what found it, a term
 * @param labels all of them; those of one alert never change
 * @param summary one line for people, or null
 * @param isFiring false where it says that it is over
 * @param startsAt since when it is so, as the source says, or null
 * @param cause the event of another service that says so, or null
 */
public record Signal(
    String source,
    String rule,
    Severity severity,
    SortedMap<String, String> labels,
    String summary,
    String description,
    boolean isFiring,
    Instant startsAt,
    Cause cause) {

  public static final String RULE = "alertname";
  static final String SEVERITY = "severity";
  public static final String ASSET = "asset";

  /** Machines' names for things: no blanks, so that no sentence and no person's name is one. */
  static final String TERM = "[A-Za-z0-9][A-Za-z0-9_.:/-]{0,99}";

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX]")
          .toFormatter(Locale.ROOT);

  static final int SUMMARY = 500;
  static final int DESCRIPTION = 5_000;
  static final int LABELS = 64;
  static final int NAME = 100;
  static final int VALUE = 1_000;

  public Signal {
    labels = new TreeMap<>(labels);
    summary = cut(summary, SUMMARY);
    description = cut(description, DESCRIPTION);
  }

  /** What no event of another service says. */
  Signal(
      String source,
      String rule,
      Severity severity,
      SortedMap<String, String> labels,
      String summary,
      String description,
      boolean isFiring,
      Instant startsAt) {
    this(source, rule, severity, labels, summary, description, isFiring, startsAt, null);
  }

  /** The name of a thing as a term; {@code unnamed} where it has none. */
  static String term(String name) {
    if (name == null) {
      return "unnamed";
    }
    String term = name.replaceAll("[^A-Za-z0-9_.:/-]+", "-").replaceAll("^[^A-Za-z0-9]+", "");
    return term.isEmpty() ? "unnamed" : cut(term, NAME);
  }

  /**
   * A time as RFC 3339 writes it, or with an offset without a colon, in microseconds; null where
   * nobody can read it: an alert is not lost for its time.
   */
  static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text, TIME).toInstant().truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Foreign texts that are too long are cut: no alert is lost for the sake of its prose. */
  static String cut(String text, int length) {
    if (text == null || text.length() <= length) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end);
  }

  /**
   * Tells alerts apart: SHA-256 over the source and all labels, in hexadecimal. What an event of
   * another service says, no call can say: nobody resolves such an alert in its name.
   */
  String fingerprint() {
    StringBuilder text = new StringBuilder(cause == null ? source : '\0' + source);
    labels.forEach((name, value) -> text.append('\0').append(name).append('\0').append(value));
    return Sha256.hex(text.toString());
  }

  /** The labels as they are kept: the first {@value #LABELS}, long ones cut. */
  Map<String, String> keptLabels() {
    return labels.entrySet().stream()
        .limit(LABELS)
        .collect(
            Collectors.toMap(
                label -> cut(label.getKey(), NAME),
                label -> cut(label.getValue(), VALUE),
                (first, second) -> first,
                TreeMap::new));
  }

  /** The asset that the label of this name has the id of, or null. */
  UUID asset() {
    String id = labels.get(ASSET);
    boolean isId = id != null && id.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    return isId ? UUID.fromString(id) : null;
  }
}
