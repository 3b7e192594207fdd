package io.vigie.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vigie.audit.note.SigningKey;

/** Gives the service under test a key of its own, and a place for its checkpoints. */
public class SigningEnvironment implements QuarkusTestResourceLifecycleManager {

  public static final String ORIGIN = "vigie.local/log";

  @Override
  public Map<String, String> start() {
    try {
      Path directory = Files.createTempDirectory("vigie-log"); // its files are the owner's alone
      Path key = Files.createTempFile(directory, "log", ".key");
      Files.writeString(key, SigningKey.generate(ORIGIN) + "\n");
      return Map.of(
          "vigie.log.key-file",
          key.toString(),
          "vigie.log.checkpoint-file",
          directory.resolve("checkpoint").toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    // the directory goes with the machine's temporary files
  }
}
