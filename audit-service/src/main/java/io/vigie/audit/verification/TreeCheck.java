package io.vigie.audit.verification;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.vigie.audit.merkle.Append;
import io.vigie.audit.merkle.Edge;
import io.vigie.audit.merkle.FullTile;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.merkle.Tile;

/**
 * Grows the tree again from its leaf hashes and compares each tile that becomes full with the
 * stored one. Memory: one tile a level.
 */
final class TreeCheck {

  private final PreparedStatement stored;
  private final List<byte[]> leaves = new ArrayList<>();
  private final Map<Integer, ByteArrayOutputStream> filling = new HashMap<>();
  private Edge edge = Edge.EMPTY;

  TreeCheck(Connection database) throws SQLException {
    stored =
        database.prepareStatement("select hashes, root from tile where level = ? and index = ?");
  }

  /**
   * Adds the next leaf.
   *
   * @return what is wrong with a tile that this leaf completes, or null
   */
  String add(byte[] leaf) throws SQLException {
    leaves.add(leaf);
    if (leaves.size() < Tile.FULL) {
      return null;
    }
    Append.Outcome grown = grown();
    leaves.clear();
    edge = grown.edge();
    String problem = null;
    for (FullTile tile : grown.tiles()) {
      filling.remove(tile.level());
      filling
          .computeIfAbsent(tile.level() + 1, level -> new ByteArrayOutputStream())
          .writeBytes(tile.root());
      problem = problem == null ? compare(tile) : problem;
    }
    return problem;
  }

  /** The right edge of the tree of all leaves so far. */
  Edge edge() {
    return leaves.isEmpty() ? edge : grown().edge();
  }

  private Append.Outcome grown() {
    return MerkleTree.append(edge, leaves.size())
        .apply(leaves, tile -> filling.get(tile.level()).toByteArray());
  }

  private String compare(FullTile tile) throws SQLException {
    stored.setInt(1, tile.level());
    stored.setLong(2, tile.index());
    try (ResultSet row = stored.executeQuery()) {
      String name = "tile " + tile.index() + " of level " + tile.level();
      if (!row.next()) {
        return name + " is missing";
      }
      boolean isSame =
          Arrays.equals(tile.hashes(), row.getBytes(1))
              && Arrays.equals(tile.root(), row.getBytes(2));
      return isSame ? null : name + " was changed: it does not follow from the leaves";
    }
  }
}
