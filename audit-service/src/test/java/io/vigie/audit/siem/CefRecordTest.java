package io.vigie.audit.siem;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CefRecordTest {

  static Iterable<String> types() {
    return OcsfMappingTest.types();
  }

  private static OcsfRecord record(String type) {
    return OcsfRecord.of(SampleEntries.of(type), "vigie.local/log");
  }

  /** In the first column, line breaks and tabs are named. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "plain;              plain;                plain",
        "a|b;                a\\|b;                a|b",
        "a\\b;               a\\\\b;               a\\\\b",
        "a=b;                a=b;                  a\\=b",
        "a<LF>b;             a b;                  a\\nb",
        "a<CR><LF>b;         a b;                  a\\r\\nb",
        "a<TAB>b;            a b;                  a b",
        "é|=\\;              é\\|=\\\\;            é|\\=\\\\"
      })
  void whatHasAMeaningInCefIsEscaped(String text, String header, String extension) {
    String raw = text.replace("<LF>", "\n").replace("<CR>", "\r").replace("<TAB>", "\t");
    assertEquals(header, CefRecord.header(raw));
    assertEquals(extension, CefRecord.extension(raw));
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyEventTypeGivesOneLineThatCanBeProved(String type) {
    String line = CefRecord.of(record(type));
    assertTrue(line.startsWith("CEF:0|Vigie|Vigie|1.0|" + type + "|"), line);
    assertTrue(line.lines().count() == 1, line);
    assertTrue(line.contains(" vigieLogIndex=7"), line);
    assertTrue(line.contains(" vigieCheckpointSize=12"), line);
    assertTrue(line.contains(" vigieLeafHash="), line);
  }

  @Test
  void aLineIsSplitWhereItsHeaderSaysWhateverTheMessageIs() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("message", "a|b=c\nd\\").put("severity_id", 5).put("type_uid", 300401);
    assertEquals(
        "CEF:0|Vigie|Vigie|1.0|300401|a\\|b=c d\\\\|10|msg=a|b\\=c\\nd\\\\",
        CefRecord.of(new OcsfRecord(1, json)));
  }
}
