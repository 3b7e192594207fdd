package io.vigie.kernel.web;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CsvTableTest {

  private static final String COMMAS = ",".repeat(1 << 20);

  @Test
  void whatIsQuotedBlankOrSetOffBySpacesIsReadAsItIsMeant() {
    assertEquals(
        List.of(Map.of("a", "1;\n\"2\"", "b", "=x"), Map.of("a", "3", "b", "")),
        read("a;b\n\n \"1;\n\"\"2\"\"\" ; '=x \n3\n"));
  }

  @Test
  void aLineOfCommasIsGivenUpAndNotToldCellByCell() {
    Problem header = assertThrows(Problem.class, () -> read("a" + COMMAS + "\n1\n"));
    assertEquals("A table has at most 200 columns.", header.getMessage());
    assertEquals(List.of(), header.errors());

    Problem row = assertThrows(Problem.class, () -> read("a,b\n1,2\n3" + COMMAS + "\n"));
    assertEquals("Row 2 has more cells than the header, which has 2.", row.getMessage());
  }

  @Test
  void theNameOfAColumnThatIsNoneIsCutWhereItIsTold() {
    Problem refused = assertThrows(Problem.class, () -> read("a," + "x".repeat(10_000) + "\n1,2"));

    assertEquals(1, refused.errors().size());
    assertTrue(refused.errors().toString().length() < 500, refused.errors().toString());
  }

  private static List<Map<String, String>> read(String table) {
    return CsvTable.rows(
        table.getBytes(StandardCharsets.UTF_8),
        Map.of(),
        CsvTable.Columns.of(List.of("a", "b")),
        10);
  }
}
