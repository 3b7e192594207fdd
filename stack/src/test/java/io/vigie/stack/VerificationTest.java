package io.vigie.stack;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

class VerificationTest {
  @TempDir Path directory;

  @Test
  void aFileThatCannotBeReadAndOneThatIsNoExportEndWith2() throws Exception {
    Path root = Path.of("").toAbsolutePath().getParent();
    Site site = new Site(root, directory.resolve("state"), directory.resolve("cache"), 0);
    Verification verification = new Verification(site, new Stack(site));

    assertEquals(2, verification.of(directory.resolve("missing.ndjson")));
    Path prose = Files.writeString(directory.resolve("prose.ndjson"), "no export\n");
    assertEquals(2, verification.of(prose));
  }
}
