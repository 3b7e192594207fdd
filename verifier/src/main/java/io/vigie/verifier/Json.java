package io.vigie.verifier;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the one shape of JSON that exports and entries are made of: an object of strings and nulls,
 * without white space, as RFC 8785 writes it. Anything else is refused, so that two readers can
 * never understand the same bytes differently: duplicate names, numbers, nesting, invalid UTF-8,
 * lone surrogates, trailing bytes.
 */
final class Json {

  /** The input is not the JSON that was expected; the message says what and at which character. */
  static final class Malformed extends Exception {
    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  private static final int MAX_MEMBERS = 64;

  private final String text;
  private int position;

  private Json(String text) {
    this.text = text;
  }

  /**
   * Reads one object. A member that is null in the input is present, with a null value.
   *
   * @throws Malformed when the bytes are anything but one such object
   */
  static Map<String, String> object(byte[] utf8) throws Malformed {
    try {
      return object(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      throw new Malformed("not valid UTF-8");
    }
  }

  /**
   * Reads one object from text that is already decoded.
   *
   * @throws Malformed when the text is anything but one such object
   */
  static Map<String, String> object(String text) throws Malformed {
    Json json = new Json(text);
    Map<String, String> members = json.members();
    if (json.position != text.length()) {
      throw json.malformed("the end of the object");
    }
    return members;
  }

  private Map<String, String> members() throws Malformed {
    Map<String, String> members = new LinkedHashMap<>();
    expect('{');
    if (peek() == '}') {
      position++;
      return members;
    }
    while (true) {
      String name = string();
      expect(':');
      String value = peek() == 'n' ? nothing() : string();
      if (members.containsKey(name)) {
        throw new Malformed("a member name twice, before character " + position);
      }
      if (members.size() == MAX_MEMBERS) {
        throw new Malformed("more than " + MAX_MEMBERS + " members");
      }
      members.put(name, value);
      if (peek() == '}') {
        position++;
        return members;
      }
      expect(',');
    }
  }

  private String nothing() throws Malformed {
    if (!text.startsWith("null", position)) {
      throw malformed("a string or null");
    }
    position += "null".length();
    return null;
  }

  private String string() throws Malformed {
    expect('"');
    int plain = position;
    while (peek() >= ' '
        && peek() != '"'
        && peek() != '\\'
        && !Character.isSurrogate((char) peek())) {
      position++;
    }
    if (peek() == '"') {
      return text.substring(plain, position++);
    }
    StringBuilder unescaped = new StringBuilder(text.substring(plain, position));
    while (peek() != '"') {
      unescaped.appendCodePoint(character());
    }
    position++;
    return unescaped.toString();
  }

  private int character() throws Malformed {
    int unit = unit();
    if (!Character.isSurrogate((char) unit)) {
      return unit;
    }
    if (Character.isHighSurrogate((char) unit) && peek() >= 0) {
      int low = unit();
      if (Character.isLowSurrogate((char) low)) {
        return Character.toCodePoint((char) unit, (char) low);
      }
    }
    throw malformed("a whole surrogate pair");
  }

  private int unit() throws Malformed {
    int next = peek();
    if (next < ' ') {
      throw malformed("the end of a string");
    }
    position++;
    return next == '\\' ? escape() : next;
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
      int next = peek();
      int digit = next < 128 ? Character.digit(next, 16) : -1;
      if (digit < 0) {
        throw malformed("four hexadecimal digits");
      }
      unit = unit << 4 | digit;
      position++;
    }
    return unit;
  }

  /** The next character, or -1 at the end. */
  private int peek() {
    return position < text.length() ? text.charAt(position) : -1;
  }

  private void expect(char expected) throws Malformed {
    if (peek() != expected) {
      throw malformed("'" + expected + "'");
    }
    position++;
  }

  private Malformed malformed(String expected) {
    return new Malformed("expected " + expected + " at character " + (position + 1));
  }
}
