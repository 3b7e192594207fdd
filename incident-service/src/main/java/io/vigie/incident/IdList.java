package io.vigie.incident;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.persistence.AttributeConverter;

/** Ids as the lines of one column. */
public class IdList implements AttributeConverter<List<UUID>, String> {

  @Override
  public String convertToDatabaseColumn(List<UUID> ids) {
    return ids == null ? "" : ids.stream().map(UUID::toString).collect(Collectors.joining("\n"));
  }

  @Override
  public List<UUID> convertToEntityAttribute(String column) {
    return column == null || column.isEmpty()
        ? List.of()
        : column.lines().map(UUID::fromString).toList();
  }
}
