/**
 * Whether what the agency runs can be had back: a plan says how often an asset is backed up, the
 * tools that copy report each run, and the clock finds the run that did not come (R11.8, R12).
 */
package io.vigie.backup;
