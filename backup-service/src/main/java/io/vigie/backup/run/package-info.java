/**
 * What the tools that copy report of each run, each in its own form (R11.8). A run's success makes
 * a recovery point, never a verified one.
 */
package io.vigie.backup.run;
