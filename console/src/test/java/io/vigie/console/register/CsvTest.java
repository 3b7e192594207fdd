package io.vigie.console.register;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class CsvTest {

  @ParameterizedTest
  @CsvSource({
    "=1+1, '''=1+1'",
    "'shop;=1+1', 'shop;''=1+1'",
    "'a;-b;+c;@d', 'a;''-b;''+c;''@d'",
    "'''=1+1', '''''=1+1'",
    "'a,\"b\"', '\"a,\"\"b\"\"\"'",
    "'plain; text - and ''quotes''', 'plain; text - and ''quotes'''",
    "'', ''"
  })
  void whatASpreadsheetWouldRunIsHarmlessWhereverItPartsCells(String text, String cell) {
    assertEquals(cell, Csv.cell(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n=1", "\r=1", "\t=1", "a\n=1\r\n-2", "a\n;+1", "\n", "a\n- b"})
  void aLineBreakOrATabMakesNoFormula(String text) {
    String cell = Csv.cell(text);
    assertFalse(Pattern.compile("(^|[;\r\n])[=+@-]").matcher(cell).find(), cell);
    assertFalse(cell.matches("(?s)\"?[\t\r\n].*"), cell);
  }

  @Test
  void aRowIsItsCellsAndTheEndOfTheLine() {
    assertEquals("a,,\"b,c\"\r\n", Csv.row(List.of("a", "", "b,c")));
  }

  /** The console has no kernel: what it takes for a formula is what the services do. */
  @Test
  void aFormulaIsWhatTheServicesTakeForOne() throws IOException {
    assertEquals(
        formula("..", "kernel", "src", "main", "java", "io", "vigie", "kernel", "web"),
        formula("src", "main", "java", "io", "vigie", "console", "register"));
  }

  private static String formula(String first, String... folders) throws IOException {
    String source = Files.readString(Path.of(first, folders).resolve("Csv.java"));
    return Pattern.compile("FORMULA =\\s+Pattern\\.compile\\((.*)\\);")
        .matcher(source)
        .results()
        .map(found -> found.group(1))
        .findFirst()
        .orElseThrow();
  }
}
