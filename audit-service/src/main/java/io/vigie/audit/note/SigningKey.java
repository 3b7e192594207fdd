package io.vigie.audit.note;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A private key that signs notes, in the text form of Go's {@code note.NewSigner}: {@code
 * PRIVATE+KEY+<name>+<8 hex digits>+<base64(0x01 || seed)>}. Its text never appears in a message.
 */
public final class SigningKey {

  private static final String PREFIX = "PRIVATE+KEY+";

  private final byte[] seed;
  private final PrivateKey key;
  private final VerifierKey verifier;

  private SigningKey(String name, byte[] seed) {
    this.seed = seed.clone();
    KeyPair pair = pair(seed);
    byte[] info = pair.getPublic().getEncoded();
    this.key = pair.getPrivate();
    this.verifier =
        new VerifierKey(
            name,
            VerifierKey.ED25519,
            Arrays.copyOfRange(info, info.length - VerifierKey.KEY_LENGTH, info.length));
  }

  /**
   * Reads a key.
   *
   * @throws IllegalArgumentException when the text is no Ed25519 signing key, or its id is not that
   *     of its key
   */
  public static SigningKey parse(String text) {
    String[] parts = text.strip().split("\\+", 5);
    if (!text.startsWith(PREFIX) || parts.length != 5 || !VerifierKey.isName(parts[2])) {
      throw new IllegalArgumentException("a signing key is PRIVATE+KEY+<name>+<id>+<base64>");
    }
    byte[] typed;
    try {
      typed = CanonicalBase64.decode(parts[4]);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the signing key of " + parts[2] + " is not base64");
    }
    if (typed.length != 1 + VerifierKey.KEY_LENGTH || typed[0] != VerifierKey.ED25519) {
      throw new IllegalArgumentException(
          "the signing key of " + parts[2] + " is not of type Ed25519");
    }
    SigningKey key = new SigningKey(parts[2], Arrays.copyOfRange(typed, 1, typed.length));
    if (!key.verifier.hexId().equals(parts[3])) {
      throw new IllegalArgumentException(
          "the signing key of " + parts[2] + " does not have the id it is written with");
    }
    return key;
  }

  /** The text of a new random key of this name. */
  public static String generate(String name) {
    byte[] seed = new byte[VerifierKey.KEY_LENGTH];
    new SecureRandom().nextBytes(seed);
    return text(name, seed);
  }

  static String text(String name, byte[] seed) {
    byte[] typed = ByteBuffer.allocate(1 + seed.length).put(VerifierKey.ED25519).put(seed).array();
    return PREFIX
        + name
        + "+"
        + new SigningKey(name, seed).verifier.hexId()
        + "+"
        + Base64.getEncoder().encodeToString(typed);
  }

  /** The runtime has no way from a seed to its public key but to generate the pair from it. */
  private static KeyPair pair(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(
          NamedParameterSpec.ED25519,
          new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
              System.arraycopy(seed, 0, bytes, 0, seed.length);
            }
          });
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has Ed25519", e);
    }
  }

  /** The same key under another name, and so with another id. */
  public SigningKey named(String name) {
    return new SigningKey(name, seed);
  }

  /** The key that verifies what this one signs. */
  public VerifierKey verifier() {
    return verifier;
  }

  /** Signs a text, which ends in a newline. The same text gets the same signature (RFC 8032). */
  public Note.Signature sign(String text) {
    try {
      Signature signing = Signature.getInstance("Ed25519");
      signing.initSign(key);
      signing.update(text.getBytes(StandardCharsets.UTF_8));
      return new Note.Signature(verifier.name(), verifier.id(), signing.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an Ed25519 key signs any text", e);
    }
  }

  /** Says which key it is, and nothing of its secret. */
  @Override
  public String toString() {
    return "signing key " + verifier.name() + "+" + HexFormat.of().toHexDigits(verifier.id());
  }
}
