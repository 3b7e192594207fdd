/**
 * Detection: rules, which are data ({@code contracts/detections}), over the published entries of
 * the log and over what the log's own watch finds. What fires becomes an alert, which is itself an
 * event of the log.
 *
 * <p>Exactly once: an alert, what the rules have counted so far and the position in the log move in
 * one transaction. Rules know no clock but the time of events, so the same log always makes the
 * same alerts; nothing is kept in memory between two batches, so a restart changes nothing.
 */
package io.vigie.audit.detect;
