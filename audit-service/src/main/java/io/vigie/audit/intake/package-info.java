/**
 * From Kafka into the log, exactly once: records are interpreted ({@link
 * io.vigie.audit.intake.Arrival}), and a batch of them becomes entries, tiles, offsets and a new
 * head in one database transaction ({@link io.vigie.audit.intake.LogWriter}).
 *
 * <p>Where a record was read from moves in the transaction that logs it, so a crash leaves all of a
 * batch or none of it; whoever was overtaken fails on the offset it expected and starts again from
 * the stored one. Three batches are under way at a time: one is read, one is stored, and the one
 * before it is signed. Nothing is skipped: what is not understood is kept as it came, with an
 * alert.
 */
package io.vigie.audit.intake;
