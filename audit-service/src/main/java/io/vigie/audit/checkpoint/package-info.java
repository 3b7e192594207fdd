/**
 * Signs what the log says of itself and publishes it where its own database cannot take it back:
 * one checkpoint (C2SP tlog-checkpoint) for each committed batch, into a file, a table and a
 * compacted topic.
 *
 * <p>{@link io.vigie.audit.checkpoint.Publisher} is the only place that signs. It never signs a
 * tree that does not extend the newest checkpoints it knows of, and then the log does not grow
 * either.
 */
package io.vigie.audit.checkpoint;
