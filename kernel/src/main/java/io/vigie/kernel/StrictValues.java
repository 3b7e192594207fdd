package io.vigie.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;

/** Texts and times that a database can keep exactly as they were sent, and no others. */
final class StrictValues {

  private StrictValues() {}

  static Module module() {
    return new SimpleModule("strict values")
        .addDeserializer(String.class, new Text())
        .addDeserializer(Instant.class, new Time());
  }

  /** A JSON string of Unicode characters; NUL and half surrogate pairs are none. */
  private static final class Text extends StdScalarDeserializer<String> {
    Text() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (!json.hasToken(JsonToken.VALUE_STRING)) {
        return (String) context.handleUnexpectedToken(String.class, json);
      }
      String text = json.getText();
      if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
        throw context.weirdStringException(text, String.class, "is no Unicode text");
      }
      return text;
    }
  }

  /** RFC 3339, years 0000 to 9999; cut to microseconds, which is what the database keeps. */
  private static final class Time extends StdScalarDeserializer<Instant> {
    Time() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (!json.hasToken(JsonToken.VALUE_STRING)) {
        return (Instant) context.handleUnexpectedToken(Instant.class, json);
      }
      String text = json.getText();
      try {
        if (text.matches("\\d{4}-.*")) {
          return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
        }
      } catch (DateTimeException e) {
        // refused below
      }
      throw context.weirdStringException(text, Instant.class, "is no time as in RFC 3339");
    }
  }
}
