package io.vigie.asset.posture;

import java.util.Map;
import java.util.TreeMap;

import jakarta.persistence.AttributeConverter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/** What is known of a posture, and what follows from it, as they stand in their columns. */
final class Stored {

  static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private Stored() {}

  /** Facts by name. */
  static class FactsText implements AttributeConverter<Map<String, Known>, String> {

    @Override
    public String convertToDatabaseColumn(Map<String, Known> facts) {
      return write(facts);
    }

    @Override
    public Map<String, Known> convertToEntityAttribute(String text) {
      return read(text, new TypeReference<TreeMap<String, Known>>() {});
    }
  }

  /** Standings by the rule's id. */
  static class StandingsText implements AttributeConverter<Map<String, Standing>, String> {

    @Override
    public String convertToDatabaseColumn(Map<String, Standing> standings) {
      return write(standings);
    }

    @Override
    public Map<String, Standing> convertToEntityAttribute(String text) {
      return read(text, new TypeReference<TreeMap<String, Standing>>() {});
    }
  }

  private static String write(Map<String, ?> value) {
    try {
      return JSON.writeValueAsString(new TreeMap<>(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T read(String text, TypeReference<T> type) {
    try {
      return JSON.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored posture cannot be read", e);
    }
  }
}
