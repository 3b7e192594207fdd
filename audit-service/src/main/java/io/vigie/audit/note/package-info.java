/**
 * Signed notes (C2SP signed-note) and the checkpoints they carry (C2SP tlog-checkpoint): keys,
 * signatures, texts.
 *
 * <p>Pure computation on {@code java.*} alone, Ed25519 (RFC 8032) from the Java runtime. Where keys
 * come from and what gets signed is decided elsewhere.
 */
package io.vigie.audit.note;
