/**
 * Files that belong to a security event or an incident. What a file is, its content says, and a
 * table of the policy which are taken. A file of an incident is evidence: from its intake on it is
 * known who keeps it, and why it went from hand to hand.
 *
 * <p>Contents are kept outside the database, by their SHA-256. Names of files and reasons may name
 * people: they stay in this service.
 */
package io.vigie.incident.evidence;
