package io.vigie.access.client;

import java.util.List;

import jakarta.persistence.AttributeConverter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What a client entrusts as it stands in its column. */
class DataText implements AttributeConverter<List<DataEntrusted>, String> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String convertToDatabaseColumn(List<DataEntrusted> data) {
    try {
      return JSON.writeValueAsString(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<DataEntrusted> convertToEntityAttribute(String text) {
    try {
      return JSON.readValue(text, new TypeReference<List<DataEntrusted>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored data of a client cannot be read", e);
    }
  }
}
