package io.vigie.audit.payload;

import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** In this package because outside of the service nobody else may hold people's keys. */
public final class KeysForBenchmarks {

  private KeysForBenchmarks() {}

  /** Keys in a directory that its owner alone may enter, under a master key of zeros. */
  public static PersonKeys in(Path directory) {
    String zeros = Base64.getEncoder().encodeToString(new byte[32]);
    return new PersonKeys(directory, new MasterKey(Optional.of(zeros), Optional.empty()));
  }
}
