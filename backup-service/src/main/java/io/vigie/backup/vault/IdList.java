package io.vigie.backup.vault;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.persistence.AttributeConverter;

/** Ids as they stand in one column, apart by a space. */
class IdList implements AttributeConverter<List<UUID>, String> {

  @Override
  public String convertToDatabaseColumn(List<UUID> ids) {
    return ids.stream().map(UUID::toString).collect(Collectors.joining(" "));
  }

  @Override
  public List<UUID> convertToEntityAttribute(String column) {
    return Arrays.stream(column.split(" ")).map(UUID::fromString).toList();
  }
}
