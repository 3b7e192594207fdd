package io.vigie.verifier;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A text signed by one or more keys, C2SP signed-note.
 *
 * @param text what is signed, its last line feed included
 * @param signatures in the order of their lines, those of unknown keys included
 */
record SignedNote(String text, List<Signature> signatures) {

  /** Room for 16 post-quantum signatures, which every reader must accept. */
  static final int MAX_LENGTH = 1 << 18;

  private static final int MAX_SIGNATURES = 64;
  private static final int KEY_ID_LENGTH = Integer.BYTES;

  /** One signature line; whether it is right is not known yet. */
  record Signature(String name, int keyId, byte[] bytes) {
    boolean isBy(VerifierKey key) {
      return name.equals(key.name()) && keyId == key.id();
    }

    /** The line as it stood in the note, line feed included. */
    String line() {
      byte[] whole =
          ByteBuffer.allocate(KEY_ID_LENGTH + bytes.length).putInt(keyId).put(bytes).array();
      return "— " + name + " " + Canonical.base64(whole) + "\n";
    }
  }

  /** The bytes are no signed note; the message says why. */
  static final class Malformed extends Exception {
    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Reads a note, every byte of it.
   *
   * @throws Malformed when it is none
   */
  static SignedNote parse(byte[] bytes) throws Malformed {
    String note = decode(bytes);
    int end = note.lastIndexOf("\n\n") + 1;
    if (end == 0) {
      throw new Malformed("it has no blank line between text and signatures");
    }
    String lines = note.substring(end + 1);
    if (lines.isEmpty()) {
      throw new Malformed("it has no signature");
    }
    if (!lines.endsWith("\n")) {
      throw new Malformed("its last line does not end in a line feed");
    }
    List<Signature> signatures = new ArrayList<>();
    for (String line : lines.substring(0, lines.length() - 1).split("\n", -1)) {
      if (signatures.size() == MAX_SIGNATURES) {
        throw new Malformed("it has more than " + MAX_SIGNATURES + " signatures");
      }
      signatures.add(signature(line));
    }
    return new SignedNote(note.substring(0, end), List.copyOf(signatures));
  }

  private static String decode(byte[] bytes) throws Malformed {
    if (bytes.length > MAX_LENGTH) {
      throw new Malformed("it is longer than " + MAX_LENGTH + " bytes");
    }
    try {
      String note = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (note.chars().anyMatch(c -> c < ' ' && c != '\n')) {
        throw new Malformed("it holds a control character");
      }
      return note;
    } catch (CharacterCodingException e) {
      throw new Malformed("it is not valid UTF-8");
    }
  }

  private static Signature signature(String line) throws Malformed {
    String[] parts = line.split(" ", -1);
    byte[] bytes = parts.length == 3 ? Canonical.bytes(parts[2]) : null;
    if (bytes == null
        || bytes.length <= KEY_ID_LENGTH
        || !parts[0].equals("—")
        || !VerifierKey.isName(parts[1])) {
      throw new Malformed("a line after its blank line is no signature");
    }
    byte[] signature = new byte[bytes.length - KEY_ID_LENGTH];
    System.arraycopy(bytes, KEY_ID_LENGTH, signature, 0, signature.length);
    return new Signature(parts[1], keyId(bytes), signature);
  }

  static int keyId(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getInt();
  }

  /**
   * Those of the keys that signed this text. Signatures of other keys are ignored, as the
   * specification asks.
   *
   * @throws Rejected when a line that names one of the keys is not its signature
   */
  List<VerifierKey> signers(List<VerifierKey> keys) throws Rejected {
    List<VerifierKey> signers = new ArrayList<>();
    for (VerifierKey key : keys) {
      for (Signature signature : signatures) {
        if (signature.isBy(key)) {
          if (!verifies(key, signature.bytes)) {
            throw new Rejected(
                "the signature of key "
                    + Terminal.quoted(key.name())
                    + " ("
                    + VerifierKey.hex(key.id())
                    + ") is wrong: text or signature was changed");
          }
          if (!signers.contains(key)) {
            signers.add(key);
          }
        }
      }
    }
    return signers;
  }

  private boolean verifies(VerifierKey key, byte[] signature) {
    if (key.type() == VerifierKey.ED25519) {
      return key.signed(text.getBytes(StandardCharsets.UTF_8), signature);
    }
    if (signature.length <= Long.BYTES) {
      return false;
    }
    ByteBuffer timestamped = ByteBuffer.wrap(signature);
    long time = timestamped.getLong();
    byte[] ed25519 = new byte[timestamped.remaining()];
    timestamped.get(ed25519);
    return time >= 0 && key.signed(cosigned(time, text), ed25519);
  }

  /** What a cosigner signs, C2SP tlog-cosignature. */
  static byte[] cosigned(long secondsSinceEpoch, String text) {
    return ("cosignature/v1\ntime " + secondsSinceEpoch + "\n" + text)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The names and ids of the keys that claim to have signed, for a message. */
  String claimedSigners() {
    return signatures.stream()
        .limit(4)
        .map(s -> Terminal.quoted(s.name()) + " (" + VerifierKey.hex(s.keyId()) + ")")
        .collect(Collectors.joining(", "));
  }
}
