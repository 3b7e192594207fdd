package io.vigie.audit.merkle;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps a tree as the database does: leaf hashes, and full tiles with their roots; a partial tile
 * is put together from those.
 */
final class TileShelf {

  private record Place(int level, long index) {}

  private final List<byte[]> leaves = new ArrayList<>();
  private final Map<Place, FullTile> full = new HashMap<>();
  private Edge edge = Edge.EMPTY;
  private int reads;

  void append(List<byte[]> batch) {
    Append append = MerkleTree.append(edge, batch.size());
    Append.Outcome outcome = append.apply(batch, this::read);
    leaves.addAll(batch);
    for (FullTile tile : outcome.tiles()) {
      if (full.put(new Place(tile.level(), tile.index()), tile) != null) {
        throw new AssertionError("a full tile is stored once: " + tile);
      }
    }
    edge = outcome.edge();
  }

  byte[] read(Tile tile) {
    reads++;
    FullTile stored = full.get(new Place(tile.level(), tile.index()));
    if (stored != null) {
      return stored.hashes();
    }
    ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    for (long i = tile.index() * Tile.FULL; i < tile.index() * Tile.FULL + tile.width(); i++) {
      hashes.writeBytes(
          tile.level() == 0
              ? leaves.get((int) i)
              : full.get(new Place(tile.level() - 1, i)).root());
    }
    return hashes.toByteArray();
  }

  Edge edge() {
    return edge;
  }

  long tiles(int level) {
    return full.keySet().stream().filter(place -> place.level() == level).count();
  }

  FullTile tile(int level, long index) {
    return full.get(new Place(level, index));
  }

  int reads() {
    return reads;
  }
}
