package io.vigie.stack;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProgressTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);

  @Test
  void whereThereIsNoTerminalEachTenthIsALine() {
    Progress progress = new Progress(out, false, 1_000);
    progress.stage("people");
    Stream.generate(() -> progress).limit(250).forEach(Progress::step);
    progress.end();
    assertEquals(
        """
          [........................................]   0 %  people
          [####....................................]  10 %  people
          [########................................]  20 %  people
        """,
        shown.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aTerminalHasOneLineThatIsDrawnAnew() {
    Progress progress = new Progress(out, true, 2);
    progress.stage("people");
    progress.step();
    progress.step();
    progress.end();
    String line = shown.toString(StandardCharsets.UTF_8);
    assertEquals(
        List.of("  0 %", " 50 %", "100 %"),
        Stream.of(line.strip().split("\\r"))
            .map(drawn -> drawn.replaceAll(".*] (.{5}) .*", "$1"))
            .toList());
    assertTrue(line.endsWith(System.lineSeparator()), line);
  }

  @Test
  void moreStepsThanWereThoughtOfAreNoMoreThanAll() {
    Progress progress = new Progress(out, false, 1);
    progress.step();
    progress.step();
    assertTrue(shown.toString(StandardCharsets.UTF_8).contains("[" + "#".repeat(40) + "] 100 %"));
  }
}
