package io.vigie.backup.continuity;

import java.util.List;

import jakarta.persistence.AttributeConverter;

/** Texts of one line each as the lines of one column. */
class Lines implements AttributeConverter<List<String>, String> {

  @Override
  public String convertToDatabaseColumn(List<String> texts) {
    return texts == null ? null : String.join("\n", texts);
  }

  @Override
  public List<String> convertToEntityAttribute(String column) {
    return column == null ? null : List.of(column.split("\n"));
  }
}
