package io.vigie.audit.log;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import io.vigie.audit.log.LogReader.Exported;
import io.vigie.kernel.web.Csv;

/** Entries as rows of a spreadsheet, RFC 4180. */
final class CsvRows {

  private static final List<String> COLUMNS =
      List.of(
          "time",
          "type",
          "source",
          "subject",
          "actor",
          "id",
          "eventNumber",
          "sourceNumber",
          "alert");

  static final String HEADER = "index," + String.join(",", COLUMNS) + ",leafHash,payload\r\n";

  private CsvRows() {}

  static String of(List<Exported> entries) {
    StringBuilder rows = new StringBuilder();
    for (Exported exported : entries) {
      rows.append(exported.entry().index());
      for (String column : COLUMNS) {
        rows.append(',').append(Csv.cell(exported.columns().get(column)));
      }
      rows.append(',').append(Base64.getEncoder().encodeToString(exported.entry().leaf()));
      rows.append(',').append(Csv.cell(text(exported.entry().body()))).append("\r\n");
    }
    return rows.toString();
  }

  private static String text(byte[] payload) {
    return payload == null ? null : new String(payload, StandardCharsets.UTF_8);
  }
}
