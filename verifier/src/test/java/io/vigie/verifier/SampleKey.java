package io.vigie.verifier;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An Ed25519 key that signs notes with code of its own, from C2SP signed-note and tlog-cosignature.
 */
record SampleKey(String name, int type, KeyPair pair) {

  static SampleKey ofLog(String name) {
    return of(name, 1);
  }

  static SampleKey ofWitness(String name) {
    return of(name, 4);
  }

  private static SampleKey of(String name, int type) {
    try {
      return new SampleKey(name, type, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] material() {
    byte[] x509 = pair.getPublic().getEncoded();
    byte[] material = Arrays.copyOfRange(x509, x509.length - 33, x509.length);
    material[0] = (byte) type;
    return material;
  }

  private byte[] id() {
    byte[] named = (name + "\n").getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(Rfc6962.sha256(named, material()), 4);
  }

  String vkey() {
    return name
        + "+"
        + HexFormat.of().formatHex(id())
        + "+"
        + Base64.getEncoder().encodeToString(material());
  }

  VerifierKey verifier() {
    try {
      return VerifierKey.parse(vkey());
    } catch (VerifierKey.Malformed e) {
      throw new AssertionError(e);
    }
  }

  /** A signature line; of a witness, one made at {@code 1679315147}. */
  String line(String text) {
    byte[] time = ByteBuffer.allocate(8).putLong(1679315147).array();
    String signed = type == 4 ? "cosignature/v1\ntime 1679315147\n" + text : text;
    try {
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initSign(pair.getPrivate());
      ed25519.update(signed.getBytes(StandardCharsets.UTF_8));
      byte[] signature = ed25519.sign();
      ByteBuffer bytes = ByteBuffer.allocate(4 + (type == 4 ? 8 : 0) + signature.length);
      bytes.put(id());
      if (type == 4) {
        bytes.put(time);
      }
      bytes.put(signature);
      return "— " + name + " " + Base64.getEncoder().encodeToString(bytes.array()) + "\n";
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A checkpoint of the log that is named like this key, signed by it and by others. */
  byte[] checkpoint(long size, byte[] root, SampleKey... others) {
    String text = name + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    StringBuilder note = new StringBuilder(text).append('\n').append(line(text));
    for (SampleKey other : others) {
      note.append(other.line(text));
    }
    return note.toString().getBytes(StandardCharsets.UTF_8);
  }
}
