/**
 * The tree of the log: RFC 6962 with SHA-256, kept in full tiles of 256 hashes as C2SP tlog-tiles
 * has them.
 *
 * <p>Pure computation on {@code java.*} alone. Whatever needs stored hashes says first which tiles
 * it needs, so that the caller reads them in one go, and computes afterwards. Nothing here is
 * changed in place: an append takes the right edge of the tree and gives the next one.
 */
package io.vigie.audit.merkle;
