package io.vigie.verifier;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A witness's private key. Its file holds one line as Go's {@code sumdb/note} writes it: {@code
 * PRIVATE+KEY+name+key id+base64(type || seed)}, readable by its owner alone.
 *
 * @param verifier the public key that others are given, of type cosignature/v1
 */
record SignerKey(VerifierKey verifier, PrivateKey key) {

  private static final String PREFIX = "PRIVATE+KEY+";
  private static final int SEED_LENGTH = 32;
  private static final Set<PosixFilePermission> OWNER_ALONE =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  /**
   * Makes a key and writes it to a file that must not exist yet.
   *
   * @throws Unusable when the name cannot be a key's, or the file exists
   */
  static SignerKey create(Path file, String name) throws IOException, Unusable {
    if (!VerifierKey.isName(name)) {
      throw new Unusable(
          Terminal.quoted(name)
              + " cannot name a witness: no spaces, no plus; a URL without scheme");
    }
    byte[] seed = new byte[SEED_LENGTH];
    new SecureRandom().nextBytes(seed);
    SignerKey made = of(name, seed);
    byte[] material = new byte[1 + SEED_LENGTH];
    material[0] = VerifierKey.COSIGNATURE;
    System.arraycopy(seed, 0, material, 1, SEED_LENGTH);
    String line =
        PREFIX
            + name
            + "+"
            + VerifierKey.hex(made.verifier.id())
            + "+"
            + Canonical.base64(material);
    try (FileChannel channel =
        FileChannel.open(
            file,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ALONE))) {
      channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    } catch (FileAlreadyExistsException e) {
      throw new Unusable(file + " exists already, and is left as it is");
    } catch (UnsupportedOperationException e) {
      throw new Unusable(file + " is where files have no permissions to protect a key");
    }
    return made;
  }

  /**
   * Reads a key from its file.
   *
   * @throws Unusable when the file holds none, or others than its owner may read it
   */
  static SignerKey read(Path file) throws IOException, Unusable {
    try {
      if (!OWNER_ALONE.containsAll(Files.getPosixFilePermissions(file))) {
        throw new Unusable(
            file + " holds a private key that others may read; let its owner alone: chmod 600");
      }
    } catch (UnsupportedOperationException e) {
      throw new Unusable(file + " is where files have no permissions to protect a key");
    }
    String line = new String(Arguments.file(file.toString()), StandardCharsets.UTF_8).strip();
    String[] parts = line.startsWith(PREFIX) ? line.split("\\+", 5) : new String[0];
    byte[] material = parts.length == 5 ? Canonical.bytes(parts[4]) : null;
    // What the message must never repeat is the line.
    if (material == null
        || material.length != 1 + SEED_LENGTH
        || material[0] != VerifierKey.ED25519 && material[0] != VerifierKey.COSIGNATURE
        || !VerifierKey.isName(parts[2])) {
      throw new Unusable(file + " holds no Ed25519 key of the form PRIVATE+KEY+name+id+base64");
    }
    SignerKey key = of(parts[2], Arrays.copyOfRange(material, 1, material.length));
    VerifierKey named = VerifierKey.of(parts[2], material[0], key.verifier.key());
    if (!VerifierKey.hex(named.id()).equals(parts[3])) {
      throw new Unusable(file + " holds a key whose id is not that of its name and seed");
    }
    return key;
  }

  private static SignerKey of(String name, byte[] seed) {
    KeyPair pair = pair(seed);
    byte[] x509 = pair.getPublic().getEncoded();
    byte[] key = Arrays.copyOfRange(x509, x509.length - SEED_LENGTH, x509.length);
    return new SignerKey(VerifierKey.of(name, VerifierKey.COSIGNATURE, key), pair.getPrivate());
  }

  /** A generator whose only randomness is the seed: there is no other way to a public key. */
  private static KeyPair pair(byte[] seed) {
    SecureRandom once =
        new SecureRandom() {
          @Override
          public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, SEED_LENGTH);
          }
        };
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(8 * SEED_LENGTH - 1, once);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime lacks Ed25519, which every one has", e);
    }
  }

  /**
   * The signature line of a cosignature, C2SP tlog-cosignature, line feed included.
   *
   * @param text the checkpoint's text
   */
  String cosign(String text, long secondsSinceEpoch) {
    try {
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initSign(key);
      ed25519.update(SignedNote.cosigned(secondsSinceEpoch, text));
      byte[] signature = ed25519.sign();
      byte[] bytes =
          ByteBuffer.allocate(Integer.BYTES + Long.BYTES + signature.length)
              .putInt(verifier.id())
              .putLong(secondsSinceEpoch)
              .put(signature)
              .array();
      return "— " + verifier.name() + " " + Canonical.base64(bytes) + "\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that cannot sign", e);
    }
  }
}
