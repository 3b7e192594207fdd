package io.vigie.incident.monitor;

import jakarta.persistence.AttributeConverter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What a monitor tries as it stands in its column. */
class TargetText implements AttributeConverter<Target, String> {

  private static final ObjectMapper JSON =
      new ObjectMapper().setSerializationInclusion(JsonInclude.Include.NON_NULL);

  @Override
  public String convertToDatabaseColumn(Target target) {
    try {
      return JSON.writeValueAsString(target);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Target convertToEntityAttribute(String text) {
    try {
      return JSON.readValue(text, Target.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the stored target of a monitor cannot be read", e);
    }
  }
}
