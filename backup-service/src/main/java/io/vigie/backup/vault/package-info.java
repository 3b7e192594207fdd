/**
 * Who may touch backups (R12.4): system administrators and the CISO alone, in an open incident or
 * for a reason that somebody else approved, for a time. An access ends by itself when its incident
 * closes or its time is up. Where a copy is, is told against a recorded use alone, and a deletion
 * takes two people.
 *
 * <p>Reasons are published, for the log must have them: they are to be told without names.
 */
package io.vigie.backup.vault;
