package io.vigie.asset.document;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What content may be. None of it is ever rendered here: it is downloaded as it came. */
public enum DocumentFormat {
  PDF("application/pdf", "pdf"),
  MARKDOWN("text/markdown; charset=utf-8", "md"),
  TEXT("text/plain; charset=utf-8", "txt"),
  HTML("text/html; charset=utf-8", "html");

  private static final byte[] PDF_BEGINNING = "%PDF-".getBytes(StandardCharsets.US_ASCII);

  private final String mediaType;
  private final String extension;

  DocumentFormat(String mediaType, String extension) {
    this.mediaType = mediaType;
    this.extension = extension;
  }

  String mediaType() {
    return mediaType;
  }

  /** Of a file's name, without the dot. */
  String extension() {
    return extension;
  }

  /**
   * Whether the bytes can be that: a PDF begins as one (ISO 32000), a text is UTF-8 without NUL.
   */
  boolean fits(byte[] content) {
    if (this == PDF) {
      return content.length >= PDF_BEGINNING.length
          && Arrays.equals(
              content, 0, PDF_BEGINNING.length, PDF_BEGINNING, 0, PDF_BEGINNING.length);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(content))
          .chars()
          .noneMatch(character -> character == 0);
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
