package io.vigie.asset.inventory;

import java.util.Map;
import java.util.TreeMap;

import jakarta.persistence.AttributeConverter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Attributes as they stand in their column: a JSON object, sorted by name. */
class AttributesText implements AttributeConverter<Map<String, Object>, String> {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<TreeMap<String, Object>> OBJECT = new TypeReference<>() {};

  @Override
  public String convertToDatabaseColumn(Map<String, Object> attributes) {
    try {
      return JSON.writeValueAsString(new TreeMap<>(attributes));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Map<String, Object> convertToEntityAttribute(String text) {
    try {
      return JSON.readValue(text, OBJECT);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored attributes cannot be read", e);
    }
  }
}
