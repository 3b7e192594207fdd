package io.vigie.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** Checkpoints as signed notes (c2sp.org/signed-note), by a key of this test run. */
public final class SignedNotes {

  private static final String ORIGIN = "vigie.local/log";
  private static final byte ED25519 = 1;
  private static final KeyPair KEYS = keys();

  private SignedNotes() {}

  /** The checkpoint of a tree, signed. */
  public static String checkpoint(long size, byte[] root) {
    try {
      String text = ORIGIN + "\n" + size + "\n" + base64(root) + "\n";
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(KEYS.getPrivate());
      signer.update(text.getBytes(StandardCharsets.UTF_8));
      return text + "\n— " + ORIGIN + " " + base64(join(keyId(), signer.sign())) + "\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What verifies them. */
  public static String verifierKey() {
    return ORIGIN + "+" + HexFormat.of().formatHex(keyId()) + "+" + base64(publicKey());
  }

  private static byte[] keyId() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update((ORIGIN + "\n").getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(sha256.digest(publicKey()), 4);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The algorithm, then the 32 bytes of RFC 8032, which end the encoding that Java has. */
  private static byte[] publicKey() {
    byte[] encoded = KEYS.getPublic().getEncoded();
    return join(
        new byte[] {ED25519}, Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static KeyPair keys() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
