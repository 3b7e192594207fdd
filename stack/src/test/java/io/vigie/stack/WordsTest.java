package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

class WordsTest {
  @TempDir Path directory;

  @Test
  void theLastLineThatTellsOfAFailureIsQuotedWithoutItsStackTrace() throws IOException {
    Words words = Words.from(log());
    say(
        """
        INFO starting
        ERROR first
        java.net.BindException: Address already in use
        \tat sun.nio.ch.Net.bind0(Native Method)
        \t... 12 more
        INFO shut down

        """);

    assertEquals("java.net.BindException: Address already in use", words.last());
    assertEquals(
        "kafka ended while it was starting: java.net.BindException: Address already in use. Its log: "
            + log()
            + ". Mend that, then ./vigie up",
        words.failure("kafka ended while it was starting"));
  }

  @Test
  void withoutSuchALineTheLastOneIsQuoted() throws IOException {
    Words words = Words.from(log());
    say("one\ntwo\n\n");

    assertEquals("two", words.last());
  }

  @Test
  void whatAnEarlierRunSaidIsNotQuoted() throws IOException {
    say("FATAL: of an earlier run\n");
    Words words = Words.from(log());

    assertEquals("", words.last());
    assertEquals(
        "mail ended. Its log: " + log() + ". Mend that, then ./vigie up",
        words.failure("mail ended"));
  }

  @Test
  void neitherALongLogNorALongLineIsQuotedWhole() throws IOException {
    Words words = Words.from(log());
    say("x".repeat(1 << 17) + "\nfailed: " + "y".repeat(1_000) + "\n");

    assertEquals("failed: " + "y".repeat(292) + "…", words.last());
  }

  private Path log() {
    return directory.resolve("a.log");
  }

  private void say(String text) throws IOException {
    Files.writeString(log(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
