package io.vigie.audit.note;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/**
 * A signed note (C2SP signed-note): a text and the signatures on it.
 *
 * @param text what is signed, with its final newline
 * @param signatures at least one
 */
public record Note(String text, List<Signature> signatures) {

  /** C2SP asks verifiers to take at least 16. */
  private static final int MOST_SIGNATURES = 64;

  private static final String DASH = "\u2014 ";

  /**
   * One line of signature.
   *
   * @param name the key's name
   * @param keyId the key's id
   * @param bytes what the key's algorithm made, without the id
   */
  public record Signature(String name, int keyId, byte[] bytes) {

    /**
     * Reads {@code — <name> <base64>}, without a newline.
     *
     * @throws IllegalArgumentException when the line is none
     */
    public static Signature parse(String line) {
      String[] parts = line.split(" ", -1);
      if (parts.length != 3 || !line.startsWith(DASH) || !VerifierKey.isName(parts[1])) {
        throw new IllegalArgumentException("a line behind the note's text is no signature");
      }
      byte[] signed = CanonicalBase64.decode(parts[2]);
      if (signed.length <= Integer.BYTES) {
        throw new IllegalArgumentException("a signature of " + parts[1] + " is too short");
      }
      return new Signature(
          parts[1],
          ByteBuffer.wrap(signed).getInt(),
          Arrays.copyOfRange(signed, Integer.BYTES, signed.length));
    }

    /** The line, without a newline. */
    public String line() {
      byte[] signed =
          ByteBuffer.allocate(Integer.BYTES + bytes.length).putInt(keyId).put(bytes).array();
      return DASH + name + " " + Base64.getEncoder().encodeToString(signed);
    }
  }

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException when the text does not end in a newline or holds another
   *     control character, or there is no signature, or more than {@value #MOST_SIGNATURES}
   */
  public Note {
    if (!text.endsWith("\n") || text.chars().anyMatch(c -> c < ' ' && c != '\n')) {
      throw new IllegalArgumentException("a note's text is lines, without control characters");
    }
    if (signatures.isEmpty() || signatures.size() > MOST_SIGNATURES) {
      throw new IllegalArgumentException("a note has 1 to " + MOST_SIGNATURES + " signatures");
    }
    signatures = List.copyOf(signatures);
  }

  /** Signs a text with each of the keys. */
  public static Note sign(String text, Collection<SigningKey> keys) {
    return new Note(text, keys.stream().map(key -> key.sign(text)).toList());
  }

  /**
   * Reads a note. Nothing is verified.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Note parse(String note) {
    int end = note.lastIndexOf("\n\n");
    if (end < 0 || !note.endsWith("\n") || end == note.length() - 2) {
      throw new IllegalArgumentException("a note is a text, an empty line and signatures");
    }
    List<Signature> signatures = new ArrayList<>();
    for (String line : note.substring(end + 2, note.length() - 1).split("\n", -1)) {
      signatures.add(Signature.parse(line));
    }
    return new Note(note.substring(0, end + 1), signatures);
  }

  /** The same note with further signatures behind those it has. */
  public Note with(Collection<Signature> further) {
    List<Signature> all = new ArrayList<>(signatures);
    all.addAll(further);
    return new Note(text, all);
  }

  /**
   * Whether one of these keys has signed it; signatures of other keys are ignored.
   *
   * @return false also when a signature that claims to be of one of them is not
   */
  public boolean isSignedBy(Collection<VerifierKey> keys) {
    boolean signed = false;
    for (VerifierKey key : keys) {
      for (Signature signature : signatures) {
        if (key.signed(signature)) {
          if (!key.verifies(text, signature)) {
            return false;
          }
          signed = true;
        }
      }
    }
    return signed;
  }

  /** The whole note. */
  @Override
  public String toString() {
    StringBuilder note = new StringBuilder(text).append('\n');
    signatures.forEach(signature -> note.append(signature.line()).append('\n'));
    return note.toString();
  }
}
