package io.vigie.asset.inventory;

import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.netty.util.NetUtil;

/**
 * What a kind of asset has beside what all have.
 *
 * @param pattern what a text must match as a whole, or null
 * @param maxLength of a text; null for the usual
 * @param choices what a choice is made from, else null
 */
record Attribute(
    Kinds.Title title,
    Type type,
    boolean required,
    String pattern,
    Integer maxLength,
    Long min,
    Long max,
    List<String> choices) {

  private static final int USUAL_LENGTH = 200;
  private static final String V4_PART = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

  /** What its values are in JSON, and what is said of one that is none. */
  enum Type {
    @JsonProperty("text")
    TEXT("a text", value -> value instanceof String),
    @JsonProperty("integer")
    INTEGER("a whole number", value -> value instanceof Integer || value instanceof Long),
    @JsonProperty("boolean")
    BOOLEAN("true or false", value -> value instanceof Boolean),
    @JsonProperty("date")
    DATE("a date such as 2026-01-31", value -> value instanceof String text && isDate(text)),
    @JsonProperty("choice")
    CHOICE("a text", value -> value instanceof String),
    @JsonProperty("url")
    URL("an address such as https://example.org/", value -> value instanceof String t && isUrl(t)),
    @JsonProperty("ip")
    IP("an IPv4 or IPv6 address", value -> value instanceof String text && isAddress(text)),
    @JsonProperty("mac")
    MAC(
        "a MAC address such as 00:00:5e:00:53:01",
        value ->
            value instanceof String text && text.matches("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}"));

    private final String words;
    private final Predicate<Object> accepts;

    Type(String words, Predicate<Object> accepts) {
      this.words = words;
      this.accepts = accepts;
    }

    /** The value that this text stands for; the text itself where it stands for none. */
    Object value(String text) {
      if (this == BOOLEAN && text.matches("true|false")) {
        return Boolean.valueOf(text);
      }
      return this == INTEGER && text.matches("-?[0-9]{1,18}") ? (Object) Long.valueOf(text) : text;
    }

    /** A zero before other digits is none: some would read it as octal. */
    private static boolean isAddress(String text) {
      return text.matches(V4_PART + "(\\." + V4_PART + "){3}") || NetUtil.isValidIpV6Address(text);
    }

    private static boolean isDate(String text) {
      try {
        LocalDate.parse(text);
        return true;
      } catch (DateTimeException e) {
        return false;
      }
    }

    private static boolean isUrl(String text) {
      try {
        URI uri = URI.create(text);
        return uri.getHost() != null && List.of("http", "https").contains(uri.getScheme());
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
  }

  /** What is wrong with {@code value}, null where nothing is. An absent value is null. */
  String error(Object value) {
    if (value == null) {
      return required ? "must not be absent" : null;
    }
    if (!type.accepts.test(value)) {
      return "is not " + type.words;
    }
    if (value instanceof String text) {
      return textError(text);
    }
    if (value instanceof Number number) {
      long whole = number.longValue();
      return min != null && whole < min || max != null && whole > max
          ? "is not between %s and %s".formatted(min, max == null ? "any number" : max)
          : null;
    }
    return null;
  }

  private String textError(String text) {
    int longest = maxLength == null ? USUAL_LENGTH : maxLength;
    if (text.isBlank() || text.length() > longest) {
      return "has no text, or more than " + longest + " characters";
    }
    if (choices != null && !choices.contains(text)) {
      return "is not one of " + choices;
    }
    return pattern != null && !Pattern.matches(pattern, text) ? "does not match " + pattern : null;
  }
}
