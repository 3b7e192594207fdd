package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

class FreshTokenTest {
  @TempDir Path folder;

  private final Queue<String> tokens = new ArrayDeque<>(List.of("first", "second"));

  private String next() throws IOException {
    if (tokens.isEmpty()) {
      throw new IOException("no token to be had");
    }
    return tokens.remove();
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void theFileHoldsTheNewestTokenForItsOwnerAlone() throws Exception {
    try (FreshToken token = new FreshToken(folder, this::next)) {
      assertEquals("first", Files.readString(token.file()));
      token.renew();
      assertEquals("second", Files.readString(token.file()));
      assertEquals(
          PosixFilePermissions.fromString("rw-------"),
          Files.getPosixFilePermissions(token.file()));
      assertEquals(1, files());
    }
  }

  @Test
  void whileThereIsNoOtherTheOldTokenStays() throws Exception {
    tokens.remove();
    try (FreshToken token = new FreshToken(folder, this::next)) {
      token.renew();
      assertEquals("second", Files.readString(token.file()));
    }
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    FreshToken token = new FreshToken(folder, this::next);
    token.close();
    token.renew();
    assertEquals(0, files());
  }
}
