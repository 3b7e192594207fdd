package io.vigie.audit.siem;

import java.time.Instant;

/**
 * An entry that a signed checkpoint covers.
 *
 * @param canonical the bytes that the leaf hash covers
 * @param payload null where it was erased
 * @param checkpointSize the size of the first checkpoint that covers it
 */
record PublishedEntry(
    long index,
    byte[] canonical,
    byte[] leaf,
    byte[] payload,
    Instant loggedAt,
    long checkpointSize) {}
