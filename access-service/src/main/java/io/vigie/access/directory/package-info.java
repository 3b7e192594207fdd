/**
 * Accounts as they must be, and as they are. Whatever changes what somebody's account must be marks
 * them in a queue, in its own transaction ({@link io.vigie.access.directory.Changes}); a worker
 * works out the desired account and applies the difference through a connector ({@link
 * io.vigie.access.directory.Directory}), again and again until it succeeds ({@link
 * io.vigie.access.directory.Convergence}). What Vigie gave is remembered, so that what somebody
 * else gave or took is told apart: it is a {@link io.vigie.access.directory.Drift}, found at once
 * where the directory tells of changes and by comparing everything from time to time, and repaired
 * or raised as {@code contracts/policy/directory.json} has it (R4.4, R4.5).
 *
 * <p>Only roles and groups that bear the mark of that file are given or taken; accounts of programs
 * are compared and closed, and nothing else; those that the file names are never touched.
 */
package io.vigie.access.directory;
