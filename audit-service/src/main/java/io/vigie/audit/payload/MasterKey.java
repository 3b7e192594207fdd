package io.vigie.audit.payload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Wraps the keys of people, so that whoever gets at their directory alone has none of them: 256
 * bits in base64, in {@code vigie.log.keys-master} (an environment variable) or in the file {@code
 * vigie.log.keys-master-file}, which its owner alone may read.
 */
@Singleton
class MasterKey {

  private final SecretKey key;

  /**
   * @throws IllegalStateException when there is none, or not exactly one, or others may read it
   */
  MasterKey(
      @ConfigProperty(name = "vigie.log.keys-master") Optional<String> text,
      @ConfigProperty(name = "vigie.log.keys-master-file") Optional<Path> file) {
    if (text.isPresent() == file.isPresent()) {
      throw new IllegalStateException(
          "Set vigie.log.keys-master-file or VIGIE_LOG_KEYS_MASTER, one of them.");
    }
    key = new SecretKeySpec(bytes(text.orElseGet(() -> read(file.get()))), "AES");
  }

  private static String read(Path file) {
    OwnerOnly.require(file);
    try {
      return Files.readString(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new IllegalStateException("The master key cannot be read: " + e, e);
    }
  }

  private static byte[] bytes(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException e) {
      bytes = new byte[0];
    }
    if (bytes.length != Aead.KEY_BYTES) {
      throw new IllegalStateException("The master key is not 32 bytes in base64.");
    }
    return bytes;
  }

  byte[] wrap(String name, byte[] secret) {
    return new Aead().seal(key, name.getBytes(StandardCharsets.UTF_8), secret);
  }

  /**
   * @throws AEADBadTagException when it was not wrapped under this key and name
   */
  byte[] unwrap(String name, byte[] wrapped) throws AEADBadTagException {
    return new Aead().open(key, name.getBytes(StandardCharsets.UTF_8), wrapped);
  }
}
