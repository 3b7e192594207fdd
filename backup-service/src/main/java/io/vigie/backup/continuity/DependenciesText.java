package io.vigie.backup.continuity;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import jakarta.persistence.AttributeConverter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/** What a function depends on as it stands in its column, by asset. */
class DependenciesText implements AttributeConverter<Map<UUID, Dependency>, String> {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  @Override
  public String convertToDatabaseColumn(Map<UUID, Dependency> dependencies) {
    try {
      return JSON.writeValueAsString(dependencies);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Map<UUID, Dependency> convertToEntityAttribute(String text) {
    try {
      return JSON.readValue(text, new TypeReference<TreeMap<UUID, Dependency>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored dependencies of a function cannot be read", e);
    }
  }
}
