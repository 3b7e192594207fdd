package io.vigie.access.duty;

import java.util.List;

import jakarta.persistence.AttributeConverter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The sides of a rule as they stand in its column, where the database reads them, too. */
class SidesText implements AttributeConverter<List<Side>, String> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String convertToDatabaseColumn(List<Side> sides) {
    try {
      return JSON.writerFor(new TypeReference<List<Side>>() {}).writeValueAsString(sides);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<Side> convertToEntityAttribute(String text) {
    try {
      return JSON.readValue(text, new TypeReference<List<Side>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored sides of a rule cannot be read", e);
    }
  }
}
