package io.vigie.audit.log;

import java.time.Instant;

/**
 * How far the log is.
 *
 * @param size entries in it
 * @param root root hash of their tree
 * @param updatedAt when the last batch was committed
 */
record Head(long size, byte[] root, Instant updatedAt) {}
