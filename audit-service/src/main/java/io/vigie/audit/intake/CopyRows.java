package io.vigie.audit.intake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.Oid;

/**
 * Rows for one table in the binary format of {@code COPY} (PostgreSQL's documentation, COPY, File
 * Formats): what costs the database least. They go out in pieces, so that the database stores the
 * first while the next are made. Each row begins with {@link #row()} and names its columns' values
 * in the order of the statement; null is allowed for each.
 *
 * <p>All of it is part of the caller's transaction. One at a time on a connection, which takes no
 * other statement before {@link #end()} or {@link #close()}.
 */
final class CopyRows implements AutoCloseable {

  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 255, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int PIECE = 1 << 16;
  private static final int NULL = -1;
  private static final short END = -1;
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final Connection connection;
  private final String sql;
  private final short columns;
  private ByteBuffer bytes = ByteBuffer.allocate(2 * PIECE).put(HEADER);

  /** Begun with the first row: a table without rows costs nothing. */
  private CopyIn copy;

  /**
   * @param columns their names, separated by commas
   */
  CopyRows(Connection connection, String table, String columns) {
    this.connection = connection;
    this.sql = "copy " + table + " (" + columns + ") from stdin (format binary)";
    this.columns = (short) columns.split(",").length;
  }

  /**
   * @throws SQLException when the database has refused a row before this one; none is stored
   */
  CopyRows row() throws SQLException {
    if (copy == null) {
      copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    } else if (bytes.position() >= PIECE) {
      send();
    }
    room(Short.BYTES).putShort(columns);
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

  /** An array; an empty one is null. */
  CopyRows int2s(List<Short> values) {
    if (values.isEmpty()) {
      return nothing();
    }
    int header = 5 * Integer.BYTES;
    int size = header + values.size() * (Integer.BYTES + Short.BYTES);
    room(Integer.BYTES + size)
        .putInt(size)
        .putInt(1) // dimension
        .putInt(0) // no nulls
        .putInt(Oid.INT2)
        .putInt(values.size())
        .putInt(1); // the index of the first
    values.forEach(value -> bytes.putInt(Short.BYTES).putShort(value));
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

  private void send() throws SQLException {
    copy.writeToCopy(bytes.array(), 0, bytes.position());
    bytes.clear();
  }

  /**
   * Says that this was the last row.
   *
   * @throws SQLException when the database refuses one of them; none is stored
   */
  void end() throws SQLException {
    if (copy != null) {
      room(Short.BYTES).putShort(END);
      send();
      copy.endCopy();
    }
  }

  /** Gives up rows that were not ended; the transaction can only be rolled back then. */
  @Override
  public void close() throws SQLException {
    if (copy != null && copy.isActive()) {
      copy.cancelCopy();
    }
  }
}
