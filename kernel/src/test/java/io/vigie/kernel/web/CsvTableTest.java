package io.vigie.kernel.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CsvTableTest {

  private static final String COMMAS = ",".repeat(1 << 20);
  private static final CsvTable.Columns COLUMNS = CsvTable.Columns.of(List.of("a", "b"));

  @Test
  void whatIsQuotedBlankOrSetOffBySpacesIsReadAsItIsMeant() {
    assertEquals(
        List.of(Map.of("a", "1;\n\"2\"", "b", "=x"), Map.of("a", "3", "b", "")),
        read("a;b\n\n \"1;\n\"\"2\"\"\" ; '=x \n3\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "=1+1, '''=1+1'",
    "'shop;=1+1', 'shop;''=1+1'",
    "'a;-b;+c;@d', 'a;''-b;''+c;''@d'",
    "'''=1+1', '''''=1+1'",
    "'it;''=1', 'it;''''=1'",
    "'plain; text - and ''quotes''', 'plain; text - and ''quotes'''"
  })
  void whatASpreadsheetWouldRunIsHarmlessWhereverItPartsCellsAndComesBack(
      String text, String cell) {
    assertEquals(cell, Csv.cell(text));
    assertEquals(List.of(Map.of("a", text, "b", "")), read("a,b\n" + Csv.cell(text) + ",\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n=1", "\r=1", "\t=1", "a\n=1\r\n-2", "a\n;+1", "\n", "a\n- b"})
  void aLineBreakOrATabMakesNoFormulaAndComesBack(String text) {
    String cell = Csv.cell(text);

    assertFalse(Pattern.compile("(^|[;\r\n])[=+@-]").matcher(cell).find(), cell);
    assertFalse(cell.matches("(?s)\"?[\t\r\n].*"), cell);
    assertEquals(List.of(Map.of("a", text, "b", "")), read("a,b\n" + cell + ",\n"));
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

  @Test
  void aTableIsReadNoFurtherThanItsLimit() {
    List<String> seen = new ArrayList<>();

    Problem refused =
        assertThrows(
            Problem.class,
            () -> read(utf8("a,b\n" + "1,2\n".repeat(11) + "\"never closed"), 10, seen));

    assertEquals("At most 10 rows are taken at once. Split the table.", refused.getMessage());
    assertEquals(10, seen.size());
  }

  @Test
  void aTableIsDecodedAsItIsReadAndNotWholeBefore() {
    byte[] table = utf8("a,b\n" + "été,2\n".repeat(100_000));
    table[table.length - 1] = (byte) 0xFF;
    List<String> seen = new ArrayList<>();

    Problem refused = assertThrows(Problem.class, () -> read(table, 100_000, seen));

    assertEquals("This is not UTF-8. Save the table as CSV in UTF-8.", refused.getMessage());
    assertTrue(seen.size() > 90_000, seen.size() + " rows were read before");
  }

  @Test
  void theMarkThatSpreadsheetsPutBeforeATableIsNoPartOfItsFirstColumn() {
    assertEquals(List.of(Map.of("a", "1", "b", "2")), read("\uFEFFa;b\n1;2\n"));
  }

  private static List<Map<String, String>> read(String table) {
    return CsvTable.table(utf8(table), Map.of(), COLUMNS, 10).rows();
  }

  private static void read(byte[] table, int maxRows, List<String> seen) {
    CsvTable.read(table, Map.of(), COLUMNS, maxRows, row -> seen.add(row.get("a")));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
