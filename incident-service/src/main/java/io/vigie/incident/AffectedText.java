package io.vigie.incident;

import java.util.List;

import jakarta.persistence.AttributeConverter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What an incident affects, as it was known, as it stands in its column. */
public class AffectedText implements AttributeConverter<List<AffectedAsKnown>, String> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String convertToDatabaseColumn(List<AffectedAsKnown> affected) {
    try {
      return JSON.writeValueAsString(affected);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<AffectedAsKnown> convertToEntityAttribute(String text) {
    try {
      return JSON.readValue(text, new TypeReference<List<AffectedAsKnown>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what an incident affects cannot be read", e);
    }
  }
}
