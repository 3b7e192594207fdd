package io.vigie.audit.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.postgresql.PGConnection;

/**
 * Rows for one table, sent at once in the binary format of {@code COPY} (PostgreSQL's
 * documentation, COPY, File Formats): what costs the database least. Each row begins with {@link
 * #row()} and names its columns' values in the order of the statement; null is allowed for each.
 */
final class CopyRows {

  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 255, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int NULL = -1;
  private static final short END = -1;
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final String table;
  private final short columns;
  private ByteBuffer bytes = ByteBuffer.allocate(1 << 16).put(HEADER);
  private int rows;

  /**
   * @param columns their names, separated by commas
   */
  CopyRows(String table, String columns) {
    this.table = table + " (" + columns + ")";
    this.columns = (short) columns.split(",").length;
  }

  CopyRows row() {
    room(Short.BYTES).putShort(columns);
    rows++;
    return this;
  }

  CopyRows bytes(byte[] value) {
    if (value == null) {
      return nothing();
    }
    room(Integer.BYTES + value.length).putInt(value.length).put(value);
    return this;
  }

  CopyRows text(String value) {
    return bytes(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  CopyRows int8(Long value) {
    if (value == null) {
      return nothing();
    }
    room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(value);
    return this;
  }

  CopyRows int4(Integer value) {
    if (value == null) {
      return nothing();
    }
    room(2 * Integer.BYTES).putInt(Integer.BYTES).putInt(value);
    return this;
  }

  CopyRows uuid(UUID value) {
    if (value == null) {
      return nothing();
    }
    room(Integer.BYTES + 2 * Long.BYTES)
        .putInt(2 * Long.BYTES)
        .putLong(value.getMostSignificantBits())
        .putLong(value.getLeastSignificantBits());
    return this;
  }

  /** To the microsecond. */
  CopyRows time(Instant value) {
    if (value == null) {
      return nothing();
    }
    long seconds = value.getEpochSecond() - EPOCH.getEpochSecond();
    return int8(
        TimeUnit.SECONDS.toMicros(seconds) + TimeUnit.NANOSECONDS.toMicros(value.getNano()));
  }

  private CopyRows nothing() {
    room(Integer.BYTES).putInt(NULL);
    return this;
  }

  private ByteBuffer room(int size) {
    if (bytes.remaining() < size) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(2 * bytes.capacity(), bytes.position() + size));
      bytes = larger.put(bytes.flip());
    }
    return bytes;
  }

  /**
   * Stores the rows, in the caller's transaction; nothing where there are none.
   *
   * @throws SQLException when the database refuses one of them; none is stored
   */
  void send(Connection connection) throws SQLException {
    if (rows == 0) {
      return;
    }
    room(Short.BYTES).putShort(END);
    try {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(
              "copy " + table + " from stdin (format binary)",
              new ByteArrayInputStream(bytes.array(), 0, bytes.position()),
              bytes.position());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of an array, there is none
    }
  }
}
