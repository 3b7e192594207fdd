package io.vigie.verifier;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the one shape of JSON that exports and entries are made of: an object of strings and nulls,
 * without white space between tokens. Anything else is refused, so that two readers can never
 * understand the same bytes differently: duplicate names, numbers, nesting, invalid UTF-8, lone
 * surrogates, trailing bytes.
 *
 * <p>RFC 8785 writes such an object in one way alone; this reads it in any order of its names, and
 * with any escape of RFC 8259. What a leaf hashes is the bytes of an entry, so none of another
 * spelling passes for it.
 */
final class Json {

  /** The input is not the JSON that was expected; the message says what and at which byte. */
  static final class Malformed extends Exception {
    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  private static final int MAX_MEMBERS = 64;
  private static final int USUAL_MEMBERS = 14;

  /** Whether a byte of a string is ASCII that stands for itself. */
  private static final boolean[] PLAIN = new boolean[256];

  static {
    Arrays.fill(PLAIN, ' ', 0x80, true);
    PLAIN['"'] = false;
    PLAIN['\\'] = false;
  }

  private final byte[] text;
  private byte[] unescaped;
  private int position;

  private Json(byte[] text) {
    this.text = text;
  }

  /**
   * Reads one object. A member that is null in the input is present, with a null value.
   *
   * @throws Malformed when the bytes are anything but one such object
   */
  static Map<String, String> object(byte[] utf8) throws Malformed {
    Json json = new Json(utf8);
    Map<String, String> members = json.members();
    if (json.position != utf8.length) {
      throw json.malformed("the end of the object");
    }
    return members;
  }

  /**
   * Reads one object from text that is already decoded.
   *
   * @throws Malformed when the text is anything but one such object
   */
  static Map<String, String> object(String text) throws Malformed {
    return object(text.getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, String> members() throws Malformed {
    Map<String, String> members = new HashMap<>(2 * USUAL_MEMBERS);
    expect('{');
    if (peek() == '}') {
      position++;
      return members;
    }
    while (true) {
      String name = string();
      expect(':');
      String value = peek() == 'n' ? nothing() : string();
      int known = members.size();
      members.put(name, value);
      if (members.size() == known) {
        throw new Malformed("a member name twice, before byte " + position);
      }
      if (known == MAX_MEMBERS) {
        throw new Malformed("more than " + MAX_MEMBERS + " members");
      }
      if (peek() == '}') {
        position++;
        return members;
      }
      expect(',');
    }
  }

  private String nothing() throws Malformed {
    for (char letter : new char[] {'n', 'u', 'l', 'l'}) {
      expect(letter);
    }
    return null;
  }

  private String string() throws Malformed {
    expect('"');
    int start = position;
    skipPlain();
    if (peek() == '"') {
      // ASCII alone, which ISO 8859-1 reads the same and fastest.
      return new String(text, start, position++ - start, StandardCharsets.ISO_8859_1);
    }
    return unescaped(start);
  }

  /** Passes over characters of ASCII that stand for themselves. */
  private void skipPlain() {
    int at = position;
    while (at < text.length && PLAIN[text[at] & 0xff]) {
      at++;
    }
    position = at;
  }

  /**
   * A string that is not plain from here on: its UTF-8, which is never longer than what is read.
   */
  private String unescaped(int start) throws Malformed {
    if (unescaped == null) {
      unescaped = new byte[text.length];
    }
    byte[] utf8 = unescaped;
    int length = position - start;
    System.arraycopy(text, start, utf8, 0, length);
    boolean ascii = true;
    while (peek() != '"') {
      int from = position;
      length = copyPlain(utf8, length);
      while (position < text.length && text[position] < 0) {
        utf8[length++] = text[position++];
        ascii = false;
      }
      if (peek() == '\\') {
        position++;
        int character = escaped();
        if (character < 0x80) {
          utf8[length++] = (byte) character;
        } else {
          byte[] encoded = Character.toString(character).getBytes(StandardCharsets.UTF_8);
          System.arraycopy(encoded, 0, utf8, length, encoded.length);
          length += encoded.length;
          ascii = false;
        }
      } else if (position == from) {
        throw malformed("the end of a string");
      }
    }
    position++;
    return ascii ? new String(utf8, 0, length, StandardCharsets.ISO_8859_1) : decoded(utf8, length);
  }

  /** What {@link #skipPlain} passes over, put into another array; where that goes on. */
  private int copyPlain(byte[] into, int length) {
    int at = position;
    int to = length;
    while (at < text.length && PLAIN[text[at] & 0xff]) {
      into[to++] = text[at++];
    }
    position = at;
    return to;
  }

  private static String decoded(byte[] utf8, int length) throws Malformed {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(utf8, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new Malformed("not valid UTF-8");
    }
  }

  private int escaped() throws Malformed {
    int unit = escape();
    if (!Character.isSurrogate((char) unit)) {
      return unit;
    }
    if (Character.isHighSurrogate((char) unit) && peek() == '\\') {
      position++;
      int low = escape();
      if (Character.isLowSurrogate((char) low)) {
        return Character.toCodePoint((char) unit, (char) low);
      }
    }
    throw malformed("a whole surrogate pair");
  }

  private int escape() throws Malformed {
    int escaped = peek();
    position++;
    switch (escaped) {
      case '"', '\\', '/':
        return escaped;
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'u':
        return hexadecimal();
      default:
        throw malformed("an escape sequence");
    }
  }

  private int hexadecimal() throws Malformed {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw malformed("four hexadecimal digits");
      }
      unit = unit << 4 | digit;
      position++;
    }
    return unit;
  }

  /**
   * The next byte, or -1 at the end; no byte of UTF-8 that is not ASCII is mistaken for one that
   * is.
   */
  private int peek() {
    return position < text.length ? text[position] & 0xff : -1;
  }

  private void expect(char expected) throws Malformed {
    if (peek() != expected) {
      throw malformed("'" + expected + "'");
    }
    position++;
  }

  private Malformed malformed(String expected) {
    return new Malformed("expected " + expected + " at byte " + (position + 1));
  }
}
