package io.vigie.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The key that the traceability log of one stack signs its checkpoints with: made once, kept in a
 * file that its owner alone may read, in the text form of Go's {@code note.NewSigner}.
 */
final class LogKey {

  /** The log's name, which its key bears too. */
  static final String ORIGIN = "vigie.local/log";

  private static final byte ED25519 = 0x01;
  private static final int KEY_LENGTH = 32;

  private LogKey() {}

  /** Makes the key unless the file is there. Whole or not at all. */
  static void ensure(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Path fresh = Path.of(file + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, generate() + "\n");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** {@code PRIVATE+KEY+<name>+<id>+<base64(type || seed)>}. */
  private static String generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      byte[] info = pair.getPublic().getEncoded();
      byte[] publicKey = Arrays.copyOfRange(info, info.length - KEY_LENGTH, info.length);
      byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update((ORIGIN + "\n").getBytes(StandardCharsets.UTF_8));
      byte[] hash = sha256.digest(typed(publicKey));
      return "PRIVATE+KEY+%s+%s+%s"
          .formatted(
              ORIGIN,
              HexFormat.of().formatHex(hash, 0, 4),
              Base64.getEncoder().encodeToString(typed(seed)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has Ed25519 and SHA-256", e);
    }
  }

  private static byte[] typed(byte[] key) {
    byte[] typed = new byte[1 + key.length];
    typed[0] = ED25519;
    System.arraycopy(key, 0, typed, 1, key.length);
    return typed;
  }
}
