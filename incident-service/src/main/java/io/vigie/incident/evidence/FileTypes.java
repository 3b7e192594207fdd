package io.vigie.incident.evidence;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;

/**
 * Which files are taken, by what is in them: {@code contracts/policy/attachments.json}. A file that
 * is two things at once, one of which a program might run or show, is not taken.
 */
@ApplicationScoped
class FileTypes {

  /**
   * What a file is.
   *
   * @param extension of its name, without the dot
   */
  record FileType(String mediaType, String extension) {}

  private record Ending(String hex, int within) {}

  /**
   * @param begins with one of these bytes
   * @param soughtWithin readers find the beginning also later, up to here; null: at once or never
   * @param ends with these bytes, that is, so many bytes before the end at most; null: with any
   */
  private record Binary(
      String mediaType, String extension, List<String> begins, Integer soughtWithin, Ending ends) {}

  private record Text(String mediaType, String extension, List<String> notBegins) {}

  /**
   * @param within the first so many bytes; null: anywhere
   */
  private record Mark(String text, Integer within) {}

  private record Table(List<Binary> types, Text text, List<Mark> marks) {}

  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] END_OF_ZIP = {'P', 'K', 5, 6};
  private static final int END_OF_ZIP_LENGTH = 22;
  private static final int LONGEST_COMMENT = 65_535;
  private static final int BYTE = 0xFF;

  private final Table table = PolicyTable.read("attachments", Table.class);

  /**
   * What the content is.
   *
   * @throws Problem 422 when it is none of what is taken, or is two things at once
   */
  FileType of(byte[] content) {
    List<Binary> fitting = table.types().stream().filter(type -> begins(content, type, 0)).toList();
    if (fitting.isEmpty()) {
      return text(content);
    }
    Binary type = fitting.get(0);
    requireOne(fitting.size() == 1, "begins as two kinds of files");
    requireOne(
        type.ends() == null || endsAs(content, type.ends()), "goes on after its end, or has none");
    requireOne(!isZip(content), "is also a ZIP archive");
    for (Mark mark : table.marks()) {
      requireOne(!has(content, mark), "has HTML in it");
    }
    requireNoOther(content, type);
    return new FileType(type.mediaType(), type.extension());
  }

  /**
   * @param type what it is; null for a text
   */
  private void requireNoOther(byte[] content, Binary type) {
    for (Binary other : table.types()) {
      requireOne(other == type || !isAlso(content, other), "is also " + other.mediaType());
    }
  }

  private FileType text(byte[] content) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      String beginning =
          text.substring(0, Math.min(text.length(), 1_024))
              .replace("\uFEFF", "")
              .stripLeading()
              .toLowerCase(Locale.ROOT);
      if (text.indexOf('\0') < 0
          && table.text().notBegins().stream().noneMatch(beginning::startsWith)) {
        requireNoOther(content, null);
        return new FileType(table.text().mediaType(), table.text().extension());
      }
    } catch (CharacterCodingException e) {
      // refused below
    }
    throw Problem.unprocessable(
        "file-type-not-taken",
        "The content is none of what is taken: %s, %s."
            .formatted(
                String.join(", ", table.types().stream().map(Binary::mediaType).toList()),
                table.text().mediaType()));
  }

  private static boolean begins(byte[] content, Binary type, int at) {
    return type.begins().stream().anyMatch(hex -> isAt(content, HEX.parseHex(hex), at));
  }

  private static boolean isAlso(byte[] content, Binary other) {
    int within = other.soughtWithin() == null ? 0 : other.soughtWithin();
    for (int at = 0; at < Math.min(within, content.length); at++) {
      if (begins(content, other, at)) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsAs(byte[] content, Ending ending) {
    byte[] end = HEX.parseHex(ending.hex());
    for (int at = Math.max(0, content.length - ending.within());
        at + end.length <= content.length;
        at++) {
      if (isAt(content, end, at)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Programs find a ZIP archive from its end (APPNOTE 4.3.16): a record of {@value
   * #END_OF_ZIP_LENGTH} bytes and a comment, of which it says how long it is.
   */
  private static boolean isZip(byte[] content) {
    int first = Math.max(0, content.length - END_OF_ZIP_LENGTH - LONGEST_COMMENT);
    for (int at = content.length - END_OF_ZIP_LENGTH; at >= first; at--) {
      if (isAt(content, END_OF_ZIP, at)) {
        int comment = content[at + 20] & BYTE | (content[at + 21] & BYTE) << 8;
        if (at + END_OF_ZIP_LENGTH + comment <= content.length) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean has(byte[] content, Mark mark) {
    byte[] sought = mark.text().getBytes(StandardCharsets.US_ASCII);
    int within = mark.within() == null ? content.length : mark.within();
    int last = Math.min(within, content.length) - sought.length;
    for (int at = 0; at <= last; at++) {
      int matching = 0;
      while (matching < sought.length && lower(content[at + matching]) == sought[matching]) {
        matching++;
      }
      if (matching == sought.length) {
        return true;
      }
    }
    return false;
  }

  private static byte lower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? (byte) (letter + ('a' - 'A')) : letter;
  }

  private static boolean isAt(byte[] content, byte[] sought, int at) {
    return at + sought.length <= content.length
        && Arrays.equals(content, at, at + sought.length, sought, 0, sought.length);
  }

  private static void requireOne(boolean holds, String otherwise) {
    if (!holds) {
      throw Problem.unprocessable(
          "file-is-two-things", "The file " + otherwise + ". Such files are not taken.");
    }
  }
}
