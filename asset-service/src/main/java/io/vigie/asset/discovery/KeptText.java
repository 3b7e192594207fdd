package io.vigie.asset.discovery;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;

/**
 * Texts that tools write, without what no database keeps: NUL, and surrogates that are no pair.
 * Tools copy them from firmware, and no report should be lost for their sake.
 */
final class KeptText extends StringDeserializer {

  static Module module() {
    return new SimpleModule("kept texts").addDeserializer(String.class, new KeptText());
  }

  private KeptText() {}

  @Override
  public String deserialize(JsonParser json, DeserializationContext context) throws IOException {
    String text = super.deserialize(json, context);
    return text == null
        ? null
        : text.codePoints()
            .filter(point -> point != 0 && Character.getType(point) != Character.SURROGATE)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }
}
