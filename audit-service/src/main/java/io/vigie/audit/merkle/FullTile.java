package io.vigie.audit.merkle;

/**
 * A tile that has just become full, to be stored once.
 *
 * @param level as in {@link Tile}
 * @param index as in {@link Tile}
 * @param hashes 256 hashes of 32 bytes
 * @param root the root of the subtree that they span, which is a hash of the tile above
 */
public record FullTile(int level, long index, byte[] hashes, byte[] root) {}
