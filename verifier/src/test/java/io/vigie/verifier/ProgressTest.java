package io.vigie.verifier;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ProgressTest {

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private long seconds;

  private Progress progress(boolean terminal) {
    PrintStream err = new PrintStream(shown, true, StandardCharsets.UTF_8);
    return new Progress(err, terminal, () -> TimeUnit.SECONDS.toNanos(seconds));
  }

  private String shown() {
    return shown.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  @Test
  void aTerminalShowsABarThatIsRedrawn() {
    Progress progress = progress(true);
    progress.begin(20_000);
    progress.reached(1);
    seconds = 2;
    progress.reached(5_000);
    seconds = 8;
    progress.reached(20_000);
    progress.end();
    assertEquals(
        "\r[#######.......................] 25 %  5,000 of 20,000 entries, 2,500 a second, 6 s left   "
            + "\r[##############################] 100 %  20,000 of 20,000 entries, 2,500 a second, 0 s left   \n",
        shown());
  }

  @Test
  void elsewhereThereIsALineEveryTenSeconds() {
    Progress progress = progress(false);
    progress.begin(20_000);
    for (seconds = 1; seconds <= 20; seconds++) {
      progress.reached(1_000 * seconds);
    }
    progress.end();
    assertEquals(
        "50 %  10,000 of 20,000 entries, 1,000 a second, 10 s left\n"
            + "100 %  20,000 of 20,000 entries, 1,000 a second, 0 s left\n",
        shown());
  }

  @Test
  void whatIsOverAtOnceShowsNothing() {
    Progress progress = progress(true);
    progress.begin(0);
    progress.end();
    assertEquals("", shown());
  }
}
