package io.vigie.audit.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files for nobody but their owner. */
final class OwnerOnly {

  static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private OwnerOnly() {}

  /**
   * @throws IllegalStateException when it does not exist, or anybody but the owner may use it
   */
  static void require(Path path) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      if (!OWNER.containsAll(permissions)) {
        throw new IllegalStateException(
            path
                + " is open to others ("
                + PosixFilePermissions.toString(permissions)
                + "). Take all permissions of group and others from it.");
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw new IllegalStateException(path + " cannot be used: " + e, e);
    }
  }
}
