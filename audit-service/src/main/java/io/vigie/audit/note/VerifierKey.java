package io.vigie.audit.note;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A public key that verifies signatures on notes: the vkey of C2SP signed-note, for Ed25519 alone.
 */
public final class VerifierKey {

  /** Signature type of notes signed by a log. */
  public static final byte ED25519 = 0x01;

  /** Signature type of a witness's timestamped cosignature (C2SP tlog-cosignature). */
  public static final byte COSIGNATURE = 0x04;

  static final int KEY_LENGTH = 32;
  private static final int SIGNATURE_LENGTH = 64;

  /** What RFC 8410 puts before the 32 bytes of an Ed25519 public key. */
  private static final byte[] SUBJECT_PUBLIC_KEY_INFO =
      HexFormat.of().parseHex("302a300506032b6570032100");

  private final String name;
  private final byte type;
  private final byte[] encoded;
  private final int id;
  private final PublicKey key;

  VerifierKey(String name, byte type, byte[] encoded) {
    this.name = name;
    this.type = type;
    this.encoded = encoded.clone();
    this.id = id(name, type, encoded);
    byte[] info =
        Arrays.copyOf(SUBJECT_PUBLIC_KEY_INFO, SUBJECT_PUBLIC_KEY_INFO.length + KEY_LENGTH);
    System.arraycopy(encoded, 0, info, SUBJECT_PUBLIC_KEY_INFO.length, KEY_LENGTH);
    try {
      key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(info));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("these are no bytes of an Ed25519 public key", e);
    }
  }

  /**
   * Reads {@code <name>+<8 hex digits>+<base64>}.
   *
   * @throws IllegalArgumentException when the text is no vkey of a type known here, or its id is
   *     not that of its key
   */
  public static VerifierKey parse(String text) {
    String[] parts = text.split("\\+", 3);
    if (parts.length != 3 || !isName(parts[0])) {
      throw new IllegalArgumentException("a verifier key is <name>+<id>+<base64>");
    }
    byte[] typed = CanonicalBase64.decode(parts[2]);
    if (typed.length != 1 + KEY_LENGTH || typed[0] != ED25519 && typed[0] != COSIGNATURE) {
      throw new IllegalArgumentException("verifier key " + parts[0] + " is not of type Ed25519");
    }
    VerifierKey key =
        new VerifierKey(parts[0], typed[0], Arrays.copyOfRange(typed, 1, typed.length));
    if (!key.hexId().equals(parts[1])) {
      throw new IllegalArgumentException(
          "verifier key " + parts[0] + " has id " + key.hexId() + ", not " + parts[1]);
    }
    return key;
  }

  /** {@code SHA-256(name || 0x0A || type || key)[:4]}, big-endian. */
  static int id(String name, byte type, byte[] key) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update((name + "\n").getBytes(StandardCharsets.UTF_8));
      sha256.update(type);
      return ByteBuffer.wrap(sha256.digest(key)).getInt();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Whether a key may have this name: not empty, no space, no plus, no control character. */
  static boolean isName(String name) {
    return !name.isEmpty()
        && name.codePoints()
            .noneMatch(
                c -> c == '+' || c < ' ' || Character.isWhitespace(c) || Character.isSpaceChar(c));
  }

  public String name() {
    return name;
  }

  /** The key id as 8 hexadecimal digits. */
  public String hexId() {
    return HexFormat.of().toHexDigits(id);
  }

  int id() {
    return id;
  }

  /** Whether a signature line of a note claims to be of this key. */
  public boolean signed(Note.Signature signature) {
    return signature.name().equals(name) && signature.keyId() == id;
  }

  /**
   * Whether a signature that claims to be of this key is, over this text. A cosignature is checked
   * over {@code cosignature/v1}, its time and the text.
   */
  public boolean verifies(String text, Note.Signature signature) {
    ByteBuffer bytes = ByteBuffer.wrap(signature.bytes());
    String message = text;
    if (type == COSIGNATURE) {
      if (bytes.remaining() != Long.BYTES + SIGNATURE_LENGTH) {
        return false;
      }
      message = "cosignature/v1\ntime " + bytes.getLong() + "\n" + text;
    }
    if (!signed(signature) || bytes.remaining() != SIGNATURE_LENGTH) {
      return false;
    }
    byte[] last = new byte[SIGNATURE_LENGTH];
    bytes.get(last);
    try {
      Signature verification = Signature.getInstance("Ed25519");
      verification.initVerify(key);
      verification.update(message.getBytes(StandardCharsets.UTF_8));
      return verification.verify(last);
    } catch (GeneralSecurityException e) {
      return false; // bytes that are no point of the curve
    }
  }

  /** The vkey text. */
  @Override
  public String toString() {
    byte[] typed = ByteBuffer.allocate(1 + KEY_LENGTH).put(type).put(encoded).array();
    return name + "+" + hexId() + "+" + Base64.getEncoder().encodeToString(typed);
  }
}
