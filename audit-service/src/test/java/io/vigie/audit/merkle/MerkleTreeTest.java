package io.vigie.audit.merkle;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

import io.vigie.verifier.ConsistencyProof;
import io.vigie.verifier.InclusionProof;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MerkleTreeTest {

  private static final TreeHash HASH = new TreeHash();

  private static byte[] leaf(long i) {
    return HASH.leaf(ByteBuffer.allocate(Long.BYTES).putLong(i).array());
  }

  private static List<byte[]> leaves(long from, long to) {
    return LongStream.range(from, to).mapToObj(MerkleTreeTest::leaf).toList();
  }

  /** MTH of RFC 6962 section 2.1, as it is written. */
  private static byte[] definition(List<byte[]> leaves) {
    if (leaves.size() < 2) {
      return leaves.isEmpty() ? HASH.empty() : leaves.get(0);
    }
    int middle = Integer.highestOneBit(leaves.size() - 1);
    return HASH.node(
        definition(leaves.subList(0, middle)), definition(leaves.subList(middle, leaves.size())));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000})
  void theRootAndTheTilesAreThoseOfTheDefinitionHoweverTheLeavesArrive(int size) {
    List<byte[]> leaves = leaves(0, size);
    TileShelf shelf = new TileShelf();
    Random random = new Random(size);
    for (int at = 0; at < size; ) {
      int batch = Math.min(size - at, random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(700));
      shelf.append(leaves.subList(at, at + batch));
      at += batch;
    }

    assertArrayEquals(definition(leaves), shelf.edge().root());
    assertEquals(size / 256, shelf.tiles(0));
    assertEquals(size / 65_536, shelf.tiles(1));
    if (size >= 65_536) {
      assertArrayEquals(definition(leaves.subList(512, 768)), shelf.tile(0, 2).root());
      assertArrayEquals(
          shelf.tile(0, 2).root(), Arrays.copyOfRange(shelf.tile(1, 0).hashes(), 64, 96));
      assertArrayEquals(definition(leaves.subList(0, 65_536)), shelf.tile(1, 0).root());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 255, 256, 257, 600, 65_535, 65_536, 65_537, 70_000})
  void everyProofAboutATreeSatisfiesTheIndependentVerifier(int size) {
    TileShelf shelf = new TileShelf();
    List<byte[]> leaves = leaves(0, size);
    shelf.append(leaves);
    byte[] root = shelf.edge().root();

    for (long index : interesting(size)) {
      Proof inclusion = MerkleTree.inclusion(index, size);
      assertTrue(
          InclusionProof.verify(index, size, leaf(index), inclusion.hashes(shelf::read), root),
          "leaf " + index + " of " + size);

      long earlier = index + 1;
      Edge before =
          MerkleTree.append(Edge.EMPTY, (int) earlier)
              .apply(leaves.subList(0, (int) earlier), t -> null)
              .edge();
      Proof consistency = MerkleTree.consistency(earlier, size);
      assertTrue(
          ConsistencyProof.verify(
              earlier, size, consistency.hashes(shelf::read), before.root(), root),
          earlier + " to " + size);
      assertArrayEquals(before.root(), MerkleTree.root(earlier).hashes(shelf::read).get(0));
    }
  }

  @Test
  void everyProofInEverySmallTreeHoldsInATreeThatHasGrownSince() {
    TileShelf shelf = new TileShelf();
    shelf.append(leaves(0, 700));
    for (int size = 1; size <= 40; size++) {
      byte[] root = definition(leaves(0, size));
      for (int index = 0; index < size; index++) {
        assertTrue(
            InclusionProof.verify(
                index,
                size,
                leaf(index),
                MerkleTree.inclusion(index, size).hashes(shelf::read),
                root));
      }
    }
  }

  @Test
  void aProofReadsAtMostTwoTilesALevel() {
    for (long size : new long[] {10_000_000, 10_000_001, 16_777_215, 16_777_216}) {
      for (long index : new long[] {0, 1, 255, 65_536, 5_000_000, 9_999_999}) {
        assertTrue(MerkleTree.inclusion(index, size).tiles().size() <= 6, index + " of " + size);
        assertTrue(
            MerkleTree.consistency(index + 1, size).tiles().size() <= 6, index + " of " + size);
      }
    }
  }

  @Test
  void anEntrysProofReadsThreeTilesBesideTheRightEdgeAndWithItsLeafAndItsRootSix() {
    Random random = new Random(6962);
    for (long size : new long[] {10_000_000, 10_000_001, 16_777_215, 16_777_216}) {
      for (int i = 0; i < 1_000; i++) {
        long index = i == 0 ? size - 1 : random.nextLong(size);
        Set<Tile> tiles = new HashSet<>(MerkleTree.inclusion(index, size).tiles());
        assertTrue(
            tiles.stream().filter(Tile::isFull).count() <= 3, index + " of " + size + ": " + tiles);
        tiles.addAll(MerkleTree.leaf(index, size).tiles());
        tiles.addAll(MerkleTree.root(size).tiles());
        assertTrue(tiles.size() <= 6, index + " of " + size + ": " + tiles);
      }
    }
  }

  @Test
  void anAppendReadsOnlyThePartialTilesThatItFills() {
    TileShelf shelf = new TileShelf();
    shelf.append(leaves(0, 65_536 - 10));
    assertEquals(0, shelf.reads());
    shelf.append(leaves(65_526, 65_530));
    assertEquals(0, shelf.reads());
    shelf.append(leaves(65_530, 65_540));
    assertEquals(2, shelf.reads());
  }

  @Test
  void theEdgeSurvivesStorage() {
    TileShelf shelf = new TileShelf();
    shelf.append(leaves(0, 300));
    Edge restored = Edge.of(300, shelf.edge().bytes());
    assertArrayEquals(shelf.edge().root(), restored.root());
  }

  @Test
  void anEdgeThatDoesNotFitItsSizeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Edge.of(3, new byte[32]));
    assertThrows(IllegalArgumentException.class, () -> Edge.of(1, new byte[33]));
    assertThrows(IllegalArgumentException.class, () -> Edge.of(-1, new byte[64 * 32]));
  }

  @Test
  void proofsOutsideTheTreeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> MerkleTree.inclusion(0, 0));
    assertThrows(IllegalArgumentException.class, () -> MerkleTree.inclusion(-1, 5));
    assertThrows(IllegalArgumentException.class, () -> MerkleTree.inclusion(5, 5));
    assertThrows(IllegalArgumentException.class, () -> MerkleTree.consistency(0, 5));
    assertThrows(IllegalArgumentException.class, () -> MerkleTree.consistency(6, 5));
    assertThrows(IllegalArgumentException.class, () -> MerkleTree.append(Edge.EMPTY, -1));
    assertThrows(
        IllegalArgumentException.class,
        () -> MerkleTree.append(Edge.EMPTY, 2).apply(leaves(0, 1), t -> null));
  }

  @Test
  void aForgedTileMakesAProofThatIsRefused() {
    TileShelf shelf = new TileShelf();
    shelf.append(leaves(0, 600));
    List<byte[]> forged =
        MerkleTree.inclusion(5, 600)
            .hashes(
                tile -> {
                  byte[] hashes = shelf.read(tile).clone();
                  hashes[tile.level() == 0 ? 32 * 4 : 0] ^= 1;
                  return hashes;
                });
    assertFalse(InclusionProof.verify(5, 600, leaf(5), forged, shelf.edge().root()));
  }

  private static List<Long> interesting(int size) {
    List<Long> indexes = new ArrayList<>();
    for (long index :
        new long[] {
          0, 1, 2, 254, 255, 256, 511, 512, 65_534, 65_535, 65_536, size / 2, size - 2, size - 1
        }) {
      if (index >= 0 && index < size) {
        indexes.add(index);
      }
    }
    return indexes;
  }
}
