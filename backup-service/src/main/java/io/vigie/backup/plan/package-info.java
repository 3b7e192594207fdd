/**
 * Whether each asset in service is backed up as the policy asks: plans say how often and where to,
 * rules what that has to be at least, exceptions what need not be for a time, and the coverage of
 * an asset how it stands with all of them (R12.1, R12.2).
 */
package io.vigie.backup.plan;
