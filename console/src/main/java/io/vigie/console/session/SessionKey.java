package io.vigie.console.session;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * 256 random bits that a session's cookie holds and nothing else does. Of them are made, one way,
 * the name of its row and the key that seals what is in it (AES-256, GCM).
 */
final class SessionKey {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
  private static final int BYTES = 32;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final byte[] secret;

  private SessionKey(byte[] secret) {
    this.secret = secret;
  }

  static SessionKey fresh() {
    return new SessionKey(random(BYTES));
  }

  /** The one that a cookie holds; null where it holds none. */
  static SessionKey of(String cookie) {
    try {
      byte[] secret = DECODER.decode(cookie);
      return secret.length == BYTES ? new SessionKey(secret) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  String cookie() {
    return ENCODER.encodeToString(secret);
  }

  String id() {
    return HexFormat.of().formatHex(made("id"));
  }

  String seal(String text) {
    byte[] nonce = random(NONCE);
    byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, text.getBytes(UTF_8), 0);
    byte[] whole = new byte[NONCE + sealed.length];
    System.arraycopy(nonce, 0, whole, 0, NONCE);
    System.arraycopy(sealed, 0, whole, NONCE, sealed.length);
    return ENCODER.encodeToString(whole);
  }

  /**
   * What was sealed with this key.
   *
   * @throws IllegalStateException when that is not what this was
   */
  String open(String sealed) {
    byte[] whole = DECODER.decode(sealed);
    byte[] nonce = Arrays.copyOf(whole, NONCE);
    return new String(cipher(Cipher.DECRYPT_MODE, nonce, whole, NONCE), UTF_8);
  }

  private byte[] cipher(int mode, byte[] nonce, byte[] data, int from) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          mode, new SecretKeySpec(made("seal"), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
      return cipher.doFinal(data, from, data.length - from);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A session cannot be opened.", e);
    }
  }

  private byte[] made(String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac.doFinal(purpose.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return random;
  }
}
