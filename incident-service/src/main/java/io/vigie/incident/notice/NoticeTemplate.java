package io.vigie.incident.notice;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What a mail says, as {@code contracts/notices/<name>.json} has it: subject and text in English
 * and French, with room for parameters.
 */
record NoticeTemplate(
    Map<String, Parameter> parameters, Map<String, String> subject, Map<String, String> text) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z-]{0,99}");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // the explanations
          .build();

  /** A language that mails are written in, in the order in which they stand in one of both. */
  enum Language {
    EN("d MMMM uuuu, HH:mm 'UTC'"),
    FR("d MMMM uuuu 'à' HH:mm 'UTC'");

    private final DateTimeFormatter times;

    Language(String times) {
      this.times =
          DateTimeFormatter.ofPattern(times, Locale.forLanguageTag(tag())).withZone(ZoneOffset.UTC);
    }

    /** As contracts and access-service write it. */
    String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What may stand in a room. */
  enum Parameter {
    ID {
      @Override
      String written(String value, Language language) {
        return UUID.fromString(value).toString();
      }
    },
    TIME {
      @Override
      String written(String value, Language language) {
        return language.times.format(Instant.parse(value));
      }
    },
    /** A machine's name for something: without blanks, so that no sentence is one. */
    TERM {
      @Override
      String written(String value, Language language) {
        if (!A_TERM.matcher(value).matches()) {
          throw new IllegalArgumentException("no term: " + value);
        }
        return value;
      }
    },
    /** Terms with a blank between, as many as a group of alerts has. */
    TERMS {
      @Override
      String written(String value, Language language) {
        return Stream.of(value.split(" ", -1))
            .map(term -> TERM.written(term, language))
            .collect(Collectors.joining(" "));
      }
    };

    private static final Pattern A_TERM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:/-]{0,99}");

    /** For readers; fails with a {@link RuntimeException} where the value is no such thing. */
    abstract String written(String value, Language language);
  }

  /**
   * @throws IllegalArgumentException when there is no such template
   */
  static NoticeTemplate read(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("no template can have the name " + name);
    }
    String file = "/vigie/contracts/notices/" + name + ".json";
    try (InputStream template = NoticeTemplate.class.getResourceAsStream(file)) {
      if (template == null) {
        throw new IllegalArgumentException("there is no template " + name);
      }
      return JSON.readValue(template, NoticeTemplate.class);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  /** Fails with {@link IllegalArgumentException} unless these are its parameters. */
  void requireFits(Map<String, String> values) {
    if (!values.keySet().equals(parameters.keySet())) {
      throw new IllegalArgumentException("a template of " + parameters.keySet() + " got " + values);
    }
    written(values, Language.EN);
  }

  /** The parameters as a text in this language has them. */
  Map<String, String> written(Map<String, String> values, Language language) {
    Map<String, String> written = new HashMap<>();
    parameters.forEach(
        (name, parameter) -> written.put(name, parameter.written(values.get(name), language)));
    return written;
  }
}
