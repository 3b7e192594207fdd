package io.vigie.audit.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import io.vertx.core.buffer.Buffer;

/** A ZIP archive that is taken away while it is written. */
final class Archive {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8);

  Archive file(String name) {
    try {
      zip.putNextEntry(new ZipEntry(name));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes everything", e);
    }
  }

  Archive write(String text) {
    try {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes everything", e);
    }
  }

  /** What was written since the last time. */
  Buffer written() {
    Buffer part = Buffer.buffer(bytes.toByteArray());
    bytes.reset();
    return part;
  }

  Buffer end() {
    try {
      zip.close();
      return written();
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes everything", e);
    }
  }
}
