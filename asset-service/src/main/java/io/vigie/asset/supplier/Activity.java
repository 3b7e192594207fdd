package io.vigie.asset.supplier;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;

/** What a supplier does that security clauses depend on. */
public enum Activity {
  HOSTS,
  PROCESSES_DATA,
  DEVELOPS,
  MAINTAINS;

  /** Several, as the lines of one column. */
  @Converter
  public static class Several implements AttributeConverter<List<Activity>, String> {

    @Override
    public String convertToDatabaseColumn(List<Activity> activities) {
      return activities == null
          ? null
          : activities.stream().map(Activity::name).collect(Collectors.joining("\n"));
    }

    @Override
    public List<Activity> convertToEntityAttribute(String column) {
      return column == null || column.isEmpty()
          ? List.of()
          : Stream.of(column.split("\n")).map(Activity::valueOf).toList();
    }
  }
}
