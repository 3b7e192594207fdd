package io.vigie.verifier;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProofTest {

  private static final int LARGEST = 70;

  private static List<byte[]> leaves(int size) {
    return IntStream.range(0, size)
        .mapToObj(i -> Rfc6962.leaf(("entry " + i).getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  @Test
  void theRootOfEverySmallTreeIsTheOneTheRfcDefines() {
    for (int size = 0; size <= LARGEST; size++) {
      RootBuilder builder = new RootBuilder(new TreeHash());
      leaves(size).forEach(builder::add);
      assertArrayEquals(Rfc6962.root(leaves(size)), builder.root(), "size " + size);
    }
  }

  @Test
  void everyInclusionProofOfEverySmallTreeIsAccepted() {
    for (int size = 1; size <= LARGEST; size++) {
      List<byte[]> leaves = leaves(size);
      for (int index = 0; index < size; index++) {
        assertTrue(
            InclusionProof.verify(
                index, size, leaves.get(index), Rfc6962.path(index, leaves), Rfc6962.root(leaves)),
            index + " of " + size);
      }
    }
  }

  @Test
  void everyConsistencyProofBetweenSmallTreesIsAccepted() {
    for (int size2 = 1; size2 <= LARGEST; size2++) {
      List<byte[]> leaves = leaves(size2);
      for (int size1 = 1; size1 <= size2; size1++) {
        assertTrue(
            ConsistencyProof.verify(
                size1,
                size2,
                Rfc6962.proof(size1, leaves),
                Rfc6962.root(leaves.subList(0, size1)),
                Rfc6962.root(leaves)),
            size1 + " to " + size2);
      }
    }
  }

  @Property
  void anInclusionProofWithOneBitChangedIsRefused(
      @ForAll @IntRange(min = 2, max = LARGEST) int size,
      @ForAll @IntRange(max = LARGEST) int place,
      @ForAll @IntRange(max = 1000) int step,
      @ForAll @IntRange(max = 255) int bit) {
    List<byte[]> leaves = leaves(size);
    int index = place % size;
    List<byte[]> proof = Rfc6962.path(index, leaves);
    Collections.swap(proof, 0, step % proof.size());
    proof.set(0, flipped(proof.get(0), bit));
    Collections.swap(proof, 0, step % proof.size());
    assertFalse(InclusionProof.verify(index, size, leaves.get(index), proof, Rfc6962.root(leaves)));
  }

  @Property
  void anInclusionProofHoldsForNoOtherIndex(
      @ForAll @IntRange(min = 1, max = LARGEST) int size,
      @ForAll @IntRange(max = LARGEST) int place,
      @ForAll @IntRange(min = -2, max = 2 * LARGEST) int claimed) {
    List<byte[]> leaves = leaves(size);
    int index = place % size;
    boolean accepted =
        InclusionProof.verify(
            claimed, size, leaves.get(index), Rfc6962.path(index, leaves), Rfc6962.root(leaves));
    assertTrue(accepted == (claimed == index));
  }

  @Property
  void aConsistencyProofHoldsForNoOtherEarlierTree(
      @ForAll @IntRange(min = 2, max = LARGEST) int size2,
      @ForAll @IntRange(max = LARGEST) int earlier,
      @ForAll @IntRange(max = 255) int bit) {
    List<byte[]> leaves = leaves(size2);
    int size1 = 1 + earlier % (size2 - 1);
    byte[] forked = flipped(Rfc6962.root(leaves.subList(0, size1)), bit);
    assertFalse(
        ConsistencyProof.verify(
            size1, size2, Rfc6962.proof(size1, leaves), forked, Rfc6962.root(leaves)));
  }

  @Test
  void malformedProofsAreRefusedWithoutAnException() {
    List<byte[]> leaves = leaves(5);
    byte[] root = Rfc6962.root(leaves);
    List<byte[]> withNull = new ArrayList<>(Rfc6962.path(1, leaves));
    withNull.set(1, null);
    List<byte[]> withShort = new ArrayList<>(Rfc6962.path(1, leaves));
    withShort.set(1, new byte[31]);
    List<byte[]> endless = Collections.nCopies(1000, root);

    for (List<byte[]> proof : Arrays.asList(null, withNull, withShort, endless)) {
      assertFalse(InclusionProof.verify(1, 5, leaves.get(1), proof, root));
      assertFalse(InclusionProof.verify(Long.MAX_VALUE - 1, Long.MAX_VALUE, root, proof, root));
      assertFalse(ConsistencyProof.verify(3, 5, proof, root, root));
      assertFalse(ConsistencyProof.verify(Long.MAX_VALUE - 1, Long.MAX_VALUE, proof, root, root));
    }
    assertFalse(InclusionProof.verify(1, 5, null, Rfc6962.path(1, leaves), root));
    assertFalse(InclusionProof.verify(1, 5, leaves.get(1), Rfc6962.path(1, leaves), null));
    assertFalse(ConsistencyProof.verify(5, 5, null, null, null));
    assertFalse(InclusionProof.verify(0, 0, root, List.of(), root));
    assertFalse(InclusionProof.verify(0, Long.MIN_VALUE, root, List.of(), root));
  }

  private static byte[] flipped(byte[] hash, int bit) {
    byte[] changed = hash.clone();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    return changed;
  }
}
