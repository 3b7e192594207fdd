/**
 * The log for a SIEM: each published entry, in the order of the log, as an OCSF 1.8.0 record on a
 * Kafka topic and as a CEF line over syslog. What an event becomes is data, a file for each type
 * under {@code contracts/ocsf} ({@link io.vigie.audit.siem.OcsfMapping}).
 *
 * <p>An entry leaves when a checkpoint covers it, never before: what a SIEM holds can be proved. A
 * {@link io.vigie.audit.siem.Feed} moves its position, a row of the database, only after the other
 * side has the records; so each arrives at least once and in order, and an index that comes again
 * is the same record again.
 */
package io.vigie.audit.siem;
