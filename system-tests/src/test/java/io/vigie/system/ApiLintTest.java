package io.vigie.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What the build left of the APIs' descriptions, and that of the topics, by rules of others. */
@Order(0) // before the platform is up, which takes most of a processor to wait
class ApiLintTest {

  /** What the check ends with where its linters cannot be had. */
  private static final int NOT_HERE = 77;

  @TempDir Path folder;

  @Test
  void theApisAndTheTopicsAreDescribedAsSpectralOwaspRedoclyAndAsyncApiWantIt() throws Exception {
    Path said = folder.resolve("said");
    Path check = Path.of(System.getProperty("vigie.root"), "contracts", "lint", "check.sh");
    Process process =
        new ProcessBuilder(check.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = process.waitFor(10, TimeUnit.MINUTES);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String text = Files.readString(said);

    assertTrue(ended, text);
    assumeTrue(process.exitValue() != NOT_HERE, text);
    assertEquals(0, process.exitValue(), text);
  }
}
