package io.vigie.incident.alert;

import java.util.List;

import jakarta.persistence.AttributeConverter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Matchers of a silence as they stand in their column. */
class MatchersText implements AttributeConverter<List<Matcher>, String> {

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  @Override
  public String convertToDatabaseColumn(List<Matcher> matchers) {
    try {
      return JSON.writeValueAsString(matchers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<Matcher> convertToEntityAttribute(String text) {
    try {
      return JSON.readValue(text, new TypeReference<List<Matcher>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored matchers of a silence cannot be read", e);
    }
  }
}
