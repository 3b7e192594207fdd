package io.vigie.incident.monitor;

import jakarta.persistence.AttributeConverter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/** What was found of a service over TLS as it stands in its column. */
class TlsReportText implements AttributeConverter<TlsReport, String> {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .setSerializationInclusion(JsonInclude.Include.NON_NULL);

  @Override
  public String convertToDatabaseColumn(TlsReport report) {
    try {
      return report == null ? null : JSON.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public TlsReport convertToEntityAttribute(String text) {
    try {
      return text == null ? null : JSON.readValue(text, TlsReport.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the stored report of a monitor cannot be read", e);
    }
  }
}
