package io.vigie.audit.payload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** Gives the service under test, in every class of tests, a directory for the keys of people. */
@QuarkusTestResource(KeysDirectory.class)
public class KeysDirectory implements QuarkusTestResourceLifecycleManager {

  @Override
  public Map<String, String> start() {
    try {
      Path directory = Files.createTempDirectory("vigie-keys-"); // for its owner alone
      return Map.of(
          "vigie.log.keys-dir", directory.toString(), "vigie.log.keys-master", newMaster());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keys under a master key of their own, in a directory of their own. */
  public static PersonKeys keysOfOnesOwn() {
    try {
      Path directory = Files.createTempDirectory("vigie-keys-");
      return new PersonKeys(directory, new MasterKey(Optional.of(newMaster()), Optional.empty()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String newMaster() {
    return Base64.getEncoder().encodeToString(Aead.newKey());
  }

  @Override
  public void stop() {
    // the keys are of no use without their master key, which ends with this run
  }
}
