package io.vigie.incident;

import java.util.List;

import jakarta.persistence.AttributeConverter;

/** Texts of one line each as the lines of one column. */
public class TextLines implements AttributeConverter<List<String>, String> {

  @Override
  public String convertToDatabaseColumn(List<String> texts) {
    return texts == null ? "" : String.join("\n", texts);
  }

  @Override
  public List<String> convertToEntityAttribute(String column) {
    return column == null || column.isEmpty() ? List.of() : column.lines().toList();
  }
}
