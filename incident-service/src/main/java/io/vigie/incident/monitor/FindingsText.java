package io.vigie.incident.monitor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import jakarta.persistence.AttributeConverter;

/** Findings in one column, separated by commas; null where nothing was graded. */
class FindingsText implements AttributeConverter<List<TlsFinding>, String> {

  @Override
  public String convertToDatabaseColumn(List<TlsFinding> findings) {
    return findings == null
        ? null
        : findings.stream().map(TlsFinding::name).collect(Collectors.joining(","));
  }

  @Override
  public List<TlsFinding> convertToEntityAttribute(String text) {
    if (text == null) {
      return null;
    }
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",")).map(TlsFinding::valueOf).toList();
  }
}
