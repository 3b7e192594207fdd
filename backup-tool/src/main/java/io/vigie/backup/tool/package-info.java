/**
 * {@code vigie-backup}: runs a backup command as if it were not there, and reports the run; or
 * tests whether a copy can be restored, and reports that. What cannot be reported now waits in a
 * folder; nothing is lost, and the command never fails for it.
 */
package io.vigie.backup.tool;
