package io.vigie.incident;

import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.persistence.AttributeConverter;

/** Who has which role in a crisis, as the lines of one column. */
public class CrisisRoles implements AttributeConverter<Map<CrisisRole, UUID>, String> {

  @Override
  public String convertToDatabaseColumn(Map<CrisisRole, UUID> roles) {
    return roles == null
        ? ""
        : roles.entrySet().stream()
            .map(role -> role.getKey() + "=" + role.getValue())
            .sorted()
            .collect(Collectors.joining("\n"));
  }

  @Override
  public Map<CrisisRole, UUID> convertToEntityAttribute(String column) {
    Map<CrisisRole, UUID> roles = new EnumMap<>(CrisisRole.class);
    if (column != null && !column.isEmpty()) {
      column
          .lines()
          .map(line -> line.split("="))
          .forEach(parts -> roles.put(CrisisRole.valueOf(parts[0]), UUID.fromString(parts[1])));
    }
    return roles;
  }
}
