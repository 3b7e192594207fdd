package io.vigie.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * What PostgreSQL needs by itself for the rows that make an event provable and findable: they are
 * copied out of a log, and by binary {@code COPY} into the same tables of an empty one.
 */
final class FinishedRows {

  private static final List<String> TABLES =
      List.of("entry", "payload", "event_id", "reference", "search_text");

  private FinishedRows() {}

  /**
   * @param log that has the rows of {@code events} entries from {@code first} on
   * @param batch the entries of a transaction
   * @return events a second, the time to read the rows not counted
   */
  static double copied(Connection log, Bed bed, long first, int events, int batch)
      throws SQLException, IOException {
    try (OwnDatabase own = new OwnDatabase(bed, "bench_indexed", "audit")) {
      CopyManager from = log.unwrap(PGConnection.class).getCopyAPI();
      CopyManager into = own.connection().unwrap(PGConnection.class).getCopyAPI();
      own.connection().setAutoCommit(false);
      long nanos = 0;
      for (long next = first; next < first + events; next += batch) {
        long end = Math.min(next + batch, first + events);
        Map<String, byte[]> tables = new LinkedHashMap<>();
        for (String table : TABLES) {
          String rows = "select * from %s where index >= %d and index < %d order by index";
          tables.put(table, out(from, rows.formatted(table, next, end)));
        }
        long start = System.nanoTime();
        for (Map.Entry<String, byte[]> table : tables.entrySet()) {
          in(into, table.getKey(), table.getValue());
        }
        own.connection().commit();
        nanos += System.nanoTime() - start;
      }
      return events / (nanos / 1e9);
    }
  }

  static byte[] out(CopyManager copies, String query) throws SQLException, IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
    copies.copyOut("copy (" + query + ") to stdout (format binary)", bytes);
    return bytes.toByteArray();
  }

  static long in(CopyManager copies, String table, byte[] rows) throws SQLException, IOException {
    return copies.copyIn(
        "copy " + table + " from stdin (format binary)", new ByteArrayInputStream(rows), 1 << 20);
  }
}
