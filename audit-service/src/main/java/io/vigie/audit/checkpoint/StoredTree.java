package io.vigie.audit.checkpoint;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.vigie.audit.merkle.Edge;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.merkle.Proof;
import io.vigie.audit.merkle.Tile;
import io.vigie.audit.merkle.TreeHash;

/** The log's tree as its tables have it at one moment, within the caller's transaction. */
final class StoredTree {

  private static final String HEAD =
      """
      select h.size, h.edge, h.root, c.size, c.root, c.note%s
      from head h left join lateral (select * from checkpoint order by size desc limit 1) c on true""";

  private static final String READ = HEAD.formatted("");

  /** A writer that is paused in its transaction must not hold the lock for ever. */
  private static final String LOCK =
      HEAD.formatted(", set_config('idle_in_transaction_session_timeout', '10s', true)")
          + " for update of h";

  private final Connection connection;
  private final Edge edge;
  private final byte[] root;
  private final Published newest;

  /** What was read of it: looks at it need the same tiles again, as sizes are close. */
  private final Map<Tile, byte[]> tiles = new HashMap<>();

  private StoredTree(Connection connection, Edge edge, byte[] root, Published newest) {
    this.connection = connection;
    this.edge = edge;
    this.root = root;
    this.newest = newest;
  }

  /** The tree that is committed now. */
  static StoredTree read(Connection connection) throws SQLException {
    return read(connection, READ);
  }

  /** The same, with the head's row locked until the transaction ends, or is idle for 10 s. */
  static StoredTree lock(Connection connection) throws SQLException {
    return read(connection, LOCK);
  }

  private static StoredTree read(Connection connection, String sql) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql);
        ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        throw new BrokenLog("The log's head is gone.");
      }
      Edge edge = edge(row.getLong(1), row.getBytes(2));
      String note = row.getString(6);
      Published newest = note == null ? null : new Published(row.getLong(4), row.getBytes(5), note);
      return new StoredTree(connection, edge, row.getBytes(3), newest);
    }
  }

  private static Edge edge(long size, byte[] bytes) {
    try {
      return Edge.of(size, bytes);
    } catch (IllegalArgumentException e) {
      throw new BrokenLog("The log's head was changed: " + e.getMessage() + ".");
    }
  }

  long size() {
    return edge.size();
  }

  byte[] root() {
    return root;
  }

  /** The newest checkpoint in the table, or null. */
  Published newest() {
    return newest;
  }

  /**
   * Makes sure that this tree begins with the one that was published.
   *
   * @throws BrokenLog when it does not
   */
  void requireExtends(Published published) throws SQLException {
    if (edge.size() < published.size()) {
      throw new BrokenLog(
          "The database went back in time: it has %d entries, and a checkpoint of %d with root %s was published."
              .formatted(edge.size(), published.size(), published.rootText()));
    }
    byte[] rootThen = edge.size() == published.size() ? root : root(published.size());
    if (!published.isOf(published.size(), rootThen)) {
      throw new BrokenLog(
          "The log forked: its first %d entries have root %s, and a checkpoint with root %s was published."
              .formatted(
                  published.size(),
                  Base64.getEncoder().encodeToString(rootThen),
                  published.rootText()));
    }
    requireOwnRoot();
  }

  /**
   * Makes sure that this tree is not shorter than what a witness says it has cosigned.
   *
   * @throws BrokenLog when it is
   */
  void requireReaches(String witness, long cosigned) {
    if (edge.size() < cosigned) {
      throw new BrokenLog(
          "The database went back in time: it has %d entries, and witness %s knows a checkpoint of %d."
              .formatted(edge.size(), witness, cosigned));
    }
  }

  /**
   * The end of a log that a witness does not know as the one it cosigned.
   *
   * @throws BrokenLog in any case
   */
  static void contradictedBy(String witness, long cosigned) {
    throw new BrokenLog(
        "The log forked: witness %s knows a checkpoint of %d entries that it does not extend."
            .formatted(witness, cosigned));
  }

  private void requireOwnRoot() {
    if (!Arrays.equals(edge.root(), root)) {
      throw new BrokenLog("The log's head was changed: its root is not that of its edge.");
    }
  }

  /**
   * Makes sure that what makes up the head's root is still stored: the tiles and leaves on the
   * right edge, and the first and the last entry. O(log n) reads.
   *
   * @throws BrokenLog when it is not
   */
  void requireWhole() throws SQLException {
    requireOwnRoot();
    if (edge.size() == 0) {
      return;
    }
    byte[] stored = root(edge.size());
    if (!Arrays.equals(stored, root)) {
      throw new BrokenLog(
          "The log forked: its stored hashes make root %s, its head of %d entries has %s."
              .formatted(
                  Base64.getEncoder().encodeToString(stored),
                  edge.size(),
                  Base64.getEncoder().encodeToString(root)));
    }
    requireEntry(0);
    if (edge.size() % Tile.FULL == 0) {
      requireEntry(edge.size() - 1); // otherwise it is in the partial tile, which was read
    }
  }

  private void requireEntry(long index) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("select leaf from entry where index = ?")) {
      select.setLong(1, index);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new BrokenLog("The log was truncated: entry " + index + " is gone.");
        }
      }
    }
  }

  private byte[] root(long size) throws SQLException {
    return size == 0 ? Edge.EMPTY.root() : hashes(MerkleTree.root(size)).get(0);
  }

  /**
   * The hashes of a proof about a size that this tree has or had.
   *
   * @throws BrokenLog when some that it needs are gone
   */
  List<byte[]> hashes(Proof proof) throws SQLException {
    for (Tile tile : proof.tiles()) {
      Tile whole = whole(tile);
      if (!tiles.containsKey(whole)) {
        tiles.put(whole, hashes(connection, whole));
      }
    }
    return proof.hashes(tile -> tiles.get(whole(tile)));
  }

  /** The tile at the width that it has by now. */
  private Tile whole(Tile then) {
    long hashes = (edge.size() >> Tile.HEIGHT * then.level()) - then.index() * Tile.FULL;
    long width = Math.min(Tile.FULL, Math.max(hashes, then.width()));
    return new Tile(then.level(), then.index(), (int) width);
  }

  /** A full tile is a row; a partial one is made of leaves, or of the roots of the tiles below. */
  static byte[] hashes(Connection connection, Tile tile) throws SQLException {
    long first = tile.index() * Tile.FULL;
    ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    String sql =
        tile.isFull()
            ? "select hashes from tile where index = ? and index < ? and level = ?"
            : tile.level() == 0
                ? "select leaf from entry where index >= ? and index < ? and 0 = ? order by index"
                : "select root from tile where index >= ? and index < ? and level = ? order by index";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setLong(1, tile.isFull() ? tile.index() : first);
      select.setLong(2, tile.isFull() ? tile.index() + 1 : first + tile.width());
      select.setInt(3, tile.isFull() || tile.level() == 0 ? tile.level() : tile.level() - 1);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          hashes.writeBytes(rows.getBytes(1));
        }
      }
    }
    if (hashes.size() != tile.width() * TreeHash.LENGTH) {
      throw new BrokenLog("The log was truncated: hashes of " + tile + " are gone.");
    }
    return hashes.toByteArray();
  }
}
