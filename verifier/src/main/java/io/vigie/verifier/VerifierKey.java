package io.vigie.verifier;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A public key that a reader trusts, as C2SP signed-note writes it: {@code name+key id+base64(type
 * || key)}. Two types are known: Ed25519 over the note's text (0x01), and timestamped Ed25519
 * cosignatures of checkpoints (0x04, C2SP tlog-cosignature). ML-DSA-44 (0x06) is waived: no Java
 * runtime before 24 has it.
 *
 * @param name the key's name; a log's is its origin
 * @param id the first four bytes of {@code SHA-256(name || 0x0A || type || key)}
 * @param type {@link #ED25519} or {@link #COSIGNATURE}
 * @param key 32 bytes, RFC 8032
 */
record VerifierKey(String name, int id, byte type, byte[] key) {

  static final byte ED25519 = 1;
  static final byte COSIGNATURE = 4;

  private static final int KEY_LENGTH = 32;

  /** What precedes the 32 bytes of an Ed25519 key in its X.509 encoding, RFC 8410. */
  private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

  /** The text is no verifier key; the message says why. */
  static final class Malformed extends Exception {
    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Reads a verifier key.
   *
   * @throws Malformed when it is none, its id is not that of its key, or its type is not known
   */
  static VerifierKey parse(String vkey) throws Malformed {
    String[] parts = vkey.split("\\+", 3);
    if (parts.length != 3 || !isName(parts[0]) || !parts[1].matches("[0-9a-f]{8}")) {
      throw new Malformed("it is not of the form name+key id+base64");
    }
    byte[] material = Canonical.bytes(parts[2]);
    if (material == null || material.length == 0) {
      throw new Malformed("its last part is not base64");
    }
    if (material[0] != ED25519 && material[0] != COSIGNATURE) {
      throw new Malformed(
          "its signature type 0x%02x is not known here, only Ed25519 (0x01) and cosignature/v1 (0x04)"
              .formatted(material[0]));
    }
    if (material.length != 1 + KEY_LENGTH) {
      throw new Malformed("an Ed25519 key has 32 bytes, this one " + (material.length - 1));
    }
    VerifierKey key = of(parts[0], material[0], Arrays.copyOfRange(material, 1, material.length));
    if (key.id != HexFormat.fromHexDigits(parts[1])) {
      throw new Malformed("its key id is not that of its name and key, which is " + hex(key.id));
    }
    return key;
  }

  static VerifierKey of(String name, byte type, byte[] key) {
    ByteArrayOutputStream identified = new ByteArrayOutputStream();
    identified.writeBytes(name.getBytes(StandardCharsets.UTF_8));
    identified.write('\n');
    identified.write(type);
    identified.writeBytes(key);
    byte[] hash = TreeHash.sha256().digest(identified.toByteArray());
    return new VerifierKey(name, SignedNote.keyId(hash), type, key);
  }

  /** Whether a key, and so a log or a witness, can have this name. */
  static boolean isName(String name) {
    return !name.isEmpty()
        && name.codePoints()
            .noneMatch(
                c ->
                    c == '+'
                        || Character.isWhitespace(c)
                        || Character.isSpaceChar(c)
                        || Character.isISOControl(c));
  }

  /** Whether this is an Ed25519 signature (RFC 8032) of the message; never throws. */
  boolean signed(byte[] message, byte[] signature) {
    try {
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initVerify(publicKey());
      ed25519.update(message);
      return ed25519.verify(signature);
    } catch (SignatureException malformed) {
      return false;
    } catch (GeneralSecurityException notAPoint) {
      return false;
    }
  }

  private PublicKey publicKey() throws GeneralSecurityException {
    byte[] encoded = Arrays.copyOf(X509, X509.length + KEY_LENGTH);
    System.arraycopy(key, 0, encoded, X509.length, KEY_LENGTH);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  /** The text that {@link #parse} reads. */
  String vkey() {
    byte[] material = new byte[1 + KEY_LENGTH];
    material[0] = type;
    System.arraycopy(key, 0, material, 1, KEY_LENGTH);
    return name + "+" + hex(id) + "+" + Canonical.base64(material);
  }

  static String hex(int id) {
    return HexFormat.of().toHexDigits(id);
  }
}
