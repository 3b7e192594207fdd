package io.vigie.console.register;

import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

class TableRowsTest {

  private static Map<Integer, String> beginnings(String table, Integer... numbers) {
    return TableRows.beginnings(table.getBytes(UTF_8), Set.of(numbers));
  }

  @Test
  void rowsAreCountedBehindTheHeaderWithoutEmptyLinesAndWithBreaksInCells() {
    String table = "name,kind\r\n\"web\n1\",SERVER\r\n\r\n db-1 , ,DATABASE\r\n";
    assertEquals(
        Map.of(1, "web\n1 \u00b7 SERVER", 2, "db-1 \u00b7 DATABASE"), beginnings(table, 1, 2, 9));
  }

  @Test
  void semicolonsPartCellsWhereTheHeaderHasNoComma() {
    assertEquals(Map.of(1, "a, b \u00b7 c"), beginnings("name;kind\na, b;c\n", 1));
  }

  @Test
  void onlyTheBeginningOfARowIsToldAndNothingOfWhatIsNoTable() {
    assertEquals(
        Map.of(1, "1 \u00b7 2 \u00b7 3 \u00b7 4", 2, "x".repeat(200) + "\u2026"),
        beginnings("a,b,c,d,e\n1,2,3,4,5\n" + "x".repeat(300) + "\n", 1, 2));
    assertEquals(Map.of(), beginnings("", 1));
    assertEquals(Map.of(1, "fine"), beginnings("a\nfine\n\"never ends", 1, 2));
  }
}
