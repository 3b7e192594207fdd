package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/**
 * Where audit-service keeps the keys of people, and the master key that they are under: made once,
 * for their owner alone, and away from the database, so that no copy of it has them.
 */
final class PersonKeys {
  static final String DIRECTORY = "person-keys";
  static final String MASTER = "person-keys.master";

  private PersonKeys() {}

  /** Makes what is not there yet. */
  static void prepare(Site site) throws IOException {
    Path directory = directory(site);
    if (!Files.exists(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    if (!Files.exists(master(site))) {
      byte[] random = new byte[32];
      new SecureRandom().nextBytes(random);
      // Whole or not at all, and from the first moment for its owner alone.
      Path fresh = Files.createTempFile(site.state(), MASTER, ".new");
      Files.writeString(fresh, Base64.getEncoder().encodeToString(random));
      Files.move(fresh, master(site), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** What audit-service is told of them. */
  static Map<String, String> environment(Site site) {
    return Map.of(
        "VIGIE_LOG_KEYS_DIR", directory(site).toString(),
        "VIGIE_LOG_KEYS_MASTER_FILE", master(site).toString());
  }

  static Path directory(Site site) {
    return site.state().resolve(DIRECTORY).toAbsolutePath();
  }

  static Path master(Site site) {
    return site.state().resolve(MASTER).toAbsolutePath();
  }
}
