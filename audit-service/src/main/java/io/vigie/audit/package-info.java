/**
 * The traceability log (R11.4): every event that any service committed, once, in an append-only
 * Merkle tree that an outsider can verify offline.
 *
 * <p>{@link io.vigie.audit.intake} writes it, {@link io.vigie.audit.log} answers from it, {@link
 * io.vigie.audit.merkle} is its tree. {@link io.vigie.audit.payload} keeps what entries commit to
 * under people's keys, which {@link io.vigie.audit.erasure} destroys on order.
 * io.vigie.audit.merkle} is its tree. {@link io.vigie.audit.checkpoint} signs what it says of
 * itself, in the {@link io.vigie.audit.note notes} that outsiders verify, and lets it grow only
 * while it extends what was published.
 */
package io.vigie.audit;
