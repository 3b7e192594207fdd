package io.vigie.access.approval;

import java.util.List;

import jakarta.persistence.AttributeConverter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/**
 * Approvals as they stand in their column: JSON, with what follows from them for the database's own
 * {@code approvals_open_to}.
 */
public class ApprovalsText implements AttributeConverter<Approvals, String> {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // what follows
          .build();

  private record Stored(String askedBy, List<Step> path, List<Approval> given) {}

  @Override
  public String convertToDatabaseColumn(Approvals approvals) {
    if (approvals == null) {
      return null;
    }
    ObjectNode text =
        JSON.valueToTree(new Stored(approvals.askedBy(), approvals.path(), approvals.given()));
    text.set("awaits", JSON.valueToTree(approvals.awaited()));
    text.set("barred", JSON.valueToTree(approvals.barred()));
    return text.toString();
  }

  @Override
  public Approvals convertToEntityAttribute(String text) {
    try {
      Stored stored = text == null ? null : JSON.readValue(text, Stored.class);
      return stored == null ? null : new Approvals(stored.askedBy(), stored.path(), stored.given());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored approvals cannot be read", e);
    }
  }
}
